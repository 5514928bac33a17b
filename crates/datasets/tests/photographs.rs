//! The ImageNet sample, where it is at hand: a thousand images in one archive.

use datasets::{BrokenImages, ImageFolder, Labels, Preprocessing};

#[test]
fn a_thousand_images_are_decoded_labeled_and_preprocessed() {
    let Some(data) = test_support::data(&["imagenet-sample"]) else { return };
    let sample = data.join("imagenet-sample");
    let labels = Labels::read(&sample.join("labels.csv")).unwrap();
    let folder = ImageFolder::open(&sample.join("images.tar")).unwrap().with_labels(&labels).unwrap();
    assert_eq!((folder.len(), folder.classes()[0].as_str(), folder.classes().len()), (1000, "tench", 1000));
    let batches = folder.batches(64, Preprocessing::SQUEEZENET1_0, BrokenImages::Refuse).unwrap();
    let labels: Vec<usize> = batches
        .flat_map(|batch| {
            let batch = batch.unwrap();
            assert_eq!(batch.images.dims()[1..], [3, 227, 227]);
            batch.labels.into_iter().flatten()
        })
        .collect();
    assert!(labels.into_iter().eq(0..1000));
}
