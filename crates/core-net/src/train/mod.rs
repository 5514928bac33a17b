//! Training: mini-batches under an objective, and softmax regression by full-batch L-BFGS.

mod adam;
mod autoencoder;
mod classification;
mod course;
mod course_file;
mod displacement;
mod dropout;
mod entering;
mod judged;
mod loader;
mod mini_batch;
mod momentum;
mod plateau;
mod pools;
mod portions;
mod pretraining;
mod reconstruction_ica;
mod sheet;
mod softmax_regression;
mod standardized;
mod team;
mod whitening;

pub use autoencoder::SparseAutoencoder;
pub use classification::Classification;
pub use course::{Course, Lesson, Passed, Recipe};
pub use displacement::Displacement;
pub use dropout::Dropout;
pub use entering::Entering;
pub use judged::{Misread, mean_probabilities};
pub use mini_batch::{Descent, Epoch, MiniBatch, Objective, Slope, Trainer};
pub use plateau::Plateau;
pub use pools::{Drawing, Entrance, Pools, Renewal};
pub use reconstruction_ica::ReconstructionIca;
pub use softmax_regression::{Fit, Scale, SoftmaxRegression};
pub use standardized::standardized;
pub use team::{Alone, Share, Team};
