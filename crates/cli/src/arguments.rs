//! What the command line says.

use crate::attack::Attack;
use crate::card::WriteCard;
use crate::inspect::Inspect;
use crate::job::Job;
use crate::norms::Norms;
use crate::occlude::Occlude;
use crate::project::Project;
use crate::remarks;
use crate::report::Report;
use crate::run::Run;
use crate::top::Top;
use crate::transfer::Transfer;
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::num::NonZeroUsize;

/// Look into a convolutional net of your own, and break it.
#[derive(Debug, Parser)]
#[command(name = "glassbox", version, after_help = EXAMPLE)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// How many threads compute [default: one for each core]
    #[arg(long, value_name = "N", global = true)]
    pub threads: Option<NonZeroUsize>,
}

const EXAMPLE: &str = "\
Example:
  glassbox card model.onnx --preset imagenet --labels classes.txt
  glassbox run model.onnx cat.jpg

`glassbox help COMMAND` shows an example of each command.";

#[derive(Debug, Subcommand)]
pub enum Command {
    Card(WriteCard),
    Inspect(Inspect),
    Run(Run),
    Project(Project),
    #[command(flatten)]
    InParts(InParts),
    Norms(Norms),
    Report(Report),
}

/// The commands whose work is a job in parts.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)] // Each is documented where its arguments are.
pub enum InParts {
    Top(Top),
    Occlude(Occlude),
    Attack(Attack),
    Transfer(Transfer),
}

impl InParts {
    /// The job, once all that its arguments name was read and is well.
    ///
    /// # Errors
    /// When a model, an image or an argument is at fault.
    pub fn job(self) -> Result<Box<dyn Job>> {
        remarks::begin();
        match self {
            InParts::Top(top) => top.job(),
            InParts::Occlude(occlude) => occlude.job(),
            InParts::Attack(attack) => attack.job(),
            InParts::Transfer(transfer) => transfer.job(),
        }
    }
}
