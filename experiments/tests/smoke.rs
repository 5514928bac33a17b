//! Every experiment at smoke size in a temporary folder, its table read back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// An experiment: paper, artefact, binary, and the pictures that it leaves.
type Experiment = (&'static str, &'static str, &'static str, &'static [&'static str]);

const DIGITS: &[&str] = &["a.png", "b.png", "c.png"];
const LAYERS: &[&str] = &["conv1.png", "fire2.png", "fire4.png", "fire6.png", "fire9.png"];
const EPOCHS: &[&str] = &["convergence.png", "evolution.png"];
const FIRST_LAYERS: &[&str] = &["layer1-common-scale.png", "layer1.png", "layer2.png"];
const NETS: &[&str] = &["squeezenet1_0.png", "squeezenet1_1.png"];
const NETS_AND_IMAGES: &[&str] =
    &["squeezenet1_0-images.png", "squeezenet1_0.png", "squeezenet1_1-images.png", "squeezenet1_1.png"];
const NETS_AND_UNTRAINED: &[&str] = &["squeezenet1_0.png", "squeezenet1_1.png", "untrained.png"];
const DIGITS_OF_UNITS: &[&str] = &[
    "AE400-10-code.png",
    "FC100-100-10-hidden_1.png",
    "FC100-100-10-hidden_2.png",
    "FC100-100-10-pixels.png",
    "LeNet-fc1.png",
    "LeNet-pool2-each_place.png",
];
const PHOTOGRAPHS_OF_UNITS: &[&str] = &[
    "SqueezeNet_v1_0-conv10.png",
    "SqueezeNet_v1_0-fire5.png",
    "SqueezeNet_v1_0-fire9-each_place.png",
    "SqueezeNet_v1_0-fire9.png",
    "SqueezeNet_v1_1-conv10.png",
    "SqueezeNet_v1_1-fire5.png",
    "SqueezeNet_v1_1-fire9-each_place.png",
    "SqueezeNet_v1_1-fire9.png",
    "untrained_SqueezeNet_v1_0-fire9-each_place.png",
    "untrained_SqueezeNet_v1_0-fire9.png",
    "untrained_SqueezeNet_v1_0-pixels.png",
];
const EXPERIMENTS: [Experiment; 25] = [
    ("szegedy", "table1", env!("CARGO_BIN_EXE_szegedy-table1"), &[]),
    ("szegedy", "table2", env!("CARGO_BIN_EXE_szegedy-table2"), &[]),
    ("szegedy", "table3", env!("CARGO_BIN_EXE_szegedy-table3"), &[]),
    ("szegedy", "table4", env!("CARGO_BIN_EXE_szegedy-table4"), &[]),
    ("szegedy", "table5", env!("CARGO_BIN_EXE_szegedy-table5"), &["norms.png"]),
    ("szegedy", "fig1", env!("CARGO_BIN_EXE_szegedy-fig1"), DIGITS_OF_UNITS),
    ("szegedy", "fig3", env!("CARGO_BIN_EXE_szegedy-fig3"), PHOTOGRAPHS_OF_UNITS),
    ("szegedy", "fig5", env!("CARGO_BIN_EXE_szegedy-fig5"), NETS),
    ("szegedy", "fig6", env!("CARGO_BIN_EXE_szegedy-fig6"), &["adversarial.png", "filters.png"]),
    ("szegedy", "fig7", env!("CARGO_BIN_EXE_szegedy-fig7"), DIGITS),
    ("szegedy", "fig7-lenet", env!("CARGO_BIN_EXE_szegedy-fig7-lenet"), DIGITS),
    ("szegedy", "adversarial-training", env!("CARGO_BIN_EXE_szegedy-adversarial-training"), &[]),
    ("zeiler_fergus", "fig2", env!("CARGO_BIN_EXE_zeiler-fergus-fig2"), LAYERS),
    ("zeiler_fergus", "table1", env!("CARGO_BIN_EXE_zeiler-fergus-table1"), NETS_AND_UNTRAINED),
    ("zeiler_fergus", "table2", env!("CARGO_BIN_EXE_zeiler-fergus-table2"), &["learning-1.png"]),
    (
        "zeiler_fergus",
        "table3",
        env!("CARGO_BIN_EXE_zeiler-fergus-table3"),
        &["learning-1.png", "learning-2.png"],
    ),
    ("zeiler_fergus", "fig4", env!("CARGO_BIN_EXE_zeiler-fergus-fig4"), EPOCHS),
    ("zeiler_fergus", "fig5", env!("CARGO_BIN_EXE_zeiler-fergus-fig5"), NETS_AND_IMAGES),
    ("zeiler_fergus", "fig6", env!("CARGO_BIN_EXE_zeiler-fergus-fig6"), FIRST_LAYERS),
    ("zeiler_fergus", "fig7", env!("CARGO_BIN_EXE_zeiler-fergus-fig7"), NETS),
    ("zeiler_fergus", "table4", env!("CARGO_BIN_EXE_zeiler-fergus-table4"), &[]),
    ("zeiler_fergus", "table5", env!("CARGO_BIN_EXE_zeiler-fergus-table5"), &[]),
    ("zeiler_fergus", "table6", env!("CARGO_BIN_EXE_zeiler-fergus-table6"), &[]),
    ("zeiler_fergus", "table7", env!("CARGO_BIN_EXE_zeiler-fergus-table7"), &[]),
    ("zeiler_fergus", "fig9", env!("CARGO_BIN_EXE_zeiler-fergus-fig9"), &["accuracy.png"]),
];
const PAPERS: [(&str, &str); 2] = [
    ("szegedy", include_str!("../../crates/lab/paper/szegedy2013.csv")),
    ("zeiler_fergus", include_str!("../../crates/lab/paper/zeiler_fergus2013.csv")),
];

/// The real data, where it is at hand.
static DATA: LazyLock<Option<PathBuf>> = LazyLock::new(|| test_support::data(&["mnist"]));

/// Runs the binary; where no real data is at hand, or none is wanted, it draws its images, without asking the network.
fn run(binary: &str, folder: &Path, real: bool) {
    let mut command = Command::new(binary);
    command.current_dir(folder).args(["--smoke", "--threads", "2"]);
    command.env("GLASSBOX_OFFLINE", "1").env_remove("GLASSBOX_DATA");
    if let (true, Some(data)) = (real, &*DATA) {
        command.env("GLASSBOX_DATA", data);
    }
    let output = command.output().expect("the binary starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The one table that was written below the folder, and the folder that it is in.
fn table(folder: &Path, paper: &str, artefact: &str) -> (String, PathBuf) {
    let smoke = folder.join("results/smoke");
    let places = ["", "generated"].map(|place| smoke.join(place).join(paper).join(artefact));
    let place = places.into_iter().find(|place| place.is_dir()).expect("a folder of results");
    (fs::read_to_string(place.join("table.csv")).expect("a table"), place)
}

/// The rows and columns of a table.
fn cells(csv: &str) -> BTreeSet<(String, String)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let [row, column] =
        ["row", "column"].map(|name| header.iter().position(|h| h == name).expect("the column"));
    reader.records().map(|r| r.expect("a record")).map(|r| (r[row].into(), r[column].into())).collect()
}

/// Whether n stands beside every value.
fn says_how_many(csv: &str) -> bool {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let [value, n] = ["value", "n"].map(|name| header.iter().position(|h| h == name).expect("the column"));
    reader
        .records()
        .map(|r| r.expect("a record"))
        .all(|r| r[value].is_empty() || r[n].parse::<usize>().is_ok())
}

/// The paper's cells of an artefact.
fn of_the_paper(paper: &str, artefact: &str) -> BTreeSet<(String, String)> {
    let (_, numbers) = PAPERS.iter().find(|(name, _)| *name == paper).expect("the paper");
    let mut reader = csv::Reader::from_reader(numbers.as_bytes());
    let records = reader.records().map(|r| r.expect("a record")).filter(|r| &r[0] == artefact);
    records.map(|r| (r[1].into(), r[2].into())).collect()
}

/// Runs every experiment of a paper: each measures every cell of the paper's table, and writes a manifest and its pictures.
fn check_experiments_of(paper: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let of_paper = EXPERIMENTS.into_iter().filter(|experiment| experiment.0 == paper);
    for (_, artefact, binary, pictures) in of_paper {
        run(binary, folder.path(), true);
        let (csv, place) = table(folder.path(), paper, artefact);
        let (ours, papers) = (cells(&csv), of_the_paper(paper, artefact));
        assert!(!ours.is_empty() && papers.is_subset(&ours), "{artefact}: {:?}", papers.difference(&ours));
        assert!(says_how_many(&csv), "{artefact}: expected n beside every value, found {csv}");
        let manifest = fs::read_to_string(place.join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        assert!(manifest["files"]["table.csv"].is_string() && manifest["seeds"][0].is_u64(), "{manifest}");
        let files = fs::read_dir(&place).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut drawn: Vec<String> = files.filter_map(|name| name.into_string().ok()).collect();
        drawn.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "png"));
        drawn.sort();
        assert_eq!(drawn, pictures, "{artefact}");
    }
}

#[test]
fn every_experiment_of_szegedy_measures_every_cell_of_the_papers_table_and_signs_it() {
    check_experiments_of("szegedy");
}

#[test]
fn every_experiment_of_zeiler_and_fergus_measures_every_cell_of_the_papers_table_and_signs_it() {
    check_experiments_of("zeiler_fergus");
}

#[test]
fn every_experiment_of_the_manifest_is_listed_above() {
    let paths = include_str!("../Cargo.toml").lines().filter_map(|line| line.strip_prefix("path = \""));
    let names = paths.filter_map(|path| path.strip_suffix(".rs\"")).filter(|path| path.contains('/'));
    let listed = EXPERIMENTS.map(|(paper, artefact, ..)| format!("{paper}/{artefact}"));
    assert_eq!(names.map(str::to_owned).collect::<BTreeSet<_>>(), BTreeSet::from(listed));
}

/// Runs an experiment without data: what it made is kept apart, named as drawn, and its nets as untrained.
fn without_data(paper: &str, artefact: &str, data: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let found = EXPERIMENTS.iter().find(|experiment| (experiment.0, experiment.1) == (paper, artefact));
    let (_, _, binary, _) = found.expect("an experiment");
    run(binary, folder.path(), false);
    let (_, place) = table(folder.path(), paper, artefact);
    assert!(place.starts_with(folder.path().join("results/smoke/generated")), "{}", place.display());
    let manifest = fs::read_to_string(place.join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["data"]["name"], data);
    let weights = manifest["remarks"].as_object().and_then(|remarks| {
        remarks.iter().find(|(name, _)| name.starts_with("squeezenet1_")).map(|(_, provenance)| provenance)
    });
    assert!(weights.and_then(|w| w.as_str()).is_some_and(|w| w.starts_with("untrained")), "{manifest}");
}

#[test]
fn without_photographs_figures_are_made_of_drawn_scenes_and_say_so() {
    for (paper, artefact) in
        [("szegedy", "fig3"), ("szegedy", "fig5"), ("zeiler_fergus", "fig2"), ("zeiler_fergus", "fig5")]
    {
        without_data(paper, artefact, "generated scenes (seed 1)");
    }
}

#[test]
fn without_dogs_table_1_is_made_of_drawn_faces_and_says_so() {
    without_data("zeiler_fergus", "table1", "generated faces (seed 1)");
}

#[test]
fn without_caltech_and_voc_tables_of_transfer_are_made_of_drawn_scenes_and_say_so() {
    for artefact in ["table4", "table5", "table7", "fig9"] {
        without_data("zeiler_fergus", artefact, "generated scenes in class folders (seed 1)");
    }
    without_data("zeiler_fergus", "table6", "generated objects (seed 1)");
}

/// Files that say when and where a run was, or how long it took.
const TIMES: [&str; 3] = ["manifest.json", "table.md", "learning.csv"];

/// The names and bytes of all other files in a folder of results.
fn results_in(place: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(place).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = files.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path));
    let results = named.filter(|(name, _)| !TIMES.contains(&name.as_str()));
    results.map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
}

#[test]
fn a_second_run_reads_the_nets_of_the_first_and_ends_in_the_same_table_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let (paper, artefact, binary, _) = EXPERIMENTS[0];
    let [first, second] = [(); 2].map(|()| {
        run(binary, folder.path(), true);
        results_in(&table(folder.path(), paper, artefact).1)
    });
    assert_eq!(first, second);
}
