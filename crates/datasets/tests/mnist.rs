//! The real MNIST where it is at hand, and digits drawn in its place.

mod idx_writer;

use datasets::{DataError, LabeledDigits, Mnist};
use idx_writer::{gzip, idx, pixels, write_raw};
use std::collections::HashSet;
use std::fs;
use std::path::Path;

fn counts(set: &LabeledDigits) -> [usize; 10] {
    std::array::from_fn(|digit| set.labels.iter().filter(|&&label| label == digit).count())
}

#[test]
fn the_real_files_hold_the_known_digits() {
    let Some(data) = test_support::data(&["mnist"]) else { return };
    let mnist = Mnist::read(&data.join("mnist")).unwrap();
    assert_eq!(mnist.source.to_string(), "MNIST");
    assert_eq!(mnist.train.images.dims(), [60_000, 1, 28, 28]);
    assert_eq!(mnist.test.images.dims(), [10_000, 1, 28, 28]);
    assert_eq!(counts(&mnist.train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert_eq!(counts(&mnist.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    assert!((statistics(&mnist.train).0 - 0.1307).abs() < 1e-4);
}

#[test]
fn digits_written_to_files_are_read_back_as_they_were_compressed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!Mnist::is_present(folder.path()));
    let drawn = Mnist::generate(1, 60_000, 10_000);
    write_raw(&drawn, folder.path());
    assert!(Mnist::is_present(folder.path()));
    let raw = Mnist::read(folder.path()).unwrap();
    for name in ["t10k-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
        let path = folder.path().join(name);
        fs::write(path.with_extension("gz"), gzip(&fs::read(&path).unwrap())).unwrap();
        fs::remove_file(path).unwrap();
    }
    let mixed = Mnist::read(folder.path()).unwrap();
    for read in [&raw, &mixed] {
        assert_eq!(read.train.labels, drawn.train.labels);
        assert_eq!(read.test.labels, drawn.test.labels);
        assert!(same_images(&read.train, &drawn.train));
        assert!(same_images(&read.test, &drawn.test));
    }
    assert_eq!(raw.source, mixed.source);
    assert!(raw.source.to_string().starts_with("other digits "));
    refuses_changed_files(folder.path());
}

fn same_images(a: &LabeledDigits, b: &LabeledDigits) -> bool {
    let values = |set: &LabeledDigits| set.images.flatten_all().unwrap().to_vec1::<f32>();
    values(a).unwrap() == values(b).unwrap()
}

/// Each change to a folder that was right is refused, naming the file.
fn refuses_changed_files(folder: &Path) {
    let labels = folder.join("t10k-labels-idx1-ubyte");
    let whole = fs::read(&labels).unwrap();
    let refusal = |change: &[u8]| {
        fs::write(&labels, change).unwrap();
        Mnist::read(folder).unwrap_err().to_string()
    };
    let fewer = idx(&[0x801, 9999], &whole[8..10_007]);
    for (change, found) in
        [(&fewer[..], "a header that announces 9999"), (&whole[..10_006], "9998 (truncated?)")]
    {
        let message = refusal(change);
        let expected = format!("t10k-labels-idx1-ubyte: expected 10000 labels, found {found}");
        assert!(message.ends_with(&expected), "{message}");
    }
    fs::remove_file(&labels).unwrap();
    let error = Mnist::read(folder).unwrap_err();
    assert!(matches!(error, DataError::Missing { .. }), "{error}");
    assert!(error.to_string().contains("t10k-labels-idx1-ubyte.gz"), "{error}");
    assert!(Mnist::is_present(folder), "three files are left");
}

#[test]
fn drawn_digits_depend_on_seed_and_index_alone() {
    let draw = |threads: usize, seed, n| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let digits = pool.build().unwrap().install(|| Mnist::generate(seed, n, n));
        (pixels(&digits.train), digits.train.labels, pixels(&digits.test))
    };
    let (train, labels, test) = draw(1, 1, 50);
    assert_eq!(draw(3, 1, 50), (train.clone(), labels.clone(), test.clone()));
    let (more, more_labels, _) = draw(2, 1, 60);
    assert_eq!(more[..50 * 784], train);
    assert_eq!(more_labels[..50], labels);
    assert_ne!(draw(1, 2, 50).0, train);
    assert_ne!(test, train);
}

#[test]
fn drawn_digits_are_all_different_and_as_dark_as_mnist() {
    let digits = Mnist::generate(1, 5000, 1000);
    let train = pixels(&digits.train);
    let test = pixels(&digits.test);
    let different: HashSet<&[u8]> = train.chunks(784).chain(test.chunks(784)).collect();
    assert_eq!(different.len(), 6000);
    let (mean, paper) = statistics(&digits.train);
    assert!((0.11..0.15).contains(&mean), "mean {mean}, 0.131 in MNIST");
    assert!((0.77..0.85).contains(&paper), "zeros {paper}, 0.809 in MNIST");
    let counts = counts(&digits.train);
    assert!(counts.iter().all(|n| (400..600).contains(n)), "{counts:?}");
}

/// The mean pixel and the share of pixels that are exactly 0.
fn statistics(set: &LabeledDigits) -> (f64, f64) {
    let pixels = pixels(set);
    let n = pixels.len() as f64;
    let sum: f64 = pixels.iter().map(|&p| f64::from(p)).sum();
    let zeros: f64 = pixels.iter().map(|&p| f64::from(u8::from(p == 0))).sum();
    (sum / n / 255.0, zeros / n)
}

#[test]
fn drawn_digits_are_neither_trivial_nor_hopeless_for_the_nearest_mean() {
    let digits = Mnist::generate(1, 5000, 1000);
    let means = class_means(&digits.train);
    let test = pixels(&digits.test);
    let wrong = test.chunks(784).zip(&digits.test.labels);
    let wrong = wrong.filter(|(image, label)| nearest(&means, image) != usize::from(**label));
    let error = wrong.count() as f64 / 1000.0;
    assert!((0.1..0.35).contains(&error), "error {error}, 0.18 on MNIST");
}

fn class_means(set: &LabeledDigits) -> Vec<Vec<f64>> {
    let mut means = vec![vec![0.0; 784]; 10];
    let counts = counts(set);
    for (image, &label) in pixels(set).chunks(784).zip(&set.labels) {
        let label = usize::from(label);
        for (mean, &pixel) in means[label].iter_mut().zip(image) {
            *mean += f64::from(pixel) / counts[label] as f64;
        }
    }
    means
}

fn nearest(means: &[Vec<f64>], image: &[u8]) -> usize {
    let distance = |mean: &[f64]| -> f64 {
        let squares = mean.iter().zip(image).map(|(m, &p)| (m - f64::from(p)).powi(2));
        squares.sum()
    };
    let distances: Vec<f64> = means.iter().map(|mean| distance(mean)).collect();
    (0..10).min_by(|&a, &b| distances[a].total_cmp(&distances[b])).expect("ten digits")
}
