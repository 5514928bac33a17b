//! An attack that has ended: its arguments and its outcomes.

use crate::attack::{Attack, Outcome};
use core_net::Net;
use tensor::Tensor;

/// An attack that has ended, or a part of it.
///
/// **Shape** as [`min_distortion`](crate::min_distortion), whose arguments and result these are.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The net that was attacked.
    pub net: &'a Net,
    /// The settings.
    pub attack: &'a Attack,
    /// The images before the attack.
    pub images: &'a Tensor,
    /// The true classes, where they are known.
    pub labels: Option<&'a [usize]>,
    /// The target classes.
    pub targets: &'a [usize],
    /// The results.
    pub outcomes: &'a [Outcome],
}
