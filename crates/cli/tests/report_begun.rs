//! Sites that were interrupted, that belong to something else, or that lack something.

mod site;
mod workbench;

use serde_json::json;
use site::{data, fields, files, list, times};
use std::fs;
use tensor::DType;
use workbench::{LENET, Workbench};

/// Starts a build and kills it once so many files are there; whether it was still at work.
fn killed(bench: &Workbench, count: usize) -> bool {
    let files = |folder: &str| fs::read_dir(bench.path(folder)).map_or(0, Iterator::count);
    let is_time = || files("site/data") + files("site/data/unfinished") >= count;
    bench.kill_when(is_time, &format!("report {LENET} x.npy -o site --units 5 --threads 1"))
        && !bench.path("site/index.html").exists()
}

#[test]
fn a_build_that_was_killed_ends_in_the_same_bytes_and_does_nothing_twice() {
    let bench = Workbench::new();
    bench.images("x.npy", 12, DType::F32);
    bench.lenet("report", "x.npy -o whole --units 5").well();
    let whole = files(&bench.path("whole"));
    fs::create_dir(bench.path("site")).unwrap();
    let mut kills = 0;
    for count in [2, 12, 24, 50, 85, 100, 115, 125] {
        let finished = times(&bench.path("site"));
        kills += usize::from(killed(&bench, count));
        let now = times(&bench.path("site"));
        let is_final = |name: &str| {
            let script = name.strip_prefix("data/").and_then(|name| name.strip_suffix(".js"));
            name.contains("/seen-") || script.is_some_and(|script| !script.starts_with("unit-"))
        };
        for (name, time) in finished.iter().filter(|(name, _)| is_final(name)) {
            assert!(now.get(name).is_none_or(|now| now == time), "{name}");
        }
    }
    assert!(kills >= 4, "{kills} of 8 builds were killed at work");
    bench.lenet("report", "x.npy -o site --units 5").well();
    let resumed = files(&bench.path("site"));
    assert_eq!(resumed.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    let differing: Vec<&String> = resumed.keys().filter(|name| resumed[*name] != whole[*name]).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn a_folder_of_something_else_is_refused_and_left_as_it_is() {
    let bench = Workbench::new();
    bench.images("x.npy", 3, DType::F32);
    bench.lenet("report", "x.npy -o site --units 2 --layers relu2").well();
    let before = files(&bench.path("site"));
    bench.write_net("other", &core_net::zoo::untrained("lenet", 10, [28, 28], 2));
    let by_other = "report other.safetensors --arch lenet x.npy -o site --units 2 --layers relu2";
    let expected = "site: expected an empty folder or a site of this model, these images and these settings, found one of another model";
    let lines = [
        bench.run(by_other).refused(1),
        bench.lenet("report", "x.npy -o site --units 3 --layers relu2").refused(1),
    ];
    let is_refused =
        |line: &String| line.starts_with(expected) && line.ends_with("name another folder with -o");
    assert!(lines.iter().all(is_refused), "{lines:?}");
    assert!(files(&bench.path("site")) == before);
    bench.picture("photos/1.png", 3);
    let line = bench.lenet("report", "x.npy -o photos").refused(1);
    assert!(line.contains("found other files; remove it"), "{line}");
    assert_eq!(files(&bench.path("photos")).len(), 1);
}

#[test]
fn a_net_that_is_no_classifier_has_units_but_no_answers() {
    let bench = Workbench::new();
    bench.images("x.npy", 4, DType::F32);
    let text = "input = [1, 28, 28]\n[[node]]\nname = \"conv\"\nop = \"conv\"\nfilters = 3\nkernel = 5\n[[node]]\nname = \"relu\"\nop = \"relu\"\n";
    bench.describe("maps", text);
    let done = bench.run("report maps.safetensors --arch maps.toml x.npy -o site");
    assert!(done.stderr.contains("The net tells no classes apart"), "{done:?}");
    assert_eq!(done.well(), "site/index.html: 1 layers, 3 units\n");
    let site = bench.path("site");
    let index = data(&site, "index.js", "index(");
    assert_eq!((&index["classes"], &index["images"][0]["read"]), (&json!([]), &json!(null)));
    let image = data(&site, "image-3.js", "image(3,");
    assert_eq!(fields(&image, ["top5", "occlusion", "twin"]), json!([[], null, null]));
    assert_eq!(list(&image["nearest"]).len(), 3);
    assert!(!site.join("data/twin-0.jpg").exists());
}

#[test]
fn broken_images_are_left_out_with_a_line_and_labels_are_told() {
    let bench = Workbench::new();
    for (name, column) in [("a", 3), ("b", 9), ("d", 20)] {
        bench.picture(&format!("photos/{name}.png"), column);
    }
    fs::write(bench.path("photos/c.png"), "no picture").unwrap();
    fs::write(bench.path("truth.csv"), "file,index\na.png,4\nd.png,7\n").unwrap();
    let rest = "photos -o site --units 2 --layers relu1,fc3 --truth truth.csv";
    let line = bench.lenet("report", rest).refused(1);
    assert!(line.starts_with("photos/c.png: expected a JPEG, PNG, WebP, BMP, TIFF or GIF image"), "{line}");
    fs::remove_dir_all(bench.path("site")).unwrap();
    let done = bench.lenet("report", &format!("{rest} --skip-broken"));
    let (skipped, unlabeled) = done.stderr.split_once('\n').unwrap();
    assert_eq!(skipped, "photos: skipped 1 broken images of 4");
    assert!(unlabeled.starts_with("remark: truth.csv: 1 of 3 images not found"), "{unlabeled}");
    done.well();
    let index = data(&bench.path("site"), "index.js", "index(");
    let found: Vec<_> = list(&index["images"]).iter().map(|image| fields(image, ["name", "class"])).collect();
    assert_eq!(json!(found), json!([["a.png", 4], ["b.png", null], ["d.png", 7]]));
    fs::write(bench.path("truth.csv"), "file,index\na.png,10\n").unwrap();
    let line = bench.lenet("report", "photos -o other --skip-broken --truth truth.csv").refused(1);
    assert_eq!(line, "--truth: expected a class below 10 for a.png, found 10");
    assert!(!bench.path("other").exists());
}

#[test]
fn layers_are_named_by_their_nodes_and_images_spread_by_the_limit() {
    let bench = Workbench::new();
    bench.images("x.npy", 10, DType::F64);
    bench.lenet("report", "x.npy -o site --limit 3 --layers pool2,relu4 --units 2").well();
    let index = data(&bench.path("site"), "index.js", "index(");
    let names = |what: &str| list(&index[what]).iter().map(|each| each["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names("layers"), ["pool2", "relu4"]);
    assert_eq!(names("images"), ["x.npy[0]", "x.npy[3]", "x.npy[6]"]);
    let line = bench.lenet("report", "x.npy -o other --layers input").refused(2);
    assert!(line.starts_with("--layers: expected nodes of maps"), "{line}");
    let line = bench.lenet("report", "x.npy -o other --layers relu9").refused(1);
    assert!(line.contains("expected a node, found none named relu9; near it: relu"), "{line}");
}
