//! What the programs are put through, and what was counted.
//!
//! Every check is a program of this package that leaves its [`Count`]s in `stress/results/`;
//! `stress-table` puts them all into CONTRIBUTING.md.

mod count;
mod disk;
mod experiments;
pub mod kills;
mod left;
mod page;
mod programs;

pub use count::{Count, read, write};
pub use disk::Disk;
pub use experiments::experiments;
pub use left::{Left, Stage};
pub use page::{is_renewed, renewed};
pub use programs::program;
