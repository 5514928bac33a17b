//! Nets as data.
//!
//! A [`Net`] is nodes in topological order, each an [`Op`] with the nodes it reads;
//! it comes from a [`Builder`], from the [`zoo`], or from a [`description`] in TOML, and its parameters from a weight file.
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
//! | term | here |
//! |---|---|
//! | layer's output, `φ(x)`; feature map | [`Trace::activation`] |
//! | switches | [`Trace::switches`] |
//! | transposed filters, unpooling | [`Step::adjoint`] |
//! | effect of a changed part of the image | [`Net::changes_at`], [`Changes`] |
//! | receptive field | [`Net::receptive_field`], [`Net::region_seen`], [`pull_back_within`] |
//! | logits | [`Trace::output`]; of a net that ends in probabilities, [`Scores::logits`] |
//! | class probabilities, independent or not | [`Scores`] |
//! | what is explained: a class, a unit, a region | [`Target`] |
//! | FC100-100-10 | [`zoo::fully_connected`] with widths 100, 100, 10 |

mod builder;
mod changes;
mod channels_first;
pub mod description;
mod foreign;
mod gradient;
mod inference;
mod net;
pub mod operations;
mod parameter_gradients;
mod plan;
mod preprocessing;
mod pull_back;
mod random_net;
mod region;
mod scores;
mod shape;
mod target;
mod trace;
mod weights;
pub mod zoo;

pub use builder::{BuildError, Builder};
pub use changes::Changes;
pub use foreign::{FileFormat, foreign_content};
pub use gradient::gradient;
pub use net::{Net, Node};
pub use operations::{ElementWise, Op, Rule, Step};
pub use parameter_gradients::{all_gradients, parameter_gradients};
pub use pull_back::pull_back;
pub use random_net::random_net;
pub use region::{ReceptiveField, Region, pull_back_within};
pub use scores::{Reading, Scores};
pub use shape::{Misfit, element_count, in_memory};
pub use target::{Places, Target, Units};
pub use trace::Trace;
pub use weights::{WeightsError, check_no_others, little_endian};
