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
//! | word | here |
//! |---|---|
//! | what the user asks for | [`Run::size`], [`Run::seeds`], [`Run::limit`], [`Run::device`] |
//! | error rate, transfer rate | [`Table::rate`] |
//! | average distortion | [`Table::mean`] |
//! | average precision of a ranking | [`Table::average_precision`], [`average_precision()`] |
//! | a trained net | [`Run::net`] |
//! | a net trained by a recipe, its learning curve | [`Run::course`], [`Trained`] |
//! | a picture of digits | [`Grid`] |
//! | feature maps' strongest patches | [`Sheet`] |
//! | a map of values over an image | [`Heat`] |
//! | whether files are the same as before | [`digest_of`] |
//! | line charts, and pictures beside them | [`Plate`] |
#![warn(missing_docs)]

mod allocator;
mod arguments;
mod average_precision;
mod caltech;
mod cell;
mod checkpoint;
mod clock;
mod courses;
mod data;
mod digest;
mod dogs;
mod face;
mod grid;
mod heat;
mod imagenet;
mod interrupt;
mod interval;
mod kept;
mod layout;
mod machine;
mod manifest;
mod measurement;
mod number;
mod objects;
mod paper;
mod photographs;
mod plate;
mod program;
mod progress;
mod readme;
mod reproduce;
mod run;
mod sheet;
mod small_images;
mod staged;
mod table;
mod voc;

pub use arguments::Size;
pub use average_precision::average_precision;
pub use courses::Trained;
pub use digest::of_path as digest_of;
pub use dogs::Dogs;
pub use grid::Grid;
pub use heat::{Between, Heat};
pub use interval::interval_of_mean;
pub use kept::Tensors;
pub use objects::Objects;
pub use plate::{Axis, Chart, Gallery, Line, Map, Panel, Plate, Scale};
pub use program::{main, one_line};
pub use progress::Progress;
pub use readme::readme;
pub use reproduce::reproduce;
pub use run::Run;
pub use sheet::{Block, Sheet};
pub use table::Table;
