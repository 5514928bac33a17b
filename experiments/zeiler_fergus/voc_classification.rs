//! Classification of VOC's objects: a linear classifier for each class on a net's features.

use super::features::Features;
use super::transfer::{LAST, PRETRAINED, SVM_DECAYS};
use anyhow::Result;
use datasets::Voc;
use lab::{Run, Size};
use statistics::average_precision;
use tensor::{Tensor, seeded, tensor_of};
use unit_analysis::{Probe, stratified_folds};

/// The paper's rows of Table 6, and VOC's names of the classes.
pub const VOC_ROWS: [(&str, &str); 20] = [
    ("Airplane", "aeroplane"),
    ("Bicycle", "bicycle"),
    ("Bird", "bird"),
    ("Boat", "boat"),
    ("Bottle", "bottle"),
    ("Bus", "bus"),
    ("Car", "car"),
    ("Cat", "cat"),
    ("Chair", "chair"),
    ("Cow", "cow"),
    ("Dining table", "diningtable"),
    ("Dog", "dog"),
    ("Horse", "horse"),
    ("Motorbike", "motorbike"),
    ("Person", "person"),
    ("Potted plant", "pottedplant"),
    ("Sheep", "sheep"),
    ("Sofa", "sofa"),
    ("Train", "train"),
    ("Tv", "tvmonitor"),
];

/// Parts of the training images; each is left out once, to choose the weight decay.
const PARTS: usize = 3;
/// Images at smoke size.
const SMOKE: usize = 120;

/// Images with the objects that they show, and their features.
pub struct VocClassification {
    voc: Voc,
    features: Features,
}

/// The ranking of the images to test on by one class.
pub struct ClassScores {
    /// VOC's name of it.
    pub class: String,
    /// How strongly each image shows it.
    pub scores: Vec<f64>,
    /// Whether it does.
    pub relevant: Vec<bool>,
}

impl VocClassification {
    /// The images and their features; at smoke size the first few.
    ///
    /// # Errors
    /// As [`Run::voc`] and [`Features::compute`].
    pub fn read(run: &Run) -> Result<Self> {
        let voc = run.voc()?;
        let n = if run.size() == Size::Smoke { SMOKE } else { usize::MAX }.min(voc.images().len());
        let images = voc.images().select(&(0..n).collect::<Vec<_>>());
        let features = Features::compute(run, &PRETRAINED, "VOC", &images)?;
        Ok(Self { voc, features })
    }

    /// In a sentence: images of each split, classes, and the net whose features are read.
    pub fn scale(&self) -> String {
        let [train, val] = ["train", "val"].map(|split| self.split(split).len());
        let classes = self.voc.classes().len();
        format!(
            "Scale: {train} images to train on and {val} to test on, {classes} classes of objects; features of {}.",
            PRETRAINED.name
        )
    }

    /// Every class that both splits show, ranked after training on `train`; and the weight decay, chosen on parts of it.
    pub fn detect(&self, run: &Run) -> (Vec<ClassScores>, f64) {
        let [train, val] = ["train", "val"].map(|split| self.split(split));
        let classes: Vec<&str> = self.voc.classes();
        let parts = stratified_folds(&vec![0; train.len()], PARTS, &mut seeded(run.seed(), "validation"));
        let progress = run.progress("choose the weight decay", SVM_DECAYS.len() * PARTS);
        let precision = |decay: f64| {
            let of_part = |part: &Vec<usize>| {
                let hidden: Vec<usize> = part.iter().map(|&i| train[i]).collect();
                let shown: Vec<usize> =
                    train.iter().copied().filter(|i| hidden.binary_search(i).is_err()).collect();
                progress.inc(1);
                mean_average_precision(&self.ranked(&classes, decay, &shown, &hidden))
            };
            parts.iter().map(of_part).sum::<f64>()
        };
        let mut best = (f64::NEG_INFINITY, SVM_DECAYS[0]);
        for &decay in SVM_DECAYS {
            let precision = precision(decay);
            best = if precision > best.0 { (precision, decay) } else { best };
        }
        (self.ranked(&classes, best.1, &train, &val), best.1)
    }

    /// The images of a split that have features.
    fn split(&self, split: &str) -> Vec<usize> {
        let n = self.features.len();
        self.voc.split(split).into_iter().filter(|&image| image < n).collect()
    }

    /// The rankings of the test images by classifiers trained on the training images; classes that either lack are left out.
    fn ranked(&self, classes: &[&str], decay: f64, shown: &[usize], hidden: &[usize]) -> Vec<ClassScores> {
        let probe =
            Probe::fit_to_targets(decay, &self.features.of_layer(LAST, shown), &self.targets(classes, shown));
        let scores = probe.scores(&self.features.of_layer(LAST, hidden));
        let detected = |(number, class): (usize, &&str)| {
            let known = hidden.iter().zip(scores.rows());
            let known =
                known.filter_map(|(&image, scores)| Some((scores[number], self.voc.shows(image, class)?)));
            let (scores, relevant) = known.unzip();
            ClassScores { class: (*class).to_owned(), scores, relevant }
        };
        let is_in = |images: &[usize], class: &str| {
            images.iter().any(|&image| self.voc.shows(image, class) == Some(true))
        };
        let all = classes.iter().enumerate().map(detected);
        all.filter(|found| is_in(shown, &found.class) && is_in(hidden, &found.class)).collect()
    }

    /// 1 where an image shows a class, −1 where it does not, 0 where it shows only difficult objects of it.
    fn targets(&self, classes: &[&str], images: &[usize]) -> Tensor {
        let mut targets = Vec::with_capacity(images.len() * classes.len());
        for &image in images {
            let shows = classes.iter().map(|class| self.voc.shows(image, class));
            targets.extend(shows.map(|shows| shows.map_or(0.0, |shows| if shows { 1.0f32 } else { -1.0 })));
        }
        tensor_of(targets, &[images.len(), classes.len()])
    }
}

/// Over the classes.
fn mean_average_precision(detected: &[ClassScores]) -> f64 {
    let precisions = detected.iter().map(|found| average_precision(&found.scores, &found.relevant));
    precisions.sum::<f64>() / detected.len().max(1) as f64
}
