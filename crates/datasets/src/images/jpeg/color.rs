//! From components to gray or to red, green and blue, by libjpeg's tables and Pillow's conversion of CMYK.

use super::file::{Colors, JpegFile};
use crate::images::raster::Grid;

impl JpegFile {
    /// The image, gray or in colors.
    pub fn into_grid(self) -> Grid<u8> {
        let frame = &self.frame;
        let factors = frame
            .components
            .iter()
            .map(|component| [0, 1].map(|axis| frame.densest[axis] / component.sampling[axis]));
        let factors: Vec<[usize; 2]> = factors.collect();
        let channels = if self.colors == Colors::Gray { 1 } else { 3 };
        let mut samples = Vec::with_capacity(frame.width * frame.height * channels);
        let mut rows = vec![Vec::new(); factors.len()];
        for y in 0..frame.height {
            for ((component, &factors), row) in frame.components.iter().zip(&factors).zip(&mut rows) {
                component.plane.upsampled(y, factors, row);
            }
            match (self.colors, &rows[..]) {
                (Colors::Rgb, [r, g, b]) => {
                    samples.extend((0..frame.width).flat_map(|x| [r[x], g[x], b[x]]));
                }
                (Colors::Ycc, [y, blue, red]) => {
                    samples.extend((0..frame.width).flat_map(|x| rgb([y[x], blue[x], red[x]])));
                }
                (Colors::Cmyk, [c, m, y, k]) => {
                    samples.extend((0..frame.width).flat_map(|x| printed([c[x], m[x], y[x]], k[x])));
                }
                (Colors::Ycck, [y, blue, red, k]) => {
                    let inks = |x: usize| rgb([y[x], blue[x], red[x]]).map(|light| 255 - light);
                    samples.extend((0..frame.width).flat_map(|x| printed(inks(x), k[x])));
                }
                (_, rows) => samples.extend_from_slice(&rows[0][..frame.width]),
            }
        }
        Grid::new(frame.width, frame.height, channels, samples)
    }
}

/// The color of brightness, blue difference and red difference, with 16 bits behind the point.
fn rgb([y, blue, red]: [u8; 3]) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let [y, blue, red] = [i32::from(y), i32::from(blue) - 128, i32::from(red) - 128];
    let r = y + ((91_881 * red + HALF) >> 16);
    let g = y + ((-22_554 * blue - 46_802 * red + HALF) >> 16);
    let b = y + ((116_130 * blue + HALF) >> 16);
    [r, g, b].map(|light| light.clamp(0, 255) as u8)
}

/// The color of inks and black, which files store inverted, as Pillow converts it.
fn printed(inks: [u8; 3], black: u8) -> [u8; 3] {
    let light = i32::from(black);
    inks.map(|ink| {
        let product = (255 - i32::from(ink)) * light + 128;
        (light - (((product >> 8) + product) >> 8)).clamp(0, 255) as u8
    })
}
