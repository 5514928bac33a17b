//! Measures of a layer's filters, by which Zeiler & Fergus 2013, §4.1, choose an architecture.
//!
//! They see in pictures that the first layer of Krizhevsky et al. has "a mix of extremely high and low frequency information,
//! with little coverage of the mid frequencies", that its large stride causes "aliasing artifacts", that some features are dead,
//! and that "a few of them dominate". The paper gives no measure of any of these; those here are ours:
//!
//! ```text
//! frequencies   shares of Σ_c |ŵ_c(ω)|² with |ω| below π/3, up to 2π/3, and above
//! aliasing      the part of |ŷ(ω)|² with |ω_y| or |ω_x| above π/stride, y being the response at every pixel
//! dead          max y ≤ 0 over all places of all images
//! dominance     (Σ w²)² / Σ w⁴ over the filters' root mean squares w: how many filters carry the layer
//! ```
//!
//! ```
//! use core_net::zoo;
//! use tensor::{DType, normal, seeded};
//! use unit_analysis::filters::{Activity, Aliasing, Band, Dominance, spectra};
//!
//! let net = zoo::by_name("lenet", 10, None).unwrap();
//! let weight = normal(&mut seeded(1, "filters"), &[6, 3, 7, 7], 1.0, DType::F32);
//! let middle = spectra(&weight).iter().filter(|spectrum| spectrum.band() == Band::Middle).count();
//! println!("{middle} of 6 filters are strongest in the mid frequencies; as if {:.1} were", Dominance::from_weight(&weight).carriers());
//! let images = normal(&mut seeded(1, "images"), &[4, 1, 28, 28], 1.0, DType::F32);
//! let mut activity = Activity::new(&net, net.index_of("relu1").unwrap());
//! activity.update(&net.forward(&images));
//! assert_eq!(activity.dead().len(), 6, "this net has no weights yet");
//! # let _ = Aliasing::new(&net);
//! ```
//!
//! | the paper's term | here |
//! |---|---|
//! | "little coverage of the mid frequencies" (§4.1) | [`spectra`], [`Spectrum`], [`Band`] |
//! | "aliasing artifacts caused by the large stride 4" (§4.1) | [`Aliasing`] |
//! | "dead features" (Fig. 6) | [`Activity::dead`] |
//! | "a few of them dominate", the radius of 10⁻¹ (§3) | [`Dominance`] |

mod activity;
mod aliasing;
mod dominance;
mod power;
mod spectrum;

pub use activity::Activity;
pub use aliasing::Aliasing;
pub use dominance::Dominance;
pub use spectrum::{Band, Spectrum, spectra};
