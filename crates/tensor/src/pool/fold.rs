//! Each window of a plane folded into one scalar: first across, then down.

use super::axis::Axis;
use super::phases::Phases;
use crate::real::Real;

/// Buffers to fold one plane after the other.
pub(super) struct Folder<T> {
    phases: Phases<T>,
    /// Each row folded across, by row phase.
    rows: Vec<T>,
    windows: Vec<T>,
}

impl<T: Real> Folder<T> {
    /// Folds planes whose padding holds a constant.
    pub fn new(axes: [Axis; 2], padding: T) -> Self {
        let phases = Phases::new(axes, padding);
        let rows = vec![T::default(); axes[0].stride * phases.height * phases.width];
        let windows = vec![T::default(); (axes[0].output - 1) * phases.width + axes[1].output];
        Self { phases, rows, windows }
    }

    /// Folds each window of the plane into a scalar of `y`.
    #[inline(always)]
    pub fn fold(&mut self, plane: &[T], y: &mut [T], f: impl Fn(T, T) -> T + Copy) {
        let Self { phases, rows, windows } = self;
        let (size, run) = (phases.height * phases.width, phases.run());
        phases.split(plane);
        for (phase, rows) in rows.chunks_exact_mut(size).enumerate() {
            fold_taps(&mut rows[..run], phases.across.kernel, |k| phases.tap(phase, k), f);
        }
        let length = windows.len();
        let tap = |k| {
            let (phase, place) = phases.down.tap(k);
            &rows[phase * size + place * phases.width..][..length]
        };
        fold_taps(windows, phases.down.kernel, tap, f);
        let output = phases.across.output;
        for (y, windows) in y.chunks_exact_mut(output).zip(windows.chunks(phases.width)) {
            y.copy_from_slice(&windows[..output]);
        }
    }
}

/// Folds the taps one after the other, the first three in one pass.
#[inline(always)]
fn fold_taps<'a, T: Real>(
    folded: &mut [T],
    taps: usize,
    tap: impl Fn(usize) -> &'a [T],
    f: impl Fn(T, T) -> T + Copy,
) {
    match taps {
        1 => folded.copy_from_slice(tap(0)),
        2 => folded.iter_mut().zip(tap(0)).zip(tap(1)).for_each(|((to, &a), &b)| *to = f(a, b)),
        _ => {
            let three = tap(0).iter().zip(tap(1)).zip(tap(2));
            folded.iter_mut().zip(three).for_each(|(to, ((&a, &b), &c))| *to = f(f(a, b), c));
        }
    }
    for k in 3..taps {
        folded.iter_mut().zip(tap(k)).for_each(|(to, &a)| *to = f(*to, a));
    }
}
