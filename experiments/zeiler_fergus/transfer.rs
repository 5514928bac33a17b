//! Images of other classes than the net was trained on, read from its features.

use super::features::Features;
use super::squeezenet::{VERSIONS, Version};
use anyhow::Result;
use datasets::{Fold, ImageFolder, PerClass};
use lab::{Run, Size};
use tensor::{Tensor, seeded};
use unit_analysis::{Classifier, Probe, mean_class_accuracy, stratified_folds};

/// The net whose features are read.
pub const PRETRAINED: Version = VERSIONS[1];

/// A collection of images in classes, with their features.
pub struct Collection {
    /// As rows and columns call it.
    pub name: &'static str,
    /// The images, each with its class.
    pub images: ImageFolder,
    features: Features,
    /// The images' places among the features.
    places: Vec<usize>,
}

/// A random fold, and what it was drawn by.
pub struct SeededFold {
    /// Images to train on and to test on.
    pub fold: Fold,
    /// The seed of the run.
    pub seed: u64,
    /// Which of the seed's folds.
    pub number: usize,
}

/// Which layer a classifier reads, and which classifier.
#[derive(Clone, Copy, Debug)]
pub struct LayerProbe {
    /// One of [`LAYERS`](super::features::LAYERS).
    pub layer: &'static str,
    /// Trained on its features.
    pub classifier: Classifier,
}

impl LayerProbe {
    fn decays(&self) -> &'static [f64] {
        match self.classifier {
            Classifier::Svm => SVM_DECAYS,
            Classifier::Softmax => SOFTMAX_DECAYS,
        }
    }
}

/// The layer that Tables 4 to 6 and Fig. 9 are read from: the last before the scores of ImageNet's classes.
///
/// On a third of the first fold's training images of Caltech-101, left out of the training, neither classifier gained by other layers beside it;
/// these images are tested on in other folds.
pub const LAST: &str = "fire9";

/// "up to 50 images per class" (§5.2)
const TESTED: usize = 50;
/// "5 train/test folds" (§5.2)
const FOLDS: usize = 5;
/// Parts of a fold's training images; each is left out once, to choose the weight decay.
const PARTS: usize = 2;

/// Classes at smoke size, and images of each.
const SMOKE: [usize; 2] = [3, 64];

/// λ among which a support vector machine's is chosen.
pub const SVM_DECAYS: &[f64] = &[3e-3, 1e-3, 3e-4, 1e-4];
/// λ among which a softmax's is chosen.
const SOFTMAX_DECAYS: &[f64] = &[1e-5, 1e-6];

/// Caltech-101 and, where it is at hand, Caltech-256, without their clutter.
///
/// The first is asked for first whatever is made of it, so that all experiments share one file of features.
///
/// # Errors
/// As [`Run::caltech101`], [`Run::caltech256`] and [`Features::compute`].
pub fn caltech(run: &Run) -> Result<(Collection, Option<Collection>)> {
    let first = Collection::new(run, "Caltech-101", run.caltech101()?)?;
    let second = run.caltech256()?.map(|images| Collection::new(run, "Caltech-256", images));
    Ok((first, second.transpose()?))
}

impl Collection {
    /// The images with their features; at smoke size the largest classes.
    ///
    /// # Errors
    /// As [`Features::compute`].
    pub fn new(run: &Run, name: &'static str, images: ImageFolder) -> Result<Self> {
        let images = if run.size() == Size::Smoke { few(&images) } else { images };
        let features = Features::compute(run, &PRETRAINED, name, &images)?;
        Ok(Self { name, places: (0..images.len()).collect(), images, features })
    }

    /// In a sentence: images, classes, folds and the net whose features are read.
    pub fn scale(&self, run: &Run) -> String {
        format!(
            "Scale: {} images of {} classes of {}; {} folds for each number of training images, at most {TESTED} images of each class to test on; features of {}.",
            self.images.len(),
            self.images.classes().len(),
            self.name,
            folds(run) * run.seeds().len(),
            PRETRAINED.name,
        )
    }

    /// Only the classes of at least so many images.
    pub fn of_classes_with(&self, least: usize) -> Self {
        let by_class = self.images.by_class();
        let wanted = |class: &usize| by_class[*class].len() >= least;
        let names: Vec<&String> =
            (0..by_class.len()).filter(wanted).map(|class| &self.images.classes()[class]).collect();
        let kept = |(place, label): (&usize, Option<usize>)| label.filter(wanted).map(|_| *place);
        Self {
            name: self.name,
            images: self.images.select_classes(|class| names.iter().any(|name| *name == class)),
            features: self.features.clone(),
            places: self.places.iter().zip(self.images.labels()).filter_map(kept).collect(),
        }
    }

    /// The folds of n training images of each class, the same for every classifier and net.
    ///
    /// # Errors
    /// When a class has not more than n images.
    pub fn folds(&self, run: &Run, n: usize) -> Result<Vec<SeededFold>> {
        let mut draws = Vec::new();
        for seed in run.seeds() {
            for number in 0..folds(run) {
                let fold = self.images.fold(PerClass { train: n, test: TESTED }, seed, number)?;
                draws.push(SeededFold { fold, seed, number });
            }
        }
        Ok(draws)
    }

    /// The mean per-class accuracy, in %, on the test images of each fold, after training on n images of each class.
    ///
    /// # Errors
    /// As [`folds`](Self::folds).
    pub fn accuracies(&self, run: &Run, layer_probe: &LayerProbe, n: usize) -> Result<Vec<f64>> {
        Ok(self.folds(run, n)?.iter().map(|draw| self.accuracy(layer_probe, draw)).collect())
    }

    /// The same of one fold; the weight decay is chosen on parts of its training images.
    fn accuracy(&self, layer_probe: &LayerProbe, SeededFold { fold, seed, number }: &SeededFold) -> f64 {
        let classes = self.images.classes().len();
        let (train_features, train_labels) = self.examples(layer_probe, &fold.train);
        let parts =
            stratified_folds(&train_labels, PARTS, &mut seeded(*seed, &format!("validation {number}")));
        let decay = layer_probe.classifier.choose_weight_decay(
            layer_probe.decays(),
            &train_features,
            &train_labels,
            classes,
            &parts,
        );
        let probe = Probe::fit(layer_probe.classifier, decay, &train_features, &train_labels, classes);
        let (test_features, test_labels) = self.examples(layer_probe, &fold.test);
        100.0 * mean_class_accuracy(&probe.classify(&test_features), &test_labels)
    }

    /// What the reader reads of these images, and their classes.
    fn examples(&self, layer_probe: &LayerProbe, index: &[usize]) -> (Tensor, Vec<usize>) {
        let labels: Vec<Option<usize>> = self.images.labels().collect();
        let places: Vec<usize> = index.iter().map(|&image| self.places[image]).collect();
        let labels = index.iter().filter_map(|&image| labels[image]).collect();
        (self.features.of_layer(layer_probe.layer, &places), labels)
    }
}

/// Folds of each seed.
fn folds(run: &Run) -> usize {
    if run.size() == Size::Smoke { 2 } else { FOLDS }
}

/// The largest classes, and a few images of each.
fn few(images: &ImageFolder) -> ImageFolder {
    let [classes, of_each] = SMOKE;
    let mut by_class: Vec<(usize, Vec<usize>)> = images.by_class().into_iter().enumerate().collect();
    by_class.sort_by_key(|(_, images)| std::cmp::Reverse(images.len()));
    by_class.truncate(classes);
    let names: Vec<String> = by_class.iter().map(|(class, _)| images.classes()[*class].clone()).collect();
    let mut kept: Vec<usize> =
        by_class.iter().flat_map(|(_, images)| images.iter().take(of_each).copied()).collect();
    kept.sort_unstable();
    images.select(&kept).select_classes(|class| names.iter().any(|name| name == class))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Three classes of 2, 4 and 3 images, of which only the names are read.
    fn collection() -> (tempfile::TempDir, Collection) {
        let root = tempfile::tempdir().unwrap();
        for (class, n) in [("a", 2), ("b", 4), ("c", 3)] {
            fs::create_dir(root.path().join(class)).unwrap();
            (0..n).for_each(|i| fs::write(root.path().join(format!("{class}/{i}.png")), "").unwrap());
        }
        let images = ImageFolder::open(root.path()).unwrap();
        let places = (0..images.len()).collect();
        (root, Collection { name: "abc", images, features: Features::default(), places })
    }

    #[test]
    fn the_images_of_large_classes_keep_their_places_among_the_features() {
        let (_root, all) = collection();
        let names: Vec<&str> = all.images.names().collect();
        let large = all.of_classes_with(3);
        assert_eq!(large.images.classes(), ["b", "c"]);
        assert!(large.images.names().eq(large.places.iter().map(|&place| names[place])));
        let larger = large.of_classes_with(4);
        assert!(larger.images.names().eq(["b/0.png", "b/1.png", "b/2.png", "b/3.png"]));
        assert_eq!(larger.places, [2, 3, 4, 5]);
    }

    #[test]
    fn a_few_images_are_those_of_the_largest_classes() {
        let (_root, all) = collection();
        let few = few(&all.images);
        assert_eq!((few.classes().len(), few.len()), (3, 9));
        assert!(few.names().eq(all.images.names()));
    }
}
