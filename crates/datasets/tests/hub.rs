//! candle-datasets' reader and ours agree.
#![cfg(feature = "hub")]

mod idx_writer;

use candle_datasets::vision::mnist::load_dir;
use datasets::{Labeled, Mnist};
use idx_writer::write_raw;
use tensor::Tensor;

#[test]
fn both_readers_give_the_same_tensors() {
    let folder = tempfile::tempdir().unwrap();
    write_raw(&Mnist::generate(1, 60_000, 10_000), folder.path());
    let theirs = load_dir(folder.path()).unwrap();
    let ours = Mnist::read(folder.path()).unwrap();
    agree(&ours.train, &theirs.train_images, &theirs.train_labels);
    agree(&ours.test, &theirs.test_images, &theirs.test_labels);

    let converted = Mnist::from_candle(&theirs, folder.path()).unwrap();
    assert_eq!(converted.source, ours.source);
    assert_eq!(distance(&converted.train.images, &ours.train.images), 0.0);
    assert_eq!(distance(&converted.test.images, &ours.test.images), 0.0);
    assert_eq!(converted.train.labels, ours.train.labels);
}

/// The same labels, and pixels equal up to candle's multiplication by the rounded 1/255.
fn agree(ours: &Labeled, images: &Tensor, labels: &Tensor) {
    let labels: Vec<usize> = labels.to_vec1::<u8>().unwrap().into_iter().map(usize::from).collect();
    assert_eq!(ours.labels, labels);
    let images = images.reshape(ours.images.shape()).unwrap();
    assert!(distance(&ours.images, &images) <= f32::EPSILON / 2.0);
}

/// The largest difference of a pixel.
fn distance(a: &Tensor, b: &Tensor) -> f32 {
    let difference = (a - b).unwrap().abs().unwrap();
    difference.max_all().unwrap().to_scalar().unwrap()
}

#[test]
fn candle_s_digits_are_checked_like_any_file() {
    let folder = tempfile::tempdir().unwrap();
    write_raw(&Mnist::generate(1, 60, 10), folder.path());
    let few = load_dir(folder.path()).unwrap();
    let error = Mnist::from_candle(&few, folder.path()).unwrap_err();
    let expected = "train-images-idx3-ubyte: expected 60000 images, found a header that announces 60";
    assert!(error.to_string().ends_with(expected), "{error}");
}
