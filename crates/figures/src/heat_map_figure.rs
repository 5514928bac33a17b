//! An image beside its heat map, with a title and a key to the colors.

use crate::figure_style::{Canvas, FINE, drawn, letters};
use crate::heat_map::{HeatMap, heat_color, magnified};
use anyhow::Result;
use image::imageops::{self, FilterType, replace};
use image::{Rgb, RgbImage};
use plotters::element::{Rectangle, Text};
use plotters::prelude::{BitMapBackend, DrawingBackend, IntoDrawingArea, WHITE};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use statistics::shown;

/// Pixels of the longer side to which small images are magnified, about.
const SIDE: u32 = 320;
/// Pixels around and between everything.
const MARGIN: u32 = 10;
/// Pixels from one line of text to the next.
const LINE: u32 = 19;
/// Pixels of the color bar's width.
const BAR: u32 = 14;
/// Pixels beside the bar, for its numbers, or for names.
const NUMBERS: u32 = 70;
const NAMES: u32 = 220;
/// Pixels of the text's height.
const TEXT: u32 = 13;
/// Pixels of the least width: a title has room.
const WIDTH: u32 = 560;

/// An image, its [`HeatMap`] over it, and a key to the colors.
#[derive(Clone, Debug)]
pub struct HeatMapFigure {
    /// The lines above.
    pub title: Vec<String>,
    /// The line below: what the colors stand for.
    pub caption: String,
    /// The image.
    pub image: RgbImage,
    /// Its map.
    pub heat: HeatMap,
    /// Names of the values 0, 1, …; where there are none, the key is a bar from the darkest color to the brightest, with numbers.
    pub names: Vec<String>,
}

impl HeatMapFigure {
    /// The figure.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn picture(&self) -> Result<RgbImage> {
        let magnification = magnification(&self.image);
        let image = magnified(&self.image, magnification);
        let over = self.heat.over_magnified(&self.image, magnification);
        let top = MARGIN + LINE * self.title.len() as u32 + MARGIN / 2;
        let beside = [MARGIN, 2 * MARGIN + image.width(), 3 * MARGIN + 2 * image.width()];
        let key = if self.names.is_empty() { BAR + NUMBERS } else { NAMES };
        let width = (beside[2] + key).max(WIDTH);
        let below = (top + image.height()).max(top + LINE * self.names.len() as u32);
        let height = below + LINE + MARGIN;
        let mut large = RgbImage::new(width * FINE, height * FINE);
        let size = large.dimensions();
        let canvas = BitMapBackend::with_buffer(&mut large, size).into_drawing_area();
        drawn(canvas.fill(&WHITE))?;
        for (y, line) in (0..).map(|line| MARGIN + line * LINE + LINE / 2).zip(&self.title) {
            write(&canvas, line, [y, MARGIN], width - 2 * MARGIN)?;
        }
        write(&canvas, &self.caption, [below + LINE / 2 + 2, MARGIN], width - 2 * MARGIN)?;
        self.draw_key(&canvas, [top, beside[2]], image.height())?;
        drawn(canvas.present())?;
        drop(canvas);
        let mut picture = imageops::resize(&large, width, height, FilterType::Triangle);
        replace(&mut picture, &image, beside[0].into(), top.into());
        replace(&mut picture, &over, beside[1].into(), top.into());
        if self.names.is_empty() {
            let part = |y: u32| 1.0 - f64::from(y) / f64::from((image.height() - 1).max(1));
            let bar = RgbImage::from_fn(BAR, image.height(), |_, y| heat_color(part(y)));
            replace(&mut picture, &bar, beside[2].into(), top.into());
        }
        Ok(picture)
    }

    /// The bar's numbers, or the names with their colors.
    fn draw_key<B: DrawingBackend>(
        &self,
        canvas: &Canvas<B>,
        [top, left]: [u32; 2],
        height: u32,
    ) -> Result<()> {
        if self.names.is_empty() {
            let [dark, bright] = self.heat.range;
            let about = (bright - dark).abs().max(f64::MIN_POSITIVE).min(dark.abs().max(bright.abs()));
            let steps = (height / (2 * LINE)).clamp(1, 4);
            return (0..=steps).try_for_each(|step| {
                let part = f64::from(step) / f64::from(steps);
                let y = top + TEXT / 2 + (f64::from(height.saturating_sub(TEXT)) * (1.0 - part)) as u32;
                let number = shown(dark + part * (bright - dark), about, false);
                write(canvas, &number, [y, left + BAR + 6], NUMBERS - 6)
            });
        }
        for (index, name) in (0..).zip(&self.names) {
            let y = top + index * LINE + LINE / 2;
            let Rgb([red, green, blue]) = self.heat.color(index.into());
            let at = |x: u32, y: u32| ((x * FINE) as i32, (y * FINE) as i32);
            let corners = [at(left, y - BAR / 2), at(left + BAR, y + BAR / 2)];
            drawn(canvas.draw(&Rectangle::new(corners, RGBColor(red, green, blue).filled())))?;
            write(canvas, name, [y, left + BAR + 6], NAMES - BAR - 6)?;
        }
        Ok(())
    }
}

/// Pixels of the figure along a pixel of the image.
fn magnification(image: &RgbImage) -> u32 {
    let longer = image.width().max(image.height()).max(1);
    ((SIDE + longer / 2) / longer).max(1)
}

/// A line of text from `left` on, its middle at this height; what has no room in this width is cut off.
pub(crate) fn write<B: DrawingBackend>(
    canvas: &Canvas<B>,
    text: &str,
    [middle, left]: [u32; 2],
    width: u32,
) -> Result<()> {
    let style = letters(TEXT).pos(Pos::new(HPos::Left, VPos::Center));
    let mut text = text.to_owned();
    while drawn(canvas.estimate_text_size(&text, &style))?.0 > width * FINE {
        let kept = text.trim_end_matches('…').chars().count().saturating_sub(1);
        text = text.chars().take(kept).chain(['…']).collect();
        if kept == 0 {
            break;
        }
    }
    drawn(canvas.draw(&Text::new(text, ((left * FINE) as i32, (middle * FINE) as i32), style)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Between;
    use ndarray::array;

    fn figure(names: &[&str]) -> HeatMapFigure {
        let places = [vec![0.0], vec![0.0, 1.0]];
        HeatMapFigure {
            title: vec!["x.png".into(), "a title that is longer than the figure is wide ".repeat(9)],
            caption: "probability".into(),
            image: RgbImage::from_pixel(2, 1, Rgb([0; 3])),
            heat: HeatMap {
                values: array![[1.0, 0.0]],
                places,
                range: [1.0, 0.0],
                between: Between::Nearest,
            },
            names: names.iter().map(|&name| name.into()).collect(),
        }
    }

    fn count(picture: &RgbImage, color: Rgb<u8>) -> usize {
        picture.pixels().filter(|&&pixel| pixel == color).count()
    }

    #[test]
    fn the_image_and_its_map_are_magnified_and_the_least_value_is_bright_where_the_range_falls() {
        let picture = figure(&[]).picture().unwrap();
        let half = |part| Rgb(heat_color(part).0.map(|byte| byte / 2));
        assert_eq!([0.0, 1.0].map(|part| count(&picture, half(part))), [160 * 160; 2]);
        let left = |color| picture.enumerate_pixels().find(|(.., pixel)| **pixel == color).unwrap().0;
        assert!(left(half(0.0)) < left(half(1.0)));
        assert!(count(&picture, heat_color(1.0)) >= BAR as usize);
    }

    #[test]
    fn names_have_the_colors_of_their_values() {
        let picture = figure(&["no", "yes"]).picture().unwrap();
        assert!([0.0, 1.0].iter().all(|&part| count(&picture, heat_color(part)) > 100));
    }
}
