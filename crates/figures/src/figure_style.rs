//! Colors and letters of all figures, and the legend.

use anyhow::{Result, anyhow, ensure};
use plotters::coord::Shift;
use plotters::element::{PathElement, Text};
use plotters::prelude::{DrawingArea, DrawingBackend, FontStyle, RGBColor, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, IntoFont, register_font};
use std::ops::Range;
use std::sync::Once;

/// Where a panel is drawn.
pub type Canvas<B> = DrawingArea<B, Shift>;

/// A font that is part of the program: those of the system differ.
const FONT: &[u8] = include_bytes!("../font/DejaVuSans.ttf");
/// Its name, and what a reader without it takes for the letters of an SVG.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Pixels of the legend's height.
pub const LEGEND: u32 = 40;

/// Colors that color-blind readers tell apart, the darkest first.
///
/// Source: Okabe & Ito 2008, *Color Universal Design*, with a darker yellow.
const COLORS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(120, 120, 120),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(0, 0, 0),
];

/// Everything is drawn so many times as large and then reduced: letters stand closer to where they belong.
pub const FINE: u32 = 3;

/// Between what the legend holds.
const GAP: i32 = 18 * FINE as i32;
/// A legend's stroke.
const STROKE: i32 = 26 * FINE as i32;
/// Between a stroke and its name.
const BESIDE: i32 = 6 * FINE as i32;

/// The color of an entry of the legend; after the last they begin again.
pub fn color(entry: usize) -> RGBColor {
    COLORS[entry % COLORS.len()]
}

/// Letters of this height in pixels of the figure.
pub fn letters(height: u32) -> TextStyle<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let known = register_font(FAMILY, FontStyle::Normal, FONT);
        assert!(known.is_ok(), "the font is part of the program");
    });
    TextStyle::from((FAMILY, f64::from(height * FINE)).into_font())
}

/// What drawing made, or why it could not.
pub fn drawn<T, E: std::fmt::Display>(result: Result<T, E>) -> Result<T> {
    result.map_err(|error| anyhow!("cannot draw the figure: {error}"))
}

/// A line of text in the middle of the panel's upper edge.
pub fn title<B: DrawingBackend>(area: &Canvas<B>, text: &str) -> Result<()> {
    let (width, _) = area.dim_in_pixel();
    let style = letters(15).pos(Pos::new(HPos::Center, VPos::Top));
    drawn(area.draw(&Text::new(text.to_owned(), (width as i32 / 2, 8 * FINE as i32), style)))
}

/// A stroke and a name for every entry, in the middle of the area, in two rows where one is too narrow.
///
/// # Errors
/// When two are too narrow.
pub fn legend<B: DrawingBackend>(area: &Canvas<B>, entries: &[String]) -> Result<()> {
    let style = letters(15).pos(Pos::new(HPos::Left, VPos::Center));
    let wide = |entry: &String| drawn(area.estimate_text_size(entry, &style)).map(|(width, _)| width as i32);
    let widths = entries.iter().map(|entry| Ok(wide(entry)? + STROKE + BESIDE + GAP));
    let widths = widths.collect::<Result<Vec<i32>>>()?;
    let (width, height) = area.dim_in_pixel();
    let rows = rows(&widths, width as i32);
    ensure!(rows.len() <= 2, "cannot draw the figure: expected a legend of two rows at most: {entries:?}");
    for (number, row) in (0..).zip(&rows) {
        let total: i32 = widths[row.clone()].iter().sum();
        let (mut x, y) =
            ((width as i32 - total).max(0) / 2, height as i32 * (2 * number + 1) / (2 * rows.len() as i32));
        for entry in row.clone() {
            let stroke = PathElement::new(vec![(x, y), (x + STROKE, y)], line_style(entry));
            drawn(area.draw(&stroke))?;
            let name = Text::new(entries[entry].clone(), (x + STROKE + BESIDE, y), style.clone());
            drawn(area.draw(&name))?;
            x += widths[entry];
        }
    }
    Ok(())
}

/// As many of these widths in each row as it has room for, one at least.
fn rows(widths: &[i32], room: i32) -> Vec<Range<usize>> {
    let (mut rows, mut first, mut taken) = (vec![], 0, 0);
    for (index, width) in widths.iter().enumerate() {
        if taken + width > room && index > first {
            rows.push(first..index);
            (first, taken) = (index, 0);
        }
        taken += width;
    }
    rows.push(first..widths.len());
    rows
}

/// How an entry's lines are drawn.
pub fn line_style(entry: usize) -> ShapeStyle {
    color(entry).stroke_width(2 * FINE)
}

/// How what belongs to no entry is drawn.
pub fn plain() -> ShapeStyle {
    BLACK.mix(0.6).stroke_width(FINE)
}

/// How many pixels of the rectangle (left, top, right, bottom) have about an entry's color: edges are soft.
#[cfg(test)]
pub fn count(picture: &image::RgbImage, entry: usize, [left, top, right, bottom]: [u32; 4]) -> usize {
    let ink = color(entry);
    let near = |(a, b): (&u8, u8)| a.abs_diff(b) < 50;
    let of = |x, y| picture.get_pixel(x, y).0.iter().zip([ink.0, ink.1, ink.2]).all(near);
    (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))).filter(|&(x, y)| of(x, y)).count()
}

#[cfg(test)]
mod tests {
    use super::{Range, rows};

    #[test]
    fn a_row_of_a_legend_takes_what_it_has_room_for() {
        let lengths = |widths: &[i32]| rows(widths, 30).iter().map(Range::len).collect::<Vec<_>>();
        assert_eq!(lengths(&[10, 10, 10]), [3]);
        assert_eq!(lengths(&[10, 10, 11]), [2, 1]);
        assert_eq!(lengths(&[40, 10]), [1, 1]);
        assert_eq!(lengths(&[]), [0]);
        assert_eq!(rows(&[20, 20, 5], 30), [0..1, 1..3]);
    }
}
