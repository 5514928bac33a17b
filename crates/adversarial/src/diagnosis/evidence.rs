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
    /// What the images show, where that is known from elsewhere than the net.
    pub labels: Option<&'a [usize]>,
    /// What they were to be read as.
    pub targets: &'a [usize],
    /// What came of it.
    pub outcomes: &'a [Outcome],
}
