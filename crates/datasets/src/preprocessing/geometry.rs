//! Sizes and places: what resizing and cropping make of a picture's.

use super::{Preprocessing, Resize};

/// How many times as long as wide an image may be that is enlarged.
const NARROWEST: usize = 64;

/// A picture resized, and the window of it that is the net's input; widths stand before heights.
pub(super) struct Geometry {
    stored: [usize; 2],
    pub resized: [usize; 2],
    /// Where the window begins in the resized picture; outside of it where this is negative.
    pub corner: [isize; 2],
    pub window: [usize; 2],
    /// What the window is cut from: the resized picture, or its place in a padded one.
    canvas: [usize; 2],
    /// Whether a side may become much longer than asked for.
    keeps_proportion: bool,
}

/// Why a picture cannot be resized or cropped: its height and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooSmall {
    /// Once resized, it is smaller than the crop.
    Crop { found: [usize; 2], stored: [usize; 2] },
    /// A line of pixels, whose short side becomes a net's, would become gigabytes.
    Narrow([usize; 2]),
}

impl Geometry {
    pub fn new(preprocessing: &Preprocessing, stored: [usize; 2]) -> Geometry {
        let resized = match preprocessing.resize {
            Resize::Keep => stored,
            Resize::ShortSide(side) => short_side(side, stored),
            Resize::Exactly([height, width]) => [width, height],
            Resize::Cover([height, width]) => cover(stored, [width, height]),
            Resize::Pad([height, width]) => contained(stored, [width, height]),
        };
        let canvas = match preprocessing.resize {
            Resize::Pad([height, width]) => [width, height],
            _ => resized,
        };
        let window = preprocessing.crop.map_or(canvas, |[height, width]| [width, height]);
        let begins = |axis: usize| {
            let before = middle(canvas[axis].saturating_sub(resized[axis])) as isize;
            middle(canvas[axis].saturating_sub(window[axis])) as isize - before
        };
        let keeps_proportion = matches!(preprocessing.resize, Resize::ShortSide(_) | Resize::Cover(_));
        Geometry { stored, resized, corner: [begins(0), begins(1)], window, canvas, keeps_proportion }
    }

    pub fn check(&self) -> Result<(), TooSmall> {
        let [width, height] = self.stored;
        let [long, short] = [width.max(height), width.min(height)];
        let grows = self.keeps_proportion && self.resized[0].max(self.resized[1]) > long;
        if long / NARROWEST > short && grows {
            return Err(TooSmall::Narrow([height, width]));
        }
        let fits = (0..2).all(|axis| self.window[axis] <= self.canvas[axis]);
        let found = [self.canvas[1], self.canvas[0]];
        if fits { Ok(()) } else { Err(TooSmall::Crop { found, stored: [height, width] }) }
    }

    /// Where a row and column of the picture lie in the window, if they do.
    pub fn position(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        let mut place = [0.0; 2];
        for (axis, of_axis) in [(1, 0), (0, 1)] {
            if self.window[axis] > self.canvas[axis] {
                return None;
            }
            let ratio = self.resized[axis] as f64 / self.stored[axis] as f64;
            let found = (at[of_axis] + 0.5) * ratio - 0.5 - self.corner[axis] as f64;
            if found < -0.5 || found >= self.window[axis] as f64 - 0.5 {
                return None;
            }
            place[of_axis] = found;
        }
        Some(place)
    }
}

/// Width and height when the shorter one is `side`; the longer one is rounded down, as by torchvision.
pub(super) fn short_side(side: usize, [w, h]: [usize; 2]) -> [usize; 2] {
    let longer = |long: usize, short: usize| (side as u64 * long as u64 / short as u64) as usize;
    if w <= h { [side, longer(h, w)] } else { [longer(w, h), side] }
}

/// Width and height of which one is that of the window and the other no less.
fn cover([w, h]: [usize; 2], [width, height]: [usize; 2]) -> [usize; 2] {
    if w * height <= h * width { [width, width * h / w] } else { [height * w / h, height] }
}

/// Width and height of which one is that of the frame and the other no more, at least a pixel, rounded as by Pillow's `ImageOps.contain`.
fn contained([w, h]: [usize; 2], [width, height]: [usize; 2]) -> [usize; 2] {
    let rounded = |over: usize, under: usize, side: usize| {
        ((over as f64 / under as f64 * side as f64).round_ties_even() as usize).max(1)
    };
    match (w * height).cmp(&(h * width)) {
        std::cmp::Ordering::Equal => [width, height],
        std::cmp::Ordering::Greater => [width, rounded(h, w, width).min(height)],
        std::cmp::Ordering::Less => [rounded(w, h, height).min(width), height],
    }
}

/// Where a centered piece begins, as torchvision rounds it.
pub(crate) fn middle(rest: usize) -> usize {
    (rest as f64 / 2.0).round_ties_even() as usize
}
