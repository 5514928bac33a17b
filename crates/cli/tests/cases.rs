//! Cases of the program: a command in a folder of small files, and what it must say.
//!
//! `cases/AREA.toml` lists them, `cases/make_AREA.py` makes their files in `cases/files`, with the numbers of other programs:
//!
//! ```toml
//! [[case]]
//! name = "one sigmoid output is two classes"
//! run = ["run sigmoid.onnx x.npy"]         # one after the other in one folder, with a copy of all files
//! code = 0                                 # of the last command; 0 where it is left out
//! stdout = ["class 1", "71.00 %"]          # what the last command's output contains
//! not_stdout = ["100.00 %"]
//! stderr = ["remark: "]
//! not_stderr = []
//! files = ["o.npy"]                        # that exist afterwards
//! no_files = ["*.unfinished"]              # that do not
//! near = [["o.npy", "expected.npy", 1e-5]] # arrays that differ by no more
//! ```
//!
//! In every text, `{…}` stands for anything on one line. In a command, `'…'` is one argument.

use serde::Deserialize;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use test_support::read_npy;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Case {
    name: String,
    run: Vec<String>,
    code: i32,
    stdout: Vec<String>,
    not_stdout: Vec<String>,
    stderr: Vec<String>,
    not_stderr: Vec<String>,
    files: Vec<String>,
    no_files: Vec<String>,
    near: Vec<(String, String, f64)>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

#[test]
fn every_case_says_what_it_must() {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    let wanted = std::env::var("CASE").unwrap_or_default();
    let (mut faults, mut count) = (String::new(), 0);
    for path in &files {
        let cases: Cases = toml::from_str(&fs::read_to_string(path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in cases.case.iter().filter(|case| case.name.contains(&wanted)) {
            count += 1;
            let area = path.file_stem().unwrap().to_string_lossy();
            for fault in case.faults() {
                writeln!(faults, "{area}: {}: {fault}", case.name).unwrap();
            }
        }
    }
    assert!(faults.is_empty(), "of {count} cases:\n{faults}");
}

impl Case {
    /// What is not as it must be.
    fn faults(&self) -> Vec<String> {
        let bench = tempfile::tempdir().unwrap();
        copy(&folder().join("files"), bench.path());
        let outputs: Vec<Output> = self.run.iter().map(|command| glassbox(&bench, command)).collect();
        let last = outputs.last().expect("a command");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&last.stdout), text(&last.stderr));
        let mut faults = vec![];
        if last.status.code() != Some(self.code) {
            faults.push(format!("exit code {:?}", last.status.code()));
        }
        if stderr.contains("panicked") {
            faults.push("a panic".into());
        }
        for (wanted, lines, found, what) in [
            (true, &self.stdout, &stdout, "stdout"),
            (false, &self.not_stdout, &stdout, "stdout"),
            (true, &self.stderr, &stderr, "stderr"),
            (false, &self.not_stderr, &stderr, "stderr"),
        ] {
            let wrong = lines.iter().filter(|line| is_in(found, line) != wanted);
            faults.extend(wrong.map(|line| format!("{what} has {line:?}: {}", !wanted)));
        }
        for (wanted, names) in [(true, &self.files), (false, &self.no_files)] {
            let wrong = names.iter().filter(|name| exists(bench.path(), name) != wanted);
            faults.extend(wrong.map(|name| format!("{name} exists: {}", !wanted)));
        }
        for (found, expected, tolerance) in &self.near {
            faults.extend(distance(&bench, found, expected, *tolerance));
        }
        if !faults.is_empty() {
            faults.push(format!("\n--- stdout\n{stdout}--- stderr\n{stderr}---"));
        }
        faults
    }
}

fn glassbox(bench: &TempDir, command: &str) -> Output {
    let mut glassbox = Command::new(env!("CARGO_BIN_EXE_glassbox"));
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            glassbox.arg(part);
        } else {
            glassbox.args(part.split_whitespace());
        }
    }
    glassbox.current_dir(bench.path()).output().unwrap()
}

/// Whether a text contains a pattern, whose `{…}` stand for anything on one line.
fn is_in(text: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split("{…}").collect();
    text.match_indices(parts[0]).any(|(at, first)| {
        let mut rest = &text[at + first.len()..];
        parts[1..].iter().all(|part| {
            let line = rest.split('\n').next().unwrap_or_default();
            line.find(part).map(|place| rest = &rest[place + part.len()..]).is_some()
        })
    })
}

/// Whether a file of this name is there; a `*` at its front stands for anything.
fn exists(folder: &Path, name: &str) -> bool {
    match name.strip_prefix('*') {
        None => folder.join(name).exists(),
        Some(end) => fs::read_dir(folder).unwrap().any(|entry| {
            let found = entry.unwrap().file_name();
            found.to_string_lossy().ends_with(end)
        }),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What is wrong with an array, where it is not near another of the same shape.
fn distance(bench: &TempDir, found: &str, expected: &str, tolerance: f64) -> Option<String> {
    let [a, b] = [found, expected].map(|name| read_npy::<f32>(&bench.path().join(name)));
    if a.shape() != b.shape() {
        return Some(format!("{found} has shape {:?}, {expected} {:?}", a.shape(), b.shape()));
    }
    let off = a.iter().zip(&b).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max);
    let near = off <= tolerance && a.iter().zip(&b).all(|(a, b)| a.is_nan() == b.is_nan());
    (!near).then(|| format!("{found} is {off} off {expected}"))
}
