//! The adjoint with respect to the image: transposed filters times the signal, added to where every position read.

use super::geometry::Geometry;
use super::panel::{self, Run};
use super::shares::{Share, Shares};
use super::staging::{CHUNK, Order, Planes, Strides, Window, each_line, inside, stage};
use super::sweep::{Axis, Sweep};
use super::tile::{self, Terms};
use super::transposed::{elements, transposed};
use crate::matmul::lanes;
use crate::real::Real;
use crate::tasks::run;
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Scalars of the signal that are packed at once, so that they stay in the second-level cache.
const PACKED: usize = 1 << 17;

/// The data gradient of a batch of signals.
pub(super) fn data_gradient<T: Real>(g: &Geometry, signal: &[T], weight: &[T]) -> Vec<T> {
    let mut x = vec![T::default(); g.x_shape().iter().product()];
    if x.is_empty() || signal.is_empty() {
        return x;
    }
    let threads = g.threads();
    let shares = Shares::new(g, threads);
    let plane = g.output[0] * g.output[1];
    let gradient = DataGradient {
        g,
        sweep: [0, 1].map(|axis| Axis::over_positions(g, axis)),
        signal: Planes { data: signal, image: g.filters * plane, channel: plane },
        filters: transposed(g, weight, shares.channels),
    };
    run(threads, shares.divide(&mut x), |share, scratch| {
        Arch::new().dispatch(Task { of: &gradient, share, scratch });
    });
    x
}

/// What the tasks share.
struct DataGradient<'a, T> {
    g: &'a Geometry,
    sweep: Sweep,
    signal: Planes<'a, T>,
    filters: Vec<Vec<Vec<T>>>,
}

/// A thread's buffers.
#[derive(Default)]
struct Scratch<T> {
    /// The image's gradient with its padding, laid out as the convolution reads it.
    x: Vec<T>,
    /// Where every element of the filters adds to it at the first position.
    taps: Vec<usize>,
    signal: Packed<T>,
    sums: Vec<T>,
}

/// A band of the signal's rows.
#[derive(Default)]
struct Packed<T> {
    /// Panel after panel of positions, within a panel filter after filter.
    panels: Vec<T>,
    /// Where every panel's positions add to.
    targets: Vec<Vec<Run>>,
    staged: Vec<T>,
    planes: Vec<usize>,
    runs: Vec<Run>,
}

struct Task<'a, 'b, T> {
    of: &'a DataGradient<'a, T>,
    share: Share<'b, T>,
    scratch: &'a mut Scratch<T>,
}

impl<T: Real> WithSimd for Task<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        match tile::tile_rows(self.of.g.element() * self.share.channels.len()) {
            8 => self.run::<S, 8>(simd),
            _ => self.run::<S, 4>(simd),
        }
    }
}

impl<T: Real> Task<'_, '_, T> {
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize>(&mut self, simd: S) {
        let DataGradient { g, sweep, .. } = self.of;
        let whole = self.window(self.share.channels.clone(), 0..g.output[0]);
        let strides = Strides::apart(sweep, &whole);
        self.clear(&strides);
        let row = whole.images.len() * g.output[1] * g.group_filters();
        let band = (PACKED / row).clamp(1, g.output[0]);
        for top in (0..g.output[0]).step_by(band) {
            let rows = top..g.output[0].min(top + band);
            let top = top * sweep[0].stride * strides.row;
            let positions = self.pack(&strides, rows, lanes::<S, T>());
            self.add::<S, ROWS>(simd, positions, top);
        }
        self.write(&whole, &strides);
    }

    fn window(&self, channels: Range<usize>, rows: Range<usize>) -> Window {
        Window { images: self.share.images.clone(), channels, rows, order: Order::Images }
    }

    /// A gradient of zeros, and the taps of the share's channels.
    fn clear(&mut self, strides: &Strides) {
        let DataGradient { g, sweep, .. } = self.of;
        let Share { images, channels, .. } = &self.share;
        let Scratch { x, taps, .. } = &mut *self.scratch;
        x.clear();
        x.resize(strides.image * images.len() + CHUNK, T::default());
        let mut offsets = Vec::with_capacity(channels.len() * g.element());
        let rows = 0..sweep[0].taps;
        (0..channels.len()).for_each(|c| strides.taps(sweep, rows.clone(), c..c + 1, &mut offsets));
        taps.clear();
        taps.extend(elements(g, 0..channels.len()).into_iter().map(|element| offsets[element]));
    }

    /// Packs a band of the signal's rows, and returns how many positions it has.
    #[inline(always)]
    fn pack(&mut self, strides: &Strides, rows: Range<usize>, lanes: usize) -> usize {
        let DataGradient { g, sweep, signal, .. } = self.of;
        let depth = g.group_filters();
        let first = self.share.group * depth;
        let window = self.window(first..first + depth, rows);
        let positions = window.positions(sweep);
        let Packed { panels, targets, staged, planes, runs } = &mut self.scratch.signal;
        let points = [0, 1].map(|axis| Axis::over_points(g.output[axis]));
        let staged = stage(&points, *signal, &window, staged);
        planes.clear();
        staged.strides.taps(&points, 0..1, 0..depth, planes);
        panels.resize(panels.len().max(positions.next_multiple_of(lanes) * depth + CHUNK), T::default());
        let columns = tile::panels(positions, lanes);
        targets.resize_with(targets.len().max(columns.len()), Vec::new);
        for (columns, target) in columns.zip(targets) {
            let (width, start) = (columns.len().next_multiple_of(lanes), columns.start * depth);
            panel::read_runs(columns.clone(), &window, &points, &staged.strides, runs);
            panel::pack_into(staged.data, planes, runs, width, &mut panels[start..]);
            panel::read_runs(columns, &window, sweep, strides, target);
        }
        positions
    }

    /// Adds the packed band's contribution to the gradient from `top` on.
    #[inline(always)]
    fn add<S: Simd, const ROWS: usize>(&mut self, simd: S, positions: usize, top: usize) {
        let depth = self.of.g.group_filters();
        let Scratch { x, taps, signal, sums } = &mut *self.scratch;
        let lanes = lanes::<S, T>();
        let filters = &self.of.filters[self.share.group][self.share.number];
        sums.resize(ROWS * tile::ACROSS * lanes + CHUNK, T::default());
        for (filters, taps) in filters.chunks_exact(ROWS * depth).zip(taps.chunks(ROWS)) {
            let terms = Terms { filters, depth, range: 0..depth };
            for (columns, target) in tile::panels(positions, lanes).zip(&signal.targets) {
                let width = columns.len().next_multiple_of(lanes);
                let panel = &signal.panels[columns.start * depth..][..width * depth];
                sums[..ROWS * width].fill(T::default());
                tile::add::<S, T, ROWS>(simd, &terms, panel, width / lanes, &mut sums[..ROWS * width]);
                panel::unpack(simd, sums, taps, target, width, &mut x[top..]);
            }
        }
    }

    /// The gradient without the padding, to where it belongs.
    #[inline(always)]
    fn write(&mut self, window: &Window, strides: &Strides) {
        let sweep = &self.of.sweep;
        let (x, planes) = (&self.scratch.x, &mut self.share.planes);
        let (columns, channels) = (sweep[1].source, window.channels.len());
        each_line(sweep, window, strides.remainder, |line| {
            let Some(row) = line.row else { return };
            let plane = (line.image - window.images.start) * channels + line.channel - window.channels.start;
            let to = &mut planes[plane][row * columns..][..columns];
            let (inside, start) = inside(columns, line.first, sweep[1].stride, strides.remainder);
            let from = &x[line.place..][inside];
            if sweep[1].stride == 1 {
                to[start..][..from.len()].copy_from_slice(from);
            } else {
                to[start..].iter_mut().step_by(sweep[1].stride).zip(from).for_each(|(to, &from)| *to = from);
            }
        });
    }
}
