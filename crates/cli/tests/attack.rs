//! Attacks on the command line: the box, the targets, and the two files.

mod workbench;

use adversarial::{Attack, min_distortion};
use tensor::{DType, Tensor, to_f64s};
use workbench::Workbench;

const HEADER: &str = "example,label,target,predicted,found,distortion,c,evaluations";

fn rows(bench: &Workbench) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(bench.path("out/attack.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines.map(|line| line.split(',').map(String::from).collect()).collect()
}

#[test]
fn an_attack_finds_the_distortions_of_the_method() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 3, DType::F32);
    std::fs::write(bench.path("t.csv"), "label,target\n1,2\n3,4\n5,6\n").unwrap();
    bench.lenet("attack", "x.npy --targets t.csv -o out").well();
    let expected = min_distortion(&bench.net, &images, &[2, 4, 6], &Attack::default());
    for ((example, row), outcome) in rows(&bench).iter().enumerate().zip(&expected) {
        let attempt = outcome.attempt();
        let (label, target) = ((2 * example + 1).to_string(), (2 * example + 2).to_string());
        let found = outcome.is_found().to_string();
        assert_eq!(row[..5], [example.to_string(), label, target.clone(), target, found]);
        assert_eq!(row[5].parse::<f64>().unwrap(), attempt.distortion);
        assert_eq!(row[7].parse::<usize>().unwrap(), attempt.evaluations);
    }
    let adversarial = to_f64s(&bench.read_npy::<f32>("out/adversarial.npy"));
    let attempts = expected.iter().flat_map(|outcome| &outcome.attempt().image);
    assert!(adversarial.iter().zip(attempts).all(|(a, b)| *a == f64::from(*b as f32)));
}

#[test]
fn a_quick_attack_is_the_one_for_photographs_and_what_it_writes_is_read_as_the_target() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 3, DType::F32);
    bench.lenet("attack", "x.npy --targets 2 --quick -o out").well();
    let expected = min_distortion(&bench.net, &images, &[2; 3], &Attack::of_photographs());
    for (row, outcome) in rows(&bench).iter().zip(&expected) {
        assert_eq!(row[4], outcome.is_found().to_string());
        assert_eq!(row[5].parse::<f64>().unwrap(), outcome.attempt().distortion);
    }
    assert_eq!(bench.net.predict(&bench.read_npy::<f32>("out/adversarial.npy")), [2; 3]);
}

#[test]
fn normalized_images_are_distorted_within_the_pixels_that_they_came_from() {
    let bench = Workbench::new();
    let pixels = bench.images("pixels.npy", 2, DType::F64);
    let normalized = ((&pixels - 0.4).unwrap() / 0.3).unwrap();
    bench.write_npy("x.npy", &normalized);
    let refused = bench.lenet("attack", "x.npy --targets 3 -o out").refused(1);
    assert!(refused.starts_with("x.npy: expected pixels from 0 to 1, or --mean"), "{refused}");
    bench.lenet("attack", "x.npy --targets 3 -o out --mean 0.4 --std 0.3").well();
    let adversarial: Tensor = bench.read_npy::<f64>("out/adversarial.npy");
    let back = ((adversarial.clone() * 0.3).unwrap() + 0.4).unwrap();
    assert!(to_f64s(&back).iter().all(|pixel| (-1e-6..=1.0 + 1e-6).contains(pixel)));
    let net = bench.net.to_dtype(DType::F64);
    for (row, distortion) in rows(&bench).iter().zip(adversarial::distortions(&back, &pixels)) {
        assert!((row[5].parse::<f64>().unwrap() - distortion).abs() < 1e-7);
        assert_eq!(row[4], "true");
    }
    assert_eq!(net.predict(&adversarial), [3, 3]);
}

#[test]
fn random_targets_are_wrong_and_the_same_for_the_same_seed() {
    let bench = Workbench::new();
    bench.picture("photos/a.png", 3);
    bench.picture("photos/b.png", 20);
    let attack = |seed: u32| {
        bench.lenet("attack", &format!("photos --targets random --seed {seed} -o out")).well();
        rows(&bench)
    };
    let first = attack(1);
    assert!(first.iter().all(|row| row[1] != row[2] && row[2] == row[3]));
    assert_eq!(first, attack(1));
}
