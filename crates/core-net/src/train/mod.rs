//! Training: mini-batches under an objective, and softmax regression by full-batch L-BFGS.

mod adam;
mod autoencoder;
mod classification;
mod displacement;
mod mini_batch;
mod pretraining;
mod reconstruction_ica;
mod sheet;
mod softmax_regression;
mod whitening;

pub use autoencoder::SparseAutoencoder;
pub use classification::Classification;
pub use displacement::Displacement;
pub use mini_batch::{Epoch, MiniBatch, Objective, Trainer};
pub use reconstruction_ica::ReconstructionIca;
pub use softmax_regression::{Fit, Scale, SoftmaxRegression};
