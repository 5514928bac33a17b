//! MNIST by its name: looked for, then downloaded, then drawn.

use std::env;
use std::ffi::OsString;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use datasets::{DataError, Mnist, Source};
use indicatif::MultiProgress;
use tracing::info;

use crate::Progress;
use crate::interrupt::unfinished;

/// The seed of the drawn digits: the data stays the same whatever the seed of the run.
const GENERATOR_SEED: u64 = 1;

/// Names the folder of all data sets.
const DATA_VARIABLE: &str = "GLASSBOX_DATA";

/// Set to anything, it forbids downloads: what is not at hand is drawn.
const OFFLINE_VARIABLE: &str = "GLASSBOX_OFFLINE";

/// Data, and one line on how it was come by.
pub(crate) struct Found {
    pub mnist: Mnist,
    pub story: String,
}

/// MNIST in `named`, or in `$GLASSBOX_DATA`, or in `./data`; else downloaded into `./data`; else drawn.
///
/// # Errors
///
/// When a folder was named that holds no MNIST, or files are damaged wherever they lie.
pub(crate) fn mnist(named: Option<&Path>, bars: &MultiProgress) -> Result<Found> {
    if let Some(folder) = named {
        return read_named(folder, "--data");
    }
    if let Some(folder) = variable(DATA_VARIABLE) {
        return read_named(Path::new(&folder), DATA_VARIABLE);
    }
    let data = Path::new("data");
    let folder = data.join("mnist");
    if Mnist::is_present(&folder) {
        return read(&folder);
    }
    if variable(OFFLINE_VARIABLE).is_some() {
        return Ok(drawn(&format!("{OFFLINE_VARIABLE} is set")));
    }
    match download(data, &folder, bars) {
        Err(DataError::NoMirror { found, .. }) => {
            for (mirror, why) in &found {
                info!("{mirror}: {why}");
            }
            let why = found.first().map_or("there is no mirror", |(_, why)| why);
            Ok(drawn(&format!("it cannot be downloaded: {why}")))
        }
        Err(error) => Err(error.into()),
        Ok(()) => read(&folder),
    }
}

/// The value of an environment variable; an empty one counts as none.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// MNIST from the network into `folder`, the one called mnist in `data`.
fn download(data: &Path, folder: &Path, bars: &MultiProgress) -> Result<(), DataError> {
    let mut files = datasets::sources();
    files.retain(|file| file.file.starts_with("mnist/"));
    let bytes = files.iter().map(|file| file.bytes).sum();
    let progress = Progress::new(bars, "download MNIST", bytes);
    let received = AtomicU64::new(0);
    unfinished().insert(folder.to_owned());
    let result = thread::scope(|scope| {
        let work = scope.spawn(|| datasets::download(&files, data, &received));
        while !work.is_finished() {
            thread::sleep(Duration::from_millis(50));
            progress.set(received.load(Ordering::Relaxed));
        }
        work.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    unfinished().remove(folder);
    result
}

/// MNIST in a folder that the user named: nothing else will do.
fn read_named(folder: &Path, by: &str) -> Result<Found> {
    let here = folder.join("mnist");
    ensure!(folder.is_dir(), "{}: expected the folder named by {by}, found none", folder.display());
    ensure!(
        Mnist::is_present(&here),
        "{}: expected MNIST's files (train-images-idx3-ubyte.gz …) in the mnist folder of the one named by {by}, found none",
        here.display()
    );
    read(&here)
}

fn read(folder: &Path) -> Result<Found> {
    let mnist = Mnist::read(folder).context("MNIST cannot be read")?;
    let story = format!("{} in {}", mnist.source, folder.display());
    Ok(Found { mnist, story })
}

/// Digits in the place of MNIST, drawn by this program.
fn drawn(why: &str) -> Found {
    let mnist = Mnist::generate(GENERATOR_SEED, 60_000, 10_000);
    let story = format!("{}, not MNIST, because {why}", mnist.source);
    Found { mnist, story }
}

/// What outputs call the data.
pub(crate) fn name(source: Option<&Source>) -> String {
    source.map_or("no data".to_owned(), ToString::to_string)
}

/// Whether tables made from `source` may stand beside the paper's without a remark.
pub(crate) fn is_real(source: &Source) -> bool {
    source.name() == "mnist"
}

/// The folder under the results for tables made from `source`: those from other data than MNIST stand apart.
pub(crate) fn subfolder(source: &Source) -> PathBuf {
    match source {
        Source::Generated { .. } => "generated".into(),
        Source::Files { .. } if is_real(source) => PathBuf::new(),
        Source::Files { .. } => source.name().into(),
    }
}
