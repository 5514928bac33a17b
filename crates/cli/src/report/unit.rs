//! Activations of a unit: its strongest images, and its activation in each image.

use super::image_activations::ImageActivations;
use super::script::{base64, byte, rounded};
use super::subject::Subject;
use deconv::Unit;
use serde::Serialize;

/// Images that are shown of a unit.
///
/// **Paper** Zeiler & Fergus 2013, §4, Fig. 2: "the top 9 activations".
pub const TOP: usize = 9;

/// Bars of a histogram.
const BARS: usize = 24;

/// A unit's largest activation in each image, and where it is.
pub struct UnitActivations<'a> {
    pub layer: usize,
    pub channel: usize,
    width: usize,
    index: usize,
    analyzed: &'a [ImageActivations],
}

/// What stands of a unit in its layer's file.
#[derive(Debug, Serialize)]
pub struct Summary {
    images: usize,
    max: f64,
    /// Its strongest image; none where it never fires.
    top: Option<usize>,
}

/// How many images a unit answers to how strongly.
#[derive(Debug, PartialEq, Serialize)]
pub struct Histogram {
    counts: Vec<usize>,
    low: f64,
    high: f64,
}

impl<'a> UnitActivations<'a> {
    /// Those of a layer's unit.
    pub fn new(
        subject: &Subject,
        analyzed: &'a [ImageActivations],
        layer: usize,
        channel: usize,
    ) -> UnitActivations<'a> {
        let width = subject.layers[layer].maps[1];
        UnitActivations { layer, channel, width, index: subject.first_unit(layer) + channel, analyzed }
    }

    pub fn activation(&self, image: usize) -> f64 {
        self.analyzed[image].activations[self.index]
    }

    /// Where an image excites it most.
    pub fn place(&self, image: usize) -> Unit {
        let place = self.analyzed[image].places[self.index] as usize;
        Unit { channel: self.channel, at: [place / self.width, place % self.width] }
    }

    /// The strongest images among those in which it fires, the strongest first; ties take the earlier image.
    pub fn strongest(&self) -> Vec<usize> {
        let mut images: Vec<usize> =
            (0..self.analyzed.len()).filter(|&image| self.activation(image) > 0.0).collect();
        images.sort_by(|&a, &b| self.activation(b).total_cmp(&self.activation(a)));
        images.truncate(TOP);
        images
    }

    /// The largest activation of all.
    pub fn max(&self) -> f64 {
        self.activations().fold(f64::NEG_INFINITY, f64::max)
    }

    pub fn summary(&self) -> Summary {
        let images = self.activations().filter(|&activation| activation > 0.0).count();
        Summary { images, max: rounded(self.max()), top: self.strongest().first().copied() }
    }

    pub fn histogram(&self) -> Histogram {
        let (low, high) = (self.activations().fold(0.0, f64::min), self.max().max(0.0));
        let mut counts = vec![0; BARS];
        for activation in self.activations() {
            let share = if high > low { (activation - low) / (high - low) } else { 0.0 };
            counts[((share * BARS as f64) as usize).min(BARS - 1)] += 1;
        }
        Histogram { counts, low: rounded(low), high: rounded(high) }
    }

    /// By image, the activation as a share of the largest, one byte each.
    pub fn strengths(&self) -> String {
        let max = self.max();
        let share = |activation: f64| if activation > 0.0 { byte(activation / max) } else { 0 };
        base64(&self.activations().map(share).collect::<Vec<_>>())
    }

    /// By image, the place of the activation, two bytes each.
    pub fn places(&self) -> String {
        let places =
            self.analyzed.iter().flat_map(|analyzed| (analyzed.places[self.index] as u16).to_le_bytes());
        base64(&places.collect::<Vec<_>>())
    }

    fn activations(&self) -> impl Iterator<Item = f64> {
        self.analyzed.iter().map(|analyzed| analyzed.activations[self.index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyzed(activation: f64, place: f64) -> ImageActivations {
        ImageActivations { activations: vec![activation], places: vec![place], ..Default::default() }
    }

    #[test]
    fn a_unit_s_answers_are_ranked_counted_and_put_into_bytes() {
        let analyzed = [analyzed(0.0, 0.0), analyzed(3.0, 7.0), analyzed(12.0, 258.0), analyzed(3.0, 1.0)];
        let answers = UnitActivations { layer: 0, channel: 5, width: 4, index: 0, analyzed: &analyzed };
        assert_eq!(answers.strongest(), [2, 1, 3]);
        assert_eq!(answers.place(1), Unit { channel: 5, at: [1, 3] });
        let Summary { images, max, top } = answers.summary();
        assert_eq!((images, max, top), (3, 12.0, Some(2)));
        let Histogram { counts, low, high } = answers.histogram();
        assert_eq!((counts[0], counts[6], counts[23], low, high), (1, 2, 1, 0.0, 12.0));
        assert_eq!(answers.strengths(), base64(&[0, 64, 255, 64]));
        assert_eq!(answers.places(), base64(&[0, 0, 7, 0, 2, 1, 1, 0]));
    }

    #[test]
    fn a_unit_that_never_fires_and_one_that_is_below_0_are_told_too() {
        let silent = [analyzed(0.0, 0.0), analyzed(0.0, 0.0)];
        let answers = UnitActivations { layer: 0, channel: 0, width: 1, index: 0, analyzed: &silent };
        assert_eq!((answers.histogram().counts[0], answers.strengths()), (2, base64(&[0, 0])));
        assert_eq!((answers.strongest(), answers.summary().top), (vec![], None));
        let negative = [analyzed(-4.0, 0.0), analyzed(-1.0, 0.0)];
        let answers = UnitActivations { layer: 0, channel: 0, width: 1, index: 0, analyzed: &negative };
        let Histogram { counts, low, high } = answers.histogram();
        assert_eq!((counts[0], counts[18], low, high), (1, 1, -4.0, 0.0));
        assert_eq!((answers.summary().images, answers.strengths()), (0, base64(&[0, 0])));
    }
}
