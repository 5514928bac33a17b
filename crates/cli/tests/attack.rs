//! Attacks on the command line: the box, the targets, the two files, and the warnings.

mod workbench;

use adversarial::{Attack, NearestClass, min_distortion, nearest_class};
use core_net::Builder;
use std::sync::atomic::AtomicUsize;
use tensor::{DType, seeded, tensor_of, to_f64s, uniform};
use workbench::Workbench;

const COLUMNS: &str = "example,image,label,target,predicted,status,distortion,l2,linf,rms,c,evaluations,\
    survives_8_bits,survives_jpeg_90,bytes_distortion,found";

/// The columns example, label, target, predicted, found, distortion, c and evaluations.
fn rows(bench: &Workbench) -> Vec<Vec<String>> {
    let rows = bench.rows("out/attack.csv", COLUMNS);
    rows.iter().map(|row| [0, 2, 3, 4, 15, 6, 10, 11].map(|column| row[column].clone()).to_vec()).collect()
}

/// One column of attack.csv.
fn column(bench: &Workbench, name: &str) -> Vec<String> {
    let column = COLUMNS.split(',').position(|column| column == name).unwrap();
    bench.rows("out/attack.csv", COLUMNS).into_iter().map(|mut row| row.swap_remove(column)).collect()
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

#[test]
fn without_targets_the_nearest_class_is_found_and_its_pictures_survive_rounding_where_that_is_asked_for() {
    let bench = Workbench::new();
    for (index, name) in ["a", "b", "c"].into_iter().enumerate() {
        bench.picture(&format!("photos/{name}.png"), 5 + 7 * index as u32);
    }
    let random = bench.lenet("attack", "photos --targets random --quick -o out").well();
    let text = bench.lenet("attack", "photos --quick --bytes -o out").well();
    assert!(text.starts_with("pixels in 0..1 = input; distortion: root mean square pixel change"), "{text}");
    assert!(text.contains("\n3 of 3 images become another class, average distortion 0."), "{text}");
    assert!(text.contains("\n3 of 3 survive 8 bits, "), "{text}");
    let average = |text: &str| text.split("distortion 0.").nth(1).unwrap()[..6].parse::<f64>().unwrap();
    assert!(2.0 * average(&text) < average(&random), "{text}{random}");
    assert_eq!(column(&bench, "image"), ["a.png", "b.png", "c.png"]);
    assert_eq!(column(&bench, "survives_8_bits"), ["true"; 3]);
    let clean = bench.read_npy("out/clean.npy", DType::F32);
    let settings = NearestClass::for_photographs();
    let expected = nearest_class(&bench.net, &clean, &settings, &AtomicUsize::new(0));
    let labels = bench.net.predict(&clean);
    for (image, (row, expected)) in rows(&bench).iter().zip(&expected).enumerate() {
        assert_eq!(row[5].parse::<f64>().unwrap(), expected.outcome.attempt().distortion);
        assert_eq!(
            (row[1].clone(), row[2].clone()),
            (labels[image].to_string(), expected.target.to_string())
        );
        let [l2, linf, bytes] = ["l2", "linf", "bytes_distortion"]
            .map(|name| column(&bench, name)[image].parse::<f64>().unwrap());
        assert!((l2 / 28.0 - expected.outcome.attempt().distortion).abs() < 1e-12 && linf <= l2);
        assert!(bytes >= expected.outcome.attempt().distortion);
    }
    // The pictures, read back, are what the columns say: another class, at the distortion of the lattice point.
    let pixels = |name: &str| -> Vec<f64> {
        let picture = image::open(bench.path(&format!("out/pictures/{name}.png"))).unwrap().into_rgb8();
        picture.pixels().map(|pixel| f64::from(pixel.0[0]) / 255.0).collect()
    };
    for (image, name) in ["a", "b", "c"].into_iter().enumerate() {
        let (clean, adversarial) = (pixels(&format!("{name}.clean")), pixels(name));
        let squares: f64 = clean.iter().zip(&adversarial).map(|(a, b)| (a - b) * (a - b)).sum();
        let bytes: f64 = column(&bench, "bytes_distortion")[image].parse().unwrap();
        assert!(((squares / 784.0).sqrt() - bytes).abs() < 1e-8);
        let text = bench.lenet("run", &format!("out/pictures/{name}.png")).well();
        let first = text.lines().nth(1).unwrap().split_whitespace().last().unwrap().to_owned();
        assert_ne!(first, labels[image].to_string(), "{text}");
    }
    let curve = bench.rows("out/robustness.csv", "distortion,share");
    let shares: Vec<f64> = curve.iter().map(|row| row[1].parse().unwrap()).collect();
    assert_eq!(shares, [1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0]);
    assert!(bench.path("out/contact_sheet.png").exists() && bench.path("out/robustness.png").exists());
}

#[test]
fn targets_are_matched_by_file_and_counted_with_the_broken_images_otherwise() {
    let bench = Workbench::new();
    for (name, at) in [("a", 3), ("c", 12), ("d", 20)] {
        bench.picture(&format!("photos/{name}.png"), at);
    }
    std::fs::write(bench.path("photos/b.png"), "no picture").unwrap();
    let attack = |table: &str| {
        std::fs::write(bench.path("t.csv"), table).unwrap();
        bench.lenet("attack", "photos --targets t.csv --skip-broken --quick -o out")
    };
    let done = attack("file,target,label\nd.png,4,1\nphotos/x.png,0,0\na.png,2,3\nc.png,5,6\n");
    assert!(done.stderr.contains("remark: t.csv: 1 of 4 rows name no image: photos/x.png\n"), "{done:?}");
    done.well();
    assert_eq!(
        (column(&bench, "image"), column(&bench, "target")),
        (["a.png", "c.png", "d.png"].map(String::from).to_vec(), ["2", "5", "4"].map(String::from).to_vec())
    );
    assert_eq!(column(&bench, "label"), ["3", "6", "1"]);
    attack("target\n7\n8\n9\n6\n").well();
    assert_eq!(column(&bench, "target"), ["7", "9", "6"]);
    let line = attack("target\n7\n8\n9\n").stderr;
    assert!(
        line.contains("t.csv: expected 4 rows, one for each image, broken ones included, found 3; "),
        "{line}"
    );
    let line = attack("image,target\na.png,2\nd.png,4\n").stderr;
    let expected = "t.csv: expected a row for each image in its column image, found none for 1 of 3: c.png";
    assert!(line.contains(expected), "{line}");
    let line = attack("file,target\na.png,2\na.png,4\n").stderr;
    assert!(line.contains("t.csv: expected one row for each file, found a.png again in line 3"), "{line}");
}

#[test]
fn images_of_the_target_already_are_outside_the_average_and_without_any_there_is_none() {
    let bench = Workbench::new();
    bench.images("x.npy", 4, DType::F32);
    // The last class always wins, the first one never.
    describe(&bench, &[], [-900.0, 0.0, 900.0]);
    let attack = |target: usize| {
        bench.run(&format!("attack net.safetensors --arch net.toml x.npy --targets {target} -o out"))
    };
    let done = attack(2);
    assert!(
        done.stderr.contains("remark: 4 of 4 images are assigned to the target before any change"),
        "{done:?}"
    );
    assert!(
        done.well()
            .ends_with("all 4 images are assigned to the target before any change: nothing to attack\n")
    );
    assert_eq!(column(&bench, "status"), ["already"; 4]);
    let done = attack(0);
    assert!(done.stderr.contains("remark: no adversarial example was found"), "{done:?}");
    assert!(done.well().ends_with("0 of 4 images become their targets, no distortion to average\n"));
    assert_eq!(
        (column(&bench, "status"), column(&bench, "found")),
        (vec!["not found".into(); 4], vec!["false".into(); 4])
    );
}

#[test]
fn a_class_goes_by_its_name_where_labels_are_given() {
    let bench = Workbench::new();
    bench.images("x.npy", 2, DType::F32);
    let names: Vec<String> = (0..10).map(|class| format!("digit {class}")).collect();
    std::fs::write(bench.path("names.txt"), names.join("\n")).unwrap();
    std::fs::write(bench.path("t.csv"), "target\ndigit 4\n5\n").unwrap();
    bench.lenet("attack", "x.npy --labels names.txt --targets t.csv -o out").well();
    assert_eq!(column(&bench, "target"), ["4", "5"]);
    let line = bench.lenet("attack", "x.npy --labels names.txt --targets ostrich -o out").refused(2);
    assert!(
        line.contains("a class by its number or its name in --labels") && line.ends_with("found ostrich"),
        "{line}"
    );
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
        let lines: Vec<String> = found.iter().map(|[.., sentence]| format!("remark: {sentence}\n")).collect();
        let counts = |line: &&str| {
            line.starts_with("net.safetensors: pi")
                || line.contains("(status already)")
                || line.contains("no adversarial example was found")
        };
        let remarks: Vec<&str> = done.stderr.split_inclusive('\n').filter(|line| !counts(line)).collect();
        assert_eq!(remarks.concat(), lines.concat());
        found.into_iter().map(|[name, images, of, _]| [name, images, of].join(" ")).collect::<Vec<_>>()
    };
    // A softmax at the end is taken away, and its logarithm serves as logits.
    let none: &[&str] = &[];
    let looked_through: [&[&str]; 2] = [&["softmax", "identity"], &["softmax", "dropout"]];
    for above in
        [none, &["softmax"], &["log_softmax"], &["dropout", "softmax"]].into_iter().chain(looked_through)
    {
        assert_eq!(attack(above, [0.0; 3]), [""; 0], "{above:?}");
    }
    // One that is taken twice by the net itself is not.
    assert_eq!(attack(&["softmax", "softmax"], [0.0; 3]), ["probabilities_as_logits 6 6"]);
    assert_eq!(attack(none, [0.0, 0.0, -900.0]), ["unreachable_target 6 6"]);
}
