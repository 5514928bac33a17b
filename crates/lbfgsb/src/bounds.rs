//! The box `l ≤ x ≤ u`.

use crate::products::greatest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The box `l ≤ x ≤ u`, shared by its clones; infinite bounds and `l = u` are allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Bounds {
    sides: Arc<Sides>,
}

#[derive(Debug, PartialEq)]
struct Sides {
    lower: Vec<f64>,
    upper: Vec<f64>,
    kind: Kind,
}

/// Lower and upper bounds as they are serialized; `None` where there is no bound, for not every format has infinities.
type Ends = [Vec<Option<f64>>; 2];

impl TryFrom<Ends> for Bounds {
    type Error = BoundsError;

    fn try_from([lower, upper]: Ends) -> Result<Self, BoundsError> {
        let or =
            |ends: Vec<Option<f64>>, missing| ends.into_iter().map(|end| end.unwrap_or(missing)).collect();
        Self::new(or(lower, f64::NEG_INFINITY), or(upper, f64::INFINITY))
    }
}

impl From<Bounds> for Ends {
    fn from(bounds: Bounds) -> Self {
        [bounds.lower(), bounds.upper()]
            .map(|side| side.iter().map(|&b| b.is_finite().then_some(b)).collect())
    }
}

/// Which variables have bounds; the first step and the longest step depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No variable has a bound.
    Unbounded,
    /// Some have.
    Mixed,
    /// Every variable has both.
    Boxed,
}

/// Why a pair of vectors is not a box.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BoundsError {
    /// The vectors of bounds differ in length.
    #[error("expected as many upper bounds as lower bounds, found {lower} lower and {upper} upper")]
    Length {
        /// Number of lower bounds.
        lower: usize,
        /// Number of upper bounds.
        upper: usize,
    },
    /// No x lies between these bounds.
    #[error(
        "expected lower <= upper with a number between them for variable {variable}, found {lower} and {upper}"
    )]
    Empty {
        /// The variable, counted from 0.
        variable: usize,
        /// Its lower bound.
        lower: f64,
        /// Its upper bound.
        upper: f64,
    },
}

impl Bounds {
    /// The box between two vectors.
    ///
    /// # Errors
    /// When the lengths differ, or when some variable has no finite value between its bounds.
    pub fn new(lower: Vec<f64>, upper: Vec<f64>) -> Result<Self, BoundsError> {
        if lower.len() != upper.len() {
            return Err(BoundsError::Length { lower: lower.len(), upper: upper.len() });
        }
        let holds_a_number = |l: f64, u: f64| l <= u && l < f64::INFINITY && u > f64::NEG_INFINITY;
        let empty = lower.iter().zip(&upper).position(|(&l, &u)| !holds_a_number(l, u));
        if let Some(variable) = empty {
            return Err(BoundsError::Empty { variable, lower: lower[variable], upper: upper[variable] });
        }
        let kind = kind(&lower, &upper);
        Ok(Self { sides: Arc::new(Sides { lower, upper, kind }) })
    }

    /// The box `[lower, upper]ⁿ`.
    ///
    /// # Errors
    /// When no number lies between `lower` and `upper`.
    pub fn uniform(n: usize, lower: f64, upper: f64) -> Result<Self, BoundsError> {
        Self::new(vec![lower; n], vec![upper; n])
    }

    /// All of `ℝⁿ`.
    pub fn unbounded(n: usize) -> Self {
        let (lower, upper) = (vec![f64::NEG_INFINITY; n], vec![f64::INFINITY; n]);
        Self { sides: Arc::new(Sides { lower, upper, kind: Kind::Unbounded }) }
    }

    /// Number of variables n.
    pub fn dimension(&self) -> usize {
        self.sides.lower.len()
    }

    pub(crate) fn lower(&self) -> &[f64] {
        &self.sides.lower
    }

    pub(crate) fn upper(&self) -> &[f64] {
        &self.sides.upper
    }

    pub(crate) fn kind(&self) -> Kind {
        self.sides.kind
    }

    /// `x := P(x, l, u)`, the nearest point of the box.
    pub(crate) fn project(&self, x: &mut [f64]) {
        for ((x, &l), &u) in x.iter_mut().zip(self.lower()).zip(self.upper()) {
            *x = nearest(*x, l, u);
        }
    }

    pub(crate) fn contains(&self, x: &[f64]) -> bool {
        x.iter().zip(self.lower()).zip(self.upper()).all(|((x, l), u)| l <= x && x <= u)
    }

    /// Infinity norm of the projected gradient `P(x − g, l, u) − x`.
    pub(crate) fn projected_gradient_norm(&self, x: &[f64], g: &[f64]) -> f64 {
        greatest([x, g, self.lower(), self.upper()], |[x, g, l, u]| {
            let room = if g < 0.0 { u - x } else { x - l };
            if g.abs() < room { g.abs() } else { room }
        })
    }

    /// The largest `t` for which `x + t d` is in the box.
    pub(crate) fn longest_step(&self, x: &[f64], d: &[f64]) -> f64 {
        -greatest([x, d, self.lower(), self.upper()], |[x, d, l, u]| {
            let room = if d < 0.0 { x - l } else { u - x };
            if d == 0.0 { f64::NEG_INFINITY } else { -(room / d.abs()) }
        })
    }
}

/// The number of `[l, u]` that is nearest to x.
pub(crate) fn nearest(x: f64, l: f64, u: f64) -> f64 {
    let x = if x < l { l } else { x };
    if x > u { u } else { x }
}

fn kind(lower: &[f64], upper: &[f64]) -> Kind {
    let finite = |bounds: &[f64]| bounds.iter().filter(|b| b.is_finite()).count();
    match finite(lower) + finite(upper) {
        0 => Kind::Unbounded,
        count if count == 2 * lower.len() => Kind::Boxed,
        _ => Kind::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_without_a_number_in_it_is_refused_and_named() {
        for (l, u) in [(1.0, 0.0), (f64::NAN, 1.0), (0.0, f64::NAN), (f64::INFINITY, f64::INFINITY)] {
            let error = Bounds::new(vec![0.0, l], vec![1.0, u]).unwrap_err();
            assert!(matches!(error, BoundsError::Empty { variable: 1, .. }), "{l} {u}: {error}");
        }
        let error = Bounds::new(vec![0.0], vec![]).unwrap_err();
        assert_eq!(error, BoundsError::Length { lower: 1, upper: 0 });
    }

    #[test]
    fn the_projected_gradient_forgets_what_points_out_of_the_box() {
        let bounds = Bounds::new(vec![0.0, 0.0, -1.0], vec![1.0, 1.0, f64::INFINITY]).unwrap();
        assert_eq!(bounds.projected_gradient_norm(&[0.0, 1.0, 0.0], &[5.0, -5.0, 0.0]), 0.0);
        assert_eq!(bounds.projected_gradient_norm(&[0.25, 1.0, 0.0], &[5.0, -5.0, 0.0]), 0.25);
        assert_eq!(bounds.projected_gradient_norm(&[0.0, 1.0, 0.0], &[0.0, 0.0, -7.0]), 7.0);
    }

    #[test]
    fn the_longest_step_ends_at_the_first_bound() {
        let bounds = Bounds::new(vec![0.0, f64::NEG_INFINITY], vec![1.0, 3.0]).unwrap();
        assert_eq!(bounds.longest_step(&[0.5, 0.0], &[-1.0, 1.0]), 0.5);
        assert_eq!(bounds.longest_step(&[0.5, 0.0], &[0.0, -1.0]), f64::INFINITY);
    }

    #[test]
    fn a_box_knows_whether_it_is_bounded() {
        assert_eq!(Bounds::unbounded(2).kind(), Kind::Unbounded);
        assert_eq!(Bounds::uniform(2, 0.0, 1.0).unwrap().kind(), Kind::Boxed);
        assert_eq!(Bounds::uniform(2, 0.0, f64::INFINITY).unwrap().kind(), Kind::Mixed);
    }
}
