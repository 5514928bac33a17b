//! Similarity of the images of a set.

use tensor::{Tensor, dot, to_f64s};

/// Labels and features by which sets of images are compared.
///
/// Unlike the paper, which leaves it to the eye whether images are semantically related.
#[derive(Clone, Debug)]
pub struct Similarity {
    labels: Vec<usize>,
    /// Of each image, minus the mean of all, scaled to unit length.
    features: Vec<Vec<f64>>,
}

impl Similarity {
    /// From the images' labels, and features of a layer other than the one analyzed.
    ///
    /// **Shape** n labels, features `[n, …]`.
    ///
    /// # Panics
    /// If there are more or fewer labels than images, or no image.
    pub fn new(labels: &[usize], features: &Tensor) -> Self {
        assert!(!labels.is_empty(), "Similarity: expected an image");
        assert_eq!(features.dims()[0], labels.len(), "Similarity: expected a label for each image");
        let size = features.dims()[1..].iter().product();
        let mut features: Vec<Vec<f64>> = to_f64s(features).chunks_exact(size).map(<[f64]>::to_vec).collect();
        let mut mean = vec![0.0; size];
        features.iter().for_each(|image| mean.iter_mut().zip(image).for_each(|(sum, value)| *sum += value));
        mean.iter_mut().for_each(|sum| *sum /= labels.len() as f64);
        features.iter_mut().for_each(|image| center(image, &mean));
        Self { labels: labels.to_vec(), features }
    }

    /// Number of images.
    pub fn images(&self) -> usize {
        self.labels.len()
    }

    /// The share of the images that have their most frequent label.
    ///
    /// **Range** `(0, 1]`
    ///
    /// # Panics
    /// If there is no image, or no such one.
    pub fn purity(&self, images: &[usize]) -> f64 {
        let with = |label: usize| images.iter().filter(|&&image| self.labels[image] == label).count();
        let most = images.iter().map(|&image| with(self.labels[image])).max();
        most.expect("purity: expected an image") as f64 / images.len() as f64
    }

    /// The mean cosine similarity of all pairs, of features centered over all images: about 0 for images drawn at random.
    ///
    /// **Range** `[−1, 1]`
    ///
    /// # Panics
    /// If there is no pair, or no such image.
    pub fn cosine(&self, images: &[usize]) -> f64 {
        let pairs = images.iter().enumerate().flat_map(|(k, &a)| images[..k].iter().map(move |&b| (a, b)));
        let cosines: Vec<f64> = pairs.map(|(a, b)| dot(&self.features[a], &self.features[b])).collect();
        assert!(!cosines.is_empty(), "cosine: expected a pair of images, got {images:?}");
        cosines.iter().sum::<f64>() / cosines.len() as f64
    }
}

/// The features minus the mean, of unit length; all 0 where nothing is left.
fn center(features: &mut [f64], mean: &[f64]) {
    features.iter_mut().zip(mean).for_each(|(value, mean)| *value -= mean);
    let length = dot(features, features).sqrt();
    if length > 0.0 {
        features.iter_mut().for_each(|value| *value /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, normal, seeded, tensor_of};

    #[test]
    fn purity_is_the_part_of_the_most_frequent_label() {
        let labels = [3, 3, 7, 3, 1];
        let similarity = Similarity::new(&labels, &tensor_of(vec![0.0; 5], &[5, 1]));
        let cases = [(&[0, 1, 3][..], 1.0), (&[0, 2, 1, 4], 0.5), (&[0, 2], 0.5), (&[2], 1.0)];
        for (images, expected) in cases {
            assert_eq!(similarity.purity(images), expected, "{images:?}");
        }
    }

    #[test]
    fn the_cosine_is_that_of_features_about_their_mean() {
        // About their mean (5, 5): right, up, left, down, and one in the middle, which is like none.
        let features = tensor_of(vec![7.0, 5.0, 5.0, 6.0, 3.0, 5.0, 5.0, 4.0, 5.0, 5.0], &[5, 2]);
        let similarity = Similarity::new(&[0; 5], &features);
        let cases = [(&[0, 2][..], -1.0), (&[0, 1], 0.0), (&[0, 1, 2], -1.0 / 3.0), (&[0, 4], 0.0)];
        for (images, expected) in cases {
            assert!((similarity.cosine(images) - expected).abs() < 1e-12, "{images:?}");
        }
    }

    #[test]
    fn the_cosine_of_images_drawn_at_random_is_about_0_whatever_all_have_in_common() {
        let drawn = normal(&mut seeded(1, "features"), &[300, 40], 1.0, DType::F64);
        let features = (drawn + 100.0).expect("a sum in memory");
        let images: Vec<usize> = (0..300).collect();
        let cosine = Similarity::new(&[0; 300], &features).cosine(&images);
        // Each image is left out of its pairs, so the mean is a little below 0.
        assert!((cosine + 1.0 / 299.0).abs() < 1e-3, "{cosine}");
    }
}
