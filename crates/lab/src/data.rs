//! MNIST by its name: looked for, then downloaded, then drawn.

use crate::Progress;
use crate::located::{GENERATOR_SEED, Located};
use crate::make_once::MakeOnce;
use anyhow::{Context, Result, ensure};
use datasets::{DataError, Mnist, Source};
use durable::{Lock, remove_leftovers};
use indicatif::MultiProgress;
use std::env;
use std::ffi::OsString;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use tracing::info;

/// The folder of all data sets where the user names none.
const HERE: &str = "data";

/// MNIST's folder in that of all data sets.
const MNIST: &str = "mnist";

/// Names the folder of all data sets.
const DATA_VARIABLE: &str = "GLASSBOX_DATA";

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

/// Files that are looked for in a folder of the folder of all data sets.
pub(crate) struct Wanted {
    pub folder: &'static str,
    pub files: &'static [&'static str],
}

impl Wanted {
    /// [`locate`] for all of these files.
    pub fn locate(&self, named: Option<&Path>) -> Result<Option<PathBuf>> {
        let is_in = |folder: &Path| self.files.iter().all(|file| folder.join(file).is_file());
        locate(self.folder, &self.list(), is_in, named)
    }

    /// `a, b and c`.
    pub fn list(&self) -> String {
        match self.files {
            [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
            files => files.concat(),
        }
    }
}

/// The folder `name` that holds `files`, in the place that the user named, or in `./data`; none where the user named no place and `./data` has none.
///
/// # Errors
/// When the place that the user named does not hold it: then nothing else will do.
pub(crate) fn locate(
    name: &str,
    files: &str,
    is_in: impl Fn(&Path) -> bool,
    named: Option<&Path>,
) -> Result<Option<PathBuf>> {
    let Some((folder, by)) = named_folder(named) else {
        let here = Path::new(HERE).join(name);
        return Ok(is_in(&here).then_some(here));
    };
    let here = folder.join(name);
    ensure!(folder.is_dir(), "{}: expected the folder named by {by}, found none", folder.display());
    ensure!(
        is_in(&here),
        "{}: expected {files} in the {name} folder of the one named by {by}, found none",
        here.display()
    );
    Ok(Some(here))
}

/// The folder of all data sets that the user named, and by what.
fn named_folder(named: Option<&Path>) -> Option<(PathBuf, &'static str)> {
    let by_variable = || Some((variable(DATA_VARIABLE)?.into(), DATA_VARIABLE));
    named.map(|folder| (folder.to_owned(), "--data")).or_else(by_variable)
}

/// The value of an environment variable, unless it is empty.
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

/// What outputs call the data.
pub(crate) fn name(sources: &[Source]) -> String {
    if sources.is_empty() {
        return "no data".to_owned();
    }
    sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// The folder under the results for tables made from these: those from other data than the paper's or ours stand apart.
pub(crate) fn subfolder(sources: &[Source]) -> PathBuf {
    let generated = sources.iter().find(|source| matches!(source, Source::Generated { .. }));
    let other = || sources.iter().find(|source| !source.is_official()).map(Source::name);
    generated.map(|_| "generated".to_owned()).or_else(other).unwrap_or_default().into()
}

/// The folder of all data sets: the one that the user named, or `./data`.
pub(crate) fn folder_of_all(named: Option<&Path>) -> PathBuf {
    named_folder(named).map_or_else(|| HERE.into(), |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasets::Set;

    #[test]
    fn results_of_which_a_part_was_drawn_stand_with_those_that_were_drawn() {
        let files = Source::Files { set: Set::Mnist, folder: "here".into(), digests: Vec::new() };
        let drawn = Source::Generated { set: Set::ImageNetSample, seed: 1 };
        assert_eq!(subfolder(&[]), PathBuf::new());
        assert_eq!(subfolder(std::slice::from_ref(&files)), PathBuf::from(files.name()));
        assert_eq!(subfolder(&[files.clone(), drawn.clone()]), PathBuf::from("generated"));
        assert_eq!(name(&[files.clone(), drawn]), format!("{files} and generated scenes (seed 1)"));
        assert_eq!(name(&[]), "no data");
    }
}
