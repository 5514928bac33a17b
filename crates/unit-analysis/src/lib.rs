//! What units of a trained net see: here the invariance of features to moving, enlarging and turning the image, of Zeiler & Fergus 2013, §4.1 and Fig. 5.
//!
//! An image x is transformed, and its features at a layer are compared with those of the image as it was:
//!
//! ```text
//! ‖φ(x) − φ(T x)‖        and, for layers of different scales, the same divided by ‖φ(x)‖
//! ```
//!
//! ```
//! use core_net::zoo;
//! use tensor::{DType, seeded, uniform};
//! use unit_analysis::{Invariance, Transformation};
//!
//! let net = zoo::lenet(10, [28, 28], 1);
//! let images = uniform(&mut seeded(1, "images"), &[2, 1, 28, 28], 1.0, DType::F32);
//! let nodes = ["relu1", "relu4"].map(|name| net.index_of(name).unwrap());
//! let invariance = Invariance::of(&net, &images, &[3, 7], &nodes);
//! let moved = invariance.under(Transformation::Translation(2.0), 0.0);
//! assert!(moved[0].distances[0].euclidean > 0.0 && moved[1].probability < 1.0);
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | "translated, rotated and scaled" | [`Transformation`] |
//! | distance between the feature vectors of the original and the transformed image | [`Distance`] |
//! | probability of the true label | [`Response::probability`] |
#![warn(missing_docs)]

mod invariance;
mod transformation;

pub use invariance::{Distance, Invariance, Response};
pub use transformation::Transformation;
