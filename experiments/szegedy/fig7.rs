//! Szegedy et al. 2013, §4.2, Fig. 7: digits (odd columns) beside their distorted counterparts (even columns),
//! (a) distorted for a linear net, (b) for FC200-200-10, (c) under Gaussian noise.
//!
//! Claim: the adversarial ones look like the originals and are never classified correctly;
//! the noisy ones are hardly readable for us and are classified correctly half of the time.

use anyhow::Result;
use experiments::szegedy::{NetDesign, TABLE1, distorted_digits};
use lab::Run;
use std::process::ExitCode;

/// Fig. 7a: a linear net; Fig. 7b: FC200-200-10.
const NETS: [NetDesign; 2] = [TABLE1[0], TABLE1[4]];

fn main() -> ExitCode {
    lab::main("szegedy", "fig7", "Pictures of digits beside their distorted counterparts", fig7)
}

fn fig7(run: &Run) -> Result<()> {
    distorted_digits(run, &NETS)
}
