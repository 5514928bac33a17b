//! Warnings and their sentences.

use std::fmt;

/// A reason why an attack's outcomes mean less than they seem to.
///
/// Its `Display` is one sentence without a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// What is wrong.
    pub symptom: Symptom,
    /// Number of images affected.
    pub images: usize,
    /// Number of images examined.
    pub of: usize,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Symptom {
    /// Loss, gradient or logits are infinite or not a number, at the image or where its search ended.
    NotFinite,
    /// No entry of the loss's gradient at the image exceeds the optimizer's tolerance, so that no search begins;
    /// or the gradient is exactly zero where a search failed.
    ZeroGradient {
        /// Images at which it is exactly zero.
        exactly: usize,
    },
    /// The outputs taken as logits are probabilities: softmax is applied twice.
    ProbabilitiesAsLogits,
    /// The same image has other outputs when it is passed again, at another place in the batch, or alone.
    RandomModel {
        /// The largest difference, as a share of the outputs' norm.
        difference: f64,
    },
    /// No more images are classified correctly than by chance; those are the images counted.
    AtChance {
        /// The net's classes.
        classes: usize,
    },
    /// Another class has a larger logit for every image: proven by the last layer's weights, up to rounding.
    UnreachableTarget {
        /// Each class that cannot be reached, and one whose logit is always larger.
        dominated: Vec<[usize; 2]>,
    },
    /// No search reached these classes, although all had a gradient to follow: no proof.
    UnreachedTarget {
        /// In ascending order.
        classes: Vec<usize>,
        /// Number of images whose search the penalty may have limited even with the smallest c tried.
        penalized: usize,
    },
}

/// Maximum number of classes that a sentence names.
const NAMED: usize = 5;
/// Up to this share of the outputs' norm a difference may come from rounding.
const ROUNDING: f64 = 1e-4;

impl Symptom {
    /// A name for files.
    pub fn name(&self) -> &'static str {
        match self {
            Symptom::NotFinite => "not_finite",
            Symptom::ZeroGradient { .. } => "zero_gradient",
            Symptom::ProbabilitiesAsLogits => "probabilities_as_logits",
            Symptom::RandomModel { .. } => "random_model",
            Symptom::AtChance { .. } => "at_chance",
            Symptom::UnreachableTarget { .. } => "unreachable_target",
            Symptom::UnreachedTarget { .. } => "unreached_target",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = format!("{} of {} images", self.images, self.of);
        let sentence = match &self.symptom {
            Symptom::NotFinite => format!(
                "the loss, its gradient or a logit is infinite or not a number at {share}: \
                 \"not found\" says nothing about these images"
            ),
            Symptom::ZeroGradient { exactly } => format!(
                "the loss has no gradient to follow at {share} (exactly zero at {exactly}): \
                 units are saturated or gradients masked, and \"not found\" says nothing about these images"
            ),
            Symptom::ProbabilitiesAsLogits => format!(
                "the outputs that are taken as logits are probabilities for {share}: \
                 the loss takes a second softmax, which flattens it; attack the net as it is before its softmax"
            ),
            Symptom::RandomModel { difference } => format!(
                "{share} have other outputs when they are passed again, elsewhere in the batch or alone, \
                 by up to {difference:.0e} of their size: {}",
                unrepeatable(*difference)
            ),
            Symptom::AtChance { classes } => format!(
                "{share} are read as their labels, no more than by chance among {classes} classes: \
                 the net is untrained or expects other images, and distortions say little about it"
            ),
            Symptom::UnreachableTarget { dominated } => format!(
                "{share} aim at what the net never reads: {}, whatever the image",
                listed(dominated, |[class, other]| format!(
                    "class {class}, whose logit is below that of {other}"
                ))
            ),
            Symptom::UnreachedTarget { classes, penalized } => format!(
                "{share} aim at {}, where none of them arrived: {}",
                listed(classes, |class| format!("class {class}")),
                why_unreached(*penalized)
            ),
        };
        f.write_str(&sentence)
    }
}

fn why_unreached(penalized: usize) -> String {
    if penalized > 0 {
        return format!("the smallest c that was tried may have held {penalized} of them back");
    }
    "the penalty held none of them back, so the target is out of reach or the searches ended in local minima"
        .into()
}

fn unrepeatable(difference: f64) -> &'static str {
    if difference > ROUNDING {
        "the net is random or mixes the images of a batch, and no outcome can be repeated"
    } else {
        "sums are rounded in another order, and the last digits of an outcome cannot be repeated"
    }
}

/// The first few, and how many there are beside them.
fn listed<T>(items: &[T], name: impl Fn(&T) -> String) -> String {
    let mut names: Vec<String> = items.iter().take(NAMED).map(name).collect();
    if items.len() > NAMED {
        names.push(format!("{} more", items.len() - NAMED));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(symptom: Symptom) -> String {
        Warning { symptom, images: 12, of: 64 }.to_string()
    }

    #[test]
    fn a_sentence_says_how_many_images_and_names_a_few_classes() {
        let all = [
            Symptom::NotFinite,
            Symptom::ZeroGradient { exactly: 3 },
            Symptom::ProbabilitiesAsLogits,
            Symptom::RandomModel { difference: 0.5 },
            Symptom::AtChance { classes: 10 },
            Symptom::UnreachableTarget { dominated: vec![[3, 5]] },
            Symptom::UnreachedTarget { classes: (0..8).collect(), penalized: 0 },
        ];
        for symptom in all {
            let sentence = sentence(symptom);
            assert!(sentence.contains("12 of 64 images"), "{sentence}");
            assert!(!sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
        }
        let of_eight = sentence(Symptom::UnreachedTarget { classes: (0..8).collect(), penalized: 0 });
        assert!(of_eight.contains("class 4, 3 more, where"), "{of_eight}");
    }

    #[test]
    fn rounding_is_distinguished_from_randomness() {
        let [small, large] = [3e-7, 0.2].map(|difference| sentence(Symptom::RandomModel { difference }));
        assert!(small.contains("by up to 3e-7 of their size: sums"), "{small}");
        assert!(large.contains("the net is random"), "{large}");
    }
}
