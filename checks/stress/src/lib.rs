//! Stress tests of the programs, and their counts.
//!
//! Every check is a program of this package that writes its [`Count`]s to `checks/stress/results/`;
//! `stress-table` copies them to CONTRIBUTING.md.
//!
//! `stress-mutations` has every reader read damaged files: a [`Format`] has samples, damage and reader,
//! [`run_trials`] runs in a child process, and [`supervise`] counts its outcomes, or that it died.

mod count;
mod coverage;
mod damage;
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
pub use coverage::{LineCoverage, line_coverage};
pub use disk::Disk;
pub use experiments::experiments;
pub use formats::{Format, PROVOKED, feed, formats};
pub use memory::limit_memory;
pub use mutants::{Mutants, Survivors};
pub use output_snapshot::{OutputSnapshot, Stage, files};
pub use page::{check_page, updated_page};
pub use programs::program;
pub use supervision::{TrialStatistics, supervise};
pub use trials::{Trials, corpus, run_trials};
