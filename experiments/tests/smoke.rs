//! Every experiment at smoke size in a temporary folder, its table read back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const DIGITS: &[&str] = &["a.png", "b.png", "c.png"];
const NETS: &[&str] = &["squeezenet1_0.png", "squeezenet1_1.png"];
const NETS_AND_IMAGES: &[&str] =
    &["squeezenet1_0-images.png", "squeezenet1_0.png", "squeezenet1_1-images.png", "squeezenet1_1.png"];
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
/// The pictures of each experiment that draws some.
const PICTURES: [(&str, &[&str]); 16] = [
    ("szegedy/table5", &["norms.png"]),
    ("szegedy/fig1", DIGITS_OF_UNITS),
    ("szegedy/fig3", PHOTOGRAPHS_OF_UNITS),
    ("szegedy/fig5", NETS),
    ("szegedy/fig6", &["adversarial.png", "filters.png"]),
    ("szegedy/fig7", DIGITS),
    ("szegedy/fig7-lenet", DIGITS),
    ("zeiler_fergus/fig2", &["conv1.png", "fire2.png", "fire4.png", "fire6.png", "fire9.png"]),
    ("zeiler_fergus/table1", &["squeezenet1_0.png", "squeezenet1_1.png", "untrained.png"]),
    ("zeiler_fergus/table2", &["learning-1.png"]),
    ("zeiler_fergus/table3", &["learning-1.png", "learning-2.png"]),
    ("zeiler_fergus/fig4", &["convergence.png", "evolution.png"]),
    ("zeiler_fergus/fig5", NETS_AND_IMAGES),
    ("zeiler_fergus/fig6", &["layer1-common-scale.png", "layer1.png", "layer2.png"]),
    ("zeiler_fergus/fig7", NETS),
    ("zeiler_fergus/fig9", &["accuracy.png"]),
];
const PAPERS: [(&str, &str); 2] = [
    ("szegedy", include_str!("../../crates/lab/paper/szegedy2013.csv")),
    ("zeiler_fergus", include_str!("../../crates/lab/paper/zeiler_fergus2013.csv")),
];

/// The real data, where it is at hand.
static DATA: LazyLock<Option<PathBuf>> = LazyLock::new(|| test_support::data(&["mnist"]));

/// The experiments of the manifest, as `szegedy/table1`.
fn experiments() -> impl Iterator<Item = &'static str> {
    let paths = include_str!("../Cargo.toml").lines().filter_map(|line| line.strip_prefix("path = \""));
    paths.filter_map(|path| path.strip_suffix(".rs\"")).filter(|path| path.contains('/'))
}

/// Runs the experiment; where no real data is at hand, or none is wanted, it draws its images, without asking the network.
fn run(experiment: &str, folder: &Path, real: bool) {
    let name = experiment.replace(['/', '_'], "-") + std::env::consts::EXE_SUFFIX;
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_reproduce")).with_file_name(name));
    command.current_dir(folder).args(["--smoke", "--threads", "2"]);
    command.env("GLASSBOX_OFFLINE", "1").env_remove("GLASSBOX_DATA");
    if let (true, Some(data)) = (real, &*DATA) {
        command.env("GLASSBOX_DATA", data);
    }
    let output = command.output().expect("the binary starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The table of an experiment, and its folder below the one in which the experiment ran.
fn table(folder: &Path, experiment: &str) -> (Vec<BTreeMap<String, String>>, PathBuf) {
    let smoke = folder.join("results/smoke");
    let folders = ["", "generated"].map(|data| smoke.join(data).join(experiment));
    let folder = folders.into_iter().find(|folder| folder.is_dir()).expect("a folder of results");
    let mut reader = csv::Reader::from_path(folder.join("table.csv")).expect("a table");
    (reader.deserialize().collect::<Result<_, _>>().expect("records"), folder)
}

/// The manifest in a folder of results.
fn manifest(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    serde_json::from_str(&text).expect("JSON")
}

/// The paper's cells of an artefact: rows and columns.
fn of_the_paper(paper: &str, artefact: &str) -> BTreeSet<(String, String)> {
    let (_, numbers) = PAPERS.iter().find(|(name, _)| *name == paper).expect("the paper");
    let mut reader = csv::Reader::from_reader(numbers.as_bytes());
    let records = reader.records().map(|r| r.expect("a record")).filter(|r| &r[0] == artefact);
    records.map(|r| (r[1].into(), r[2].into())).collect()
}

/// Runs every experiment of a paper: each measures every cell of the paper's table, and writes a manifest and its pictures.
fn check_experiments_of(paper: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let experiments: Vec<&str> = experiments().filter(|name| name.starts_with(paper)).collect();
    assert!(experiments.len() > 10, "{experiments:?}");
    for experiment in experiments {
        run(experiment, folder.path(), true);
        let (records, folder) = table(folder.path(), experiment);
        let ours = records.iter().map(|r| (r["row"].clone(), r["column"].clone())).collect();
        let papers = of_the_paper(paper, experiment.rsplit('/').next().expect("an artefact"));
        let missing = papers.difference(&ours);
        assert!(!ours.is_empty() && papers.is_subset(&ours), "{experiment}: {missing:?}");
        let has_n = |r: &BTreeMap<_, String>| r["value"].is_empty() || r["n"].parse::<usize>().is_ok();
        let without = records.iter().find(|record| !has_n(record));
        assert!(without.is_none(), "{experiment}: expected n beside every value, found {without:?}");
        let manifest = manifest(&folder);
        assert!(manifest["files"]["table.csv"].is_string() && manifest["seeds"][0].is_u64(), "{manifest}");
        let pictures = results_in(&folder)
            .into_keys()
            .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "png"));
        let expected = PICTURES.iter().find(|(name, _)| *name == experiment);
        let expected = expected.map_or(&[][..], |(_, pictures)| pictures);
        assert_eq!(pictures.collect::<Vec<_>>(), expected, "{experiment}");
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

/// Runs an experiment without data: its results are in a folder of their own, name the data as generated and the nets as untrained.
fn check_without_data(experiment: &str, data: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    run(experiment, folder.path(), false);
    let (_, results) = table(folder.path(), experiment);
    assert!(results.starts_with(folder.path().join("results/smoke/generated")), "{}", results.display());
    let manifest = manifest(&results);
    assert_eq!(manifest["data"]["name"], data);
    let weights = manifest["remarks"].as_object().and_then(|remarks| {
        remarks.iter().find(|(name, _)| name.starts_with("squeezenet1_")).map(|(_, provenance)| provenance)
    });
    assert!(weights.and_then(|w| w.as_str()).is_some_and(|w| w.starts_with("untrained")), "{manifest}");
}

#[test]
fn without_photographs_figures_are_made_of_drawn_scenes_and_say_so() {
    for experiment in ["szegedy/fig3", "szegedy/fig5", "zeiler_fergus/fig2", "zeiler_fergus/fig5"] {
        check_without_data(experiment, "generated scenes (seed 1)");
    }
}

#[test]
fn without_dogs_table_1_is_made_of_drawn_faces_and_says_so() {
    check_without_data("zeiler_fergus/table1", "generated faces (seed 1)");
}

#[test]
fn without_caltech_and_voc_tables_of_transfer_are_made_of_drawn_scenes_and_say_so() {
    for artefact in ["table4", "table5", "table7", "fig9"] {
        let data = "generated scenes in class folders (seed 1)";
        check_without_data(&format!("zeiler_fergus/{artefact}"), data);
    }
    check_without_data("zeiler_fergus/table6", "generated objects (seed 1)");
}

/// Files that contain times.
const TIMES: [&str; 3] = ["manifest.json", "table.md", "learning.csv"];

/// The names and bytes of all other files in a folder of results.
fn results_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = files.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path));
    let results = named.filter(|(name, _)| !TIMES.contains(&name.as_str()));
    results.map(|(name, path)| (name, fs::read(path).expect("a file"))).collect()
}

#[test]
fn a_second_run_reads_the_nets_of_the_first_and_ends_in_the_same_table_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let [first, second] = [(); 2].map(|()| {
        run("szegedy/table1", folder.path(), true);
        results_in(&table(folder.path(), "szegedy/table1").1)
    });
    assert_eq!(first, second);
}
