//! The largest c that still reaches the target, between one that does and one that does not.

use crate::attack::Attack;

/// A finished minimization: the logarithm of its c, and the target's margin at its minimizer.
#[derive(Clone, Copy, Debug)]
struct Trial {
    log_c: f64,
    margin: f64,
}

/// A bracket around the border between the c that reach the target (positive margins) and those that do not.
#[derive(Debug, Default)]
pub(crate) struct Bracket {
    reaches: Option<Trial>,
    fails: Option<Trial>,
    growths: usize,
    trials: usize,
    /// All trials, those with the smallest margins first.
    known: Vec<Trial>,
}

/// Distance of the next c from the predicted border, as a share of the width that the bracket must reach:
/// small, so that the c that reaches the target ends close to the border.
const BESIDE: f64 = 0.1;

impl Bracket {
    /// Adds the result of the minimization with this c.
    pub(crate) fn note(&mut self, c: f64, margin: f64) {
        let trial = Trial { log_c: c.ln(), margin };
        *(if margin > 0.0 { &mut self.reaches } else { &mut self.fails }) = Some(trial);
        let place = self.known.partition_point(|known| known.margin.abs() <= margin.abs());
        self.known.insert(place, trial);
    }

    /// The next c to try; `None` when the bracket is narrow enough, or was not found in the allowed number of expansions.
    pub(crate) fn next(&mut self, attack: &Attack) -> Option<f64> {
        let growth = attack.growth.ln();
        let log_c = match (self.reaches, self.fails) {
            (Some(reaches), Some(fails)) => self.between(reaches, fails, attack.ratio.ln())?,
            _ if self.growths == attack.most_growths => return None,
            (Some(reaches), None) => reaches.log_c + growth,
            (None, Some(fails)) => fails.log_c - growth,
            (None, None) => return Some(attack.first_c),
        };
        if self.reaches.is_none() || self.fails.is_none() {
            self.growths += 1;
        }
        Some(log_c.exp())
    }

    /// The next c just beside the predicted border, on the side that is farther from it;
    /// every fourth trial bisects, since the margin may jump at the border.
    fn between(&mut self, reaches: Trial, fails: Trial, width: f64) -> Option<f64> {
        let gap = fails.log_c - reaches.log_c;
        if gap <= width {
            return None;
        }
        self.trials += 1;
        if self.trials.is_multiple_of(4) {
            return Some(reaches.log_c + 0.5 * gap);
        }
        let beside = BESIDE * width;
        let border = self.predicted_border(reaches, fails);
        let next = if border - reaches.log_c > 2.0 * beside { border - beside } else { border + beside };
        Some(next.clamp(reaches.log_c + beside, fails.log_c - beside))
    }

    /// The zero of the margin by inverse quadratic interpolation of the three trials with the smallest margins,
    /// or by linear interpolation of the bracket's ends where that lies outside the bracket.
    fn predicted_border(&self, reaches: Trial, fails: Trial) -> f64 {
        if let [p, q, r, ..] = self.known[..] {
            let share = |a: Trial, b: Trial, c: Trial| {
                a.log_c * b.margin * c.margin / ((a.margin - b.margin) * (a.margin - c.margin))
            };
            let border = share(p, q, r) + share(q, p, r) + share(r, p, q);
            if border > reaches.log_c && border < fails.log_c {
                return border;
            }
        }
        let gap = fails.log_c - reaches.log_c;
        reaches.log_c + gap * reaches.margin / (reaches.margin - fails.margin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest c found and the trials needed where the margin is this function of the logarithm of c.
    fn search(margin: impl Fn(f64) -> f64) -> (f64, usize) {
        let attack = Attack::default();
        let mut bracket = Bracket::default();
        let mut trials = 0;
        while let Some(c) = bracket.next(&attack) {
            bracket.note(c, margin(c.ln()));
            trials += 1;
        }
        (bracket.reaches.map_or(f64::NAN, |trial| trial.log_c.exp()), trials)
    }

    #[test]
    fn the_border_is_found_to_two_percent_whether_the_margin_bends_or_jumps() {
        for border in [-9.0f64, -3.0, -2.9, 0.3, 4.0] {
            let margins: [(&dyn Fn(f64) -> f64, usize); 3] = [
                (&|log_c| border - log_c, 12),
                (&|log_c| (border - log_c) * (1.0 + (border - log_c).exp()), 16),
                (&|log_c| if log_c < border { 0.1 } else { -7.0 }, 30),
            ];
            for (margin, most) in margins {
                let (c, trials) = search(margin);
                let off = border - c.ln();
                assert!((0.0..=1.02f64.ln()).contains(&off), "border {border}: {c} is {off} off");
                assert!(trials <= most, "border {border}: {trials} trials");
            }
        }
    }

    #[test]
    fn a_border_out_of_reach_ends_the_search() {
        assert!(search(|_| -1.0).0.is_nan());
        assert_eq!(search(|_| -1.0).1, 13);
        assert_eq!(search(|_| 1.0).1, 13);
    }
}
