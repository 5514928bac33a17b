//! Bounded L-BFGS: a state machine, an argmin solver, a lockstep driver.

#![warn(missing_docs)]

mod bounds;
mod cauchy;
mod cholesky;
mod compact;
mod face;
mod line_search;
mod lockstep;
mod minimizer;
mod pairs;
mod products;
mod settings;
mod solver;
mod stop;
mod subspace;

pub use bounds::{Bounds, BoundsError};
pub use lockstep::{minimize, minimize_many};
pub use minimizer::Minimizer;
pub use settings::Settings;
pub use solver::{Fused, Lbfgsb};
pub use stop::Stop;
