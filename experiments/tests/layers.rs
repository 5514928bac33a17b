//! The layers of ARCHITECTURE.md, held: which crate may depend on which.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a method may use: nets and images come as arguments. An ONNX file and the test support are for its tests.
const METHOD: &[&str] = &["tensor", "lbfgsb", "core-net", "training", "statistics", "onnx", "test-support"];

/// Every crate, with the crates of the workspace that it may depend on.
const LAYERS: [(&str, &[&str]); 17] = [
    ("tensor", &[]),
    ("lbfgsb", &[]),
    ("durable", &[]),
    ("test-support", &["tensor"]),
    ("statistics", &["tensor"]),
    ("figures", &["tensor", "statistics"]),
    ("core-net", &["tensor", "test-support"]),
    ("onnx", &["tensor", "core-net", "test-support"]),
    ("training", &["tensor", "lbfgsb", "core-net", "test-support"]),
    ("datasets", &["tensor", "durable", "test-support"]),
    ("adversarial", METHOD),
    ("correspondence", METHOD),
    ("deconv", METHOD),
    ("occlusion", METHOD),
    ("unit-analysis", METHOD),
    (
        "lab",
        &["tensor", "core-net", "training", "datasets", "durable", "figures", "statistics", "test-support"],
    ),
    (
        "cli",
        &[
            "tensor",
            "core-net",
            "onnx",
            "datasets",
            "durable",
            "figures",
            "statistics",
            "adversarial",
            "deconv",
            "occlusion",
            "lab",
            "test-support",
        ],
    ),
];

/// The dependencies that a Cargo.toml names, those of tests and of builds included.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut section = "";
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
            names.extend(section.rsplit_once("dependencies.").map(|(_, name)| name));
        } else if section.ends_with("dependencies") {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.extend((!name.is_empty()).then_some(name));
        }
    }
    names
}

/// The text of every crate's Cargo.toml, by the crate's folder.
fn manifests() -> BTreeMap<String, String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let folders = fs::read_dir(crates).unwrap().map(|entry| entry.unwrap());
    let manifest = |entry: fs::DirEntry| {
        let text = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap();
        (entry.file_name().into_string().unwrap(), text)
    };
    folders.map(manifest).collect()
}

/// The arrows from `name` that its layer forbids.
fn forbidden<'a>(name: &str, manifest: &'a str) -> Vec<&'a str> {
    let layer = LAYERS.iter().find(|(known, _)| *known == name);
    let (_, allowed) = layer.unwrap_or_else(|| panic!("expected a layer for the crate {name}, found none"));
    let is_ours = |dependency: &&str| LAYERS.iter().any(|(known, _)| known == dependency);
    let ours = dependencies(manifest).into_iter().filter(is_ours);
    ours.filter(|dependency| !allowed.contains(dependency)).collect()
}

#[test]
fn every_crate_depends_on_lower_layers_only() {
    let manifests = manifests();
    assert_eq!(manifests.len(), LAYERS.len());
    for (name, manifest) in &manifests {
        assert_eq!(forbidden(name, manifest), Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn an_arrow_to_the_side_or_up_is_found_however_it_is_written() {
    let cases = [
        ("[dependencies]\nlab.workspace = true\n", "lab"),
        ("[dev-dependencies]\ndatasets = { path = \"../datasets\" }\n", "datasets"),
        ("[dependencies.lab]\nworkspace = true\n", "lab"),
        ("[target.'cfg(unix)'.dependencies]\nlab={path=\"../lab\"}\n", "lab"),
    ];
    for (manifest, arrow) in cases {
        assert_eq!(forbidden("adversarial", manifest), [arrow], "{manifest}");
    }
    assert!(forbidden("adversarial", "[dependencies]\ntensor.workspace = true\n").is_empty());
}

/// What stands behind `name = ` in a text.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
    line.unwrap_or_else(|| panic!("expected {name} = …, found none")).trim().trim_matches('"')
}

#[test]
fn everything_is_built_and_tested_by_the_oldest_rust_that_is_promised() {
    let [workspace, toolchain, cluster] = [
        include_str!("../../Cargo.toml"),
        include_str!("../../rust-toolchain.toml"),
        include_str!("../../cluster/Cargo.toml"),
    ];
    let promised = value(workspace, "rust-version");
    assert_eq!(value(toolchain, "channel"), format!("{promised}.0"));
    assert_eq!(value(cluster, "rust-version"), promised);
}
