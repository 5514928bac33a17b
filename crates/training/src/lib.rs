//! Training of nets: the recipe of Zeiler & Fergus (2013), §3, the nets of Szegedy et al. (2013), §4, and how errors are counted.
//!
//! A step moves every parameter w against the gradient of the mean loss over a mini-batch of n images x with labels l:
//!
//! ```text
//! g = 1/n Σᵢ ∂ loss(xᵢ, lᵢ) / ∂w + λ w        λ the weight decay
//! v ← μ v − ε g,   w ← w + v                 μ the momentum, ε the learning rate
//! ```
//!
//! ([`Recipe`]; [`MiniBatch`] steps by Adam instead, [`SoftmaxRegression`] by L-BFGS on all images.)
//! Everything random follows from a seed; the number of threads does not change the weights, and a run that was killed resumes to the same bits.
//!
//! ```
//! use training::{Classification, MiniBatch, Trainer};
//!
//! let images = tensor::tensor_of(vec![0.0f32, 1.0, 1.0, 0.0], &[2, 1, 1, 2]);
//! let objective = Classification { images: &images, labels: &[0, 1] };
//! let settings = MiniBatch { epochs: 50, batch: 2, learning_rate: 0.1, weight_decay: vec![0.0] };
//! let untrained = core_net::zoo::fully_connected(&[1, 1, 2], &[2], 1);
//! let net = Trainer::new(untrained, &objective, settings, 1).finish(|epoch| println!("loss {}", epoch.loss));
//! assert_eq!(net.predict(&images), [0, 1]);
//! ```
//!
//! | the papers | here |
//! |---|---|
//! | epoch, mini-batch, learning rate, weight decay | [`MiniBatch`], [`Trainer`], [`Epoch`] |
//! | the loss that is minimized | [`Objective`]; of more than one pass through the net [`BatchLoss`] |
//! | momentum, lowering the rate, renormalized filters (ZF §3) | [`Recipe`], [`Plateau`], [`TrainingRun`]; its learning curve [`EpochRecord`] |
//! | dropout | [`Dropout`] |
//! | FC10(λ): softmax regression (SZ Table 1) | [`SoftmaxRegression`]; progress and checkpoint [`FitMonitor`] |
//! | AE400-10: a sparse autoencoder | [`SparseAutoencoder`], [`Displacement`] |
//! | pools of adversarial examples at a layer (SZ §4.2) | [`Pools`], [`InjectionPoint`], [`ExampleGenerator`] |
//! | QuocNet: layers trained greedily without labels | [`ReconstructionIca`] |
//! | top-1 and top-5 error, averages over nets and crops | [`TopKErrors`], [`mean_probabilities`] |
//! | data-parallel training | [`ProcessGroup`], [`Share`] |

mod adam;
mod autoencoder;
mod classification;
mod data_dependent_init;
mod displacement;
mod dropout;
mod evaluation;
mod fit_monitor;
mod injected_batch;
mod loader;
mod micro_batches;
mod mini_batch;
mod momentum;
mod plateau;
mod pools;
mod pretraining;
mod process_group;
mod reconstruction_ica;
mod softmax_regression;
mod standardizer;
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
pub use fit_monitor::{FitCheckpoint, FitMonitor};
pub use injected_batch::InjectedBatch;
pub use mini_batch::{BatchLoss, Epoch, LossAndGradients, MiniBatch, Objective, Trainer};
pub use plateau::Plateau;
pub use pools::{ExampleGenerator, InjectionPoint, PoolSettings, Pools};
pub use process_group::{ProcessGroup, Share, SingleProcess};
pub use reconstruction_ica::ReconstructionIca;
pub use softmax_regression::{Fit, Scale, SoftmaxRegression};
pub use standardizer::Standardizer;
pub use training_run::{EpochRecord, EpochStatistics, Recipe, TrainingRun};
