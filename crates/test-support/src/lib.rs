//! Helpers for the tests of several crates: data, reference arrays, derivatives.

mod central_differences;
mod data;
mod relative_error;

pub use central_differences::gradient_error;
pub use data::{data, data_folder, golden, not_checked, read_npy};
pub use relative_error::relative_error;
