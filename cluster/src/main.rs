//! `glassbox-mpi`: the long jobs of `glassbox` on many processes that `mpirun` starts.
//!
//! ```text
//! the processes                          communicator.rs
//! jobs in parts, divided among them      divided_job.rs
//! one net that all of them train         train.rs; its folder: training_folder.rs
//! ```

mod communicator;
mod divided_job;
mod train;
mod training_folder;

use crate::communicator::Communicator;
use crate::train::Train;
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use cli::InParts;
use mimalloc::MiMalloc;
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// Activations are megabytes that live for milliseconds: the system's allocator would return their pages each time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The long jobs of `glassbox` on many processes, which share a folder
#[derive(Debug, Parser)]
#[command(name = "glassbox-mpi", version, after_help = EXAMPLE)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// How many threads compute in each process [default: one for each core that the process may use]
    #[arg(long, value_name = "N", global = true)]
    threads: Option<NonZeroUsize>,
}

const EXAMPLE: &str = "\
Example:
  mpirun -n 4 glassbox-mpi attack model.onnx photos/ --targets 859 --quick --resize 256 -o attack

The commands take the arguments of `glassbox` and leave the same bytes.
Where a process fails all end; run again, with any number of processes, they go on with what is missing.";

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    InParts(Box<InParts>),
    Train(Train),
}

fn main() -> ExitCode {
    let Some(communicator) = Communicator::join() else {
        eprintln!("error: MPI: expected calls from any thread, one at a time, found less");
        return ExitCode::FAILURE;
    };
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            if communicator.is_root() {
                // Nothing can be done about an output that takes no text.
                let _ = error.print();
            }
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let Err(error) = conduct(arguments, &communicator) else { return ExitCode::SUCCESS };
    cli::report(Err(error));
    // The others may wait for this process.
    communicator.abort(1)
}

fn conduct(arguments: Arguments, communicator: &Communicator) -> Result<()> {
    cli::start_threads(arguments.threads).context("the threads of this process")?;
    match arguments.command {
        Command::InParts(command) => divided_job::run(&*command.job()?, communicator),
        Command::Train(train) => train.run(communicator),
    }
}
