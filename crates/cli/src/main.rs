//! `glassbox`: the methods of both papers on a net of your own.
//!
//! Each command is a file of its own: its arguments, then what it does.
//! MODEL is an ONNX file, or a safetensors file with `--arch`; images are photographs, folders or archives of them, or `.npy` arrays.
//! The exit code is 0 when all went well, 2 for wrong arguments and 1 for anything else, with one line on stderr.

mod arguments;
mod attack;
mod box_of_pixels;
mod classes;
mod columns;
mod failure;
mod images;
mod inspect;
mod model;
mod norms;
mod npy;
mod occlude;
mod occluder;
mod output;
mod picture;
mod pixels;
mod project;
mod report;
mod run;
mod sensitivity;
mod targets;
mod top;
mod warnings;
mod way_back;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => failure::report(conduct(arguments)),
        Err(error) => {
            // Nothing can be done about an output that takes no text.
            let _ = error.print();
            ExitCode::from(error.exit_code() as u8)
        }
    }
}

fn conduct(arguments: Arguments) -> Result<()> {
    if let Some(threads) = arguments.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
        pool.build_global().context("cannot start the threads")?;
    }
    match arguments.command {
        Command::Inspect(inspect) => inspect.run(),
        Command::Run(run) => run.run(),
        Command::Project(project) => project.run(),
        Command::Top(top) => top.run(),
        Command::Occlude(occlude) => occlude.run(),
        Command::Attack(attack) => attack.run(),
        Command::Norms(norms) => norms.run(),
        Command::Report(report) => report.run(),
    }
}
