//! The committed example is what the program makes of the real net and images, where they are at hand.

mod site;

use site::files;
use std::path::Path;
use std::process::Command;

/// As the recipe `explorer-example` of the justfile.
const ARGUMENTS: &str = "--arch squeezenet1_1 --size 227 --scale 1 --bgr --mean 103.939,116.779,123.68 --crop 227 --limit 24 --units 9";

#[test]
#[ignore = "half a minute, with data: .ci/run runs it"]
fn the_example_is_made_anew_byte_by_byte() {
    let Some(data) = test_support::data(&["squeezenet", "imagenet-sample"]) else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let recipe = std::fs::read_to_string(root.join("justfile")).unwrap();
    assert!(recipe.contains(ARGUMENTS), "the justfile's recipe has other arguments than {ARGUMENTS}");
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_glassbox"))
        .arg("report")
        .args([data.join("squeezenet/squeezenet1_1.safetensors"), data.join("imagenet-sample/images.tar")])
        .args(ARGUMENTS.split(' '))
        .arg("--labels")
        .arg(data.join("imagenet-sample/labels.csv"))
        .arg("-o")
        .arg(folder.path().join("site"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let (committed, found) = (files(&root.join("results/explorer")), files(&folder.path().join("site")));
    let names = committed.keys().chain(found.keys());
    let differing: Vec<_> = names.filter(|name| committed.get(*name) != found.get(*name)).collect();
    assert!(differing.is_empty(), "{differing:?}");
    let size: usize = committed.values().map(Vec::len).sum();
    assert!(size < 4_000_000, "{size} bytes");
}
