//! Training: mini-batches under an objective, and softmax regression by full-batch L-BFGS.

mod adam;
mod autoencoder;
mod classification;
mod displacement;
mod dropout;
mod entering;
mod mini_batch;
mod pools;
mod pretraining;
mod reconstruction_ica;
mod sheet;
mod softmax_regression;
mod whitening;

pub use autoencoder::SparseAutoencoder;
pub use classification::Classification;
pub use displacement::Displacement;
pub use dropout::Dropout;
pub use entering::Entering;
pub use mini_batch::{Descent, Epoch, MiniBatch, Objective, Slope, Trainer};
pub use pools::{Drawing, Entrance, Pools, Renewal};
pub use reconstruction_ica::ReconstructionIca;
pub use softmax_regression::{Fit, Scale, SoftmaxRegression};
