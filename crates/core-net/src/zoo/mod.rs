//! Nets by name, each file like the paper's own description.

mod fully_connected;

pub use fully_connected::fully_connected;
