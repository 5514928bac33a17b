//! Top-k errors of one net or several together, on one crop of each image or on ten.

use core_net::Net;
use std::ops::AddAssign;
use tensor::{Tensor, add, to_f64s};

/// The mean probability of every class over some nets and over `each` crops of each image.
///
/// **Shape** crops `[n · each, …]`, the crops of an image in a row; the result is `[n, classes]`, in f64.
///
/// **Paper** Zeiler & Fergus 2013, §4.1, where "5 convnets" are averaged; Krizhevsky et al. 2012, §4.1: "averaging the predictions made by the network's softmax layer on the ten patches"
///
/// # Panics
/// If there is no net, or the crops are not so many of each image.
pub fn mean_probabilities(nets: &[&Net], crops: &Tensor, each: usize) -> Tensor {
    let of = |net: &&Net| net.probabilities(&net.output_of(crops));
    let sum = nets.iter().map(of).reduce(|sum, more| add(&sum, &more)).expect("a net");
    let [n, classes] = sum.dims() else { unreachable!("a row for each crop") };
    assert_eq!(n % each, 0, "mean_probabilities: expected {each} crops of each image, got {n}");
    let mean = sum.reshape((n / each, each, *classes)).and_then(|rows| rows.sum(1));
    (mean.expect("rows of each image") * (1.0 / (each * nets.len()) as f64)).expect("a product in memory")
}

/// Top-1 and top-5 errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopKErrors {
    /// Images whose most probable class is wrong.
    pub top1: usize,
    /// Images of which none of the five most probable classes is right.
    pub top5: usize,
    /// Number of images.
    pub n: usize,
}

impl TopKErrors {
    /// Counts the errors; of equal probabilities, that of the first class counts as the larger.
    ///
    /// **Shape** probabilities `[n, classes]`, labels n.
    ///
    /// # Panics
    /// If there are not as many labels as rows, or a label is no class.
    pub fn from_probabilities(probabilities: &Tensor, labels: &[usize]) -> Self {
        let [n, classes] = probabilities.dims() else {
            panic!("misclassified: expected rows of probabilities")
        };
        assert_eq!(*n, labels.len(), "misclassified: expected a label for each row");
        let mut misclassified = Self::default();
        for (row, &label) in to_f64s(probabilities).chunks_exact(*classes).zip(labels) {
            let is_ahead =
                |&(class, &p): &(usize, &f64)| p > row[label] || (p == row[label] && class < label);
            let rank = row.iter().enumerate().filter(is_ahead).count();
            misclassified += Self { top1: usize::from(rank >= 1), top5: usize::from(rank >= 5), n: 1 };
        }
        misclassified
    }
}

impl AddAssign for TopKErrors {
    fn add_assign(&mut self, more: Self) {
        self.top1 += more.top1;
        self.top5 += more.top5;
        self.n += more.n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::zoo::fully_connected;
    use tensor::{DType, seeded, tensor_of, uniform};

    #[test]
    fn several_nets_on_several_crops_say_the_mean_of_what_each_says_of_each() {
        let nets = [1, 2, 3].map(|seed| fully_connected(&[1, 2, 3], &[4], seed));
        let crops = uniform(&mut seeded(1, "crops"), &[6, 1, 2, 3], 1.0, DType::F32);
        let mean = to_f64s(&mean_probabilities(&nets.each_ref(), &crops, 2));
        for image in 0..3 {
            for class in 0..4 {
                let each = nets.iter().flat_map(|net| {
                    let rows = to_f64s(&net.probabilities(&net.output_of(&crops)));
                    [rows[8 * image + class], rows[8 * image + 4 + class]]
                });
                assert!((mean[4 * image + class] - each.sum::<f64>() / 6.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_rank_of_the_right_class_decides_and_ties_go_to_the_first() {
        let row = [0.3, 0.2, 0.2, 0.1, 0.1, 0.06, 0.04];
        let of = |label: usize| TopKErrors::from_probabilities(&tensor_of(row.to_vec(), &[1, 7]), &[label]);
        let ranks: Vec<(usize, usize)> = (0..7).map(|label| (of(label).top1, of(label).top5)).collect();
        assert_eq!(ranks, [(0, 0), (1, 0), (1, 0), (1, 0), (1, 0), (1, 1), (1, 1)]);
        let all = TopKErrors::from_probabilities(&tensor_of([row, row].concat(), &[2, 7]), &[0, 6]);
        assert_eq!(all, TopKErrors { top1: 1, top5: 1, n: 2 });
    }
}
