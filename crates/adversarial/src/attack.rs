//! The attack's settings and its outcome.

use lbfgsb::Settings;
use tensor::DType;

/// The penalty on the size of r.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Penalty {
    /// `‖r‖²`
    SquaredNorm,
    /// `‖r‖`, which has a kink at 0
    Norm,
}

/// Settings of the search for the smallest distortion.
#[derive(Clone, Debug)]
pub struct Attack {
    /// The penalty that c multiplies.
    pub penalty: Penalty,
    /// The first c.
    pub first_c: f64,
    /// Factor by which c is multiplied or divided until the bracket has a c that reaches the target and one that does not.
    pub growth: f64,
    /// Maximum number of these bracket expansions.
    pub most_growths: usize,
    /// The bracket is bisected geometrically until its ends differ by no more than this factor.
    pub ratio: f64,
    /// Settings of each minimization.
    pub solver: Settings,
    /// The scalar type in which the net computes; the optimizer's is f64.
    ///
    /// With f32, the net's input is the image rounded to f32.
    pub dtype: DType,
}

impl Default for Attack {
    fn default() -> Self {
        Self {
            penalty: Penalty::SquaredNorm,
            first_c: 0.5,
            growth: 4.0,
            most_growths: 12,
            ratio: 1.02,
            // Every minimization but the first starts near its end, with the curvature known: a tighter tolerance
            // than this costs evaluations and leaves the distortions as they are.
            solver: Settings { f_tolerance: 1e-6, ..Settings::default() },
            dtype: DType::F64,
        }
    }
}

impl Attack {
    /// Settings for nets of photographs: the net computes in f32, and a minimization ends after twenty iterations.
    ///
    /// With many rectifiers, a minimization follows their kinks for hundreds of iterations before it converges.
    /// Ending it early loses little: the next one, at another c, starts where it ended.
    pub fn for_photographs() -> Self {
        Self {
            first_c: 32.0,
            growth: 2.0,
            solver: Settings { max_iterations: 20, f_tolerance: 1e-5, ..Settings::default() },
            dtype: DType::F32,
            ..Self::default()
        }
    }
}

/// A distorted image.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// `x + r`, within `[0, 1]`, flattened.
    pub image: Vec<f64>,
    /// `√(Σ r² / n)`; 0 where the net classifies the image as the target already.
    pub distortion: f64,
    /// The c whose minimizer it is; infinite where no distortion was needed.
    pub c: f64,
    /// Number of evaluations of the loss and its gradient in the whole search.
    pub evaluations: usize,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The smallest distortion found that the net classifies as the target.
    Found(Attempt),
    /// The attempt at the smallest c, which did not reach the target.
    NotFound(Attempt),
}

impl Outcome {
    /// The attempt, whether it reached the target or not.
    pub fn attempt(&self) -> &Attempt {
        match self {
            Outcome::Found(attempt) | Outcome::NotFound(attempt) => attempt,
        }
    }

    /// Whether the target was reached.
    pub fn is_found(&self) -> bool {
        matches!(self, Outcome::Found(_))
    }
}
