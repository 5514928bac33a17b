//! Each command does what the crates do, on arrays and on photographs.

mod workbench;

use deconv::{Deconv, Method, Seed, Unit, strongest};
use occlusion::{Border, Engine, Fill, Occluder, SensitivityTarget, sensitivity_maps};
use std::path::Path;
use tensor::{DType, Unpool, gather, seeded, to_f64s, uniform};
use workbench::Workbench;

#[test]
fn inspect_lists_every_node_with_shape_parameters_and_receptive_field() {
    let bench = Workbench::new();
    let text = bench.lenet("inspect", "").well();
    let row = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("conv1"), "conv1 conv 5×5 /1×1 6×28×28 156 5×5 /1×1");
    assert_eq!(row("pool1"), "pool1 max pool 2×2 /2×2 6×14×14 6×6 /2×2");
    assert!(text.ends_with(&format!("\n{} nodes, 61706 parameters\n", bench.net.nodes().len())), "{text}");
}

#[test]
fn a_file_exported_from_pytorch_is_inspected_and_run() {
    let bench = Workbench::new();
    let fixture = "../onnx/tests/fixtures/nets/viewed_opset17.onnx";
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture);
    std::fs::copy(&fixture, bench.path("viewed.onnx")).unwrap();
    let net = onnx::read(&fixture).unwrap();
    let text = bench.run("inspect viewed.onnx").well();
    assert!(net.nodes().iter().all(|node| text.contains(&format!("\n{} ", node.name))), "{text}");
    let shape = [&[2], &net.nodes()[0].shape[..]].concat();
    let images = uniform(&mut seeded(3, "images"), &shape, 1.0, DType::F32);
    bench.write_npy("x.npy", &images);
    bench.run("run viewed.onnx x.npy -o y.npy").well();
    assert_eq!(to_f64s(&bench.read_npy("y.npy", DType::F32)), to_f64s(&net.output_of(&images)));
}

#[test]
fn a_description_in_toml_makes_a_net_of_a_weight_file() {
    let bench = Workbench::new();
    let node = |name: &str, rest: &str| format!("[[node]]\nname = \"{name}\"\n{rest}\n");
    let text = [
        "input = [1, 28, 28]\n".to_owned(),
        node("flatten", "op = \"flatten\""),
        node("fc1", "op = \"linear\"\noutputs = 4"),
        node("relu1", "op = \"relu\""),
        node("fc2", "op = \"linear\"\noutputs = 3"),
    ];
    bench.describe("net", &text.concat());
    let text = bench.run("inspect net.safetensors --arch net.toml").well();
    assert!(text.ends_with("\n5 nodes, 3155 parameters\n"), "{text}");
    let line = bench.run("inspect net.safetensors --arch gone.toml").refused(1);
    assert!(line.starts_with("gone.toml: "), "{line}");
}

#[test]
fn run_writes_the_net_s_output_in_the_type_of_the_images() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 11, DType::F32);
    let text = bench.lenet("run", "x.npy -o y.npy").well();
    let output = bench.net.output_of(&images);
    assert_eq!(to_f64s(&bench.read_npy("y.npy", DType::F32)), to_f64s(&output));
    assert_eq!(text.lines().count(), 11 * 6);
    let best = tensor::argmax(&output)[10];
    let last: Vec<&str> = text.lines().nth(61).unwrap().split_whitespace().collect();
    assert_eq!((text.lines().nth(60).unwrap(), last[2]), ("x.npy[10]", &*best.to_string()));

    let images = bench.images("x64.npy", 2, DType::F64);
    bench.lenet("run", "x64.npy --node pool2 -o y.npy").well();
    let net = bench.net.to_dtype(DType::F64);
    let pool2 = net.up_to(net.index_of("pool2").unwrap()).output_of(&images);
    assert_eq!(to_f64s(&bench.read_npy("y.npy", DType::F64)), to_f64s(&pool2));
    assert_eq!(bench.files(), ["lenet.safetensors", "x.npy", "x64.npy", "y.npy", "y.npy.manifest.json"]);
}

#[test]
fn the_largest_activation_is_printed_as_project_takes_it() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 2, DType::F32);
    let text = bench.lenet("run", "x.npy --node relu1").well();
    let node = bench.net.index_of("relu1").unwrap();
    let trace = bench.net.forward(&images);
    for (image, line) in text.lines().enumerate() {
        let each = (0..6).map(|channel| strongest(&trace, node, image, channel));
        let (unit, activation) = each.reduce(|a, b| if b.1 > a.1 { b } else { a }).unwrap();
        let [y, x] = unit.at;
        let place = format!("--unit {} --at {y},{x}", unit.channel);
        assert_eq!(line, format!("x.npy[{image}]: relu1 is largest, {activation:.6}, at {place}"));
    }
}

#[test]
fn photographs_are_preprocessed_as_the_options_say() {
    let bench = Workbench::new();
    bench.picture("photos/a/1.png", 3);
    bench.picture("photos/b/2.png", 20);
    bench.lenet("run", "photos photos/a/1.png -o y.npy --mean 0.5 --std 0.25").well();
    let pixels = |column: u32| {
        (0..28 * 28u32).map(move |i| {
            let byte = if (i % 28) / 3 == column / 3 { 250 - i / 28 } else { 10 };
            (byte as f32 * (1.0 / 255.0) - 0.5) / 0.25
        })
    };
    let x = [3, 20, 3].into_iter().flat_map(pixels).collect();
    let expected = bench.net.output_of(&tensor::tensor_of(x, &[3, 1, 28, 28]));
    assert_eq!(to_f64s(&bench.read_npy("y.npy", DType::F32)), to_f64s(&expected));
}

#[test]
fn classes_are_named_and_hits_counted_where_a_table_says_so() {
    let bench = Workbench::new();
    bench.picture("a.png", 3);
    let best = bench.lenet("run", "a.png").well();
    let best = best.lines().nth(1).unwrap().split_whitespace().nth(2).unwrap().to_owned();
    let table = format!("file,label,name\na.png,{best},the one\n");
    std::fs::write(bench.path("labels.csv"), table).unwrap();
    let text = bench.lenet("run", "a.png --labels labels.csv").well();
    assert!(text.lines().nth(1).unwrap().ends_with("  the one"), "{text}");
    assert!(text.ends_with("\n1 labeled images: 100.0 % top-1, 100.0 % top-5\n"), "{text}");
}

#[test]
fn broken_images_are_skipped_and_counted_on_request() {
    let bench = Workbench::new();
    bench.picture("photos/1.png", 3);
    std::fs::write(bench.path("photos/2.png"), b"no image").unwrap();
    let refused = bench.lenet("run", "photos").refused(1);
    assert!(
        refused.starts_with(
            "photos/2.png: expected a JPEG, PNG, WebP, BMP, TIFF or GIF image, found: another kind of file"
        ),
        "{refused}"
    );
    let done = bench.lenet("run", "photos --skip-broken");
    assert!(done.stderr.ends_with("\nphotos: skipped 1 broken images of 2\n"), "{done:?}");
    assert_eq!(done.well().lines().next(), Some("1.png"));
}

#[test]
fn project_is_the_projection_of_every_image_for_every_rule_and_unpooling() {
    let bench = Workbench::new();
    for (dtype, name) in [(DType::F32, "x32.npy"), (DType::F64, "x64.npy")] {
        let images = bench.images(name, 3, dtype);
        let net = bench.net.to_dtype(dtype);
        let (trace, node) = (net.forward(&images), net.index_of("relu2").unwrap());
        let rules =
            [("deconvnet", Method::Deconvnet), ("guided", Method::Guided), ("gradient", Method::Gradient)];
        let unpools = [("sum", Unpool::Sum), ("overwrite", Unpool::Overwrite)];
        for ((rule, method), (word, unpool)) in
            rules.into_iter().flat_map(|rule| unpools.map(|unpool| (rule, unpool)))
        {
            let rest =
                format!("{name} --node relu2 --unit 5 --at 2,3 --rule {rule} --unpool {word} -o p.npy");
            bench.lenet("project", &rest).well();
            let unit = Unit { channel: 5, at: [2, 3] };
            let expected = Deconv { method, unpool }.project(&net, &trace, node, Seed::Units(&[unit]));
            assert_eq!(to_f64s(&bench.read_npy("p.npy", dtype)), to_f64s(&expected), "{rest}");
        }
        bench.lenet("project", &format!("{name} --node relu2 -o p.npy")).well();
        let whole = Deconv::default().project(&net, &trace, node, Seed::Layer);
        assert_eq!(to_f64s(&bench.read_npy("p.npy", dtype)), to_f64s(&whole));
    }
}

#[test]
fn without_a_place_a_unit_is_taken_where_it_is_strongest_and_the_place_is_said() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 2, DType::F32);
    let text = bench.lenet("project", "x.npy --node relu2 --unit 5 -o p.npy").well();
    let (net, node) = (&bench.net, bench.net.index_of("relu2").unwrap());
    let found = bench.read_npy("p.npy", DType::F32);
    for (image, line) in text.lines().enumerate() {
        let trace = net.forward(&gather(&images, &[image]));
        let (unit, activation) = strongest(&trace, node, 0, 5);
        let [y, x] = unit.at;
        let unit_at = format!("relu2 --unit 5 --at {y},{x}");
        let factor = "times the activation (--seed activation)";
        assert_eq!(line, format!("x.npy[{image}]: {unit_at}, activation {activation:.6}, {factor}"));
        let expected = Deconv::default().project(net, &trace, node, Seed::Units(&[unit]));
        assert_eq!(to_f64s(&gather(&found, &[image])), to_f64s(&expected));
    }
}

#[test]
fn a_projection_can_be_a_picture_gray_where_nothing_arrived() {
    let bench = Workbench::new();
    bench.images("x.npy", 2, DType::F32);
    bench.lenet("project", "x.npy --node relu1 --unit 0 -o p.png").well();
    let picture = image::open(bench.path("p.png")).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (28 + 2 + 28, 28));
    assert_eq!(picture.get_pixel(0, 0).0, [128; 3]);
    let extreme = |pixel: &image::Rgb<u8>| pixel.0[0] == 0 || pixel.0[0] == 255;
    let count = |from: u32| (from..from + 28).flat_map(|x| (0..28).map(move |y| (x, y)));
    assert!([0, 30].into_iter().all(|from| count(from).any(|(x, y)| extreme(picture.get_pixel(x, y)))));
}

#[test]
fn top_ranks_images_and_draws_a_sheet() {
    let bench = Workbench::new();
    let images = bench.images("x.npy", 10, DType::F32);
    let text = bench.lenet("top", "x.npy --node relu2 --k 3 --units 4,1-2 -o sheet.png").well();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("unit,rank,image,activation,y,x"));
    let (trace, node) = (bench.net.forward(&images), bench.net.index_of("relu2").unwrap());
    for unit in [4, 1, 2] {
        let mut all: Vec<(usize, f64)> =
            (0..10).map(|image| (image, strongest(&trace, node, image, unit).1)).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (rank, (image, activation)) in (1..=3).zip(all) {
            let expected = format!("{unit},{rank},x.npy[{image}],{activation},");
            let line = lines.next().unwrap();
            assert!(line.starts_with(&expected), "{line} is not {expected}");
        }
    }
    let sheet = image::open(bench.path("sheet.png")).unwrap();
    assert!(sheet.width() > 2 * 2 * 112 && sheet.height() > 3 * 2 * 112);
}

#[test]
fn occlude_writes_the_maps_that_the_crate_makes_by_either_engine() {
    let bench = Workbench::new();
    for (dtype, name) in [(DType::F32, "x32.npy"), (DType::F64, "x64.npy")] {
        let images = bench.images(name, 2, dtype);
        let net = bench.net.to_dtype(dtype);
        let node = net.index_of("pool2").unwrap();
        let occluder =
            Occluder { size: [8, 6], stride: [4, 2], fill: Fill::Value(0.5), border: Border::Inside };
        let both = [0, 1].map(|image| {
            let image = gather(&images, &[image]);
            let target = SensitivityTarget { channel: 3, ..SensitivityTarget::strongest(&net, &image, node) };
            sensitivity_maps(&net, &image, &occluder, target, Engine::Full)
        });
        for engine in ["incremental", "full"] {
            for (map, more) in [("class", ""), ("activity", "--node pool2 --unit 3"), ("argmax", "")] {
                let rest = format!(
                    "{name} --map {map} {more} --patch 8,6 --stride 4,2 --fill 0.5 --engine {engine} -o m.npy"
                );
                bench.lenet("occlude", &rest).well();
                let found = bench.read_npy("m.npy", dtype);
                assert_eq!(found.dims(), [2, 6, 12], "{rest}");
                let expected = both.iter().flat_map(|maps| match map {
                    "class" => maps.probability.clone(),
                    "activity" => maps.activity.clone(),
                    _ => maps.class.mapv(|class| class as f64),
                });
                let close = |(a, b): (f64, &f64)| (a - b).abs() <= 1e-5 * (1.0 + b.abs());
                assert!(expected.zip(&to_f64s(&found)).all(close), "{rest}");
            }
        }
    }
}

#[test]
fn occlusion_maps_of_photographs_are_drawn_over_them_and_told_in_a_line() {
    let bench = Workbench::new();
    bench.picture("photos/1.png", 3);
    bench.picture("photos/2.png", 20);
    let names = "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
    std::fs::write(bench.path("names.txt"), names).unwrap();
    let rest = "photos --patch 8 --stride 4 --class 3 --labels names.txt --overhang -o map.png";
    let text = bench.lenet("occlude", rest).well();
    let lines: Vec<&str> = text.lines().collect();
    let expected = "occluder: 8 by 8 pixels every 4 by 4, 7 by 7 positions, its center on each, hanging over the border; \
                    fill: gray, 0.5000 in the net's input";
    assert_eq!(lines[0], expected);
    assert!(lines[1].starts_with("1.png: class 3 three, probability 0."), "{text}");
    assert!(lines[2].starts_with("2.png: class 3 three, probability 0."), "{text}");
    assert!(lines[2].contains(" with the top-left corner at row "), "{text}");
    let picture = image::open(bench.path("map.png")).unwrap().into_rgb8();
    assert!(picture.width() > 2 * 2 * 300 && picture.height() > 300, "{:?}", picture.dimensions());
    let colors: std::collections::BTreeSet<[u8; 3]> = picture.pixels().map(|pixel| pixel.0).collect();
    assert!(colors.len() > 20, "{} colors", colors.len());
    let text = bench
        .lenet("occlude", "photos/1.png --patch 8 --stride 8 --map argmax --fill blur -o map.png")
        .well();
    assert!(text.lines().nth(2).unwrap().ends_with(|c: char| c.is_ascii_digit()), "{text}");
    assert!(text.contains(" % of 16 positions: "), "{text}");
}

#[test]
fn the_output_is_the_same_for_any_number_of_threads() {
    let bench = Workbench::new();
    bench.images("x.npy", 5, DType::F32);
    let outputs = ["1", "2", "3"].map(|threads| {
        bench.lenet("run", &format!("x.npy -o y.npy --threads {threads}")).well();
        to_f64s(&bench.read_npy("y.npy", DType::F32))
    });
    assert!(outputs.iter().all(|output| *output == outputs[0]));
}

#[test]
fn every_command_shows_an_example() {
    let bench = Workbench::new();
    for command in ["inspect", "run", "project", "top", "occlude", "attack", "transfer", "norms", "report"] {
        let help = bench.run(&format!("{command} --help")).well();
        assert!(help.contains("Example") && help.contains(&format!("  glassbox {command} ")), "{help}");
    }
    assert!(bench.run("--help").well().contains("Example"));
}
