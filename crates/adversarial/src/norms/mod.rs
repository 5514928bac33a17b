//! Operator norms of Szegedy et al. 2013, §4.3: how far each layer can stretch a change of its input, and so the net of its image.
//!
//! If `‖φ_k(x) − φ_k(x + r)‖ ≤ L_k ‖r‖` for each layer, the net moves by at most `Π L_k ‖r‖`.
//! For a convolution of a grid whose ends meet the Fourier transform cuts the operator into small matrices A(ξ), and
//!
//! ```text
//! ‖W‖ = max_ξ σ₁(A(ξ)),   A(ξ)_{d, (c, l)} = ŵ_{d,c}(ξ + l · grid / stride) / stride
//! ```
//!
//! With zeros around the image it is a little smaller, and that norm is found by iteration through the layer itself.
//!
//! ```
//! use adversarial::norms::{Boundary, lipschitz_bounds, operation_norm};
//! use core_net::zoo;
//!
//! let net = zoo::untrained("lenet", 10, [28, 28], 1);
//! let norms: Vec<_> = (0..net.nodes().len()).map(|node| operation_norm(&net, node, Boundary::Zero)).collect();
//! println!("logits move by at most {:.1} times the image", lipschitz_bounds(&net, &norms)[net.output()]);
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | operator norm `‖W‖` of a layer | [`operation_norm`], [`circular_norm`] |
//! | `L = Π L_k` | [`lipschitz_bounds`] |
//! | instability that is observed, `‖φ(x) − φ(x + r)‖ / ‖r‖` | [`largest_gain`] |

mod bounds;
mod circular;
mod gain;
mod lanczos;
mod matrix;
mod normalization;
mod operation;
mod pooling;
mod symbol;
mod symmetric;
mod tridiagonal;
#[cfg(test)]
mod unrolled;
mod zero_padded;

pub use bounds::lipschitz_bounds;
pub use circular::circular_norm;
pub use gain::{Gain, Perturbations, largest_gain};
pub use operation::{Boundary, Norm, operation_norm};
