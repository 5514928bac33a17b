//! What the tests of several crates share.

mod central_differences;

pub use central_differences::gradient_error;
