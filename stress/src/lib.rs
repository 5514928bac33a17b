//! What the programs are put through, and what was counted.
//!
//! Every check is a program of this package that leaves its [`Count`]s in `stress/results/`;
//! `stress-table` puts them all into CONTRIBUTING.md.

mod count;
mod experiments;
mod folder;
mod page;

pub use count::{Count, read, write};
pub use experiments::experiments;
pub use folder::digest_of_results;
pub use page::{is_renewed, renewed};
