//! The record of a run: all that its results depend on.

use crate::clock::Times;
use crate::digest::sha256;
use crate::machine::Machine;
use anyhow::{Context, Result};
use datasets::Source;
use serde::Serialize;
use std::collections::BTreeMap;
use std::process::Command;

/// Contents of `manifest.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    pub experiment: String,
    pub arguments: Vec<String>,
    pub size: &'static str,
    pub seeds: Vec<u64>,
    pub commit: Option<Commit>,
    pub data: Option<DataRecord>,
    /// Further data sets of the run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_data: Vec<DataRecord>,
    /// File and SHA-256 of every model used.
    pub weights: BTreeMap<String, String>,
    /// Remarks of the experiment, by subject.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub remarks: BTreeMap<String, String>,
    pub versions: BTreeMap<&'static str, &'static str>,
    pub machine: Machine,
    #[serde(flatten)]
    pub times: Times,
    /// Name and SHA-256 of every file of results.
    pub files: BTreeMap<String, String>,
}

/// The source the program was built from.
#[derive(Debug, Serialize)]
pub(crate) struct Commit {
    id: String,
    /// Whether code was changed since.
    changed: bool,
}

/// The data, by name and content.
#[derive(Debug, Serialize)]
pub(crate) struct DataRecord {
    name: String,
    generated: bool,
    sha256: String,
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// Indented JSON with a final newline.
    ///
    /// # Errors
    /// When a path is no text.
    pub fn to_json(&self) -> Result<String> {
        let json = serde_json::to_string_pretty(self).context("the manifest is no JSON")?;
        Ok(json + "\n")
    }
}

impl DataRecord {
    pub fn new(source: &Source) -> DataRecord {
        let files = match source {
            Source::Files { digests, .. } => digests.iter().cloned().collect(),
            Source::Generated { .. } => BTreeMap::new(),
        };
        DataRecord {
            name: source.to_string(),
            generated: matches!(source, Source::Generated { .. }),
            sha256: source.digest(),
            files,
        }
    }
}

/// The SHA-256 of each file.
pub(crate) fn digests(files: &[(String, Vec<u8>)]) -> BTreeMap<String, String> {
    let digest = |(name, bytes): &(String, Vec<u8>)| (name.clone(), sha256(bytes));
    files.iter().map(digest).collect()
}

/// Our version, the compiler's and that of the tensor library.
pub(crate) fn versions() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([("glassbox", env!("CARGO_PKG_VERSION")), ("rustc", env!("GLASSBOX_RUSTC"))])
}

/// The commit of the source folder; none where there is no git or no repository.
pub(crate) fn commit() -> Option<Commit> {
    let id = git(&["rev-parse", "HEAD"])?;
    // The results change with every run; only code counts.
    let status = git(&["status", "--porcelain", "--", ":/crates", ":/experiments", ":/Cargo.*"])?;
    Some(Commit { id: id.trim().to_owned(), changed: !status.trim().is_empty() })
}

fn git(arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.args(["-C", env!("CARGO_MANIFEST_DIR")]).args(arguments);
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
