//! Projections of feature maps' activations to pixels: the deconvnet of Zeiler & Fergus 2013, §2 and §4.
//!
//! A layer's activation is carried back to the image through the same filters, transposed:
//!
//! ```text
//! convolution      s ← Wᵀ s
//! max pooling      s ← s put where the maximum was: its switch
//! rectifier        s ← max(s, 0)
//! normalization    s ← s
//! ```
//!
//! ```
//! use core_net::zoo;
//! use deconv::{Deconv, Seed};
//! use tensor::{DType, seeded, uniform};
//!
//! let net = zoo::untrained("lenet", 10, [28, 28], 1);
//! let images = uniform(&mut seeded(1, "images"), &[2, 1, 28, 28], 1.0, DType::F32);
//! let trace = net.forward(&images);
//! let layer = net.index_of("pool2").unwrap();
//! let pixels = Deconv::default().project(&net, &trace, layer, Seed::Map(3));
//! assert_eq!(pixels.dims(), images.dims());
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | unpooling by switches | [`Unpool`](tensor::Unpool) |
//! | rectification, filtering | [`Method::Deconvnet`] |
//! | reconstruction, projection | [`Deconv::project`], multiplied by the activation, or [`Deconv::project_value`]; of single units, within their receptive fields: [`Deconv::project_units`] |
//! | top 9 activations of a feature map | [`TopImages`] |
//! | evolution of features: the strongest activation at some epochs (Fig. 4) | [`EpochSnapshot`] |
//! | image patches | [`Projection::region`] |
#![warn(missing_docs)]

mod epoch_snapshot;
mod project;
mod rule;
mod top;
mod unit;

pub use epoch_snapshot::EpochSnapshot;
pub use project::Projection;
pub use rule::{Deconv, Method};
pub use top::{FeatureMap, MapRanking, TopActivation, TopImages};
pub use unit::{Seed, SeedValue, Unit, seed, strongest};
