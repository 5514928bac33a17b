//! What happens when two runs want the same, when one is killed, and when what it needs goes away.

mod tiny;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use tempfile::{TempDir, tempdir};
use tiny::{RESULTS, awaited, files, refused, run, text, tiny};

/// A run that never ends, once it is amid its training, and the checkpoint that it is making.
fn endless(folder: &TempDir) -> (Child, String) {
    let child = tiny(folder, &["--full"]).stdout(Stdio::null()).spawn().unwrap();
    let lock = awaited(&folder.path().join("checkpoints"), "lock");
    let name = lock.to_str().unwrap().trim_start_matches('.').trim_end_matches(".lock");
    (child, format!("checkpoints/{name}"))
}

/// Files that are there only as long as a run is at work.
fn passing(folder: &TempDir) -> Vec<PathBuf> {
    let is_hidden = |path: &Path| path.file_name().unwrap().to_string_lossy().starts_with('.');
    files(folder.path()).into_iter().filter(|path| is_hidden(path)).collect()
}

#[test]
fn a_second_run_in_one_folder_is_refused_until_the_first_is_gone_and_what_that_left_is_removed() {
    let folder = tempdir().unwrap();
    let (mut first, _) = endless(&folder);
    let number = first.id();
    assert_eq!(
        refused(&folder, &[]),
        format!(
            "{RESULTS}: process {number} is at work there; wait until it has ended, or name another folder by --results"
        )
    );
    first.kill().unwrap();
    first.wait().unwrap();
    fs::write(folder.path().join("checkpoints/.net.safetensors.7-0.part"), "half").unwrap();
    fs::write(folder.path().join(RESULTS).join(".table.csv.7-1.part"), "half").unwrap();
    assert_eq!(passing(&folder).len(), 4);
    assert!(run(&folder, &[]).status.success());
    assert!(passing(&folder).is_empty(), "{:?}", passing(&folder));
}

#[test]
fn a_run_waits_for_the_checkpoint_that_another_is_making_and_outlives_the_loss_of_its_results_folder() {
    let folder = tempdir().unwrap();
    let (mut first, checkpoint) = endless(&folder);
    let waiting = tiny(&folder, &["--results", "other"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut waiting = waiting.unwrap();
    let mut said = BufReader::new(waiting.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(line, format!("{checkpoint}: process {} is making it; waiting\n", first.id()));
    fs::remove_dir_all(folder.path().join("other")).unwrap();
    first.kill().unwrap();
    first.wait().unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(waiting.wait().unwrap().success() && rest.is_empty(), "{rest}");
    assert_eq!(files(&folder.path().join("other")).len(), 4);
    assert!(folder.path().join(checkpoint).exists());
}

/// An address at which nobody answers, whether somebody listens or not.
fn proxy(listens: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    if listens {
        thread::spawn(move || listener.incoming().collect::<Vec<_>>());
    }
    address
}

#[test]
fn a_download_that_is_killed_leaves_no_file_and_the_next_run_removes_what_it_left() {
    let folder = tempdir().unwrap();
    let downloading = |listens: bool| {
        let mut command = tiny(&folder, &["--smoke"]);
        command.env_remove("GLASSBOX_OFFLINE").env_remove("NO_PROXY").env_remove("no_proxy");
        for variable in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"] {
            command.env(variable, proxy(listens));
        }
        command
    };
    let mut killed = downloading(true).stdout(Stdio::null()).spawn().unwrap();
    let data = folder.path().join("data");
    awaited(&data, "part");
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(passing(&folder), files(folder.path()));
    let output = downloading(false).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let first = text(&output.stdout);
    assert!(first.contains("not MNIST, because it cannot be downloaded"), "{first}");
    assert!(files(&data).is_empty(), "{:?}", files(&data));
}

#[test]
fn a_download_that_ended_between_its_files_is_no_reason_to_draw_digits() {
    let folder = tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data/mnist")).unwrap();
    fs::write(folder.path().join("data/mnist/t10k-labels-idx1-ubyte.gz"), "").unwrap();
    let error = refused(&folder, &["--smoke"]);
    assert!(error.contains("data/mnist"), "{error}");
}
