//! Lowering the learning rate when the validation error stalls.

use serde::{Deserialize, Serialize};

/// The learning rate is lowered when the validation error stalls, and the training ends when it stalls once more.
///
/// **Paper** Zeiler & Fergus 2013, §3: "we anneal the learning rate throughout training manually when the validation error plateaus".
///
/// Unlike the paper, no one watches: the error stalls when it has not fallen below its least for `patience` epochs.
/// And since the number of epochs is limited, the rate is lowered at the latest after these epochs, so that the lower rates get their share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// Epochs without a new least error.
    pub patience: usize,
    /// Factor by which the rate is lowered.
    pub factor: f64,
    /// The last epochs at the first rate, the second and so on; its length is how often the rate can be lowered.
    pub latest: Vec<usize>,
}

impl Plateau {
    /// How often the rate is lowered after these epochs' validation errors; one time more than there are lower rates ends the training.
    pub(crate) fn lowered(&self, errors: &[f64]) -> usize {
        let (mut times, mut least, mut since) = (0, f64::INFINITY, 0);
        for (epoch, &error) in (1..).zip(errors) {
            since = if error < least { 0 } else { since + 1 };
            least = least.min(error);
            if since == self.patience || self.latest.get(times).is_some_and(|&latest| epoch >= latest) {
                (times, since) = (times + 1, 0);
            }
        }
        times
    }

    /// The share of the first rate that is left after these epochs' validation errors; none when the training is over.
    pub(crate) fn share(&self, errors: &[f64]) -> Option<f64> {
        let times = self.lowered(errors);
        (times <= self.latest.len()).then(|| self.factor.powi(times as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plateau() -> Plateau {
        Plateau { patience: 2, factor: 0.1, latest: vec![6, 8] }
    }

    #[test]
    fn the_rate_falls_when_the_error_has_not_fallen_for_so_many_epochs() {
        let cases: [(&[f64], usize); 6] = [
            (&[], 0),
            (&[0.9, 0.8, 0.85], 0),
            (&[0.9, 0.8, 0.85, 0.8], 1),
            (&[0.9, 0.8, 0.85, 0.8, 0.79], 1),
            (&[0.9, 0.8, 0.85, 0.8, 0.79, 0.8, 0.8], 2),
            (&[0.9, 0.8, 0.85, 0.8, 0.79, 0.8, 0.8, 0.9, 0.9], 3),
        ];
        for (errors, times) in cases {
            assert_eq!(plateau().lowered(errors), times, "{errors:?}");
        }
    }

    #[test]
    fn the_rate_falls_at_the_latest_after_these_epochs_and_then_the_training_goes_on() {
        let falling: Vec<f64> = (0..20).map(|epoch| 1.0 / f64::from(epoch + 1)).collect();
        let times: Vec<usize> = (5..10).map(|epochs| plateau().lowered(&falling[..epochs])).collect();
        assert_eq!(times, [0, 1, 1, 2, 2]);
        assert_eq!(plateau().share(&falling).map(|share| (share * 1e4).round()), Some(100.0));
    }

    #[test]
    fn a_training_is_over_when_it_stalls_at_the_last_rate() {
        assert_eq!(plateau().share(&[0.5; 7]), None);
    }
}
