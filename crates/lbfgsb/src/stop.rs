//! Why a minimization ended.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a minimization ended; the best point found is kept whatever the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Stop {
    /// The projected gradient is within its tolerance.
    Gradient,
    /// The last step reduced f by no more than the tolerance.
    Reduction,
    /// The iterations are used up.
    Iterations,
    /// The evaluations are used up.
    Evaluations,
    /// No step along steepest descent reduced f: f is at its rounding noise, or the gradient is wrong.
    LineSearch,
    /// f, or an entry of its gradient, was NaN or infinite.
    NotFinite {
        /// The evaluation at which it happened, counted from 1.
        evaluation: usize,
        /// The first such entry of the gradient; `None` where f itself was not finite.
        entry: Option<usize>,
    },
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Gradient => f.write_str("the projected gradient is within its tolerance"),
            Stop::Reduction => f.write_str("the reduction of f is within its tolerance"),
            Stop::Iterations => f.write_str("the iterations are used up"),
            Stop::Evaluations => f.write_str("the evaluations are used up"),
            Stop::LineSearch => f.write_str(
                "no step along steepest descent reduced f: it is at its rounding noise, or the gradient is wrong",
            ),
            Stop::NotFinite { evaluation, entry: None } => {
                write!(f, "f is not finite at evaluation {evaluation}")
            }
            Stop::NotFinite { evaluation, entry: Some(i) } => {
                write!(f, "entry {i} of the gradient is not finite at evaluation {evaluation}")
            }
        }
    }
}
