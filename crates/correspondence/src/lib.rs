//! Whether a net's features establish correspondence between parts of objects: Zeiler & Fergus 2013, §4.3.
//!
//! The same part, such as the left eye of a dog, is hidden in each of several images.
//! At a layer's features x this changes image i by `ε_i = x_i − x̃_i`, where x̃ are the features with the part hidden.
//! The more alike the signs of these changes are among the images, the tighter is the correspondence:
//!
//! ```text
//! Δ = mean over i ≠ j of H(sign ε_i, sign ε_j) / features        H: the Hamming distance
//! ```
//!
//! ```
//! use core_net::zoo;
//! use correspondence::{Distances, Signs, Square, Zeros, epsilon};
//! use tensor::{DType, seeded, uniform};
//!
//! let net = zoo::untrained("lenet", 10, [28, 28], 1);
//! let images = uniform(&mut seeded(1, "images"), &[3, 1, 28, 28], 1.0, DType::F32);
//! let hidden = Square { side: 9, fill: 0.0 }.hide(&images, &[[14.0, 9.0], [12.0, 10.0], [3.0, 20.0]]);
//! let change = epsilon(&net.forward(&images), &net.forward(&hidden), net.index_of("relu2").unwrap());
//! let delta = Distances::new(&Signs::from_changes(&change), Zeros::ThirdSign).consistency(&[0, 1, 2]).unwrap();
//! assert!(delta.mean > 0.0 && delta.pairs == 3);
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | "mask out the same part of the face" | [`Square::hide`] |
//! | random parts | [`random_part`] |
//! | `ε_i^l = x_i^l − x̃_i^l` | [`epsilon`] |
//! | `sign(ε_i^l)` | [`Signs`], of several layers and parts at once [`changes`]; and what a change of 0 counts as: [`Zeros`] |
//! | `H`, the Hamming distance, for each feature | [`Signs::distance`] |
//! | `Δ_l`, mean feature sign change | [`Distances::consistency`]; unlike the paper's formula, and like its table, a mean instead of a sum |
//! | "lower score for these parts relative to random object regions" | [`compare_with_random_parts`] |
#![warn(missing_docs)]

mod comparison;
mod distances;
mod random_part;
mod signs;
mod square;

pub use comparison::compare_with_random_parts;
pub use distances::{Consistency, Distances};
pub use random_part::random_part;
pub use signs::{Signs, Zeros, changes, epsilon};
pub use square::Square;
