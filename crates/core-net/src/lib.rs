//! Nets as data.
//!
//! A [`Net`] is nodes in topological order, each an [`Op`] with the nodes it reads.
//! `forward` leaves a [`Trace`] of every activation;
//! [`pull_back`] carries a signal `s` from any node to the input by a [`Rule`], a plain function of one step:
//!
//! ```text
//! s_input ← rule(op, input, output, s_output)        rule = gradient:  s_input = (∂output/∂input)ᵀ s_output
//! ```
//!
//! ```
//! use core_net::{gradient, pull_back, zoo};
//! use tensor::{cross_entropy, tensor_of};
//!
//! let net = zoo::fully_connected(&[1, 2, 2], &[3, 2], 1);
//! let image = tensor_of(vec![0.1f32, 0.9, 0.3, 0.0], &[1, 1, 2, 2]);
//! let trace = net.forward(&image);
//! let (_, signal) = cross_entropy(trace.output(), &[1]);
//! let slope = pull_back(&net, &trace, net.output(), signal, gradient);
//! assert_eq!(slope.dims(), [1, 1, 2, 2]);
//! ```
//!
//! | the papers' term | here |
//! |---|---|
//! | layer's output, `φ(x)` | [`Trace::activation`] |
//! | logits | [`Trace::output`] |
//! | FC100-100-10 | [`zoo::fully_connected`] with widths 100, 100, 10 |
//! | weight decay λ | `weight_decay` of [`train::MiniBatch`] and [`train::SoftmaxRegression`] |

mod backward;
mod builder;
mod net;
mod trace;
pub mod train;
mod weights;
pub mod zoo;

pub use backward::{Rule, Step, gradient, parameter_gradients, pull_back};
pub use builder::{BuildError, Builder};
pub use net::{Net, Node, Op};
pub use trace::Trace;
pub use weights::WeightsError;
