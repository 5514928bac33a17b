//! What makes an image adversarial.

/// What makes an image adversarial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// The net assigns it to another class than this one.
    Misclassified(usize),
    /// The net assigns it to this class.
    Targeted(usize),
}

impl Criterion {
    /// The logit that has to exceed another one, and that other one: the difference is positive where the criterion holds.
    ///
    /// With one logit both are the same.
    pub(crate) fn pair(self, logits: &[f64]) -> [usize; 2] {
        let (Criterion::Misclassified(class) | Criterion::Targeted(class)) = self;
        let others = (0..logits.len()).filter(|&other| other != class);
        let other = others.reduce(|a, b| if logits[b] > logits[a] { b } else { a }).unwrap_or(class);
        match self {
            Criterion::Misclassified(_) => [other, class],
            Criterion::Targeted(_) => [class, other],
        }
    }

    /// The difference of that pair; −∞ where a logit is not a number.
    pub(crate) fn margin(self, logits: &[f64]) -> f64 {
        if logits.iter().any(|logit| logit.is_nan()) {
            return f64::NEG_INFINITY;
        }
        let [above, below] = self.pair(logits);
        logits[above] - logits[below]
    }

    /// Whether an image of this predicted class is adversarial.
    pub fn holds(self, predicted: usize) -> bool {
        match self {
            Criterion::Misclassified(class) => predicted != class,
            Criterion::Targeted(class) => predicted == class,
        }
    }
}
