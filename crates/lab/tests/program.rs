//! What a user of an experiment's binary sees: exit codes, the first and last line, the files.

mod tiny;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::tempdir;
use tiny::{awaited, files, refused, run, text, tiny};

#[test]
fn a_run_says_what_its_data_is_first_and_last_and_writes_table_figure_and_manifest() {
    let folder = tempdir().unwrap();
    let output = run(&folder, &["--smoke", "--limit", "20", "--threads", "2"]);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    let out = text(&output.stdout);
    let first = "example/tiny, smoke size, seed 1, limit 20: generated digits (seed 1), not MNIST, because GLASSBOX_OFFLINE is set";
    assert_eq!(out.lines().next(), Some(first));
    let last = out.lines().last().unwrap();
    assert!(last.ends_with(" s, results/smoke/generated/example/tiny, generated digits (seed 1)"), "{last}");

    let results = folder.path().join("results/smoke/generated/example/tiny");
    let names = ["digits.png", "manifest.json", "table.csv", "table.md"];
    assert_eq!(files(&results), names.map(PathBuf::from));
    let table = fs::read_to_string(results.join("table.csv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("row,column,value,low,high,n,paper,verdict,note"));
    for (line, start) in lines.zip(["digits,brightness,0.", "digits,error,"]) {
        assert!(line.starts_with(start), "{line}");
        assert!(line.ends_with(",20,,,generated digits (seed 1)"), "{line}");
    }
    let page = fs::read_to_string(results.join("table.md")).unwrap();
    assert!(page.contains("\nData: generated digits (seed 1).\n"), "{page}");
}

#[test]
fn the_manifest_names_data_weights_machine_times_and_the_digests_of_the_files() {
    let folder = tempdir().unwrap();
    let arguments = ["--smoke", "--limit", "20", "--seed", "7"];
    assert!(run(&folder, &arguments).status.success());
    let results = folder.path().join("results/smoke/generated/example/tiny");
    let manifest = fs::read(results.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["experiment"], "example/tiny");
    assert_eq!(manifest["arguments"], serde_json::json!(arguments));
    assert_eq!(manifest["seeds"], serde_json::json!([7]));
    assert_eq!(manifest["data"]["name"], "generated digits (seed 1)");
    assert_eq!(manifest["data"]["generated"], true);
    assert_eq!(manifest["stages"][1]["name"], "train");
    assert!(manifest["versions"]["rustc"].as_str().unwrap().starts_with("rustc 1."));
    assert!(manifest["machine"]["cores"].as_u64().unwrap() >= 1);
    let checkpoint = files(&folder.path().join("checkpoints"));
    let weights = manifest["weights"].as_object().unwrap();
    let used: Vec<PathBuf> = weights.keys().map(PathBuf::from).collect();
    assert_eq!(used, [Path::new("checkpoints").join(&checkpoint[0])]);
    for name in ["table.csv", "table.md", "digits.png"] {
        assert_eq!(manifest["files"][name].as_str().map(str::len), Some(64), "{name}");
    }
}

#[test]
fn a_second_run_reads_the_checkpoint_and_makes_the_same_bytes_with_any_number_of_threads() {
    let folder = tempdir().unwrap();
    let results = folder.path().join("results/smoke/generated/example/tiny");
    let made = |threads| {
        let output = run(&folder, &["--smoke", "--threads", threads]);
        assert!(output.status.success());
        ["table.csv", "table.md", "digits.png"].map(|name| fs::read(results.join(name)).unwrap())
    };
    let first = made("1");
    let checkpoints = folder.path().join("checkpoints");
    let checkpoint = checkpoints.join(&files(&checkpoints)[0]);
    let trained = fs::metadata(&checkpoint).unwrap().modified().unwrap();
    assert_eq!(first, made("3"));
    assert_eq!(fs::metadata(&checkpoint).unwrap().modified().unwrap(), trained);
    assert_eq!(files(&checkpoints).len(), 1);
}

#[test]
fn wrong_arguments_end_with_2_and_help_with_0() {
    let folder = tempdir().unwrap();
    for arguments in [["--threads", "0"], ["--limit", "-1"], ["--device", "gpu"]] {
        let output = run(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).starts_with("error: "));
    }
    let output = run(&folder, &["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("How bright are the digits?"));
}

#[test]
fn what_cannot_be_had_ends_with_1_and_one_line_that_names_it() {
    let folder = tempdir().unwrap();
    fs::create_dir_all(folder.path().join("damaged/mnist")).unwrap();
    let images = "damaged/mnist/train-images-idx3-ubyte";
    fs::write(folder.path().join(images), "no images").unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let cases: [(&[&str], &str); 5] = [
        (&["--data", "nowhere"], "nowhere: expected the folder named by --data"),
        (&["--data", "empty"], "empty/mnist: expected MNIST's files"),
        (&["--data", "damaged"], "damaged/mnist/t"),
        (&["--smoke", "--results", "file"], "file/smoke/generated/example: cannot make the folder"),
        (&["--device", "cuda"], "--device cuda"),
    ];
    for (arguments, expected) in cases {
        let error = refused(&folder, arguments);
        assert!(error.contains(expected), "{error}");
    }
    let output = tiny(&folder, &[]).env("GLASSBOX_DATA", "empty").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the one named by GLASSBOX_DATA"));
    assert!(!folder.path().join("results").exists());
}

#[test]
fn a_damaged_checkpoint_is_an_error_that_names_it_and_leaves_the_old_results() {
    let folder = tempdir().unwrap();
    assert!(run(&folder, &["--smoke"]).status.success());
    let checkpoints = folder.path().join("checkpoints");
    fs::write(checkpoints.join(&files(&checkpoints)[0]), "no weights").unwrap();
    let before = files(&folder.path().join("results"));
    let error = refused(&folder, &["--smoke"]);
    assert!(error.contains("the weights cannot be read; remove the file"), "{error}");
    assert_eq!(files(&folder.path().join("results")), before);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130_and_one_line_and_leaves_no_half_written_file() {
    let folder = tempdir().unwrap();
    let mut command = tiny(&folder, &["--full"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // Amid its training, with locks on its results and on its checkpoint.
    awaited(&folder.path().join("checkpoints"), "lock");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let error = text(&output.stderr);
    assert_eq!(error, "interrupted: nothing half-written; run again to resume\n");
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}
