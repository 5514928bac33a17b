//! Every experiment at smoke size in a temporary folder, its table read back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const BINARIES: [(&str, &str); 5] = [
    ("table1", env!("CARGO_BIN_EXE_szegedy-table1")),
    ("table2", env!("CARGO_BIN_EXE_szegedy-table2")),
    ("table3", env!("CARGO_BIN_EXE_szegedy-table3")),
    ("table4", env!("CARGO_BIN_EXE_szegedy-table4")),
    ("fig7", env!("CARGO_BIN_EXE_szegedy-fig7")),
];
const PAPER: &str = include_str!("../../crates/lab/paper/szegedy2013.csv");

/// Runs the binary; where no real data is at hand it draws digits, without asking the network.
fn run(binary: &str, folder: &Path, checkpoints: &str, threads: &str) {
    let real = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let mut command = Command::new(binary);
    command.current_dir(folder).args(["--smoke", "--threads", threads, "--checkpoints", checkpoints]);
    command.env("GLASSBOX_OFFLINE", "1").env_remove("GLASSBOX_DATA");
    if Path::new(real).join("mnist").is_dir() {
        command.env("GLASSBOX_DATA", real);
    }
    let output = command.output().expect("the binary starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The one table that was written below the folder, and the folder that it is in.
fn table(folder: &Path, artefact: &str) -> (String, std::path::PathBuf) {
    let smoke = folder.join("results/smoke");
    let places = ["szegedy", "generated/szegedy"].map(|place| smoke.join(place).join(artefact));
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

/// The paper's cells of an artefact.
fn of_the_paper(artefact: &str) -> BTreeSet<(String, String)> {
    let mut reader = csv::Reader::from_reader(PAPER.as_bytes());
    let records = reader.records().map(|r| r.expect("a record")).filter(|r| &r[0] == artefact);
    records.map(|r| (r[1].into(), r[2].into())).collect()
}

#[test]
fn every_experiment_measures_every_cell_of_the_papers_table_and_signs_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for (artefact, binary) in BINARIES {
        run(binary, folder.path(), "checkpoints", "2");
        let (csv, place) = table(folder.path(), artefact);
        let (ours, papers) = (cells(&csv), of_the_paper(artefact));
        assert!(!ours.is_empty() && papers.is_subset(&ours), "{artefact}: {:?}", papers.difference(&ours));
        let manifest = fs::read_to_string(place.join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        assert!(manifest["files"]["table.csv"].is_string() && manifest["seeds"][0].is_u64(), "{manifest}");
        let pictures = ["a.png", "b.png", "c.png"].map(|picture| place.join(picture).is_file());
        assert_eq!(pictures, [artefact == "fig7"; 3]);
    }
}

#[test]
fn one_thread_and_two_train_the_same_nets_and_end_in_the_same_table_byte_for_byte() {
    let [one, two] = ["1", "2"].map(|threads| {
        let folder = tempfile::tempdir().expect("a folder");
        run(BINARIES[0].1, folder.path(), "checkpoints", threads);
        let trained = table(folder.path(), "table1").0;
        run(BINARIES[0].1, folder.path(), "checkpoints", threads);
        assert_eq!(table(folder.path(), "table1").0, trained, "from the checkpoints");
        trained
    });
    assert_eq!(one, two);
}
