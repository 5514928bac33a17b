//! Szegedy et al. 2013, *Intriguing properties of neural networks*: the MNIST nets of §4, QuocNet, and the images attacked.

mod alexnet;
mod annotated;
mod attacks;
mod before_and_after;
mod class_detector;
mod distorted_digits;
mod filters;
mod gains;
mod layer_norms;
mod nets;
mod ostriches;
mod quocnet;
mod recipes;
mod related;
mod rows_of_images;
mod sought;
mod turned;

pub use alexnet::alexnet;
pub use annotated::{Annotated, squares};
pub use attacks::{Victims, record_distortion};
pub use before_and_after::before_and_after;
pub use class_detector::ClassDetector;
pub use distorted_digits::distorted_digits;
pub use filters::filters;
pub use gains::{Changes, gains, record_gain};
pub use layer_norms::{LayerNorms, norms_figure};
pub use nets::{LENET, Named, TABLE1, TABLE3, digits, errors, halves, train_all};
pub use ostriches::{OSTRICH, Photographs, Way, images};
pub use quocnet::{QuocNet, SIDE};
pub use related::{Measure, Related};
pub use rows_of_images::rows_of_images;
pub use sought::{Draw, Layer, seek};
pub use turned::{Direction, Turned};
