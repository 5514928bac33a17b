//! Programs to be killed.

use crate::program;
use anyhow::{Context, Result};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program with its arguments; `INPUTS` in them stands for the folder of [`make_inputs`](super::make_inputs).
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Name on the command line.
    pub name: &'static str,
    /// Name in the table of counts.
    pub subject: &'static str,
    program: &'static str,
    arguments: &'static str,
    /// Whether stdout is compared: that of experiments contains times.
    pub prints_results: bool,
}

/// Each takes some seconds.
pub const JOBS: [Job; 5] = [
    Job {
        name: "training",
        subject: "training (`zeiler_fergus/table2 --smoke`)",
        program: "zeiler-fergus-table2",
        arguments: "--smoke",
        prints_results: false,
    },
    Job {
        name: "table",
        subject: "a table (`szegedy/table1 --smoke`)",
        program: "szegedy-table1",
        arguments: "--smoke",
        prints_results: false,
    },
    Job {
        name: "attack",
        subject: "`glassbox attack`",
        program: "glassbox",
        arguments: "attack INPUTS/dense.safetensors --arch fc100-100-10 INPUTS/digits --targets random -o attack",
        prints_results: true,
    },
    Job {
        name: "top",
        subject: "`glassbox top`",
        program: "glassbox",
        arguments: "top INPUTS/squeezenet.safetensors --arch squeezenet1_1 --classes 10 --size 128 INPUTS/scenes --node fire9 --units 0-8 -o top.png",
        prints_results: true,
    },
    Job {
        name: "occlude",
        subject: "`glassbox occlude`",
        program: "glassbox",
        arguments: "occlude INPUTS/squeezenet.safetensors --arch squeezenet1_1 --classes 10 --size 128 INPUTS/some-scenes --patch 16 --stride 8 -o occlude.npy",
        prints_results: true,
    },
];

impl Job {
    /// The command that runs the job in `folder` on generated data, with stdout and stderr in files.
    ///
    /// # Errors
    /// When the program was not built, or a file cannot be made.
    pub(super) fn command(&self, folder: &Path, inputs: &Path, streams: [&Path; 2]) -> Result<Command> {
        let inputs = inputs.to_str().context("expected a folder named in UTF-8")?;
        let arguments = self.arguments.split(' ').map(|word| word.replace("INPUTS", inputs));
        let file = |path: &Path| File::create(path).with_context(|| path.display().to_string());
        let [stdout, stderr] = [file(streams[0])?, file(streams[1])?];
        let mut command = Command::new(program(self.program)?);
        command.args(arguments).current_dir(folder);
        command.env_remove("GLASSBOX_DATA").env_remove("RUST_LOG").env("GLASSBOX_OFFLINE", "1");
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
        Ok(command)
    }
}
