//! Training: mini-batches under an objective, and softmax regression by full-batch L-BFGS.

mod adam;
mod autoencoder;
mod classification;
mod data_dependent_init;
mod displacement;
mod dropout;
mod evaluation;
mod injected_batch;
mod loader;
mod micro_batches;
mod mini_batch;
mod momentum;
mod plateau;
mod pools;
mod pretraining;
mod reconstruction_ica;
mod softmax_regression;
mod team;
mod training_run;
mod training_run_file;
mod whitened_patches;
mod whitening;

pub use autoencoder::SparseAutoencoder;
pub use classification::Classification;
pub use data_dependent_init::data_dependent_init;
pub use displacement::Displacement;
pub use dropout::Dropout;
pub use evaluation::{TopKErrors, mean_probabilities};
pub use injected_batch::InjectedBatch;
pub use mini_batch::{BatchLoss, Epoch, LossAndGradients, MiniBatch, Objective, Trainer};
pub use plateau::Plateau;
pub use pools::{ExampleGenerator, InjectionPoint, PoolSettings, Pools};
pub use reconstruction_ica::ReconstructionIca;
pub use softmax_regression::{Fit, Scale, SoftmaxRegression};
pub use team::{Alone, Share, Team};
pub use training_run::{EpochRecord, EpochStatistics, Recipe, TrainingRun};
