//! MNIST by its name: looked for, then downloaded, then drawn.

use crate::Progress;
use crate::data::{HERE, locate, variable};
use crate::located::{GENERATOR_SEED, Located};
use crate::make_once::MakeOnce;
use anyhow::{Context, Result};
use datasets::{DataError, Mnist};
use durable::{Lock, remove_leftovers};
use indicatif::MultiProgress;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use tracing::info;

/// MNIST's folder in that of all data sets.
const MNIST: &str = "mnist";

/// Set to anything, it forbids downloads: what is not at hand is drawn.
const OFFLINE_VARIABLE: &str = "GLASSBOX_OFFLINE";

/// MNIST in `named`, or in `$GLASSBOX_DATA`, or in `./data`; else downloaded into `./data`; else drawn.
pub(crate) fn mnist(
    named: Option<&Path>,
    bars: &MultiProgress,
    make_once: &MakeOnce,
) -> Result<Located<Mnist>> {
    let data = Path::new(HERE);
    let here = data.join(MNIST);
    let found = locate(MNIST, "MNIST's files (train-images-idx3-ubyte.gz …)", Mnist::is_present, named)?;
    // A download that was killed between its files goes on.
    let is_begun = found.as_ref() == Some(&here) && !Mnist::is_whole(&here);
    if let Some(folder) = &found
        && !is_begun
    {
        Lock::remove_leftover(&here);
        return read(folder);
    }
    if variable(OFFLINE_VARIABLE).is_some() {
        return if is_begun { read(&here) } else { Ok(generated(&format!("{OFFLINE_VARIABLE} is set"))) };
    }
    match make_once.make(&here, || Ok(download(data, &here, bars)))? {
        Err(DataError::NoMirror { .. }) if is_begun => read(&here),
        Err(DataError::NoMirror { found, .. }) => {
            for (mirror, why) in &found {
                info!("{mirror}: {why}");
            }
            let why = found.first().map_or("there is no mirror", |(_, why)| why);
            Ok(generated(&format!("it cannot be downloaded: {why}")))
        }
        Err(error) => Err(error.into()),
        Ok(()) => read(&here),
    }
}

/// MNIST from the network into `folder`, the one called mnist in `data`.
fn download(data: &Path, folder: &Path, bars: &MultiProgress) -> Result<(), DataError> {
    let mut files = datasets::sources();
    files.retain(|file| file.file.starts_with("mnist/"));
    let bytes = files.iter().map(|file| file.bytes).sum();
    let progress = Progress::new(bars, "download MNIST", bytes);
    let received = AtomicU64::new(0);
    remove_leftovers(folder);
    thread::scope(|scope| {
        let work = scope.spawn(|| datasets::download(&files, data, &received));
        while !work.is_finished() {
            thread::sleep(Duration::from_millis(50));
            progress.set(received.load(Ordering::Relaxed));
        }
        work.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn read(folder: &Path) -> Result<Located<Mnist>> {
    let mnist = Mnist::read(folder).context("MNIST cannot be read")?;
    let source = mnist.source.clone();
    Ok(Located::from_files(mnist, source, &[folder]))
}

/// Generated digits in place of MNIST.
fn generated(why: &str) -> Located<Mnist> {
    let mnist = Mnist::generate(GENERATOR_SEED, 60_000, 10_000);
    let source = mnist.source.clone();
    Located::in_place_of(mnist, source, "MNIST", why)
}
