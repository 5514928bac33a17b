//! What a convolution and its data gradient have in common: filters that sweep over planes.
//!
//! The data gradient at stride s is s sweeps along each axis, one for every residue of the image's rows (columns) modulo s:
//! only every s-th element of a filter meets such a row, and it meets consecutive rows of the signal.

use super::geometry::Geometry;

/// One axis of a sweep.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// The source's length; beyond it there are zeros.
    pub source: usize,
    /// Where the first tap lies at the first position.
    pub first: isize,
    /// Steps in the source from position to position.
    pub stride: usize,
    /// Steps in the source from tap to tap.
    pub dilation: usize,
    /// The filter's elements in the order of summation.
    pub taps: Vec<usize>,
    pub positions: usize,
    /// Where the first position's result goes, and how far apart the results lie.
    pub target: usize,
    pub target_stride: usize,
}

impl Axis {
    /// The convolution itself.
    pub fn forward(g: &Geometry, axis: usize) -> Self {
        Self {
            source: g.input[axis],
            first: -(g.conv.padding[axis] as isize),
            stride: g.conv.stride[axis],
            dilation: g.conv.dilation[axis],
            taps: (0..g.kernel[axis]).collect(),
            positions: g.output[axis],
            target: 0,
            target_stride: 1,
        }
    }

    /// The data gradient's sweeps, one for every residue whose rows some filter position covers.
    pub fn backward(g: &Geometry, axis: usize) -> Vec<Self> {
        let stride = g.conv.stride[axis];
        (0..stride.min(g.input[axis])).filter_map(|residue| Self::residue(g, axis, residue)).collect()
    }

    /// Row `residue + stride · position` met tap t of the filter at row `(residue + padding − dilation · t) / stride + position` of the signal.
    fn residue(g: &Geometry, axis: usize, residue: usize) -> Option<Self> {
        let [stride, dilation, padding] =
            [g.conv.stride, g.conv.dilation, [g.conv.padding[0], g.conv.padding[1]]]
                .map(|of| of[axis] as isize);
        let row = |tap: usize| residue as isize + padding - dilation * tap as isize;
        let taps: Vec<_> = (0..g.kernel[axis]).rev().filter(|&tap| row(tap) % stride == 0).collect();
        let first = row(*taps.first()?) / stride;
        let second = taps.get(1).map_or(first + 1, |&tap| row(tap) / stride);
        Some(Self {
            source: g.output[axis],
            first,
            stride: 1,
            dilation: (second - first) as usize,
            taps,
            positions: (g.input[axis] - residue).div_ceil(stride as usize),
            target: residue,
            target_stride: stride as usize,
        })
    }

    /// How far in the source so many positions reach.
    pub fn reach(&self, positions: usize) -> usize {
        (positions - 1) * self.stride + (self.taps.len() - 1) * self.dilation + 1
    }
}

/// Rows and columns.
pub(super) type Sweep = [Axis; 2];

/// The elements of a filter of this width, in the order of summation.
pub(super) fn filter_elements([rows, columns]: &Sweep, width: usize) -> Vec<usize> {
    rows.taps.iter().flat_map(|row| columns.taps.iter().map(move |column| row * width + column)).collect()
}
