//! The matrix of nets that misclassified each other's examples.

mod workbench;

use adversarial::{Attack, min_distortion, misclassified, random_targets};
use core_net::{Net, zoo};
use std::fs;
use tensor::{DType, Tensor, tensor_of};
use workbench::Workbench;

const HEADER: &str = "made_for,read_by,error,low,high,n,found,distortion,already";

/// Nets of one layer and of two, in the folder.
fn nets(bench: &Workbench) -> [Net; 2] {
    let nets =
        [zoo::fully_connected(&[1, 28, 28], &[10], 1), zoo::fully_connected(&[1, 28, 28], &[12, 10], 2)];
    bench.write_net("a", &nets[0]);
    bench.write_net("b", &nets[1]);
    nets
}

fn transfer(bench: &Workbench, rest: &str) -> workbench::Done {
    bench.run(&format!("transfer a.safetensors b.safetensors --arch fc10,fc12-10 --images x.npy {rest}"))
}

/// How many of the images each net misreads that are distorted for each, and of the images as they are.
fn counts(nets: &[Net; 2], images: &Tensor, labels: &[usize], targets: &[usize]) -> [[usize; 2]; 3] {
    let distorted = nets.each_ref().map(|net| {
        let found = min_distortion(net, images, targets, &Attack::default());
        let pixels: Vec<f64> = found.iter().flat_map(|outcome| outcome.attempt().image.clone()).collect();
        tensor_of(pixels, images.dims()).to_dtype(DType::F32).unwrap()
    });
    let by_each = |images: &Tensor| nets.each_ref().map(|net| misclassified(net, images, labels));
    [by_each(images), by_each(&distorted[0]), by_each(&distorted[1])]
}

#[test]
fn the_matrix_counts_what_each_net_misreads_of_what_was_made_for_each() {
    let bench = Workbench::new();
    let nets = nets(&bench);
    let images = bench.images("x.npy", 70, DType::F32);
    let labels = nets[0].predict(&images);
    let counts = counts(&nets, &images, &labels, &random_targets(&labels, 10, 1));
    let text = transfer(&bench, "").well();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "made_for,a.safetensors,b.safetensors,n,found,distortion,already");
    let rows = lines[1..].iter().zip(["clean", "a.safetensors", "b.safetensors"]);
    for ((line, name), counts) in rows.zip(counts) {
        let [a, b] = counts.map(|count| format!("{:.4}", count as f64 / 70.0));
        assert!(line.starts_with(&format!("{name},{a},{b},70,")), "{line}: {counts:?}");
    }
    assert!(lines[1].ends_with(",70,,,") && lines[2].contains(",70,70,0."), "{text}");
    let table = fs::read_to_string(bench.path("transfer.csv")).unwrap();
    assert_eq!((table.lines().next(), table.lines().count()), (Some(HEADER), 7));
    let [low, high] = statistics::interval_of_rate(counts[2][0], 70);
    let error = counts[2][0] as f64 / 70.0;
    assert!(table.contains(&format!("\nb.safetensors,a.safetensors,{error},{low},{high},70,")), "{table}");
    let manifest = "transfer.csv.manifest.json";
    let files = ["a.safetensors", "b.safetensors", "lenet.safetensors", "transfer.csv", manifest, "x.npy"];
    assert_eq!(bench.files(), files);
}

#[test]
fn labels_of_a_table_are_what_all_nets_are_judged_by() {
    let bench = Workbench::new();
    let nets = nets(&bench);
    let images = bench.images("x.npy", 5, DType::F32);
    fs::write(bench.path("t.csv"), "label,target\n1,2\n3,4\n5,6\n7,8\n9,0\n").unwrap();
    let counts = counts(&nets, &images, &[1, 3, 5, 7, 9], &[2, 4, 6, 8, 0]);
    let text = transfer(&bench, "--targets t.csv -o m.csv").well();
    for (line, counts) in text.lines().skip(1).zip(counts) {
        let [a, b] = counts.map(|count| format!("{:.4}", count as f64 / 5.0));
        assert!(line.contains(&format!(",{a},{b},5,")), "{line}: {counts:?}");
    }
}

#[test]
fn nets_of_one_file_name_go_by_their_paths() {
    let bench = Workbench::new();
    nets(&bench);
    bench.images("x.npy", 2, DType::F32);
    for (folder, name) in [("one", "a"), ("two", "b")] {
        fs::create_dir(bench.path(folder)).unwrap();
        let path = bench.path(&format!("{folder}/n.safetensors"));
        fs::rename(bench.path(&format!("{name}.safetensors")), path).unwrap();
    }
    let run = |second: &str| {
        bench.run(&format!("transfer one/n.safetensors {second} --arch fc10,fc12-10 --images x.npy"))
    };
    let text = run("two/n.safetensors").well();
    assert!(text.starts_with("made_for,one/n.safetensors,two/n.safetensors,n,"), "{text}");
    let line = run("one/n.safetensors").refused(2);
    assert_eq!(line, "one/n.safetensors: expected each model once, found it twice");
}

#[test]
fn nets_that_are_not_alike_are_refused_with_both_their_names() {
    let bench = Workbench::new();
    nets(&bench);
    bench.images("x.npy", 2, DType::F32);
    bench.write_net("seven", &zoo::fully_connected(&[1, 28, 28], &[7], 1));
    let command = "transfer a.safetensors seven.safetensors --arch fc10,fc7 --images x.npy";
    let line = bench.run(command).refused(1);
    let expected = "seven.safetensors: expected images of shape [1, 28, 28] and 10 classes, as in a.safetensors, \
        found images of shape [1, 28, 28] and 7 classes";
    assert_eq!(line, expected);
    let line = transfer(&bench, "-o m.txt").refused(2);
    assert_eq!(line, "m.txt: expected an output that ends in .csv");
    let command = "transfer a.safetensors b.safetensors --arch fc10,fc10,fc10 --images x.npy";
    let line = bench.run(command).refused(2);
    assert_eq!(line, "--arch: expected one name, or one for each of 2 .safetensors files, found 3");
    assert_eq!(bench.run("transfer a.safetensors --images x.npy").code, 2);
    assert!(!bench.path("transfer.csv.unfinished").exists());
}
