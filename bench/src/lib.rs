//! Our side of the comparison with SciPy and PyTorch.
//!
//! Both sides attack the same images of the same nets towards the same targets, and train the same net on the same data.
//! Convolutions, forward passes and projections are computed by both from the same numbers.
//! This side makes the files that both read, and measures itself; `compare.py` runs the sides in turns.
//! How far a measurement is from the floor follows from the operations counted and the machine's [`multiply_adds`]:
//!
//! ```text
//! seconds an example ≥ evaluations · operations an evaluation / operations a second
//! ```
//!
//! ```
//! use std::time::Instant;
//!
//! let start = Instant::now();
//! let operations = bench::multiply_adds::<f64>(1000);
//! println!("{:.1} GFLOP/s", operations as f64 / start.elapsed().as_nanos() as f64);
//! ```
//!
//! | word | here |
//! |---|---|
//! | FC10(1e-2), FC100-100-10 | [`Model`] |
//! | images and targets of an attack | [`Case`] |
//! | the measurement of an attack | [`AttackMeasurement`] |
//! | photographs attacked until they are classified as ostriches | [`attack_photographs`] |
//! | the measurement of training | [`TrainingMeasurement`] |
//! | the measurement of training by Zeiler & Fergus's recipe | [`learn`], [`EpochMeasurement`] |
//! | a convolution alone, a net on photographs | [`Convolution`], [`Architecture`] |
//! | an occlusion map | [`measure_occlusion`] |
//! | the machine's peak | [`multiply_adds`] |
#![warn(missing_docs)]

mod attack;
mod case;
mod learning;
mod model;
mod occlusion;
mod peak;
mod photographs;
mod training;
mod vision;

pub use attack::{AttackMeasurement, attack};
pub use case::Case;
pub use learning::{EpochMeasurement, learn, prepare_learning};
pub use model::Model;
pub use occlusion::{Pass, SweepMeasurement, measure_occlusion};
pub use peak::multiply_adds;
pub use photographs::{attack_photographs, prepare_photographs};
pub use training::{TrainingMeasurement, train};
pub use vision::{Architecture, Convolution, Direction, Measurement, Trace, measure_projections};
