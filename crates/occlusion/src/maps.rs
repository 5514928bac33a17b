//! What a sweep leaves: three maps over the occluder's positions.

/// Zeiler & Fergus 2013, Fig. 7 b, d and e: a value for each position of the occluder, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityMaps {
    /// Positions down and across.
    pub size: [usize; 2],
    /// The summed activation of the watched feature map.
    pub activity: Vec<f64>,
    /// **Range** 0..1: the probability of the watched class.
    pub probability: Vec<f64>,
    /// The most probable class; ties take the first.
    pub class: Vec<usize>,
}

impl SensitivityMaps {
    /// Maps without a value yet.
    pub(crate) fn empty(size: [usize; 2]) -> Self {
        Self { size, activity: vec![], probability: vec![], class: vec![] }
    }

    /// How much of the area lies at positions where the most probable class is another than this one.
    ///
    /// **Range** 0..1
    pub fn misread(&self, class: usize) -> f64 {
        let others = self.class.iter().filter(|&&found| found != class).count();
        others as f64 / self.class.len() as f64
    }

    /// Row and column of the position that leaves the watched class the least probable; ties take the first.
    pub fn most_harmful(&self) -> [usize; 2] {
        let least = |a: usize, b: usize| if self.probability[b] < self.probability[a] { b } else { a };
        let at = (0..self.probability.len()).reduce(least).unwrap_or(0);
        [at / self.size[1], at % self.size[1]]
    }
}
