//! Panels of positions, cut where the number of filter rows that meet the image changes, if that leaves out more than it wastes.

use super::staging::{Order, Window};
use super::sweep::Axis;
use super::tile;
use std::ops::Range;

/// A window's positions in panels of a few registers.
pub(super) fn panels(rows: &Axis, window: &Window, positions: usize, lanes: usize) -> Vec<Range<usize>> {
    let whole: Vec<_> = tile::panels(positions, lanes).collect();
    if window.order == Order::Images {
        return whole;
    }
    let line = positions / window.rows.len();
    let met = |positions: &Range<usize>| {
        let row = |position: usize| window.rows.start + position / line;
        rows.met(row(positions.start)..=row(positions.end - 1)).len()
    };
    let row = |row: usize| row * line..(row + 1) * line;
    let cut = |&number: &usize| number == 0 || met(&row(number)) != met(&row(number - 1));
    let starts: Vec<_> = (0..window.rows.len()).filter(cut).map(|number| number * line).collect();
    let ends = starts.iter().skip(1).chain([&positions]);
    let zones = starts.iter().zip(ends).flat_map(|(&start, &end)| {
        tile::panels(end - start, lanes).map(move |panel| start + panel.start..start + panel.end)
    });
    let zones: Vec<_> = zones.collect();
    // The sums of a single register wait for each other: it takes as long as one and a half.
    let time = |panel: &Range<usize>| met(panel) * (2 * panel.len().div_ceil(lanes)).max(3);
    let total = |panels: &[Range<usize>]| panels.iter().map(time).sum::<usize>();
    if total(&zones) < total(&whole) { zones } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_two_images(rows: usize) -> Vec<Range<usize>> {
        let axis = Axis { source: rows, first: -1, positions: rows, stride: 1, taps: 3, dilation: 1 };
        let window = Window { images: 0..2, channels: 0..1, rows: 0..rows, order: Order::Rows };
        panels(&axis, &window, 2 * rows * rows, 16)
    }

    #[test]
    fn the_outer_rows_have_panels_of_their_own_where_that_takes_no_more_registers() {
        let panels = of_two_images(13);
        assert_eq!((panels[0].clone(), panels.last()), (0..26, Some(&(312..338))));
        assert_eq!(of_two_images(3).len(), 1);
    }
}
