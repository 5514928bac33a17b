//! The arguments that every experiment takes.

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use tensor::Device;

/// How much of the paper's experiment is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Seconds: every line of the code runs, the numbers mean little.
    Smoke,
    /// Minutes on two cores.
    Default,
    /// What the paper did, as far as the data allows.
    Full,
}

impl Size {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Size::Smoke => "smoke",
            Size::Default => "default",
            Size::Full => "full",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeviceName {
    Cpu,
    Cuda,
}

impl DeviceName {
    /// The manifest's remark on a device whose results for one seed may differ in bytes; none for the CPU.
    pub(crate) fn remark(self) -> Option<&'static str> {
        match self {
            DeviceName::Cpu => None,
            DeviceName::Cuda => Some(
                "CUDA adds in an order of its own: another run, device or driver may end in other last digits, and after many steps in other results",
            ),
        }
    }
}

/// The first GPU, for the option `--device cuda`.
///
/// # Errors
/// When there is none, or the build is without the feature `cuda`.
pub fn cuda() -> anyhow::Result<Device> {
    Device::new_cuda(0).context("--device cuda: expected a CUDA device and a build with --features cuda")
}

#[derive(Clone, Debug, Parser)]
#[command(disable_version_flag = true)]
pub(crate) struct Arguments {
    /// Seconds instead of minutes: everything runs, the numbers mean little
    #[arg(long, conflicts_with = "full")]
    smoke: bool,
    /// What the paper did, as far as the data allows, with three seeds
    #[arg(long)]
    full: bool,
    /// The seed of all random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The folder of the data sets, such as mnist/ and imagenet-sample/ [default: $GLASSBOX_DATA, else ./data, else downloaded where there is a mirror]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// How many images are attacked for each model, or looked at [default: as the size says]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub limit: Option<usize>,
    /// How many images pass through a net together, which changes no result [default: what is fast]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub batch: Option<usize>,
    /// How many threads compute [default: one for each core]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub threads: Option<usize>,
    /// Where tensors are computed
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceName,
    /// Where tables, figures and manifests go
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub results: PathBuf,
    /// Where trained weights are kept
    #[arg(long, value_name = "DIR", default_value = "checkpoints")]
    pub checkpoints: PathBuf,
}

impl Arguments {
    /// The arguments of `paper/artefact`, from the program's name on.
    ///
    /// # Errors
    /// When they are wrong, or ask for help.
    pub fn parse(
        paper: &str,
        artefact: &str,
        about: &'static str,
        words: impl IntoIterator<Item = OsString>,
    ) -> Result<Arguments, clap::Error> {
        let name = format!("cargo reproduce {paper}/{artefact}");
        let examples = format!(
            "Examples:\n  {name} --smoke            is everything in place?\n  {name}                    the table, in minutes\n  {name} --data ~/data      with the data sets in that folder\n  {name} --full --seed 7    as the paper did, from another seed"
        );
        let mut command = Arguments::command().about(about).bin_name(name).after_help(examples);
        let matches = command.try_get_matches_from_mut(words)?;
        Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }

    pub fn size(&self) -> Size {
        match (self.smoke, self.full) {
            (true, _) => Size::Smoke,
            (_, true) => Size::Full,
            _ => Size::Default,
        }
    }
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("expected at least 1, found 0".to_owned()),
        Ok(n) => Ok(n),
        Err(_) => Err("expected a whole number".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, clap::Error> {
        let words = ["szegedy-table1"].iter().chain(words).map(OsString::from);
        Arguments::parse("szegedy", "table1", "About this table.", words)
    }

    #[test]
    fn nothing_said_means_the_default_size_and_seed_1() {
        let arguments = parse(&[]).unwrap();
        assert_eq!((arguments.size(), arguments.seed), (Size::Default, 1));
        assert_eq!((arguments.limit, arguments.batch, arguments.threads), (None, None, None));
        assert_eq!(arguments.results, PathBuf::from("results"));
    }

    #[test]
    fn everything_can_be_said() {
        let words = "--smoke --seed 7 --data d --limit 10 --batch 3 --threads 2 --device cuda --results r";
        let words: Vec<&str> = words.split(' ').collect();
        let arguments = parse(&words).unwrap();
        assert_eq!((arguments.size(), arguments.seed), (Size::Smoke, 7));
        assert_eq!((arguments.limit, arguments.batch, arguments.threads), (Some(10), Some(3), Some(2)));
        assert_eq!(arguments.device, DeviceName::Cuda);
        assert_eq!(parse(&["--full"]).unwrap().size(), Size::Full);
    }

    #[test]
    fn wrong_arguments_end_with_exit_code_2_and_name_themselves() {
        let cases: [(&[&str], &str); 6] = [
            (&["--smoke", "--full"], "--full"),
            (&["--threads", "0"], "expected at least 1, found 0"),
            (&["--limit", "0"], "expected at least 1, found 0"),
            (&["--limit", "ten"], "expected a whole number"),
            (&["--device", "gpu"], "gpu"),
            (&["--fast"], "--fast"),
        ];
        for (words, expected) in cases {
            let error = parse(words).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{words:?}");
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn help_has_a_description_and_examples_and_exit_code_0() {
        let help = parse(&["--help"]).unwrap_err();
        assert_eq!(help.exit_code(), 0);
        for part in ["About this table.", "cargo reproduce szegedy/table1 --smoke"] {
            assert!(help.to_string().contains(part), "{help}");
        }
    }

    #[test]
    fn only_of_a_device_that_may_leave_other_bytes_is_there_something_to_say() {
        assert_eq!(DeviceName::Cpu.remark(), None);
        assert!(DeviceName::Cuda.remark().is_some_and(|remark| remark.starts_with("CUDA")));
    }
}
