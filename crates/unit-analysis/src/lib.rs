//! Analysis of the features φ(x) of a trained net: units against random directions (Szegedy et al. 2013, §3), invariance (Zeiler & Fergus 2013, §4.1, Fig. 5) and linear probes (§5.2 and §5.3).
//!
//! Units are often interpreted by the images that stimulate them most; do those of a random direction of feature space have less in common?
//! And the features of a transformed image are compared with those of the original:
//!
//! ```text
//! x′ = arg max <φ(x), e_i>   beside   x′ = arg max <φ(x), v>        over images x that the net was not trained on
//! ‖φ(x) − φ(T x)‖            and, for layers of different scales, the same divided by ‖φ(x)‖
//! class = arg max_k <w_k, φ(x)> + b_k        with w and b trained while φ stays as it is
//! ```
//!
//! ```
//! use core_net::zoo;
//! use tensor::{DType, seeded, uniform};
//! use unit_analysis::{Directions, Ranking, Similarity, SpatialPooling, stimulation};
//!
//! let net = zoo::untrained("lenet", 10, [28, 28], 1);
//! let images = uniform(&mut seeded(1, "images"), &[20, 1, 28, 28], 1.0, DType::F32);
//! let trace = net.forward(&images);
//! let phi = trace.activation(net.index_of("relu3").unwrap());
//! let directions = Directions::random(&mut seeded(1, "directions"), 5, 120);
//! let mut ranking = Ranking::new(5, 8);
//! ranking.update(&stimulation(phi, SpatialPooling::Flatten, &directions));
//! let images: Vec<usize> = ranking.strongest(0).iter().map(|stimulus| stimulus.image).collect();
//! assert!(Similarity::new(&[7; 20], trace.output()).purity(&images) == 1.0);
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | natural basis `e_i`, random direction `v` | [`Directions`] |
//! | `φ(x)` of a layer of maps | [`SpatialPooling`] |
//! | `<φ(x), v>`, stimulation | [`stimulation`] |
//! | `x′ = arg max`, "maximum stimulation" | [`Ranking`], [`Stimulus`] |
//! | "semantically related to each other" | [`Similarity`] |
//! | "translated, rotated and scaled" | [`Transformation`], [`Invariance`] |
//! | distance between the feature vectors of the original and the transformed image | [`Distance`] |
//! | probability of the true label | [`Response::probability`] |
//! | dead, dominating, badly spread and aliasing filters (ZF §4.1, Fig. 6) | [`filters`] |
//! | "SVM", "Softmax" on a layer's features (Table 7) | [`Classifier`], [`Probe`] |
//! | "average per-class accuracies" (§5.2) | [`mean_class_accuracy`] |
//! | the weight decay, which the paper does not give | [`Classifier::choose_weight_decay`], by cross-validation on [`stratified_folds`] of the training examples |
#![warn(missing_docs)]

mod directions;
pub mod filters;
mod invariance;
mod linear_svm;
mod probe;
mod ranking;
mod similarity;
mod transformation;
mod validation;

pub use directions::{Directions, SpatialPooling, stimulation};
pub use invariance::{Distance, Invariance, Response};
pub use probe::{Classifier, Probe};
pub use ranking::{Ranking, Stimulus};
pub use similarity::Similarity;
pub use transformation::Transformation;
pub use validation::{mean_class_accuracy, stratified_folds};
