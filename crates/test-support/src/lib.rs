//! What the tests of several crates share.

mod central_differences;
mod data;

pub use central_differences::gradient_error;
pub use data::{data, data_folder, golden, read_npy};
