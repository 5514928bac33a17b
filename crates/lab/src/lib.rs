//! A run: arguments, data and models by name, tables beside the paper's numbers, figures, manifest.
//!
//! Every experiment is a function of a [`Run`] and a call of [`main`].
//! It asks the run for data and for trained weights, which are kept between runs, and leaves a [`Table`] whose rows and columns have the paper's names.
//! The table puts beside each value its 95 % interval, the paper's value and a verdict: `agrees` when the intervals overlap.
//! Nothing here knows what an experiment is about.
//!
//! ```no_run
//! fn table1(run: &lab::Run) -> anyhow::Result<()> {
//!     let mnist = run.mnist()?;
//!     let mut table = run.table();
//!     table.rate("FC100-100-10", "test error", 164, mnist.test.len());
//!     run.save_table(&table)
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     lab::main("szegedy", "table1", "Errors and distortions.", table1)
//! }
//! ```
//!
//! The intervals and averages of a table can also be had alone, from the crate `statistics`.
//!
//! | word | here |
//! |---|---|
//! | what the user asks for | [`Run::size`], [`Run::seeds`], [`Run::limit`], [`Run::device`] |
//! | error rate, transfer rate | [`Table::rate`] |
//! | average distortion | [`Table::mean`] |
//! | average precision of a ranking | [`Table::average_precision`] |
//! | a trained net | [`Run::net`] |
//! | a fit by L-BFGS that was killed and resumes | [`FitFile`] |
//! | a net trained by a recipe, its learning curve | [`Run::trained`], [`TrainedNet`] |
//! | whether files, or bytes, are the same as before | [`digest_of`], [`sha256`] |
//! | both papers on one page | [`report()`] |
#![warn(missing_docs)]

mod arguments;
mod cached_tensors;
mod caltech;
mod cell;
mod checkpoint;
mod clock;
mod data;
mod digest;
mod dogs;
mod fit_file;
mod imagenet;
mod layout;
mod located;
mod machine;
mod make_once;
mod manifest;
mod measurement;
mod mnist;
mod objects;
mod one_line;
mod paper;
mod photographs;
mod program;
mod progress;
mod readme;
mod records;
mod redraw;
mod report;
mod reproduce;
mod run;
mod small_images;
mod table;
mod table_formats;
mod training_runs;
mod voc;

pub use arguments::{Size, cuda};
pub use cached_tensors::Tensors;
pub use digest::{digest_of, sha256};
pub use dogs::Dogs;
pub use fit_file::FitFile;
pub use layout::aligned;
pub use objects::Objects;
pub use one_line::one_line;
pub use paper::{PaperCell, read_paper};
pub use program::main;
pub use progress::Progress;
pub use readme::readme;
pub use redraw::redraw;
pub use report::{Artefact, Figure, Paper, Teaser, report};
pub use reproduce::reproduce;
pub use run::Run;
pub use table::Table;
pub use training_runs::TrainedNet;
