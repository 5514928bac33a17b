//! A binary classifier on a net's features: does the image show the class?

use super::class_images::ClassImages;
use core_net::{Builder, Net};
use datasets::halves;
use lab::{Run, Size};
use statistics::average_precision;
use tensor::{Tensor, gather, linear, tensor_of, to_f64s, with_slice};
use training::{Scale, SoftmaxRegression, Standardizer};

/// A net's features of images and of the same images in a mirror, each feature with mean 0 and deviation 1 on the training images.
struct Features {
    plain: Tensor,
    mirrored: Tensor,
}

/// Logistic regression on a net's features.
pub struct ClassDetector {
    /// The net with the classifier on it: class 1 is that the image shows the class.
    pub net: Net,
    /// Weight decay on the standardized features.
    pub weight_decay: f64,
    /// Average precision on training images for which it was chosen.
    pub validation: f64,
}

/// From which the weight decay is chosen.
const DECAYS: [f64; 7] = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

impl ClassDetector {
    /// The classifier of the training images and their mirror images, on the output of a net that stays as it is.
    ///
    /// It recognizes as many of the training images as show the class: most images show none, and few are likelier than not to.
    ///
    /// The weight decay is the one with the best average precision on one half of the images after training on the other half,
    /// averaged over both ways.
    pub fn fit(run: &Run, name: &str, features: Net, train: &ClassImages) -> Self {
        let progress = run.progress(&format!("classify by {name}"), DECAYS.len() + 1);
        let both = [&train.images, &train.mirrored].map(|images| features.output_of(images));
        let standardizer = Standardizer::new(&both.each_ref(), LEAST_DEVIATION);
        let [plain, mirrored] = both.map(|features| standardizer.transform(&features));
        let all = Features { plain, mirrored };
        let mut best = (f64::NEG_INFINITY, DECAYS[0]);
        for decay in DECAYS {
            let precision = all.precision(run, &train.relevant, decay);
            best = if precision > best.0 { (precision, decay) } else { best };
            progress.inc(1);
        }
        let layer = all.fit(run, &train.relevant, best.1);
        let layer = recognizing_as_many(layer, &all.plain, &train.relevant);
        let (weight, bias) = folded(&standardizer, &layer);
        let net = Builder::on(features).linear("class", weight, bias).build();
        Self { net: net.expect("fitted to the features"), weight_decay: best.1, validation: best.0 }
    }

    /// Sum of the margins of the image and its mirror image.
    pub fn scores(&self, images: &ClassImages) -> Vec<f64> {
        let [plain, mirrored] =
            [&images.images, &images.mirrored].map(|images| margins(&self.net.output_of(images)));
        plain.iter().zip(mirrored).map(|(a, b)| a + b).collect()
    }
}

/// The layer with its bias moved so that class 1 is found in as many rows as are relevant.
fn recognizing_as_many(
    (weight, bias): (Tensor, Tensor),
    features: &Tensor,
    relevant: &[bool],
) -> (Tensor, Tensor) {
    let mut margins = margins(&linear(features, &weight, &bias));
    margins.sort_by(|a, b| b.total_cmp(a));
    let wanted = relevant.iter().filter(|relevant| **relevant).count().clamp(1, margins.len() - 1);
    let border = f64::midpoint(margins[wanted - 1], margins[wanted]);
    let mut biases = with_slice::<f32, _>(&bias, <[f32]>::to_vec);
    biases[1] -= border as f32;
    (weight, tensor_of(biases, bias.dims()))
}

/// The second logit minus the first.
fn margins(logits: &Tensor) -> Vec<f64> {
    to_f64s(logits).chunks_exact(2).map(|row| row[1] - row[0]).collect()
}

impl Features {
    fn at(&self, index: &[usize]) -> Self {
        Self { plain: gather(&self.plain, index), mirrored: gather(&self.mirrored, index) }
    }

    /// The average precision on each half of the images of the classifier trained on the other half, averaged.
    fn precision(&self, run: &Run, relevant: &[bool], weight_decay: f64) -> f64 {
        let halves = halves(relevant.len(), run.seed());
        let of = |index: &[usize]| index.iter().map(|&i| relevant[i]).collect::<Vec<bool>>();
        let crossed = [[0, 1], [1, 0]].map(|[shown, hidden]| {
            let layer = self.at(&halves[shown]).fit(run, &of(&halves[shown]), weight_decay);
            average_precision(&self.at(&halves[hidden]).scores(&layer), &of(&halves[hidden]))
        });
        f64::midpoint(crossed[0], crossed[1])
    }

    fn fit(&self, run: &Run, relevant: &[bool], weight_decay: f64) -> (Tensor, Tensor) {
        let max_iterations = if run.size() == Size::Smoke { 5 } else { 150 };
        let regression =
            SoftmaxRegression { weight_decay, max_iterations, f_tolerance: 1e-6, scale: Scale::AsIs };
        let labels: Vec<usize> = [relevant, relevant].concat().into_iter().map(usize::from).collect();
        let both = Tensor::cat(&[&self.plain, &self.mirrored], 0).expect("features of one net");
        let fit = regression.fit(&both, &labels, 2);
        (fit.weight, fit.bias)
    }

    fn scores(&self, (weight, bias): &(Tensor, Tensor)) -> Vec<f64> {
        let [plain, mirrored] =
            [&self.plain, &self.mirrored].map(|features| margins(&linear(features, weight, bias)));
        plain.iter().zip(mirrored).map(|(a, b)| a + b).collect()
    }
}

/// A feature that hardly varies is not magnified beyond this.
const LEAST_DEVIATION: f64 = 1e-6;

/// The layer that does on features what this one does on standardized features.
fn folded(standardizer: &Standardizer, (weight, bias): &(Tensor, Tensor)) -> (Tensor, Tensor) {
    let (mut weights, mut biases) = (to_f64s(weight), to_f64s(bias));
    standardizer.fold_into(&mut weights, &mut biases);
    let single = |values: Vec<f64>| values.into_iter().map(|v| v as f32).collect::<Vec<f32>>();
    (tensor_of(single(weights), weight.dims()), tensor_of(single(biases), bias.dims()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, normal, seeded};

    #[test]
    fn as_many_rows_are_recognized_as_are_relevant() {
        let draw = |shape: &[usize]| normal(&mut seeded(1, &format!("{shape:?}")), shape, 1.0, DType::F32);
        let (features, layer) = (draw(&[40, 3]), (draw(&[2, 3]), draw(&[2])));
        let relevant: Vec<bool> = (0..40).map(|row| row < 7).collect();
        let (weight, bias) = recognizing_as_many(layer, &features, &relevant);
        let recognized = margins(&linear(&features, &weight, &bias)).iter().filter(|m| **m > 0.0).count();
        assert_eq!(recognized, 7);
    }
}
