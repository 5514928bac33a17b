//! The program of `examples/tiny.rs`, and what it leaves.
#![allow(dead_code)] // Each test file uses its part.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Where its results at default and at full size lie.
pub const RESULTS: &str = "results/generated/example/tiny";

/// `examples/tiny.rs`, built with the tests, run in `folder` where the data can only be drawn.
pub fn tiny(folder: &TempDir, arguments: &[&str]) -> Command {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(2).unwrap();
    let mut command = Command::new(target.join("examples/tiny"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("GLASSBOX_DATA")
        .env_remove("RUST_LOG")
        .env("GLASSBOX_OFFLINE", "1");
    command
}

pub fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    tiny(folder, arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The one line of an error.
pub fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    error.strip_prefix("error: ").unwrap_or_else(|| panic!("{error}")).trim_end().to_owned()
}

/// All files below `folder`, relative to it, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The first file below `folder` whose name ends so, as soon as there is one.
pub fn awaited(folder: &Path, ending: &str) -> PathBuf {
    let start = Instant::now();
    loop {
        let is_wanted = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
        if let Some(found) = files(folder).into_iter().find(is_wanted) {
            return found;
        }
        assert!(start.elapsed() < Duration::from_mins(2), "expected a file, found {:?}", files(folder));
        sleep(Duration::from_millis(20));
    }
}
