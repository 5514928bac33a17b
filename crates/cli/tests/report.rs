//! The explorer's data: what the other commands say, in the files that the page asks for.

mod site;
mod workbench;

use occlusion::{Border, Engine, Fill, Occluder, SensitivityTarget, sensitivity_maps};
use serde_json::json;
use site::{bytes, data, fields, files, is_close, list, number, numbers, times};
use std::fs;
use tensor::{DType, Tensor, gather, to_f64s};
use workbench::Workbench;

const IMAGES: usize = 11;
const LAYERS: [(&str, usize, [usize; 2]); 5] = [
    ("relu1", 6, [28, 28]),
    ("relu2", 7, [10, 10]),
    ("relu3", 7, [1, 1]),
    ("relu4", 7, [1, 1]),
    ("fc3", 7, [1, 1]),
];

/// A site of random images in `site`.
fn built() -> (Workbench, Tensor) {
    let bench = Workbench::new();
    let images = bench.images("x.npy", IMAGES, DType::F32);
    fs::write(bench.path("names.csv"), "file,label,name\na,0,zero\nb,1,one\nc,2,two\n").unwrap();
    let said = bench.lenet("report", "x.npy -o site --units 7 --labels names.csv").well();
    assert_eq!(said, "site/index.html: 5 layers, 34 units\n");
    (bench, images)
}

fn probabilities(bench: &Workbench, image: &Tensor) -> Vec<f64> {
    to_f64s(&bench.net.probabilities(&bench.net.output_of(image)))
}

#[test]
fn the_site_has_every_file_and_nothing_else() {
    let (bench, _) = built();
    let mut expected = vec!["data/build.json".to_owned(), "data/index.js".into()];
    for (layer, (_, units, _)) in LAYERS.iter().enumerate() {
        expected.extend(["js", "jpg"].map(|ending| format!("data/layer-{layer}.{ending}")));
        let units = (0..*units)
            .flat_map(|unit| ["js", "jpg"].map(|ending| format!("data/unit-{layer}-{unit}.{ending}")));
        expected.extend(units);
    }
    for image in 0..IMAGES {
        expected.extend(["image", "twin", "change"].map(|what| format!("data/{what}-{image}.jpg")));
        expected.push(format!("data/image-{image}.js"));
    }
    let found = files(&bench.path("site"));
    let (page, data): (Vec<&String>, Vec<&String>) =
        found.keys().partition(|name| !name.starts_with("data/"));
    expected.sort();
    assert_eq!(data, expected.iter().collect::<Vec<_>>());
    assert!(page.iter().any(|name| *name == "index.html"));
    assert!(page.iter().any(|name| name.starts_with("app/")));
}

#[test]
fn the_index_tells_the_net_its_layers_and_what_it_reads() {
    let (bench, images) = built();
    let site = bench.path("site");
    let index = data(&site, "index.js", "index(");
    let found = fields(&index, ["format", "title", "side", "images_name"]);
    assert_eq!(found, json!([1, "lenet", [28, 28], "x.npy"]));
    let unnamed = (3..10).map(|class| format!("class {class}"));
    let classes: Vec<String> = ["zero", "one", "two"].map(String::from).into_iter().chain(unnamed).collect();
    assert_eq!(index["classes"], json!(classes));
    for (node, found) in bench.net.nodes().iter().zip(list(&index["nodes"])) {
        let (kind, layer) = (node.op.kind(), &found["layer"]);
        let expected = json!({"name": node.name, "kind": kind, "inputs": node.inputs, "shape": node.shape, "layer": layer});
        assert_eq!(*found, expected);
    }
    for ((name, units, maps), found) in LAYERS.iter().zip(list(&index["layers"])) {
        let node = bench.net.index_of(name).unwrap();
        let sees = bench.net.receptive_field(node).size.map(|side| side.min(28));
        let found = fields(found, ["name", "node", "units", "maps", "sees", "columns"]);
        assert_eq!(found, json!([name, node, units, maps, sees, units]));
    }
    for (number, found) in list(&index["images"]).iter().enumerate() {
        let p = probabilities(&bench, &gather(&images, &[number]));
        let read = bench.net.predict(&gather(&images, &[number]))[0];
        let expected = json!([format!("x.npy[{number}]"), null, read]);
        assert_eq!(fields(found, ["name", "class", "read"]), expected);
        assert!(is_close(site::number(&found["p"]), p[read]));
    }
}

#[test]
fn units_have_the_strongest_images_of_the_command_top() {
    let (bench, images) = built();
    let site = bench.path("site");
    for (layer, (name, units, maps)) in LAYERS.iter().enumerate() {
        let rest = format!("x.npy --node {name} --units 0-{} --k 9 -o sheet.png", units - 1);
        let top = bench.lenet("top", &rest).well();
        let mut lines = top.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let said = data(&site, &format!("layer-{layer}.js"), &format!("layer({layer},"));
        assert_eq!(list(&said["units"]).len(), *units);
        for unit in 0..*units {
            let found = data(&site, &format!("unit-{layer}-{unit}.js"), &format!("unit({layer},{unit},"));
            let strongest = list(&found["top"]);
            for (rank, line) in lines.by_ref().take(9).enumerate() {
                let activation: f64 = line[3].parse().unwrap();
                if activation <= 0.0 {
                    assert!(rank >= strongest.len(), "{name} {unit}: {activation} at rank {rank}");
                    continue;
                }
                let found = &strongest[rank];
                assert_eq!(format!("x.npy[{}]", found["image"]), line[2]);
                assert_eq!(found["at"], json!([4, 5].map(|column| line[column].parse::<usize>().unwrap())));
                let is_same = is_close(number(&found["activation"]), activation);
                assert!(is_same, "{name} {unit}: {found} is not {line:?}");
            }
            assert_eq!(numbers(&found["histogram"]["counts"]).iter().sum::<f64>(), IMAGES as f64);
            let sizes = (bytes(&found["strength"]).len(), bytes(&found["place"]).len());
            assert_eq!(sizes, (IMAGES, 2 * IMAGES));
            assert_eq!(found["map"], json!(maps));
            assert!(list(&found["maps"]).iter().all(|map| bytes(map).len() == maps[0] * maps[1]));
            let firing = bytes(&found["strength"]).iter().filter(|&&strength| strength > 0).count() as f64;
            assert!(firing <= number(&said["units"][unit]["images"]));
        }
        let sprite = image::open(site.join(format!("data/layer-{layer}.jpg"))).unwrap();
        assert_eq!((sprite.width(), sprite.height()), (*units as u32 * 32, 32));
    }
    let sheet = image::open(site.join("data/unit-1-3.jpg")).unwrap();
    assert_eq!((sheet.width(), sheet.height()), (9 * 56, 3 * 56));
    let relu1 =
        bench.net.forward(&gather(&images, &[4])).activation(bench.net.index_of("relu1").unwrap()).clone();
    check_map(&data(&site, "unit-0-0.js", "unit(0,0,"), 4, &to_f64s(&relu1)[..28 * 28]);
}

/// The map of an image among the strongest, or else its strength alone.
fn check_map(unit: &serde_json::Value, image: usize, map: &[f64]) {
    let largest = map.iter().copied().fold(0.0, f64::max);
    let place = map.iter().position(|&value| value == largest).unwrap();
    let found = bytes(&unit["place"]);
    assert_eq!(usize::from(found[2 * image]) + 256 * usize::from(found[2 * image + 1]), place);
    if let Some(rank) = list(&unit["top"]).iter().position(|top| top["image"] == image) {
        let expected: Vec<u8> = map.iter().map(|value| (255.0 * value / largest).round() as u8).collect();
        assert_eq!(bytes(&unit["maps"][rank]), expected);
    }
}

#[test]
fn images_have_the_classes_and_the_occlusion_maps_of_the_crates() {
    let (bench, images) = built();
    let occluder =
        Occluder { size: [6; 2], stride: [3; 2], fill: Fill::Value(0.5), border: Border::Covering };
    for number in 0..IMAGES {
        let image = gather(&images, &[number]);
        let found = data(&bench.path("site"), &format!("image-{number}.js"), &format!("image({number},"));
        let p = probabilities(&bench, &image);
        for class in list(&found["top5"]) {
            assert!(is_close(site::number(&class["p"]), p[class["class"].as_u64().unwrap() as usize]));
        }
        assert_eq!(list(&found["top5"]).len(), 5);
        let class = bench.net.predict(&image)[0];
        let target = SensitivityTarget { class, node: bench.net.output(), channel: 0 };
        let maps = sensitivity_maps(&bench.net, &image, &occluder, target, Engine::Full);
        let map = &found["occlusion"];
        let found_map = fields(map, ["class", "size", "first", "step", "patch"]);
        assert_eq!(found_map, json!([class, [9, 9], [2.5, 2.5], [3, 3], 6]));
        let near = |(found, p): (u8, &f64)| (f64::from(found) - 255.0 * p).abs() <= 0.51;
        assert!(bytes(&map["p"]).into_iter().zip(&maps.probability).all(near));
        assert_eq!((bytes(&map["p"]).len(), &map["scale"]), (81, &json!("probability")));
        let [low, high] = [0, 1].map(|end| site::number(&map["range"][end]));
        let importance = |p: &f64| 255.0 * (high - p) / (high - low);
        let near = |(found, p): (u8, &f64)| (f64::from(found) - importance(p)).abs() <= 2.0;
        assert!(bytes(&map["importance"]).into_iter().zip(&maps.probability).all(near));
        assert_eq!(map["read"], json!(maps.class.iter().collect::<Vec<_>>()));
        assert_eq!(list(&found["nearest"]).len(), 8);
        let firing = list(&found["units"]);
        assert!(!firing.is_empty() && firing.iter().all(|unit| site::number(&unit["part"]) <= 1.0));
    }
}

#[test]
fn twins_are_read_as_the_runner_up_at_the_end_of_their_way() {
    let (bench, images) = built();
    for number in 0..IMAGES {
        let found = data(&bench.path("site"), &format!("image-{number}.js"), &format!("image({number},"));
        let twin = &found["twin"];
        assert_eq!(twin["target"], found["top5"][1]["class"]);
        let steps = list(&twin["steps"]);
        assert_eq!((steps.len(), &steps[0][0]), (11, &found["top5"][0]));
        assert_eq!(steps[10][0]["class"], twin["target"]);
        assert!(steps.iter().all(|step| list(step).len() == 3));
        let distortion = site::number(&twin["distortion"]);
        assert!(distortion > 0.0 && distortion < 0.3, "{distortion}");
        let read = twin["bytes"].as_u64().unwrap() as usize;
        assert!(read < 10);
        let [twin, image] = ["twin", "image"].map(|what| {
            let path = bench.path(&format!("site/data/{what}-{number}.jpg"));
            image::open(path).unwrap().into_luma8().into_raw()
        });
        assert_eq!(twin.len(), 28 * 28);
        let pixels = to_f64s(&gather(&images, &[number]));
        let off = |bytes: &[u8]| {
            let each = bytes.iter().zip(&pixels);
            each.map(|(byte, pixel)| (f64::from(*byte) / 255.0 - pixel).abs()).sum::<f64>() / 784.0
        };
        assert!(off(&image) < 0.15 && off(&twin) < 0.2, "{} {}", off(&image), off(&twin));
    }
}

#[test]
fn the_bytes_are_the_same_for_any_number_of_threads_and_a_whole_site_is_left_alone() {
    let (bench, _) = built();
    let site = bench.path("site");
    let before = (files(&site), times(&site));
    bench.lenet("report", "x.npy -o one --units 7 --labels names.csv --threads 1").well();
    assert!(files(&bench.path("one")) == before.0);
    let said = bench.lenet("report", "x.npy -o site --units 7 --labels names.csv").well();
    assert_eq!(said, "site/index.html: 5 layers, 34 units\n");
    assert_eq!(times(&site), before.1);
}
