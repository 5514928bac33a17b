//! Minimum distortions of Szegedy et al. 2013, §4: the smallest change of an image that a net classifies as a given other class.
//!
//! For an image x and a target l, bounded L-BFGS minimizes over r
//!
//! ```text
//! c · ‖r‖² + loss(x + r, l)      with  x + r ∈ [0, 1]ᵐ
//! ```
//!
//! and a search over c finds the largest one whose minimizer still reaches the target: its r is the smallest.
//! (Unlike the paper, which asks for the "minimum c": with the objective as it is printed, r shrinks as c grows.)
//! [`refine`] continues from there to the nearest point of the target's region.
//!
//! ```
//! use adversarial::{Attack, min_distortion, random_targets};
//! use core_net::zoo;
//! use tensor::tensor_of;
//!
//! let net = zoo::fully_connected(&[1, 2, 2], &[5, 3], 1);
//! let image = tensor_of(vec![0.1, 0.9, 0.3, 0.0], &[1, 1, 2, 2]);
//! let targets = random_targets(&net.predict(&image.to_dtype(tensor::DType::F32).unwrap()), 3, 1);
//! let found = min_distortion(&net, &image, &targets, &Attack::default());
//! println!("distortion {:.3}", found[0].attempt().distortion);
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | `r`, `x + r` | the difference to [`Attempt::image`] |
//! | distortion `√(Σ (x′ − x)² / n)` | [`distortions`] |
//! | minimum distortion function `D(x, l)` | [`min_distortion`] |
//! | `l ≠ f(x)`, any other class | [`nearest_class`] |
//! | error induced on another model | [`misclassified`] |
//! | amplified to stddev 0.1 | [`amplify`] |
//! | pictures of 8 bits (beyond the paper) | [`nearest_lattice_point`] |
//! | limits of a result (beyond the paper) | [`diagnosis`] |
//! | operator norms (§4.3) | [`norms`] |
//! | adversarial examples for a layer's output | [`ProjectedGradientAscent`], and [`min_distortion`] of [`Net::above`](core_net::Net::above) |

mod attack;
mod boundary;
mod bracket;
mod criterion;
pub mod diagnosis;
mod distortion;
mod lattice;
mod min_distortion;
mod nearest;
mod nearest_class;
pub mod norms;
mod objective;
mod projected_gradient_ascent;
mod refine;
mod search;
mod targets;

pub use attack::{Attack, Attempt, Outcome, Penalty};
pub use criterion::Criterion;
pub use distortion::{amplify, distortions, gaussian_noise};
pub use lattice::{LatticePoint, nearest_lattice_point};
pub use min_distortion::{min_distortion, min_distortion_counted};
pub use nearest_class::{NearestClass, NearestOutcome, nearest_class};
pub use projected_gradient_ascent::ProjectedGradientAscent;
pub use refine::refine;
pub use targets::{misclassified, random_targets};
