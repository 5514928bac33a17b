//! Real and generated image data, read strictly.
#![warn(missing_docs)]

mod digits;
mod download;
mod error;
mod halves;
mod hex;
mod idx;
mod labeled;
mod mnist;
mod source;
mod sources;

pub use download::download;
pub use error::DataError;
pub use halves::halves;
pub use idx::{read_idx_images, read_idx_labels};
pub use labeled::Labeled;
pub use mnist::Mnist;
pub use source::Source;
pub use sources::{Download, sources};
