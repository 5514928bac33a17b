//! The twin of Szegedy et al. 2013, Fig. 7, with a convolutional net: digits beside their distorted counterparts,
//! (a) distorted for LeNet, (b) for FC200-200-10, (c) under Gaussian noise.
//!
//! Unlike the paper, which attacks convolutional nets on photographs only (Fig. 5).
//! Claim: every digit can be distorted for it as well, by changes as small.

use anyhow::Result;
use experiments::szegedy::{LENET, NetDesign, TABLE1, distorted_digits};
use lab::Run;
use std::process::ExitCode;

const NETS: [NetDesign; 2] = [LENET, TABLE1[4]];

fn main() -> ExitCode {
    lab::main("szegedy", "fig7-lenet", "Figure 7 with a convolutional net", fig7_lenet)
}

fn fig7_lenet(run: &Run) -> Result<()> {
    distorted_digits(run, &NETS)
}
