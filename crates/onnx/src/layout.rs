//! Where an image's channels stand in the file's input.

/// Where the channels of an image stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `[channels, height, width]`, as PyTorch has it: NCHW.
    ChannelsFirst,
    /// `[height, width, channels]`, as TensorFlow has it: NHWC.
    ChannelsLast,
}
