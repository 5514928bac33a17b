//! Windows of copies of one image, each with a patch over it.

use crate::by_type;
use crate::real::Real;
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::Tensor;
use rayon::prelude::*;

/// One of a batch of patches, and where it lies in the image.
#[derive(Clone, Copy, Debug)]
pub struct Patch<'a> {
    /// **Shape** `[k, c, height, width]`
    pub batch: &'a Tensor,
    /// Which of them.
    pub index: usize,
    /// The row and column of the image where its first pixel lies.
    pub at: [usize; 2],
}

/// Windows of an image, each under a patch of its own, or under none.
///
/// A window is given by the row and column of its first pixel; a patch may reach beyond it.
///
/// **Shape** image `[1, c, h, w]`; the result is `[windows, c, size…]`.
///
/// # Panics
/// If a window or a patch reaches beyond the image, or the scalar types or channels differ.
pub fn overlay(image: &Tensor, size: [usize; 2], windows: &[([usize; 2], Option<Patch>)]) -> Tensor {
    let &[1, c, h, w] = image.dims() else { panic!("overlay: expected one image, got {:?}", image.dims()) };
    let inside = |&([top, left], _): &([usize; 2], _)| top + size[0] <= h && left + size[1] <= w;
    assert!(windows.iter().all(inside), "overlay: windows of {size:?} in an image of {h} by {w}");
    windows.iter().filter_map(|window| window.1).for_each(|patch| check(image, &patch));
    by_type!(image, T => {
        let mut y = vec![T::default(); windows.len() * c * size[0] * size[1]];
        let sheet = PatchedImage { channels: c, image: [h, w], size };
        with_slice::<T, _>(image, |image| sheet.each(&mut y, windows, |y, at, _| sheet.cut(image, at, y)));
        for batch in batches(windows) {
            let (_, _, height, width) = batch.dims4().expect("checked");
            with_slice::<T, _>(batch, |patches| sheet.each(&mut y, windows, |y, at, patch| {
                if let Some(patch) = patch.filter(|patch| same(patch.batch, batch)) {
                    let length = c * height * width;
                    sheet.lay(&patches[patch.index * length..][..length], [height, width], relative(patch.at, at), y);
                }
            }));
        }
        tensor_of(y, &[windows.len(), c, size[0], size[1]])
    })
}

fn check(image: &Tensor, patch: &Patch) {
    same_type("overlay", &[image, patch.batch]);
    let (&[_, c, h, w], &[n, channels, height, width]) = (image.dims(), patch.batch.dims()) else {
        panic!("overlay: expected patches [k, c, height, width], got {:?}", patch.batch.dims())
    };
    let [top, left] = patch.at;
    let fits = channels == c && patch.index < n && top + height <= h && left + width <= w;
    assert!(fits, "overlay: patch {patch:?} on an image of {:?}", image.dims());
}

/// The batches that the patches are from, each once.
fn batches<'a>(windows: &[([usize; 2], Option<Patch<'a>>)]) -> Vec<&'a Tensor> {
    let mut batches: Vec<&Tensor> = vec![];
    for patch in windows.iter().filter_map(|window| window.1) {
        if !batches.iter().any(|batch| same(batch, patch.batch)) {
            batches.push(patch.batch);
        }
    }
    batches
}

fn same(a: &Tensor, b: &Tensor) -> bool {
    std::ptr::eq(a, b)
}

/// Where the patch begins, seen from the window: negative where it begins before.
fn relative(patch: [usize; 2], window: [usize; 2]) -> [isize; 2] {
    [0, 1].map(|axis| patch[axis] as isize - window[axis] as isize)
}

/// The sizes that all windows share.
struct PatchedImage {
    channels: usize,
    image: [usize; 2],
    size: [usize; 2],
}

impl PatchedImage {
    fn each<'a, T: Real>(
        &self,
        y: &mut [T],
        windows: &[([usize; 2], Option<Patch<'a>>)],
        fill: impl Fn(&mut [T], [usize; 2], Option<Patch<'a>>) + Sync,
    ) {
        let window = self.channels * self.size[0] * self.size[1];
        y.par_chunks_exact_mut(window).zip(windows).for_each(|(y, &(at, patch))| fill(y, at, patch));
    }

    /// The image's window.
    fn cut<T: Real>(&self, image: &[T], [top, left]: [usize; 2], y: &mut [T]) {
        let ([height, width], [rows, columns]) = (self.image, self.size);
        let planes = y.chunks_exact_mut(rows * columns).zip(image.chunks_exact(height * width));
        for (y, plane) in planes {
            let lines = y.chunks_exact_mut(columns).zip(plane.chunks_exact(width).skip(top));
            lines.for_each(|(y, line)| y.copy_from_slice(&line[left..left + columns]));
        }
    }

    /// The part of a patch that lies in the window.
    fn lay<T: Real>(&self, patch: &[T], [height, width]: [usize; 2], [top, left]: [isize; 2], y: &mut [T]) {
        let [rows, columns] = self.size;
        let first = |start: isize| (-start).max(0) as usize;
        let within = |start: isize, length: usize, of: usize| {
            let end = (of as isize - start).clamp(0, length as isize) as usize;
            first(start).min(end)..end
        };
        let (lines, pixels) = (within(top, height, rows), within(left, width, columns));
        if pixels.is_empty() {
            return;
        }
        let column = (left + pixels.start as isize) as usize;
        let planes = y.chunks_exact_mut(rows * columns).zip(patch.chunks_exact(height * width));
        for (y, plane) in planes {
            for line in lines.clone() {
                let row = (top + line as isize) as usize;
                let to = &mut y[row * columns + column..][..pixels.len()];
                to.copy_from_slice(&plane[line * width..][pixels.clone()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DType, seeded, to_f64s, uniform};
    use rand::Rng;

    #[test]
    fn a_window_shows_its_patch_where_that_lies_and_the_image_elsewhere() {
        let mut rng = seeded(3, "overlay");
        for _ in 0..300 {
            let [c, h, w] = [3, 9, 9].map(|most| rng.random_range(1..=most));
            let image = uniform(&mut rng, &[1, c, h, w], 1.0, DType::F64);
            let [[top, height], [left, width]] = [h, w].map(|side| part(&mut rng, side));
            let [[above, rows], [before, columns]] = [h, w].map(|side| part(&mut rng, side));
            let patches = uniform(&mut rng, &[2, c, height, width], 1.0, DType::F64);
            let patch = Patch { batch: &patches, index: 1, at: [top, left] };
            let found =
                overlay(&image, [rows, columns], &[([above, before], None), ([above, before], Some(patch))]);
            let (plain, over) = (to_f64s(&image), to_f64s(&patches));
            let mut expected = vec![];
            for covered in [false, true] {
                for (channel, row, column) in places([c, rows, columns]) {
                    let (row, column) = (above + row, before + column);
                    let under = (top..top + height).contains(&row) && (left..left + width).contains(&column);
                    expected.push(if covered && under {
                        over[((c + channel) * height + row - top) * width + column - left]
                    } else {
                        plain[(channel * h + row) * w + column]
                    });
                }
            }
            assert_eq!(to_f64s(&found), expected);
        }
    }

    /// Where a random part of a side begins, and its length.
    fn part(rng: &mut impl Rng, side: usize) -> [usize; 2] {
        let start = rng.random_range(0..side);
        [start, rng.random_range(1..=side - start)]
    }

    fn places([c, h, w]: [usize; 3]) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..c * h * w).map(move |i| (i / (h * w), i / w % h, i % w))
    }

    #[test]
    #[should_panic(expected = "overlay: windows of [3, 1]")]
    fn a_window_beyond_the_image_panics() {
        let image = uniform(&mut seeded(4, "overlay"), &[1, 1, 4, 4], 1.0, DType::F32);
        overlay(&image, [3, 1], &[([2, 0], None)]);
    }
}
