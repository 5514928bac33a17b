//! Szegedy et al. 2013, *Intriguing properties of neural networks*: the MNIST nets of §4 and the images attacked.

mod attacks;
mod before_and_after;
mod distorted_digits;
mod hardening;
mod hardening_claims;
mod nets;
mod ostriches;
mod recipes;
mod related;
mod rows_of_images;
mod sought;

pub use attacks::{Victims, record_distortion};
pub use before_and_after::before_and_after;
pub use distorted_digits::distorted_digits;
pub use hardening_claims::{Hardened, page_on_hardening};
pub use nets::{HARDENED, LENET, Named, TABLE1, TABLE3, digits, errors, halves, train_all};
pub use ostriches::{OSTRICH, Photographs, Way, images};
pub use related::{Measure, Related};
pub use rows_of_images::rows_of_images;
pub use sought::{Draw, Layer, seek};
