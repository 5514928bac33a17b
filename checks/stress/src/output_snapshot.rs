//! The files that a job wrote, without times.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder, by its path in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputSnapshot(BTreeMap<PathBuf, Vec<u8>>);

/// Progress of a job when it was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was saved from which it could resume.
    NothingSaved,
    /// Something was saved, and something was missing.
    PartlySaved,
    /// Every file was saved.
    Complete,
}

/// Fields of a manifest that depend on the arguments alone; the files behind its digests are compared themselves.
const TIMELESS: [&str; 7] = ["experiment", "arguments", "size", "seeds", "data", "more_data", "versions"];

impl OutputSnapshot {
    /// Reads the files of a folder, recursively.
    ///
    /// # Errors
    /// When a file cannot be read or parsed.
    pub fn from_folder(folder: &Path) -> Result<OutputSnapshot> {
        let timeless = |(name, bytes): (PathBuf, Vec<u8>)| {
            let bytes =
                without_times(&name, bytes).with_context(|| folder.join(&name).display().to_string())?;
            Ok((name, bytes))
        };
        Ok(OutputSnapshot(files(folder)?.into_iter().map(timeless).collect::<Result<_>>()?))
    }

    /// Removes the manifests, which depend on how the job was run.
    pub fn without_manifests(mut self) -> OutputSnapshot {
        self.0.retain(|name, _| !name.ends_with("manifest.json"));
        self
    }

    /// Compares the files with those of `reference`.
    ///
    /// # Errors
    /// When a file has other bytes, is missing, or is not in `reference`.
    pub fn compare(&self, reference: &OutputSnapshot) -> Result<()> {
        let OutputSnapshot(files) = self;
        for (name, bytes) in files {
            let expected =
                reference.0.get(name).with_context(|| format!("{} was left over", name.display()))?;
            ensure!(bytes == expected, "{} has other bytes", name.display());
        }
        match reference.0.keys().find(|name| !files.contains_key(*name)) {
            Some(missing) => bail!("{} is missing", missing.display()),
            None => Ok(()),
        }
    }

    /// Checks that no temporary file was left.
    ///
    /// # Errors
    /// When there is a lock or a half-written file, or no file at all.
    pub fn check_complete(&self) -> Result<()> {
        let OutputSnapshot(files) = self;
        if let Some(hidden) = files.keys().find(|name| is_temporary(name)) {
            bail!("{} was left over", hidden.display());
        }
        ensure!(!files.is_empty(), "no file was written");
        Ok(())
    }

    /// Progress in `folder` of a job whose complete output this is.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn stage(&self, folder: &Path) -> Result<Stage> {
        let names = names(folder)?;
        // Every run draws generated data again.
        let is_saved = |name: &&PathBuf| !is_temporary(name) && !name.starts_with("checkpoints/generated");
        Ok(if self.0.keys().all(|name| names.contains(name)) {
            Stage::Complete
        } else if names.iter().any(|name| is_saved(&name)) {
            Stage::PartlySaved
        } else {
            Stage::NothingSaved
        })
    }
}

/// Whether a file exists only while a program runs.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.ends_with(".part") || name == "lock" || name == "origin.json"
}

/// The files of a folder, recursively, by their paths in it.
///
/// # Errors
/// When a file cannot be read.
pub fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let read = |name: PathBuf| {
        let path = folder.join(&name);
        Ok((name, fs::read(&path).with_context(|| path.display().to_string())?))
    };
    names(folder)?.into_iter().map(read).collect()
}

fn names(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut names, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path.strip_prefix(folder)?.to_owned());
            }
        }
    }
    Ok(names)
}

fn without_times(name: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let ending = name.extension().unwrap_or_default();
    match name.file_name().unwrap_or_default().to_str() {
        Some("manifest.json") => {
            let manifest: Value = serde_json::from_slice(&bytes)?;
            Ok(serde_json::to_vec(&TIMELESS.map(|key| manifest.get(key)))?)
        }
        Some("learning.csv") => {
            let lines = std::str::from_utf8(&bytes)?.lines();
            // The last column is the seconds of an epoch.
            let timeless = lines.map(|line| line.rsplit_once(',').map_or(line, |(line, _)| line));
            Ok(timeless.collect::<String>().into())
        }
        Some("table.md") => {
            let text = String::from_utf8(bytes)?;
            let Some((before, after)) = text.split_once(" minutes of training") else {
                return Ok(text.into());
            };
            let before = before.rsplit_once(' ').map_or(before, |(before, _)| before);
            Ok(format!("{before}{after}").into())
        }
        _ if ending == "safetensors" => without_seconds(&bytes),
        _ => Ok(bytes),
    }
}

/// A safetensors file without the seconds of each epoch in its metadata.
fn without_seconds(bytes: &[u8]) -> Result<Vec<u8>> {
    let (length, rest) = bytes.split_first_chunk().context("expected a header, found the file's end")?;
    let length = usize::try_from(u64::from_le_bytes(*length))?;
    ensure!(length <= rest.len(), "expected a header of {length} bytes, found {}", rest.len());
    let (header, tensors) = rest.split_at(length);
    let mut header: Value = serde_json::from_slice(header)?;
    if let Some(metadata) = header.pointer_mut("/__metadata__/training") {
        let mut training: Value = serde_json::from_str(metadata.as_str().context("a training as text")?)?;
        let epochs = training["passed"].as_array_mut().context("a training with epochs")?;
        epochs.iter_mut().for_each(|epoch| epoch["seconds"] = Value::Null);
        *metadata = training;
    }
    Ok([serde_json::to_vec(&header)?.as_slice(), tensors].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, bytes).expect("written");
        }
        folder
    }

    fn snapshot(files: &[(&str, &[u8])]) -> OutputSnapshot {
        OutputSnapshot::from_folder(folder(files).path()).expect("readable")
    }

    fn training(weights: u8, seconds: f64) -> Vec<u8> {
        let metadata = format!("{{\"seed\":1,\"passed\":[{{\"loss\":0.5,\"seconds\":{seconds}}}]}}");
        let header = serde_json::json!({ "__metadata__": { "training": metadata } }).to_string();
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[weights]].concat()
    }

    #[test]
    fn times_make_no_difference_and_all_else_does() {
        let manifest = |seconds, seed| format!("{{\"seconds\":{seconds},\"seeds\":[{seed}]}}").into_bytes();
        let learning = |loss, seconds| format!("loss,seconds\n{loss},{seconds}\n").into_bytes();
        let table = |time| format!("Scale: 3 nets, {time} minutes of training in all.").into_bytes();
        let files = |name, bytes: &[u8]| snapshot(&[(name, bytes)]);
        for (name, [first, same, other]) in [
            ("r/manifest.json", [manifest(1, 1), manifest(2, 1), manifest(1, 2)]),
            ("r/learning.csv", [learning(1, 1), learning(1, 2), learning(2, 1)]),
            ("r/table.md", [table("0"), table("1"), table("1 hour and 1")]),
            ("c/net.safetensors", [training(1, 1.0), training(1, 2.0), training(2, 1.0)]),
        ] {
            let first = files(name, &first);
            files(name, &same).compare(&first).expect("only times differ");
            let error = files(name, &other).compare(&first).unwrap_err().to_string();
            assert_eq!(error, format!("{name} has other bytes"));
        }
    }

    #[test]
    fn a_file_too_many_or_too_few_is_named() {
        let reference = snapshot(&[("a.csv", b"1"), ("b.csv", b"2")]);
        let error = |files: &[(&str, &[u8])]| snapshot(files).compare(&reference).unwrap_err().to_string();
        assert_eq!(error(&[("a.csv", b"1")]), "b.csv is missing");
        assert_eq!(error(&[("a.csv", b"1"), ("b.csv", b"2"), ("c/.d.part", b"")]), "c/.d.part was left over");
        assert!(snapshot(&[("a.csv", b"1"), (".table.lock", b"7")]).check_complete().is_err());
        assert!(snapshot(&[]).check_complete().is_err());
        reference.check_complete().expect("nothing is hidden");
    }

    #[test]
    fn a_job_is_partly_saved_when_something_is_saved_and_something_missing() {
        let reference = snapshot(&[("checkpoints/net", b"1"), ("results/table.csv", b"2")]);
        let stage = |files| reference.stage(folder(files).path()).expect("readable");
        assert_eq!(
            stage(&[("checkpoints/generated/0.png", b""), ("results/.t.lock", b"")]),
            Stage::NothingSaved
        );
        assert_eq!(stage(&[("checkpoints/net", b"1")]), Stage::PartlySaved);
        assert_eq!(stage(&[("checkpoints/net", b"1"), ("results/table.csv", b"2")]), Stage::Complete);
    }
}
