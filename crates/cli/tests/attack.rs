//! Attacks on the command line: the box, the targets, the two files, and the warnings.

mod workbench;

use adversarial::{Attack, min_distortion};
use core_net::Builder;
use tensor::{DType, seeded, tensor_of, to_f64s, uniform};
use workbench::Workbench;

fn rows(bench: &Workbench) -> Vec<Vec<String>> {
    bench.rows("out/attack.csv", "example,label,target,predicted,found,distortion,c,evaluations")
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
    let adversarial = to_f64s(&bench.read_npy("out/adversarial.npy", DType::F32));
    let attempts = expected.iter().flat_map(|outcome| &outcome.attempt().image);
    assert!(adversarial.iter().zip(attempts).all(|(a, b)| *a == f64::from(*b as f32)));
}

#[test]
fn a_quick_attack_is_the_one_for_photographs_and_what_it_writes_is_read_as_the_target() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 3, DType::F32);
    bench.lenet("attack", "x.npy --targets 2 --quick -o out").well();
    let expected = min_distortion(&bench.net, &images, &[2; 3], &Attack::for_photographs());
    for (row, outcome) in rows(&bench).iter().zip(&expected) {
        assert_eq!(row[4], outcome.is_found().to_string());
        assert_eq!(row[5].parse::<f64>().unwrap(), outcome.attempt().distortion);
    }
    assert_eq!(bench.net.predict(&bench.read_npy("out/adversarial.npy", DType::F32)), [2; 3]);
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
    let adversarial = bench.read_npy("out/adversarial.npy", DType::F64);
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

/// What warnings.csv says after its header: the names of the warnings, at how many of how many images, and their sentences.
fn warnings(bench: &Workbench) -> Vec<[String; 4]> {
    let mut table = csv::Reader::from_path(bench.path("out/warnings.csv")).unwrap();
    assert_eq!(table.headers().unwrap(), vec!["warning", "images", "of", "sentence"]);
    let records = table.records().map(Result::unwrap);
    records.map(|row| std::array::from_fn(|column| row[column].to_owned())).collect()
}

/// Writes a net of one dense layer with this bias, and of the operations above it, as a description and its weights.
fn describe(bench: &Workbench, above: &[&str], bias: [f32; 3]) {
    let weight = uniform(&mut seeded(5, "weights"), &[3, 784], 0.1, DType::F32);
    let net =
        Builder::new(&[1, 28, 28]).flatten("flatten").linear("fc", weight, tensor_of(bias.to_vec(), &[3]));
    bench.write_net("net", &net.build().unwrap());
    let node = |(name, keys): (&str, &str)| format!("[[node]]\nname = \"{name}\"\n{keys}\n");
    let below = [("flatten", "op = \"flatten\""), ("fc", "op = \"linear\"\noutputs = 3")];
    let above: Vec<String> = above.iter().map(|op| format!("op = \"{op}\"")).collect();
    let names = ["a", "b", "c"].into_iter().zip(above.iter().map(String::as_str));
    let nodes: String = below.into_iter().chain(names).map(node).collect();
    std::fs::write(bench.path("net.toml"), format!("input = [1, 28, 28]\n{nodes}")).unwrap();
}

#[test]
fn an_attack_warns_of_a_second_softmax_and_of_a_target_out_of_reach_but_not_of_a_sound_net() {
    let bench = Workbench::new();
    bench.images("x.npy", 6, DType::F32);
    let attack = |above: &[&str], bias: [f32; 3]| {
        describe(&bench, above, bias);
        let done = bench.run("attack net.safetensors --arch net.toml x.npy --targets 2 -o out");
        assert_eq!(done.code, 0, "{done:?}");
        let found = warnings(&bench);
        let lines: Vec<String> =
            found.iter().map(|[.., sentence]| format!("warning: {sentence}\n")).collect();
        assert_eq!(done.stderr, lines.concat());
        found.into_iter().map(|[name, images, of, _]| [name, images, of].join(" ")).collect::<Vec<_>>()
    };
    // A softmax at the end is taken away, and its logarithm serves as logits.
    let none: &[&str] = &[];
    for above in [none, &["softmax"], &["log_softmax"], &["dropout", "softmax"]] {
        assert_eq!(attack(above, [0.0; 3]), [""; 0], "{above:?}");
    }
    // One that is hidden below another operation, or taken twice by the net itself, is not.
    for above in [&["softmax", "identity"][..], &["softmax", "softmax"], &["softmax", "dropout"]] {
        assert_eq!(attack(above, [0.0; 3]), ["probabilities_as_logits 6 6"], "{above:?}");
    }
    assert_eq!(attack(none, [0.0, 0.0, -900.0]), ["unreachable_target 6 6"]);
}
