//! Bounded limited-memory BFGS (L-BFGS-B), for one problem or for many at once.
//!
//! The algorithm is that of Byrd, Lu, Nocedal and Zhu, *A limited memory algorithm for bound constrained optimization*
//! (1995), with the projected step of Morales and Nocedal (2011) and the line search of Moré and Thuente (1994).
//!
//! Each iteration minimizes the quadratic model `m(x) = f_k + gᵀ(x − x_k) + (x − x_k)ᵀ B (x − x_k) / 2` over the box.
//! `B = θI − W M Wᵀ` is kept as the last m pairs `s = x_{k+1} − x_k`, `y = g_{k+1} − g_k`, never as a matrix.
//! The projected steepest descent path gives the Cauchy point, and with it the variables that stay at their bounds.
//! The model is minimized over the free variables, and a line search runs towards that minimizer, inside the box.
//!
//! A [`Minimizer`] is a state machine: `ask` returns the point to evaluate; pass f and its gradient to `tell`.
//! So the caller decides where, when and with how many other problems they are evaluated.
//!
//! ```
//! use lbfgsb::{Bounds, Minimizer, Settings, minimize};
//!
//! let bounds = Bounds::uniform(2, 0.0, 1.0)?;
//! let mut problem = Minimizer::new(&[0.5, 0.5], bounds, Settings::default());
//! let stop = minimize(&mut problem, |x, g| {
//!     g.copy_from_slice(&[2.0 * (x[0] - 3.0), 2.0 * (x[1] - 0.25)]);
//!     (x[0] - 3.0).powi(2) + (x[1] - 0.25).powi(2)
//! });
//! println!("{stop}: f = {} at {:?}", problem.value(), problem.best());
//! assert_eq!(problem.best(), [1.0, 0.25]);
//! # Ok::<(), lbfgsb::BoundsError>(())
//! ```
//!
//! | the papers | here |
//! |---|---|
//! | `l`, `u`, the projection `P(x, l, u)` | [`Bounds`] |
//! | `m`; the tolerances `ε`, `factr`, `pgtol` | [`Settings`] `memory`, `f_tolerance`, `g_tolerance` |
//! | `S`, `Y`, `θ`, `D`, `L` | `Pairs`: `s`, `y`, `theta`, the diagonal and the rest of `sy` |
//! | `M`, the middle matrix of the compact form | `Middle` |
//! | Algorithm CP, `xᶜ`, `t_i`, `c`, `p` | `CauchyPoint`, `Breakpoints` |
//! | free variables `Z`, active variables `A` | `FreeVariables` |
//! | direct primal method, `r`, `K`, `x̄` | `Subspace`; x̄ is `target` |
//! | `dcsrch`, `dcstep` | `LineSearch` |
//! | one run of the algorithm | [`Minimizer`], [`minimize`]; under argmin [`Lbfgsb`] |
//!
//! Unlike the papers, a value or gradient that is not finite ends the search at once, and a line search that
//! cannot reduce f ends with [`Stop::LineSearch`] instead of accepting a step without decrease.

#![warn(missing_docs)]

mod bounds;
mod breakpoints;
mod cauchy;
mod cholesky;
mod compact;
#[cfg(test)]
mod dense;
mod free_variables;
mod line_search;
mod lockstep;
mod minimizer;
mod pairs;
mod products;
mod ring;
mod settings;
mod solver;
mod stop;
mod subspace;

pub use bounds::{Bounds, BoundsError};
pub use lockstep::{minimize, minimize_many};
pub use minimizer::Minimizer;
pub use settings::Settings;
pub use solver::{Fused, Lbfgsb, SolverState};
pub use stop::Stop;
