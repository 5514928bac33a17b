//! The adjoint of folding windows by addition: each scalar goes to all pixels of its window, first down, then across.

use super::axis::Axis;
use super::phases::Phases;
use crate::real::Real;

/// Buffers to spread one plane after the other.
pub(super) struct Spreader<T> {
    phases: Phases<T>,
    rows: Vec<T>,
    /// The windows' scalars, with zeros between the rows as the phases are wider.
    windows: Vec<T>,
}

impl<T: Real> Spreader<T> {
    pub fn new(axes: [Axis; 2]) -> Self {
        let phases = Phases::new(axes, T::default());
        let rows = vec![T::default(); axes[0].stride * phases.height * phases.width];
        let windows = vec![T::default(); (axes[0].output - 1) * phases.width + axes[1].output];
        Self { phases, rows, windows }
    }

    /// Writes to each pixel of `x` the sum of `signal / counts` over the windows that see it.
    #[inline(always)]
    pub fn spread(&mut self, signal: &[T], counts: &[T], x: &mut [T]) {
        let Self { phases, rows, windows } = self;
        let (size, run, output) = (phases.height * phases.width, phases.run(), phases.across.output);
        let shares = signal.chunks_exact(output).zip(counts.chunks_exact(output));
        for (to, (signal, counts)) in windows.chunks_mut(phases.width).zip(shares) {
            to.iter_mut().zip(signal.iter().zip(counts)).for_each(|(to, (&s, &count))| *to = s / count);
        }
        rows.fill(T::default());
        for k in 0..phases.down.kernel {
            let (phase, place) = phases.down.tap(k);
            add(&mut rows[phase * size + place * phases.width..], windows);
        }
        phases.clear();
        for (phase, rows) in rows.chunks_exact(size).enumerate() {
            (0..phases.across.kernel).for_each(|k| add(phases.tap_mut(phase, k), &rows[..run]));
        }
        phases.join(x);
    }
}

#[inline(always)]
fn add<T: Real>(sums: &mut [T], terms: &[T]) {
    sums.iter_mut().zip(terms).for_each(|(sum, &term)| *sum += term);
}
