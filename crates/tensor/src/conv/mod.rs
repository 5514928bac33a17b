//! Convolution with its adjoints, each alone: with respect to the image, the filters and the bias.
//!
//! Every result's element is one chain of fused multiply-adds in a fixed order:
//! - the convolution starts from the bias and adds filter times image by channel, then filter row, then filter column;
//! - the data gradient adds filter times signal by filter, then row and column of the signal;
//! - the filter gradient adds signal times image by image of the batch, then row and column of the signal.

mod data_gradient;
#[cfg(test)]
mod definition;
mod filter;
mod filter_gradient;
mod forward;
mod geometry;
mod panel;
mod parts;
mod staging;
mod sweep;
mod tile;

pub use filter::{conv2d, conv2d_bias_gradient, conv2d_data_gradient, conv2d_filter_gradient, conv2d_relu};
pub use geometry::Conv;

#[cfg(test)]
mod tests;
