//! Szegedy et al. 2013, *Intriguing properties of neural networks*: the MNIST nets of §4, QuocNet, and the images attacked.

mod annotated;
mod attacks;
mod class_detector;
mod distorted_digits;
mod filters;
mod nets;
mod quocnet;
mod recipes;
mod turned;

pub use annotated::{Annotated, squares};
pub use attacks::{Victims, record_distortion};
pub use class_detector::ClassDetector;
pub use distorted_digits::distorted_digits;
pub use filters::filters;
pub use nets::{LENET, Named, TABLE1, TABLE3, digits, errors, halves, train_all};
pub use quocnet::{QuocNet, SIDE};
pub use turned::{Direction, Turned};
