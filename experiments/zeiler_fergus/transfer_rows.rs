//! Names and sentences that the tables of transfer share.

use unit_analysis::Classifier;

/// The paper's rows of its own nets.
pub const PRETRAINED_ROW: &str = "ImageNet-pretrained convnet";
/// The same net trained on the collection alone.
pub const SCRATCH_ROW: &str = "Non-pretrained convnet";

/// Why there is no number of ours for other people's methods.
pub const OTHERS: &str = "another method, shown for comparison";
/// Where Caltech-256 is not at hand.
pub const NO_CALTECH256: &str =
    "not at hand: put 256_ObjectCategories into the folder caltech256 of the data folder";
/// What is measured, and how sure the numbers are.
pub const FOLDS_SHARE: &str =
    "the classes of objects, without the clutter; the folds share images, so the interval is too narrow";

/// The paper's rows of Table 7, the layer that stands for the paper's, and the classifier.
///
/// The first layers and the last stand for each other: pool1 is the paper's layer 1 with its pooling, and fire9 is the last before the scores, as its layer 7 is.
/// Between them the fire modules are as far apart as they can be.
pub const PAPERS_LAYERS: [(&str, &str, Classifier); 8] = [
    ("SVM(1)", "pool1", Classifier::Svm),
    ("SVM(2)", "fire3", Classifier::Svm),
    ("SVM(3)", "fire5", Classifier::Svm),
    ("SVM(4)", "fire7", Classifier::Svm),
    ("SVM(5)", "fire8", Classifier::Svm),
    ("SVM(7)", "fire9", Classifier::Svm),
    ("Softmax(5)", "fire8", Classifier::Softmax),
    ("Softmax(7)", "fire9", Classifier::Softmax),
];

/// The paper's column of so many training images.
pub fn per_class(n: usize) -> String {
    format!("{n} per class")
}
