//! The folder of a job's parts, each of them whole or not at all.

use super::Part;
use super::origin::differing;
use crate::output::{Writer, lock_folder, names_in, read_if_present, stage, unwritable};
use anyhow::{Context, Result, bail};
use durable::{FOLDER_LOCK, Lock, publish, remove_leftovers};
use lab::sha256;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What the parts follow from.
const ORIGIN: &str = "origin.json";

/// Hexadecimal digits of a digest.
const DIGITS: usize = 64;

/// The stored parts of a job.
///
/// A file is a SHA-256 of the origin, the part's name and its bytes, a new line, and the bytes:
/// a file that was cut off, or belongs elsewhere, counts as missing.
#[derive(Debug)]
pub struct PartStore {
    path: PathBuf,
    origin: String,
    _lock: Option<Lock>,
}

impl PartStore {
    /// Opens the folder of a job's parts, or makes it; it is locked until the store is dropped.
    ///
    /// # Errors
    /// When another run is at work there, or something else lies there: other files, or parts of another origin.
    pub fn begin(path: &Path, origin: &str) -> Result<PartStore> {
        if let Err(error) = fs::create_dir(path)
            && error.kind() != ErrorKind::AlreadyExists
        {
            let expected = || format!("{}: expected a folder that can be made, found", path.display());
            return Err(error).with_context(expected);
        }
        let lock = lock_folder(path)?;
        let store = PartStore { path: path.to_owned(), origin: origin.to_owned(), _lock: Some(lock) };
        if store.read_file(ORIGIN)?.is_none() {
            if !store.is_empty() {
                store.refuse("other files")?;
            }
            store.write_output(&path.join(ORIGIN), |writer| Ok(writer.write_all(origin.as_bytes())?))?;
        }
        store.check()?;
        remove_leftovers(path);
        Ok(store)
    }

    /// Opens the folder of a job that another process has begun.
    ///
    /// # Errors
    /// When no job, or one of another origin, was begun there.
    pub fn join(path: &Path, origin: &str) -> Result<PartStore> {
        let store = PartStore { path: path.to_owned(), origin: origin.to_owned(), _lock: None };
        store.check()?;
        Ok(store)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stores a part's result.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, part: Part, result: &[u8]) -> Result<()> {
        let name = name(part);
        let digest = self.digest(&name, result);
        self.write_output(&self.path.join(&name), |writer| {
            writeln!(writer, "{digest}")?;
            Ok(writer.write_all(result)?)
        })
    }

    /// A part's result, where it is there; a line on stderr says so when it is damaged.
    ///
    /// # Errors
    /// When a file is there that cannot be read.
    pub fn find(&self, part: Part) -> Result<Option<Vec<u8>>> {
        let name = name(part);
        let Some(mut bytes) = self.read_file(&name)? else { return Ok(None) };
        if bytes.get(DIGITS) == Some(&b'\n') {
            let result = bytes.split_off(DIGITS + 1);
            if bytes[..DIGITS] == *self.digest(&name, &result).as_bytes() {
                return Ok(Some(result));
            }
        }
        eprintln!("{}: a damaged part, which is computed again", self.path.join(name).display());
        Ok(None)
    }

    /// A part's result, which must be there.
    ///
    /// # Errors
    /// When it is not, or damaged.
    pub fn read(&self, part: Part) -> Result<Vec<u8>> {
        self.find(part)?.with_context(|| {
            let path = self.path.join(name(part));
            format!("{}: expected a whole part, found none; the same command goes on here", path.display())
        })
    }

    /// Writes an output of the job, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_output(&self, path: &Path, write: impl FnOnce(&mut Writer<'_>) -> Result<()>) -> Result<()> {
        let staged = stage(&self.path, path, write)?;
        publish(&[staged]).map_err(durable::Error::into_io).with_context(|| unwritable(path))
    }

    /// Whether no part is there.
    pub fn is_empty(&self) -> bool {
        let is_part = |name: &String| name != ORIGIN && name != FOLDER_LOCK && !name.starts_with('.');
        names_in(&self.path).is_ok_and(|names| !names.iter().any(is_part))
    }

    /// Removes the parts and their folder, the origin last: what is left of it after an interruption is still known.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn discard(self) -> Result<()> {
        for name in names_in(&self.path)?.iter().filter(|&name| name != ORIGIN && name != FOLDER_LOCK) {
            let path = self.path.join(name);
            fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
        }
        fs::remove_dir_all(&self.path)
            .with_context(|| format!("{}: expected a folder that can be removed", self.path.display()))
    }

    /// # Errors
    /// When the folder's origin is another.
    fn check(&self) -> Result<()> {
        let found = self
            .read_file(ORIGIN)?
            .with_context(|| format!("{}: expected a job that was begun, found none", self.path.display()))?;
        let found = String::from_utf8_lossy(&found);
        if found != self.origin {
            let differing = differing(&self.origin, &found);
            self.refuse(&format!("some of another ({})", differing.join(", ")))?;
        }
        Ok(())
    }

    fn refuse(&self, found: &str) -> Result<()> {
        bail!(
            "{}: expected parts of this job, from an interrupted run with the same arguments, found {found}; \
             remove it, or name another output with -o",
            self.path.display()
        )
    }

    fn digest(&self, name: &str, result: &[u8]) -> String {
        sha256(&[self.origin.as_bytes(), b"\0", name.as_bytes(), b"\0", result].concat())
    }

    fn read_file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        read_if_present(&self.path.join(name))
    }
}

fn name(Part { stage, index }: Part) -> String {
    format!("{stage}-{index}")
}
