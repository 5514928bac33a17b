//! How a filter slides over the image, and the sizes that follow from it.

/// How a filter slides over the image. The kernel's size is the weight's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// Rows and columns from one position to the next.
    pub stride: [usize; 2],
    /// Zeros around the image: top, left, bottom, right.
    pub padding: [usize; 4],
    /// Rows and columns between the filter's elements; 1 leaves no gap.
    pub dilation: [usize; 2],
    /// Parts into which channels and filters are divided; a filter sees the channels of its own part.
    pub groups: usize,
}

impl Default for Conv {
    fn default() -> Self {
        Self { stride: [1; 2], padding: [0; 4], dilation: [1; 2], groups: 1 }
    }
}

impl Conv {
    /// The height and width of the result, or `None` if the kernel does not fit.
    pub fn output_size(&self, input: [usize; 2], kernel: [usize; 2]) -> Option<[usize; 2]> {
        let [height, width] = [0, 1].map(|axis| {
            let padded = self.padding[axis] + input[axis] + self.padding[axis + 2];
            let reach = self.dilation[axis] * kernel[axis].checked_sub(1)? + 1;
            Some(padded.checked_sub(reach)? / self.stride[axis].max(1) + 1)
        });
        Some([height?, width?])
    }
}

/// All sizes of one convolution of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Geometry {
    pub conv: Conv,
    pub images: usize,
    /// Channels of the image, all groups together.
    pub channels: usize,
    pub input: [usize; 2],
    /// Number of filters, all groups together.
    pub filters: usize,
    pub kernel: [usize; 2],
    pub output: [usize; 2],
}

impl Geometry {
    /// # Panics
    /// If the numbers do not fit together.
    pub fn new(operation: &str, x: [usize; 4], weight: [usize; 4], conv: &Conv) -> Self {
        let ([images, channels, height, width], [filters, seen, rows, columns]) = (x, weight);
        let (input, kernel) = ([height, width], [rows, columns]);
        let groups = conv.groups;
        let fits = groups > 0 && seen > 0 && channels == seen * groups && filters % groups == 0;
        assert!(fits, "{operation}: x {x:?}, weight {weight:?}, {groups} groups");
        assert!(!conv.stride.contains(&0) && !conv.dilation.contains(&0), "{operation}: {conv:?}");
        let output = conv.output_size(input, kernel);
        let output =
            output.unwrap_or_else(|| panic!("{operation}: kernel {kernel:?} does not fit {input:?}"));
        Self { conv: *conv, images, channels, input, filters, kernel, output }
    }

    /// Channels that one filter sees.
    pub fn depth(&self) -> usize {
        self.channels / self.conv.groups
    }

    /// Scalars of one channel of a filter.
    pub fn element(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Filters of one group.
    pub fn group_filters(&self) -> usize {
        self.filters / self.conv.groups
    }

    #[cfg(test)]
    /// The image's row (or column) under element `tap` of a filter at position `at`, unless it lies in the padding.
    pub fn under(&self, axis: usize, at: usize, tap: usize) -> Option<usize> {
        let padded = at * self.conv.stride[axis] + tap * self.conv.dilation[axis];
        padded.checked_sub(self.conv.padding[axis]).filter(|&i| i < self.input[axis])
    }

    pub fn x_shape(&self) -> [usize; 4] {
        [self.images, self.channels, self.input[0], self.input[1]]
    }

    pub fn weight_shape(&self) -> [usize; 4] {
        [self.filters, self.depth(), self.kernel[0], self.kernel[1]]
    }

    pub fn output_shape(&self) -> [usize; 4] {
        [self.images, self.filters, self.output[0], self.output[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_size_counts_the_positions_at_which_the_kernel_fits() {
        let conv = Conv { stride: [2, 3], padding: [1, 0, 2, 4], dilation: [2, 1], groups: 1 };
        assert_eq!(conv.output_size([6, 5], [3, 4]), Some([3, 2]));
        assert_eq!(conv.output_size([1, 1], [3, 2]), None);
        assert_eq!(Conv::default().output_size([5, 5], [5, 1]), Some([1, 5]));
        assert_eq!(Conv::default().output_size([5, 5], [0, 1]), None);
    }
}
