//! Convolution with its adjoints, each alone: with respect to the image, the filters and the bias.
//!
//! Every element of a result is added by fused multiply-adds in a fixed order:
//! - the convolution starts from the bias and adds filter times image by filter row, then channel, then filter column;
//! - the data gradient is the sum, by row and column of the signal, of sums of filter times signal over the filters;
//! - the filter gradient adds signal times image by image of the batch, then row and column of the signal.
//!
//! The convolution is a matrix product whose second factor exists only as panels: what a few registers' width of positions reads, packed on the fly.
//! The filter gradient exchanges positions and filter elements; the data gradient runs the packing backwards.

mod blocks;
mod data_gradient;
#[cfg(test)]
mod definition;
mod element_parts;
mod filter_gradient;
mod forward;
mod geometry;
mod operations;
mod panel;
mod parts;
mod pointwise;
mod shares;
mod staging;
mod sweep;
mod tile;
mod transposed;
mod zones;

pub use geometry::Conv;
pub use operations::{
    conv2d, conv2d_bias_gradient, conv2d_data_gradient, conv2d_filter_gradient, conv2d_relu,
};

#[cfg(test)]
mod tests;
