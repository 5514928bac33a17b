//! A figure of line charts with one legend for all, which can be drawn again from its file.

mod chart;

use anyhow::{Context, Result};
use image::RgbImage;
use image::imageops::{self, FilterType};
use plotters::prelude::{BitMapBackend, DrawingBackend, IntoDrawingArea, SVGBackend, WHITE};
use serde::{Deserialize, Serialize};

use crate::figure_style::{self, Canvas, FINE, LEGEND, drawn};
use crate::picture;
pub use chart::{Axis, Chart, Line, Scale};

/// How the name of a plot's file ends.
pub const ENDING: &str = ".plot.json";

/// Charts in rows and columns, and under them what the colors stand for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plot {
    /// Charts in a row.
    pub columns: usize,
    /// Height and width of a chart in pixels.
    pub panel: [usize; 2],
    /// What each color stands for in every chart; lines name their entry.
    pub legend: Vec<String>,
    /// Row by row.
    pub charts: Vec<Chart>,
}

impl Plot {
    /// All that is drawn of it: for itself, as an SVG and as a PNG, each with the name of its file.
    ///
    /// # Errors
    /// When it cannot be drawn or encoded.
    ///
    /// # Panics
    /// When it has no columns, or a line an entry that the legend lacks.
    pub fn files(&self, name: &str) -> Result<[(String, Vec<u8>); 3]> {
        let json = serde_json::to_string(self).context("the plot is no JSON")? + "\n";
        Ok([
            (format!("{name}{ENDING}"), json.into_bytes()),
            (format!("{name}.svg"), self.svg()?.into_bytes()),
            (format!("{name}.png"), self.png()?),
        ])
    }

    fn png(&self) -> Result<Vec<u8>> {
        let (width, height) = self.size();
        let mut large = RgbImage::new(width * FINE, height * FINE);
        let size = large.dimensions();
        self.draw(&BitMapBackend::with_buffer(&mut large, size).into_drawing_area())?;
        picture::png(&imageops::resize(&large, width, height, FilterType::Triangle))
    }

    fn svg(&self) -> Result<String> {
        let (width, height) = self.size();
        let (fine_width, fine_height) = (width * FINE, height * FINE);
        let mut text = String::new();
        self.draw(&SVGBackend::with_string(&mut text, (fine_width, fine_height)).into_drawing_area())?;
        let drawn = format!("width=\"{fine_width}\" height=\"{fine_height}\"");
        Ok(text.replacen(&drawn, &format!("width=\"{width}\" height=\"{height}\""), 1))
    }

    /// Width and height in pixels.
    fn size(&self) -> (u32, u32) {
        assert!(self.columns > 0, "Plot: expected columns, got none");
        let [h, w] = self.panel.map(|side| side as u32);
        let rows = self.charts.len().div_ceil(self.columns) as u32;
        (self.columns as u32 * w, rows * h + LEGEND)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &Canvas<B>) -> Result<()>
    where
        B::ErrorType: 'static,
    {
        drawn(canvas.fill(&WHITE))?;
        let (charts, legend) = canvas.split_vertically(canvas.dim_in_pixel().1 - LEGEND * FINE);
        let rows = self.charts.len().div_ceil(self.columns);
        for (chart, area) in self.charts.iter().zip(charts.split_evenly((rows, self.columns))) {
            let entries = self.legend.len();
            let known = chart.lines.iter().all(|line| line.entry < entries);
            assert!(known, "Plot: expected entries below {entries} in {}", chart.title);
            chart.draw(&area)?;
        }
        figure_style::legend(&legend, &self.legend)?;
        drawn(canvas.present())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure_style::count;

    fn chart(lines: Vec<Line>, scale: Scale) -> Chart {
        let axis = |scale| Axis { name: "an axis".into(), scale, range: None };
        let x = axis(Scale::Named(["a", "b", "c"].map(String::from).to_vec()));
        Chart { title: "A title".into(), x, y: axis(scale), lines, level: Some(0.05) }
    }

    fn plot(charts: Vec<Chart>) -> Plot {
        let legend = ["one", "two"].map(String::from).to_vec();
        Plot { columns: 2, panel: [200, 300], legend, charts }
    }

    fn line(entry: usize, values: [f64; 3]) -> Line {
        let points = (0..).zip(values).map(|(x, y)| [f64::from(x), y]).collect();
        Line { entry, points, interval: vec![] }
    }

    fn picture(plot: &Plot) -> RgbImage {
        image::load_from_memory(&plot.png().unwrap()).unwrap().into_rgb8()
    }

    #[test]
    fn each_chart_holds_its_lines_and_the_legend_names_all_colors() {
        let picture = picture(&plot(vec![
            chart(vec![line(0, [0.0, 1.0, 2.0])], Scale::Linear),
            chart(vec![line(1, [0.001, 0.1, 1.0])], Scale::Logarithmic),
        ]));
        assert_eq!(picture.dimensions(), (600, 200 + LEGEND));
        let [left, right, legend] = [[0, 0, 300, 200], [300, 0, 600, 200], [0, 200, 600, 200 + LEGEND]];
        assert!(count(&picture, 0, left) > 100 && count(&picture, 0, right) == 0);
        assert!(count(&picture, 1, right) > 100 && count(&picture, 1, left) == 0);
        assert!(count(&picture, 0, legend) > 20 && count(&picture, 1, legend) > 20);
    }

    #[test]
    fn a_line_is_broken_where_a_value_is_missing() {
        let drawn = |values| {
            count(&picture(&plot(vec![chart(vec![line(0, values)], Scale::Linear)])), 0, [0, 0, 300, 200])
        };
        let [whole, broken, none] = [[1.0; 3], [1.0, f64::NAN, 1.0], [f64::NAN; 3]].map(drawn);
        assert!(whole > 2 * broken && broken > 20 && none == 0, "{whole}, {broken}, {none}");
    }

    #[test]
    fn an_interval_is_a_band_around_its_line() {
        let tinted = |interval| {
            let chart = chart(vec![Line { interval, ..line(0, [1.0; 3]) }], Scale::Linear);
            let picture = picture(&plot(vec![chart]));
            let tint = |p: &&image::Rgb<u8>| p.0[2] > p.0[0].saturating_add(20) && p.0[0] > 150;
            picture.pixels().filter(tint).count()
        };
        let wide = vec![[0.8, 1.2]; 3];
        assert!(tinted(wide) > tinted(vec![]) + 1000);
    }

    #[test]
    fn an_svg_is_as_large_as_the_png_and_holds_the_same_words() {
        let svg = plot(vec![chart(vec![line(1, [3.0, 1.0, 2.0])], Scale::Linear)]).svg().unwrap();
        assert!(
            svg.starts_with("<svg width=\"600\" height=\"240\" viewBox=\"0 0 1800 720\""),
            "{}",
            &svg[..90]
        );
        for word in ["A title", "an axis", "one", "two"] {
            assert!(svg.contains(word), "{word}");
        }
    }

    #[test]
    #[should_panic(expected = "expected entries below 2 in A title")]
    fn a_line_without_an_entry_is_refused() {
        picture(&plot(vec![chart(vec![line(2, [0.0; 3])], Scale::Linear)]));
    }
}
