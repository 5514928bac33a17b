//! A map of values in a panel, with a key to its colors.

use super::{MARGIN, TITLE};
use crate::figure_style::{Canvas, FINE, drawn, letters, title};
use crate::heat_map::{HeatMap, heat_color};
use anyhow::Result;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use plotters::element::{Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use statistics::shown;

/// Pixels of the scale's width, and beside it for its numbers.
const SCALE: u32 = 10;
const NUMBERS: u32 = 44;
/// Pixels from one name under the map to the next.
const LINE: u32 = 14;
/// Pixels of the colored square before a name.
const SWATCH: u32 = 10;

/// A map of values.
#[derive(Clone, Debug)]
pub struct Map {
    /// Above it.
    pub title: String,
    /// The values and their colors.
    pub heat: HeatMap,
    /// Height and width of the image that they are of, in pixels.
    pub image: [usize; 2],
    /// What the colors stand for; where there are no names, they are a scale from the least value to the largest.
    pub names: Vec<String>,
}

impl Map {
    /// Title and key.
    pub(super) fn draw<B: DrawingBackend>(&self, area: &Canvas<B>) -> Result<()> {
        title(area, &self.title)?;
        let (width, height) = area.dim_in_pixel();
        let side = side([height / FINE, width / FINE]);
        let style = letters(12).pos(Pos::new(HPos::Left, VPos::Center));
        let at = |x: u32, y: u32| ((x * FINE) as i32, (y * FINE) as i32);
        let text = |text: String, x: u32, y: u32| drawn(area.draw(&Text::new(text, at(x, y), style.clone())));
        if self.names.is_empty() {
            let x = MARGIN + side + MARGIN + SCALE + 4;
            let [low, high] = self.heat.range.map(|end| shown(end, end, false));
            text(high, x, TITLE + 8)?;
            return text(low, x, TITLE + side - 8);
        }
        for (index, name) in (0..).zip(&self.names) {
            let y = TITLE + side + MARGIN + index * LINE + LINE / 2;
            let Rgb([red, green, blue]) = self.heat.color(index.into());
            let corners = [at(MARGIN, y - SWATCH / 2), at(MARGIN + SWATCH, y + SWATCH / 2)];
            drawn(area.draw(&Rectangle::new(corners, RGBColor(red, green, blue).filled())))?;
            text(name.clone(), MARGIN + SWATCH + 6, y)?;
        }
        Ok(())
    }

    /// Puts the map and its scale into the panel of this corner and size, rows first.
    pub(super) fn paste(&self, onto: &mut RgbImage, [top, left]: [u32; 2], size: [u32; 2]) {
        let side = side(size);
        let colors = imageops::resize(&self.heat.picture(self.image), side, side, FilterType::Nearest);
        imageops::replace(onto, &colors, (left + MARGIN).into(), (top + TITLE).into());
        if self.names.is_empty() {
            let part = |y: u32| 1.0 - f64::from(y) / f64::from(side - 1);
            let scale = RgbImage::from_fn(SCALE, side, |_, y| heat_color(part(y)));
            imageops::replace(onto, &scale, (left + MARGIN + side + MARGIN).into(), (top + TITLE).into());
        }
    }
}

/// The side of the map in a panel.
fn side([height, width]: [u32; 2]) -> u32 {
    let across = width.saturating_sub(3 * MARGIN + SCALE + NUMBERS);
    across.min(height.saturating_sub(TITLE + MARGIN)).max(2)
}
