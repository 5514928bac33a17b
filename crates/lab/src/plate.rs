//! A figure of several panels, line charts and pictures, with one legend for all, as a PNG.

mod chart;
mod gallery;
mod ink;
mod map;

use anyhow::{Context, Result};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, FilterType as Filter};
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use plotters::prelude::{BitMapBackend, IntoDrawingArea, WHITE};

pub use chart::{Axis, Chart, Line, Scale};
pub use gallery::Gallery;
use ink::{Canvas, FINE, drawn};
pub use map::Map;

/// Pixels of the legend's height.
const LEGEND: u32 = 40;

/// Panels in rows and columns, and under them what the colors stand for.
#[derive(Clone, Debug)]
pub struct Plate {
    /// Panels in a row.
    pub columns: usize,
    /// Height and width of a panel in pixels.
    pub panel: [usize; 2],
    /// What each color stands for in every panel; lines and pictures name their entry.
    pub legend: Vec<String>,
    /// Row by row.
    pub panels: Vec<Panel>,
}

/// One panel of a [`Plate`].
#[derive(Clone, Debug)]
pub enum Panel {
    /// Lines over two axes.
    Chart(Chart),
    /// Pictures side by side.
    Gallery(Gallery),
    /// A map of values.
    Map(Map),
}

impl Plate {
    /// The figure as a PNG.
    ///
    /// # Errors
    /// When it cannot be drawn or encoded.
    ///
    /// # Panics
    /// When it has no columns, or a line or picture an entry that the legend lacks.
    pub(crate) fn png(&self) -> Result<Vec<u8>> {
        assert!(self.columns > 0, "Plate: expected columns, got none");
        let [h, w] = self.panel.map(|side| side as u32);
        let rows = self.panels.len().div_ceil(self.columns) as u32;
        let (width, height) = (self.columns as u32 * w, rows * h + LEGEND);
        let mut large = RgbImage::new(width * FINE, height * FINE);
        self.draw_all(&mut large, rows)?;
        let mut picture = imageops::resize(&large, width, height, Filter::Triangle);
        for (index, panel) in (0..).zip(&self.panels) {
            let corner = [index / self.columns as u32 * h, index % self.columns as u32 * w];
            match panel {
                Panel::Chart(_) => {}
                Panel::Gallery(gallery) => gallery.paste(&mut picture, corner, [h, w]),
                Panel::Map(map) => map.paste(&mut picture, corner, [h, w]),
            }
        }
        encode(&picture)
    }

    /// Draws all but the pictures, finely.
    fn draw_all(&self, large: &mut RgbImage, rows: u32) -> Result<()> {
        let size = large.dimensions();
        let canvas = BitMapBackend::with_buffer(large, size).into_drawing_area();
        drawn(canvas.fill(&WHITE))?;
        let (charts, legend) = canvas.split_vertically(size.1 - LEGEND * FINE);
        for (panel, area) in self.panels.iter().zip(charts.split_evenly((rows as usize, self.columns))) {
            self.draw(panel, &area)?;
        }
        ink::legend(&legend, &self.legend)?;
        drawn(canvas.present())
    }

    fn draw(&self, panel: &Panel, area: &Canvas) -> Result<()> {
        let entries = self.legend.len();
        let fits = |entry: &usize| *entry < entries;
        match panel {
            Panel::Chart(chart) => {
                let known = chart.lines.iter().all(|line| fits(&line.entry));
                assert!(known, "Plate: expected entries below {entries} in {}", chart.title);
                chart.draw(area)
            }
            Panel::Gallery(gallery) => {
                let known = gallery.pictures.iter().all(|(entry, _)| fits(entry));
                assert!(known, "Plate: expected entries below {entries} in {}", gallery.title);
                ink::title(area, &gallery.title)
            }
            Panel::Map(map) => map.draw(area),
        }
    }
}

/// The same bytes for the same picture, on every machine.
fn encode(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .context("cannot encode the figure as PNG")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heat::heat_color;
    use crate::{Between, Heat};
    use image::Rgb;

    fn axis(scale: Scale) -> Axis {
        Axis { name: "an axis".into(), scale, range: None }
    }

    fn chart(lines: Vec<Line>, y: Scale) -> Panel {
        let x = axis(Scale::Named(["a", "b", "c"].map(String::from).to_vec()));
        Panel::Chart(Chart { title: "A title".into(), x, y: axis(y), lines, level: Some(0.05) })
    }

    fn plate(panels: Vec<Panel>) -> RgbImage {
        let legend = ["one", "two"].map(String::from).to_vec();
        let plate = Plate { columns: 2, panel: [200, 300], legend, panels };
        image::load_from_memory(&plate.png().unwrap()).unwrap().into_rgb8()
    }

    /// How many pixels of the rectangle (left, top, right, bottom) have about an entry's color: edges are soft.
    fn count(picture: &RgbImage, entry: usize, [left, top, right, bottom]: [u32; 4]) -> usize {
        let ink = ink::color(entry);
        let near = |(a, b): (&u8, u8)| a.abs_diff(b) < 50;
        let of = |x, y| picture.get_pixel(x, y).0.iter().zip([ink.0, ink.1, ink.2]).all(near);
        (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))).filter(|&(x, y)| of(x, y)).count()
    }

    fn line(entry: usize, values: [f64; 3]) -> Line {
        Line { entry, points: (0..).zip(values).map(|(x, y)| [f64::from(x), y]).collect() }
    }

    #[test]
    fn each_panel_holds_its_lines_and_the_legend_names_all_colors() {
        let picture = plate(vec![
            chart(vec![line(0, [0.0, 1.0, 2.0])], Scale::Linear),
            chart(vec![line(1, [0.001, 0.1, 1.0])], Scale::Logarithmic),
        ]);
        assert_eq!(picture.dimensions(), (600, 200 + LEGEND));
        let [left, right, legend] = [[0, 0, 300, 200], [300, 0, 600, 200], [0, 200, 600, 200 + LEGEND]];
        assert!(count(&picture, 0, left) > 100 && count(&picture, 0, right) == 0);
        assert!(count(&picture, 1, right) > 100 && count(&picture, 1, left) == 0);
        assert!(count(&picture, 0, legend) > 20 && count(&picture, 1, legend) > 20);
    }

    #[test]
    fn a_line_is_broken_where_a_value_is_missing() {
        let drawn = |values| {
            let picture = plate(vec![chart(vec![line(0, values)], Scale::Linear)]);
            count(&picture, 0, [0, 0, 300, 200])
        };
        let [whole, broken, none] = [[1.0; 3], [1.0, f64::NAN, 1.0], [f64::NAN; 3]].map(drawn);
        assert!(whole > 2 * broken && broken > 20 && none == 0, "{whole}, {broken}, {none}");
    }

    #[test]
    fn a_gallery_shows_its_pictures_in_frames_of_their_colors() {
        let white = |entry| (entry, RgbImage::from_pixel(9, 9, Rgb([255; 3])));
        let gallery = Gallery { title: "Pictures".into(), columns: 2, pictures: vec![white(0), white(1)] };
        let picture = plate(vec![Panel::Gallery(gallery)]);
        let frame = |entry, from| count(&picture, entry, [from, 0, from + 150, 200]);
        assert!(frame(0, 0) > 1000 && frame(1, 0) == 0);
        assert!(frame(1, 150) > 1000 && frame(0, 150) == 0);
    }

    #[test]
    fn a_map_has_its_colors_and_a_scale_or_names_beside_them() {
        let heat = |range| Heat {
            values: vec![0.0, 1.0],
            size: [1, 2],
            first: [0.0; 2],
            step: [1.0; 2],
            range,
            between: Between::Nearest,
        };
        let map = |names: &[&str]| {
            let names = names.iter().map(|&name| name.into()).collect();
            Panel::Map(Map { title: "A map".into(), heat: heat([0.0, 1.0]), image: [1, 2], names })
        };
        let picture = plate(vec![map(&[]), map(&["no", "yes"])]);
        let of = |part: f64, from: u32| {
            let color = heat_color(part);
            let places = (0..200).flat_map(|y| (from..from + 300).map(move |x| (x, y)));
            places.filter(|&(x, y)| *picture.get_pixel(x, y) == color).count()
        };
        assert!(of(0.0, 0) > 1000 && of(1.0, 0) > 1000 && of(0.0, 300) > 1000 && of(1.0, 300) > 1000);
        assert!(of(0.0, 300) > of(1.0, 300) - 200);
    }

    #[test]
    fn the_same_figure_has_the_same_bytes() {
        let plate = |()| plate(vec![chart(vec![line(1, [3.0, 1.0, 2.0])], Scale::Linear)]).into_raw();
        assert_eq!(plate(()), plate(()));
    }

    #[test]
    #[should_panic(expected = "expected entries below 2 in A title")]
    fn a_line_without_an_entry_is_refused() {
        plate(vec![chart(vec![line(2, [0.0; 3])], Scale::Linear)]);
    }
}
