//! What is found of an artefact among the results, checked against its manifest.

use super::{Artefact, Paper, words};
use crate::digest;
use crate::records::{self, Record};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// An artefact and its results.
pub(super) struct Evidence {
    pub paper: &'static str,
    /// The paper's, and its year.
    pub authors: &'static str,
    pub artefact: &'static Artefact,
    /// What is said of it, in HTML.
    pub words: Option<String>,
    /// None where it has not been run.
    pub run: Option<Results>,
}

/// What a run left.
pub(super) struct Results {
    pub folder: PathBuf,
    pub cells: Vec<Record>,
    pub manifest: Manifest,
}

/// What the report tells of a `manifest.json`.
#[derive(Deserialize)]
pub(super) struct Manifest {
    pub size: String,
    pub seeds: Vec<u64>,
    pub arguments: Vec<String>,
    pub commit: Option<Commit>,
    data: Option<Data>,
    #[serde(default)]
    more_data: Vec<Data>,
    #[serde(default)]
    pub remarks: BTreeMap<String, String>,
    pub machine: Machine,
    pub started: String,
    pub seconds: f64,
    /// Name and SHA-256.
    pub files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(super) struct Commit {
    pub id: String,
    pub changed: bool,
}

#[derive(Deserialize)]
struct Data {
    name: String,
    generated: bool,
}

#[derive(Deserialize)]
pub(super) struct Machine {
    pub processor: Option<String>,
    pub cores: usize,
}

/// The results of each artefact of a paper.
///
/// # Errors
/// When a file is missing, cannot be read or is not the one of its manifest, a number comes without n, or the data was generated.
pub(super) fn read_paper(results: &Path, paper: &Paper) -> Result<Vec<Evidence>> {
    let words = words::by_place(&results.join("README.md"))?;
    let found = paper.artefacts.iter().map(|artefact| {
        let folder = results.join(paper.name).join(artefact.name);
        let run = folder.join("manifest.json").exists().then(|| read(folder)).transpose()?;
        let words = words.get(&format!("{}/{}", paper.name, artefact.name)).cloned();
        Ok(Evidence { paper: paper.name, authors: paper.authors(), artefact, words, run })
    });
    found.collect()
}

fn read(folder: PathBuf) -> Result<Results> {
    let path = folder.join("manifest.json");
    let place = path.display();
    let json = fs::read(&path).with_context(|| format!("{place}: cannot be read"))?;
    let manifest: Manifest =
        serde_json::from_slice(&json).with_context(|| format!("{place}: cannot be read"))?;
    ensure!(
        manifest.data().all(|data| !data.generated),
        "{place}: expected real data, found generated data, which never stands beside the paper's numbers"
    );
    for (name, expected) in &manifest.files {
        let file = folder.join(name);
        let found = digest::of_file(&file)?;
        ensure!(
            found == *expected,
            "{}: expected the SHA-256 {expected} of its manifest, found {found}",
            file.display()
        );
    }
    let table = folder.join("table.csv");
    let cells = records::read(&table)?;
    let bare = cells.iter().find(|cell| cell.value.is_some() && cell.n.is_none());
    ensure!(
        bare.is_none(),
        "{}: expected n beside every value, found none at {}, {}",
        table.display(),
        bare.map_or("", |cell| &cell.row),
        bare.map_or("", |cell| &cell.column)
    );
    Ok(Results { folder, cells, manifest })
}

impl Manifest {
    fn data(&self) -> impl Iterator<Item = &Data> {
        self.data.iter().chain(&self.more_data)
    }

    /// The names of the data.
    pub fn data_names(&self) -> String {
        self.data().map(|data| data.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Results {
    /// How many cells have this verdict.
    pub fn count(&self, verdict: &str) -> usize {
        self.cells.iter().filter(|cell| cell.verdict == verdict).count()
    }

    /// `30 s`, `12 min` or `1 h 5 min`.
    pub fn time(&self) -> String {
        let seconds = self.manifest.seconds.ceil() as u64;
        match seconds {
            0..120 => format!("{seconds} s"),
            120..7200 => format!("{} min", (seconds + 30) / 60),
            _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        }
    }
}
