//! What the programs are put through, and what was counted.
//!
//! Every check is a program of this package that leaves its [`Count`]s in `checks/stress/results/`;
//! `stress-table` puts them all into CONTRIBUTING.md.
//!
//! `stress-mutations` has every reader of files read damaged ones: [`Format`] has the samples, the damage and the reader,
//! [`conduct`] the trials in one process, [`supervise`] counts what the process says, or that it died.

mod count;
mod coverage;
mod damage;
mod data;
mod disk;
mod experiments;
mod formats;
pub mod kills;
mod memory;
mod mutants;
mod output_snapshot;
mod page;
mod programs;
mod supervision;
mod trials;

pub use count::{Count, read, write};
pub use coverage::{Lines, lines};
pub use disk::Disk;
pub use experiments::experiments;
pub use formats::{Format, PROVOKED, feed, formats};
pub use memory::limit_memory;
pub use mutants::{Mutants, Survivors};
pub use output_snapshot::{OutputSnapshot, Stage};
pub use page::{is_renewed, renewed};
pub use programs::program;
pub use supervision::{Tally, supervise};
pub use trials::{Trials, conduct, corpus};
