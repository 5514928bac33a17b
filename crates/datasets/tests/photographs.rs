//! The ImageNet sample, where it is at hand: a thousand images in one archive.

use std::path::{Path, PathBuf};

use datasets::{Broken, ImageFolder, Labels, Preprocessing};

/// The folder of the sample, or a printed line that the test was skipped.
fn sample() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("GLASSBOX_DATA").map_or_else(beside, PathBuf::from);
    let folder = data.join("imagenet-sample");
    if folder.join("images.tar").is_file() {
        return Some(folder);
    }
    println!("skipped: expected images.tar in {}", folder.display());
    None
}

#[test]
fn a_thousand_images_are_decoded_labeled_and_preprocessed() {
    let Some(sample) = sample() else { return };
    let labels = Labels::read(&sample.join("labels.csv")).unwrap();
    let folder = ImageFolder::open(&sample.join("images.tar")).unwrap().with_labels(&labels).unwrap();
    assert_eq!((folder.len(), folder.classes()[0].as_str(), folder.classes().len()), (1000, "tench", 1000));
    let batches = folder.batches(64, Preprocessing::SQUEEZENET1_0, Broken::Refuse).unwrap();
    let labels: Vec<usize> = batches
        .flat_map(|batch| {
            let batch = batch.unwrap();
            assert_eq!(batch.images.dims()[1..], [3, 227, 227]);
            batch.labels.into_iter().flatten()
        })
        .collect();
    assert!(labels.into_iter().eq(0..1000));
}
