//! Full and read-only disks: one line, exit code 1, nothing half-written, and what there was is still there.
#![cfg(target_os = "linux")]

use core_net::zoo;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use stress::{Disk, files, program};
use tempfile::{TempDir, tempdir};

const FULL: &str = "No space left on device (os error 28)";
const READ_ONLY: &str = "Read-only file system (os error 30)";

/// A working folder for programs, with one folder in it on a disk of its own.
struct WorkingFolder {
    folder: TempDir,
}

impl WorkingFolder {
    fn new() -> WorkingFolder {
        WorkingFolder { folder: tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn finish(&self, mut command: Command) -> Output {
        command.current_dir(&self.folder).env_remove("GLASSBOX_DATA").env_remove("RUST_LOG");
        command.env("GLASSBOX_OFFLINE", "1").output().unwrap()
    }

    fn run(&self, name: &str, arguments: &[&str]) {
        let mut command = Command::new(program(name).unwrap());
        command.args(arguments);
        let output = self.finish(command);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs a program that must fail, with `folder` on the disk, and returns its one line.
    fn failure(&self, disk: Disk, folder: &str, name: &str, arguments: &[&str]) -> String {
        fs::create_dir_all(self.path(folder)).unwrap();
        let _ = fs::remove_dir_all(self.path("disk"));
        fs::create_dir(self.path("disk")).unwrap();
        let command =
            disk.command(&program(name).unwrap(), arguments, &self.path(folder), &self.path("disk"));
        one_line(&self.finish(command))
    }

    /// The files on the disk at the end.
    fn disk_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.path("disk")).unwrap()
    }
}

fn one_line(output: &Output) -> String {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    // Before it may stand what the program used.
    let (used, line) = error.split_at(error.find("error: ").unwrap_or_default());
    assert!(used.is_empty() || used.contains(": pictures ") && used.ends_with('\n'), "{error}");
    let line = line.strip_prefix("error: ").and_then(|line| line.strip_suffix('\n'));
    let line = line.unwrap_or_else(|| panic!("expected one line, found {error:?}"));
    assert!(!line.contains('\n'), "{line}");
    println!("{line}");
    line.to_owned()
}

/// Whether the system allows no such disks, which is printed.
#[track_caller]
fn skipped() -> bool {
    let skipped = !Disk::is_supported();
    if skipped {
        test_support::not_checked("a system that mounts disks in a namespace (unshare -rm)");
    }
    skipped
}

#[test]
fn a_table_for_which_there_is_no_room_leaves_the_one_before_and_comes_when_there_is() {
    if skipped() {
        return;
    }
    let working = WorkingFolder::new();
    let artefact = Path::new("smoke/generated/szegedy/table1");
    fs::create_dir_all(working.path("results").join(artefact)).unwrap();
    let old = working.path("results").join(artefact).join("table.csv");
    fs::write(&old, "old").unwrap();
    // Room for the lock, the old table, and two of three new files.
    let line = working.failure(Disk::Small(16), "results", "szegedy-table1", &["--smoke"]);
    assert!(line.starts_with(&format!("results/{}/", artefact.display())), "{line}");
    assert!(line.ends_with(&format!(": cannot be written: {FULL}")), "{line}");
    assert_eq!(working.disk_files(), BTreeMap::from([(artefact.join("table.csv"), b"old".to_vec())]));
    working.run("szegedy-table1", &["--smoke"]);
    assert!(fs::read_to_string(old).unwrap().starts_with("row,column,value"));
}

#[test]
fn an_epoch_for_which_there_is_no_room_leaves_the_one_before_which_goes_on_to_the_same_end() {
    if skipped() {
        return;
    }
    let (undisturbed, working) = (WorkingFolder::new(), WorkingFolder::new());
    undisturbed.run("zeiler-fergus-fig4", &["--smoke"]);
    let expected = files(&undisturbed.path("checkpoints")).unwrap();
    let is_training = |path: &&PathBuf| {
        let name = path.to_str().unwrap();
        name.starts_with("zfnet") && !name.contains("epoch")
    };
    let training = expected.keys().find(is_training).unwrap();
    let kib: usize = expected.values().map(|bytes| bytes.len().div_ceil(4096) * 4).sum();
    // Both epochs fit in the end, but not while the file of the first one still stands beside that of the second.
    let room = Disk::Small(kib + expected[training].len() / 2048);
    let line = working.failure(room, "checkpoints", "zeiler-fergus-fig4", &["--smoke"]);
    assert_eq!(line, format!("checkpoints/{}: cannot be written: {FULL}", training.display()));
    let saved = working.disk_files();
    let absent: Vec<&PathBuf> = expected.keys().filter(|name| !saved.contains_key(*name)).collect();
    assert!(absent.len() == 1 && absent[0].to_str().unwrap().ends_with("-epoch2.safetensors"), "{absent:?}");
    assert!(saved.keys().all(|name| expected.contains_key(name)), "{:?}", saved.keys());

    fs::remove_dir_all(working.path("checkpoints")).unwrap();
    fs::rename(working.path("disk"), working.path("checkpoints")).unwrap();
    working.run("zeiler-fergus-fig4", &["--smoke"]);
    let [found, expected] = [&working, &undisturbed].map(|working| {
        let mut results = files(&working.path("results")).unwrap();
        results.retain(|name, _| !name.ends_with("manifest.json"));
        results
    });
    assert!(found == expected && !found.is_empty());
}

#[test]
fn folders_that_can_only_be_read_are_refused_before_anything_is_trained() {
    if skipped() {
        return;
    }
    let working = WorkingFolder::new();
    let line = working.failure(Disk::ReadOnly, "results", "szegedy-table1", &["--smoke"]);
    assert_eq!(line, format!("results/smoke/generated/szegedy: cannot make the folder: {READ_ONLY}"));
    assert!(!working.path("checkpoints").exists());
    let line = working.failure(Disk::ReadOnly, "checkpoints", "szegedy-table1", &["--smoke"]);
    let end = format!(".safetensors: cannot be written: {READ_ONLY}");
    assert!(line.starts_with("checkpoints/FC") && line.ends_with(&end), "{line}");
    assert!(["results", "checkpoints"].iter().all(|name| files(&working.path(name)).unwrap().is_empty()));
}

/// A LeNet and images of digits in the folder.
fn glassbox_inputs(working: &WorkingFolder) {
    fs::write(working.path("lenet.safetensors"), zoo::untrained("lenet", 10, [28, 28], 1).to_safetensors())
        .unwrap();
    fs::create_dir(working.path("digits")).unwrap();
    for number in 0..4u8 {
        let bar = |x: u32, _| image::Luma([if x / 5 == u32::from(number) { 250 } else { 10 }]);
        let path = working.path(&format!("digits/{number}.png"));
        image::GrayImage::from_fn(28, 28, bar).save(path).unwrap();
    }
}

#[test]
fn outputs_of_glassbox_for_which_there_is_no_room_are_not_there_at_all() {
    if skipped() {
        return;
    }
    let working = WorkingFolder::new();
    glassbox_inputs(&working);
    let net = "lenet.safetensors --arch lenet";
    let commands = [
        (format!("run {net} digits --node conv1 -o out/act.npy"), "act.npy"),
        (format!("attack {net} digits --targets 3 -o out/attack"), "attack/adversarial.npy"),
    ];
    for (command, output) in commands {
        let words: Vec<&str> = command.split(' ').collect();
        let line = working.failure(Disk::Small(8), "out", "glassbox", &words);
        assert!(line.starts_with("out/") && line.contains(FULL), "{line}");
        let saved = working.disk_files();
        assert!(!saved.contains_key(Path::new(output)), "{output}");
        let is_whole = |name: &PathBuf| name.extension().is_none_or(|ending| ending != "part");
        assert!(saved.keys().all(is_whole), "{:?}", saved.keys());
        let line = working.failure(Disk::ReadOnly, "out", "glassbox", &words);
        assert!(line.starts_with("out/") && line.contains(READ_ONLY), "{line}");
        assert!(working.disk_files().is_empty());
    }
}

#[test]
fn a_file_that_the_system_finds_too_large_is_not_there_at_all() {
    let working = WorkingFolder::new();
    glassbox_inputs(&working);
    // Blocks of 512 bytes; without the signal, which would kill it, the program is told.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(program("glassbox").unwrap());
    command.args("run lenet.safetensors --arch lenet digits --node conv1 -o act.npy".split(' '));
    let line = one_line(&working.finish(command));
    assert!(line.starts_with("act.npy: ") && line.contains("File too large"), "{line}");
    assert_eq!(files(working.folder.path()).unwrap().len(), 5);
}
