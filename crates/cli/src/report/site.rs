//! The folder of a site: made once, gone on with after an interruption, and never mixed with another.

use super::page;
use crate::output::{lock_folder, make_folder, names_in, read_if_present, stage, unwritable};
use anyhow::{Context, Result, bail};
use durable::{FOLDER_LOCK, Lock, publish_unsynced, remove_leftovers};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What the site is made of, as text.
const ORIGIN: &str = "data/build.json";

/// What only a site that is not yet whole needs: results for later stages, and files that are being written.
const KEPT: &str = "data/unfinished";

/// What makes a site whole; it is written last.
const WHOLE: &str = "index.html";

/// The folder that a site is built in.
pub struct Site {
    path: PathBuf,
    _lock: Lock,
}

impl Site {
    /// The site in this folder, begun where there is none.
    ///
    /// # Errors
    /// When something else lies there, or a site of another origin, or another run is at work on it.
    pub fn open(path: &Path, origin: &str) -> Result<Site> {
        let kept = path.join(KEPT);
        make_folder(&kept)?;
        let site = Site { path: path.to_owned(), _lock: lock_folder(&kept)? };
        match site.read(ORIGIN)? {
            Some(found) if found == origin.as_bytes() => remove_leftovers(&kept),
            Some(_) => site.refuse("one of another model, other images or other settings")?,
            None if site.is_taken()? => site.refuse("other files")?,
            None => site.write(ORIGIN, origin.as_bytes())?,
        }
        Ok(site)
    }

    /// Whether nothing is left to do.
    pub fn is_whole(&self) -> bool {
        self.has(WHOLE)
    }

    pub fn has(&self, name: &str) -> bool {
        self.path.join(name).is_file()
    }

    /// Writes a file of the site, whole or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        let staged = stage(&self.path.join(KEPT), &path, |writer| Ok(writer.write_all(bytes)?))?;
        publish_unsynced(&[staged]).map_err(durable::Error::into_io).with_context(|| unwritable(&path))
    }

    /// Whether a result was kept for a later stage.
    pub fn keeps(&self, name: &str) -> bool {
        self.has(&kept(name))
    }

    /// Keeps a result for a later stage, until the site is whole.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write(&kept(name), bytes)
    }

    /// A result of an earlier stage, or of an earlier attempt.
    pub fn kept(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.read(&kept(name))
    }

    /// Adds the page, where it is not there as it is now, its entrance last; discards what was kept.
    pub fn finish(&self) -> Result<()> {
        let (entrance, others): (Vec<_>, Vec<_>) = page::FILES.iter().partition(|(name, _)| *name == WHOLE);
        for (name, text) in others.into_iter().chain(entrance) {
            if self.read(name)?.is_none_or(|found| found != text.as_bytes()) {
                make_folder(self.path.join(name).parent().expect("a folder of the site"))?;
                self.write(name, text.as_bytes())?;
            }
        }
        self.discard_kept()
    }

    fn discard_kept(&self) -> Result<()> {
        let kept = self.path.join(KEPT);
        match fs::remove_dir_all(&kept) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error)
                .with_context(|| format!("{}: expected a folder that can be removed", kept.display())),
            _ => Ok(()),
        }
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        read_if_present(&self.path.join(name))
    }

    /// Whether the folder holds anything but the places for a site's data, which are made before all else.
    fn is_taken(&self) -> Result<bool> {
        let names = |folder: &str| names_in(&self.path.join(folder));
        let is_part = |name: &String| name == FOLDER_LOCK || name.starts_with('.');
        Ok(names("")?.len() > 1 || names("data")?.len() > 1 || !names(KEPT)?.iter().all(is_part))
    }

    fn refuse(&self, found: &str) -> Result<()> {
        // Nothing of ours is left behind in a folder of others'.
        let _ = fs::remove_file(self.path.join(KEPT).join(FOLDER_LOCK));
        let _ = fs::remove_dir(self.path.join(KEPT));
        let _ = fs::remove_dir(self.path.join("data"));
        bail!(
            "{}: expected an empty folder or a site of this model, these images and these settings, found {found}; \
             remove it, or name another folder with -o",
            self.path.display()
        )
    }
}

fn kept(name: &str) -> String {
    format!("{KEPT}/{name}")
}
