//! Szegedy et al. 2013, *Intriguing properties of neural networks*: the MNIST nets of §4 and the images attacked.

mod alexnet;
mod attacks;
mod distorted_digits;
mod gains;
mod layer_norms;
mod nets;
mod recipes;

pub use alexnet::alexnet;
pub use attacks::{Victims, record_distortion};
pub use distorted_digits::distorted_digits;
pub use gains::{Changes, gains, record_gain};
pub use layer_norms::{LayerNorms, norms_figure};
pub use nets::{LENET, Named, TABLE1, TABLE3, digits, errors, halves, train_all};
