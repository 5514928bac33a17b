//! What is wrong is said in one line that names the file, what was expected and what was found; the exit code is 2 for arguments and 1 for the rest.

mod workbench;

use tensor::{DType, tensor_of};
use workbench::Workbench;

/// Command, arguments after the net's, and what the line begins with.
const FAULTS: [(&str, &str, &str); 22] = [
    ("run", "nowhere.npy", "nowhere.npy: expected a file that can be read, found: No such file"),
    ("run", "nowhere.png", "nowhere.png: expected a file that can be read, found: No such file"),
    ("run", "bad.npy", "bad.npy: expected a .npy array of numbers, found"),
    ("run", "small.npy", "small.npy: expected an array of shape [n, 1, 28, 28], found [1, 1, 2, 3]"),
    ("run", "large.png", "large.png: expected 28 by 28 pixels, found 20 by 30; --resize 28 brings it there"),
    (
        "top",
        "photos --node relu1 -o s.png",
        "photos/1.png: expected 28 by 28 pixels, found 20 by 30; --resize",
    ),
    (
        "run",
        "empty",
        "empty: expected pictures (JPEG, PNG, WebP, BMP, TIFF or GIF), found none among 0 files",
    ),
    ("run", "x.npy --labels gone.csv", "gone.csv: expected a text file that can be read, found"),
    ("run", "x.npy -o gone/y.npy", "gone/y.npy: expected a file that can be written, found"),
    (
        "run",
        "x.npy --node rely1",
        "lenet.safetensors: expected a node, found none named rely1; near it: relu1, ",
    ),
    (
        "project",
        "x.npy --node relu1 --unit 6 -o p.npy",
        "lenet.safetensors: expected --unit below 6 at relu1, found 6",
    ),
    (
        "project",
        "x.npy --node relu1 --unit 5 --at 28,0 -o p.npy",
        "lenet.safetensors: expected --at below 28,28 at relu1, found 28,0",
    ),
    (
        "project",
        "x.npy --node relu3 --unit 5 --at 1,1 -o p.npy",
        "lenet.safetensors: expected no --at at relu3",
    ),
    (
        "top",
        "x.npy --node relu1 --units 3,6 -o s.png",
        "lenet.safetensors: expected --units below 6 at relu1, found 6",
    ),
    (
        "occlude",
        "x.npy --patch 32 -o m.npy",
        "lenet.safetensors: expected --patch within its input of 28 by 28 pixels, or --overhang, found 32 by 32",
    ),
    (
        "occlude",
        "x.npy --patch 8 --class 10 -o m.npy",
        "lenet.safetensors: expected --class below 10, found 10",
    ),
    (
        "occlude",
        "x.npy --patch 8 --map activity --unit 16 -o m.npy",
        "lenet.safetensors: expected --unit below 16 at pool2, found 16",
    ),
    (
        "occlude",
        "x.npy --patch 8 --map activity --node poll2 -o m.npy",
        "lenet.safetensors: expected a node, found none named poll2; near it: pool2, ",
    ),
    ("attack", "x.npy --targets 10", "--targets: expected a class below 10, found 10"),
    ("attack", "x.npy --targets t.csv", "t.csv: expected 2 rows, one for each image, found 1"),
    ("attack", "x.npy --targets labels.csv", "labels.csv: expected a class below 10, found \"99\" in line 3"),
    ("attack", "x.npy --targets gone.csv", "gone.csv: expected a CSV file with a column target, found"),
];

#[test]
fn the_world_s_faults_end_with_1() {
    let bench = Workbench::new();
    bench.images("x.npy", 2, DType::F32);
    bench.write_npy("small.npy", &tensor_of(vec![0.0f32; 6], &[1, 1, 2, 3]));
    bench.picture("photo.png", 3);
    image::RgbImage::new(30, 20).save(bench.path("large.png")).unwrap();
    bench.picture("photos/2.png", 3);
    image::RgbImage::new(30, 20).save(bench.path("photos/1.png")).unwrap();
    std::fs::write(bench.path("bad.npy"), b"not an array").unwrap();
    std::fs::write(bench.path("bad.onnx"), b"not a net").unwrap();
    std::fs::write(bench.path("t.csv"), "target\n1\n").unwrap();
    std::fs::write(bench.path("labels.csv"), "target\n1\n99\n").unwrap();
    std::fs::create_dir(bench.path("empty")).unwrap();
    for (command, rest, expected) in FAULTS {
        let line = bench.lenet(command, rest).refused(1);
        assert!(line.starts_with(expected), "{command} {rest}: {line}");
    }
    let line = bench.run("inspect bad.onnx").refused(1);
    assert!(line.starts_with("bad.onnx: "), "{line}");
    let line = bench.run("inspect gone.safetensors --arch lenet").refused(1);
    assert!(line.starts_with("gone.safetensors: "), "{line}");
    let line = bench.lenet("inspect", "--classes 7").refused(1);
    assert!(
        line.starts_with("lenet.safetensors: expected fc")
            && line.contains(", found ")
            && line.ends_with("; --classes 10 fits"),
        "{line}"
    );
}

#[test]
fn wrong_arguments_end_with_2() {
    let bench = Workbench::new();
    bench.images("x.npy", 2, DType::F32);
    let cases = [
        ("run", "x.npy -o y.png", "y.png: expected an output that ends in .npy"),
        ("project", "x.npy --node relu1 -o p.jpg", "p.jpg: expected an output that ends in .png or .npy"),
        ("top", "x.npy --node relu1 -o s.npy", "s.npy: expected an output that ends in .png"),
        ("occlude", "x.npy -o m.jpg", "m.jpg: expected an output that ends in .png or .npy or .csv or .json"),
        ("occlude", "x.npy --unit 1 -o m.npy", "--node, --unit: expected --map activity with them"),
        ("occlude", "x.npy --map argmax --class 1 -o m.npy", "--class: expected --map class with it"),
    ];
    for (command, rest, expected) in cases {
        assert_eq!(bench.lenet(command, rest).refused(2), expected);
    }
    let models = [
        ("lenet.safetensors", "lenet.safetensors: expected --arch NAME with a .safetensors file"),
        ("lenet.pth", "lenet.pth: expected a model that ends in .onnx or .safetensors"),
        ("lenet.safetensors --arch resnet", "--arch: expected lenet, "),
    ];
    for (model, expected) in models {
        let line = bench.run(&format!("inspect {model}")).refused(2);
        assert!(line.starts_with(expected), "{line}");
    }
    let by_clap = [
        ("run", ""),
        ("run", "x.npy --mean 1,2"),
        ("run", "x.npy --std 0"),
        ("run", "x.npy --scale 0"),
        ("run", "x.npy --crop 0"),
        ("run", "x.npy --threads 0"),
        ("project", "x.npy --node relu1 --at 1,1 -o p.npy"),
        ("project", "x.npy --node relu1 --unit 1 --at 1 -o p.npy"),
        ("project", "x.npy --node relu1 --rule wrong -o p.npy"),
        ("top", "x.npy --node relu1 --units 3-1 -o s.png"),
        ("top", "x.npy --node relu1 --k 0 -o s.png"),
        ("occlude", "x.npy --patch 0 -o m.npy"),
        ("occlude", "x.npy --fill white -o m.npy"),
        ("attack", "x.npy --seed one"),
    ];
    for (command, rest) in by_clap {
        let done = bench.lenet(command, rest);
        assert_eq!(done.code, 2, "{command} {rest}: {done:?}");
        assert!(done.stderr.starts_with("error: "), "{done:?}");
    }
    assert_eq!(bench.run("bogus").code, 2);
    assert_eq!(bench.files(), ["lenet.safetensors", "x.npy"]);
}

#[test]
fn a_map_of_images_that_cannot_be_drawn_is_refused_as_a_picture_before_any_work() {
    let bench = Workbench::new();
    let text = "input = [2, 4, 4]\n[[node]]\nname = \"flatten\"\nop = \"flatten\"\n\
        [[node]]\nname = \"fc\"\nop = \"linear\"\noutputs = 3\n";
    bench.describe("net", text);
    let line = bench.run("occlude net.safetensors --arch net.toml gone.npy -o m.png").refused(1);
    let expected = "m.png: expected an output that ends in .npy, .csv or .json for images of shape [2, 4, 4]";
    assert!(line.starts_with(expected), "{line}");
}
