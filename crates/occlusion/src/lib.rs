//! Occlusion sensitivity, what a net looks at: Zeiler & Fergus 2013, §4.2.
//!
//! An occluder slides over the image; at each of its positions a feature map's activity,
//! the probability of the true class and the most probable class are computed:
//!
//! ```text
//! activity(i, j) = Σ φ_k(x with the occluder at i, j)        probability(i, j) = P(true class | the same)
//! ```
//!
//! The occluder touches few pixels, so [`Engine::Incremental`] recomputes of each layer only the window that they reach.
//! The maps are those of [`Engine::Full`], which computes every occluded image anew.
//!
//! ```
//! use core_net::zoo;
//! use occlusion::{Engine, Occluder, SensitivityTarget, sensitivity_maps};
//! use tensor::{DType, seeded, uniform};
//!
//! let net = zoo::untrained("lenet", 10, [28, 28], 1);
//! let image = uniform(&mut seeded(1, "image"), &[1, 1, 28, 28], 1.0, DType::F32);
//! let pool2 = net.index_of("pool2").unwrap();
//! let target = SensitivityTarget::strongest(&net, &image, pool2);
//! let maps = sensitivity_maps(&net, &image, &Occluder::square(6, 2), target, Engine::Incremental);
//! assert_eq!(maps.probability.dim(), (12, 12));
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | gray square | [`Occluder`], [`Fill::Value`] |
//! | total activity in one layer 5 feature map (Fig. 7b) | [`SensitivityMaps::activity`] |
//! | the map with the strongest response in the unoccluded image | [`SensitivityTarget::strongest`] |
//! | probability of the correct label (Fig. 7d) | [`SensitivityMaps::probability`] |
//! | most probable label (Fig. 7e) | [`SensitivityMaps::class`] |
//!
//! Any other number of a net, such as the log-odds of a class, is a [`Quantity`] for [`occluded_values`];
//! [`per_pixel`] makes of it the attribution that Captum's `Occlusion` computes.
#![warn(missing_docs)]

mod engine;
mod fill;
mod maps;
mod occluder;
mod per_pixel;
mod quantity;
mod sweep;
mod target;

pub use engine::Engine;
pub use fill::Fill;
pub use maps::{PositionValues, SensitivityMaps, frequent_classes};
pub use occluder::{Border, Occluder};
pub use per_pixel::per_pixel;
pub use quantity::{Quantity, occluded_values};
pub use sweep::{Sweep, sensitivity_maps};
pub use target::SensitivityTarget;
