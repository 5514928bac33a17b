//! A figure of pictures and maps of values in panels, with one legend for all, as a PNG.

mod gallery;
mod map;

use crate::figure_style::{self, Canvas, FINE, LEGEND, drawn};
use crate::picture;
use anyhow::Result;
use image::RgbImage;
use image::imageops::{self, FilterType};
use plotters::prelude::{BitMapBackend, DrawingBackend, IntoDrawingArea, WHITE};

pub use gallery::Gallery;
pub use map::Map;

/// Pixels above the pictures or the map of a panel, for the title.
const TITLE: u32 = 32;
/// Pixels around each.
const MARGIN: u32 = 6;

/// Panels in rows and columns, and under them what the colors stand for.
#[derive(Clone, Debug)]
pub struct PanelFigure {
    /// Panels in a row.
    pub columns: usize,
    /// Height and width of a panel in pixels.
    pub panel: [usize; 2],
    /// What each color stands for in every panel; pictures name their entry.
    pub legend: Vec<String>,
    /// Row by row.
    pub panels: Vec<Panel>,
}

/// One panel of a [`PanelFigure`].
#[derive(Clone, Debug)]
pub enum Panel {
    /// Pictures side by side.
    Gallery(Gallery),
    /// A map of values.
    Map(Map),
}

impl PanelFigure {
    /// The figure as a PNG.
    ///
    /// # Errors
    /// When it cannot be drawn or encoded.
    ///
    /// # Panics
    /// When it has no columns, or a picture an entry that the legend lacks.
    pub fn png(&self) -> Result<Vec<u8>> {
        assert!(self.columns > 0, "PanelFigure: expected columns, got none");
        let [h, w] = self.panel.map(|side| side as u32);
        let rows = self.panels.len().div_ceil(self.columns) as u32;
        let (width, height) = (self.columns as u32 * w, rows * h + LEGEND);
        let mut large = RgbImage::new(width * FINE, height * FINE);
        self.draw_all(&mut large, rows)?;
        let mut picture = imageops::resize(&large, width, height, FilterType::Triangle);
        for (index, panel) in (0..).zip(&self.panels) {
            let corner = [index / self.columns as u32 * h, index % self.columns as u32 * w];
            match panel {
                Panel::Gallery(gallery) => gallery.paste(&mut picture, corner, [h, w]),
                Panel::Map(map) => map.paste(&mut picture, corner, [h, w]),
            }
        }
        picture::png(&picture)
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
        figure_style::legend(&legend, &self.legend)?;
        drawn(canvas.present())
    }

    fn draw<B: DrawingBackend>(&self, panel: &Panel, area: &Canvas<B>) -> Result<()> {
        match panel {
            Panel::Gallery(gallery) => {
                let entries = self.legend.len();
                let known = gallery.pictures.iter().all(|(entry, _)| *entry < entries);
                assert!(known, "PanelFigure: expected entries below {entries} in {}", gallery.title);
                figure_style::title(area, &gallery.title)
            }
            Panel::Map(map) => map.draw(area),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure_style::count;
    use crate::heat_map::heat_color;
    use crate::{Between, HeatMap};
    use image::Rgb;

    fn drawn_figure(panels: Vec<Panel>) -> RgbImage {
        let legend = ["one", "two"].map(String::from).to_vec();
        let figure = PanelFigure { columns: 2, panel: [200, 300], legend, panels };
        image::load_from_memory(&figure.png().unwrap()).unwrap().into_rgb8()
    }

    #[test]
    fn a_gallery_shows_its_pictures_in_frames_of_their_colors() {
        let white = |entry| (entry, RgbImage::from_pixel(9, 9, Rgb([255; 3])));
        let gallery = Gallery { title: "Pictures".into(), columns: 2, pictures: vec![white(0), white(1)] };
        let picture = drawn_figure(vec![Panel::Gallery(gallery)]);
        let frame = |entry, from| count(&picture, entry, [from, 0, from + 150, 200]);
        assert!(frame(0, 0) > 1000 && frame(1, 0) == 0);
        assert!(frame(1, 150) > 1000 && frame(0, 150) == 0);
    }

    #[test]
    fn a_map_has_its_colors_and_a_scale_or_names_beside_them() {
        let heat = |range| HeatMap {
            values: ndarray::array![[0.0, 1.0]],
            places: [vec![0.0], vec![0.0, 1.0]],
            range,
            between: Between::Nearest,
        };
        let map = |names: &[&str]| {
            let names = names.iter().map(|&name| name.into()).collect();
            Panel::Map(Map { title: "A map".into(), heat: heat([0.0, 1.0]), image: [1, 2], names })
        };
        let picture = drawn_figure(vec![map(&[]), map(&["no", "yes"])]);
        let of = |part: f64, from: u32| {
            let color = heat_color(part);
            let places = (0..200).flat_map(|y| (from..from + 300).map(move |x| (x, y)));
            places.filter(|&(x, y)| *picture.get_pixel(x, y) == color).count()
        };
        assert!(of(0.0, 0) > 1000 && of(1.0, 0) > 1000 && of(0.0, 300) > 1000 && of(1.0, 300) > 1000);
        assert!(of(0.0, 300) > of(1.0, 300) - 200);
    }

    #[test]
    fn the_legend_names_all_colors() {
        let picture = drawn_figure(vec![]);
        let legend = [0, 0, 600, LEGEND];
        assert!(count(&picture, 0, legend) > 20 && count(&picture, 1, legend) > 20);
    }

    #[test]
    #[should_panic(expected = "expected entries below 2 in Pictures")]
    fn a_picture_without_an_entry_is_refused() {
        let pictures = vec![(2, RgbImage::new(9, 9))];
        drawn_figure(vec![Panel::Gallery(Gallery { title: "Pictures".into(), columns: 1, pictures })]);
    }
}
