//! `glassbox`: the methods of both papers on a net of your own.
//!
//! Each command is a file of its own: its arguments, then what it does.
//! MODEL is an ONNX file, or a safetensors file with `--arch`; images are photographs, folders or archives of them, or `.npy` arrays.
//! The exit code is 0 when all went well, 2 for wrong arguments and 1 for anything else, with one line on stderr.
//!
//! Long work is a [`Job`] in parts, each of which follows from the job alone and is stored on the disk once it is computed:
//! so a run that was killed goes on, and several processes can share the parts.
//! [`carry_out`] does a job in one process. Of several that share a disk, one begins it ([`PartStore::begin`]) and ends it,
//! the others [join](PartStore::join) it, and each [works](work) on its own parts of a stage; no part of the next stage may be begun
//! before all of the last one are there:
//!
//! ```no_run
//! use clap::Parser;
//!
//! #[derive(Parser)]
//! struct Arguments {
//!     #[command(subcommand)]
//!     command: cli::InParts,
//! }
//!
//! # fn barrier() {}
//! # let (rank, ranks) = (0, 1);
//! let job = Arguments::parse().command.job()?;
//! let store = cli::PartStore::begin(&job.folder(), &job.origin()?)?;
//! for stage in 0..job.stages().len() {
//!     let mine = cli::parts(&*job, stage).filter(|part| part.index % ranks == rank);
//!     cli::work(&*job, &store, mine)?;
//!     barrier();
//! }
//! job.finish(&store)?;
//! store.discard()?;
//! # Ok::<(), anyhow::Error>(())
//! ```
#![warn(missing_docs)]

mod arguments;
mod attack;
mod backward_options;
mod card;
mod class_table;
mod classes;
mod clean_images;
mod failure;
mod images;
mod inspect;
mod job;
mod model;
mod norms;
mod npy;
mod occlude;
mod occluder;
mod output;
mod picture;
mod pixel_normalization;
mod pixels;
mod program;
mod project;
mod remarks;
mod report;
mod run;
mod target;
mod targets;
mod top;
mod transfer;
mod used;
mod warnings;

pub use arguments::InParts;
pub use failure::report;
pub use job::{Job, Part, PartStore, carry_out, parts, work};
pub use output::lock_folder;
pub use program::{main, start_threads};
