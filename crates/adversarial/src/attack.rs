//! The attack's settings and its outcome.

use lbfgsb::Settings;
use tensor::DType;

/// How the size of r is punished.
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
    /// What c multiplies.
    pub penalty: Penalty,
    /// The first c that is tried.
    pub first_c: f64,
    /// Until both a c that reaches the target and one that does not are known, c is multiplied or divided by this.
    pub growth: f64,
    /// How often at most.
    pub most_growths: usize,
    /// The bracket is bisected geometrically until its ends differ by no more than this factor.
    pub ratio: f64,
    /// Settings of each minimization.
    pub solver: Settings,
    /// The scalar type in which the net computes; the optimizer's is f64.
    ///
    /// With f32, what the net reads is the image rounded to f32.
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
    /// For nets of photographs: the net computes in f32, and a minimization ends after twenty iterations.
    ///
    /// Where a net has many rectifiers, a minimization that is run to its end creeps along their kinks for hundreds of iterations.
    /// Cut short it costs little: the next one, at another c, goes on where it ended.
    pub fn of_photographs() -> Self {
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
    /// `√(Σ r² / n)`; 0 where the net reads the image as the target already.
    pub distortion: f64,
    /// The c whose minimizer it is; infinite where no distortion was needed.
    pub c: f64,
    /// Evaluations of the loss and its gradient, over the whole search.
    pub evaluations: usize,
}

/// What a search ends with.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The smallest distortion found that the net reads as the target.
    Found(Attempt),
    /// The target was not reached; this is the attempt at the smallest c.
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
