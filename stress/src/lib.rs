//! What the programs are put through, and what was counted.
//!
//! Every check is a program of this package that leaves its [`Count`]s in `stress/results/`;
//! `stress-table` puts them all into CONTRIBUTING.md.

mod count;
mod disk;
pub mod kills;
mod page;
mod programs;

pub use count::{Count, read, write};
pub use disk::Disk;
pub use page::{is_renewed, renewed};
pub use programs::program;
