//! Warnings where the result of an attack means less than it seems to.
//!
//! "Not found" is a statement about a net only where the search had a gradient to follow, finite numbers and a target within reach;
//! a distortion is one only where the net is deterministic.
//! [`diagnose`] examines these after the attack: the loss, its gradient and the logits of each image, before the attack and where its search ended.
//! It adds two evaluations for each image to the hundreds of a search, and changes none of them.
//! For an attack in parts, [`examine`] each part and [`conclude`] from all their [`AttackObservations`].
//!
//! ```
//! use adversarial::{Attack, diagnosis::{Evidence, diagnose}, min_distortion};
//! use core_net::{Builder, Op};
//! use tensor::tensor_of;
//!
//! let weight = tensor_of(vec![9.0, 0.0, 0.0, 9.0], &[2, 2]);
//! let net = Builder::new(&[2]).linear("fc", weight, tensor_of(vec![0.0; 2], &[2])).node("softmax", Op::Softmax).build()?;
//! let (images, targets, attack) = (tensor_of(vec![0.4, 0.6], &[1, 2]), [0], Attack::default());
//! let outcomes = min_distortion(&net, &images, &targets, &attack);
//! let evidence =
//!     Evidence { net: &net, attack: &attack, images: &images, labels: None, targets: &targets, outcomes: &outcomes };
//! assert!(diagnose(&evidence)[0].to_string().starts_with("the outputs that are taken as logits are probabilities"));
//! # Ok::<(), core_net::BuildError>(())
//! ```
//!
//! | what is wrong | found by |
//! |---|---|
//! | the loss has no gradient: saturated units, masked gradients | the gradient at the image, and where a search failed |
//! | softmax applied twice | outputs that are probabilities already |
//! | a random net | the same images passed again, in reverse order and alone |
//! | an untrained net | labels that are hit no more often than by chance |
//! | a target out of reach | the last layer's weights, as a proof; else no search that reached it |
//! | infinite values and NaN | loss, gradient and logits |
//!
//! Problems in the middle of a search that leave no trace at its end are not found.

mod chance;
mod conclusion;
mod observations;
mod reach;
mod repeated;
mod warning;

pub use conclusion::{conclude, diagnose};
pub use observations::{AttackObservations, Evidence, examine};
pub use warning::{Symptom, Warning};
