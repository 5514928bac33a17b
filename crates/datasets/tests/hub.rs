//! candle-datasets' reader and ours agree, and what it finds in the local cache of the hub is MNIST.
#![cfg(feature = "hub")]

mod idx_writer;

use candle_datasets::vision::mnist::load_dir;
use datasets::{LabeledDigits, Mnist};
use idx_writer::{pixels, write_raw};
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
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
fn agree(ours: &LabeledDigits, images: &Tensor, labels: &Tensor) {
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

/// Where no hub answers.
const CLOSED: &str = "http://127.0.0.1:9";

/// Whether this is the process that [`run_with_cache`] started.
fn has_cache() -> bool {
    env::var_os("HF_ENDPOINT").is_some_and(|endpoint| endpoint == CLOSED)
}

/// Runs the test that asks for it in a process that reaches no hub and has this cache of the hub's files.
fn run_with_cache(cache: &Path) -> Output {
    let mut test = Command::new(env::current_exe().unwrap());
    test.args([std::thread::current().name().unwrap(), "--exact", "--nocapture"]);
    test.env("HF_ENDPOINT", CLOSED).env("HF_HUB_CACHE", cache).output().unwrap()
}

#[test]
fn digits_in_the_cache_of_the_hub_are_read_without_the_hub() {
    if !has_cache() {
        let cache = tempfile::tempdir().unwrap();
        let repository = cache.path().join("datasets--ylecun--mnist");
        let commit = "0123456789abcdef0123456789abcdef01234567";
        fs::create_dir_all(repository.join("refs/refs/convert")).unwrap();
        fs::write(repository.join("refs/refs/convert/parquet"), commit).unwrap();
        for split in ["train", "test"] {
            let folder = repository.join("snapshots").join(commit).join("mnist").join(split);
            fs::create_dir_all(&folder).unwrap();
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/hub/{split}.parquet"));
            fs::copy(file, folder.join("0000.parquet")).unwrap();
        }
        let output = run_with_cache(cache.path());
        return assert!(output.status.success(), "{output:?}");
    }
    let mnist = Mnist::from_hub().unwrap();
    assert!(mnist.source.to_string().starts_with("other digits "), "{}", mnist.source);
    for (set, count) in [(&mnist.train, 60_000), (&mnist.test, 10_000)] {
        assert!(set.labels.iter().copied().eq((0..count).map(|index| index % 10)));
        let pixel = |at: usize| (at % 784 * (at / 784 % 10 + 1) % 256) as u8;
        assert!(pixels(set).into_iter().eq((0..784 * count).map(pixel)));
    }
}

#[test]
fn without_the_hub_and_its_cache_the_error_names_what_was_wanted() {
    if has_cache() {
        return println!("{}", Mnist::from_hub().unwrap_err());
    }
    let output = run_with_cache(tempfile::tempdir().unwrap().path());
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("ylecun/mnist: expected digits read by candle-datasets, found: "), "{output:?}");
}
