//! Random targets, and the error of distorted images.

use core_net::Net;
use rand::Rng;
use tensor::{Tensor, seeded};

/// A wrong class for each label, uniformly among the others.
///
/// # Panics
/// If there are fewer than two classes, or a label is none of them.
pub fn random_targets(labels: &[usize], classes: usize, seed: u64) -> Vec<usize> {
    let mut rng = seeded(seed, "targets");
    assert!(labels.iter().all(|&label| label < classes), "random_targets: labels below {classes}");
    labels.iter().map(|label| (label + rng.random_range(1..classes)) % classes).collect()
}

/// Number of images that the net, computing in their scalar type, misclassifies.
///
/// **Paper** Szegedy et al. 2013, Tables 2 and 4: the error induced on a net by images distorted for another.
///
/// # Panics
/// If the shapes do not fit, or there is not one label for each image.
pub fn misclassified(net: &Net, images: &Tensor, labels: &[usize]) -> usize {
    assert_eq!(images.dims()[0], labels.len(), "misclassified: one label for each image");
    let predicted = net.to_dtype(images.dtype()).predict(images);
    predicted.iter().zip(labels).filter(|(class, label)| class != label).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_wrong_class_and_every_wrong_class_is_drawn_alike() {
        let labels = vec![3; 9000];
        let mut counts = [0; 10];
        random_targets(&labels, 10, 1).into_iter().for_each(|target| counts[target] += 1);
        assert_eq!(counts[3], 0);
        let others = [&counts[..3], &counts[4..]].concat();
        assert!(others.iter().all(|n| (900..1100).contains(n)), "{counts:?}");
    }
}
