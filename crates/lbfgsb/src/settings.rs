//! Tolerances, limits and memory.

use serde::{Deserialize, Serialize};

/// Tolerances, limits and memory of one minimization; the defaults are those of the attack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Number m of curvature pairs that are kept.
    pub memory: usize,
    /// Iterations after which the search stops.
    pub max_iterations: usize,
    /// Evaluations of f and g that are never exceeded.
    pub max_evaluations: usize,
    /// Stop once `(f_k − f_{k+1}) / max(|f_k|, |f_{k+1}|, 1)` is at most this.
    pub f_tolerance: f64,
    /// Stop once the infinity norm of the projected gradient is at most this.
    pub g_tolerance: f64,
    /// Evaluations in one line search, after which it has failed.
    pub max_line_search: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            memory: 10,
            max_iterations: 200,
            max_evaluations: 15_000,
            f_tolerance: 1e-9,
            g_tolerance: 1e-6,
            max_line_search: 20,
        }
    }
}
