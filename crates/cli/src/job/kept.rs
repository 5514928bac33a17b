//! The folder in which a job's parts are kept, each of them whole or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lab::sha256;

use super::Part;
use super::lock::{LOCK, Lock};
use super::origin::differing;
use crate::output::{settle, settle_names, write_file_by_way_of};

/// What the parts follow from.
const ORIGIN: &str = "origin.json";

/// How the names of files end that are being written.
const BEGUN: &str = "part";

/// Hexadecimal digits of a digest.
const DIGITS: usize = 64;

/// The parts of a job that are there.
///
/// A file is a SHA-256 of the origin, the part's name and its bytes, a new line, and the bytes:
/// one that was cut off, or belongs elsewhere, counts as missing.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    origin: String,
    _lock: Option<Lock>,
}

impl Kept {
    /// The parts of a job in this folder, which is begun where there is none; no other run may begin it until they are dropped.
    ///
    /// # Errors
    /// When another run is at work there, or something else lies there: other files, or parts of another origin.
    pub fn begin(path: &Path, origin: &str) -> Result<Kept> {
        match fs::create_dir(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| {
                    format!("{}: expected a folder that can be made, found", path.display())
                });
            }
            _ => {}
        }
        let lock = Lock::take(path)?;
        let kept = Kept { path: path.to_owned(), origin: origin.to_owned(), _lock: Some(lock) };
        if kept.read_file(ORIGIN)?.is_none() {
            if !kept.is_empty() {
                // Nothing of ours is left behind in a folder of others'.
                let _ = fs::remove_file(path.join(LOCK));
                kept.refuse("other files")?;
            }
            kept.write(&path.join(ORIGIN), |writer| Ok(writer.write_all(origin.as_bytes())?))?;
        }
        kept.check()?;
        kept.remove(is_begun)?;
        Ok(kept)
    }

    /// The parts of a job that another process has begun: for those that help it.
    ///
    /// # Errors
    /// When no job, or one of another origin, was begun there.
    pub fn join(path: &Path, origin: &str) -> Result<Kept> {
        let kept = Kept { path: path.to_owned(), origin: origin.to_owned(), _lock: None };
        kept.check()?;
        Ok(kept)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a part's result.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, part: Part, result: &[u8]) -> Result<()> {
        let name = name(part);
        let digest = self.digest(&name, result);
        self.write(&self.path.join(&name), |writer| {
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
    pub fn write(
        &self,
        path: &Path,
        write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<()>,
    ) -> Result<()> {
        write_file_by_way_of(&self.path, path, |writer| {
            write(writer)?;
            settle(writer)
        })?;
        settle_names(path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")));
        Ok(())
    }

    /// Whether no part is there.
    pub fn is_empty(&self) -> bool {
        let is_part = |name: &String| name != ORIGIN && name != LOCK && !is_begun(name);
        self.names().is_ok_and(|names| !names.iter().any(is_part))
    }

    /// Removes the parts and their folder, the origin last: what is left of it after an interruption is still known.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn discard(self) -> Result<()> {
        self.remove(|name| name != ORIGIN && name != LOCK)?;
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
        let path = self.path.join(name);
        match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => read.map(Some).with_context(|| format!("{}: cannot be read", path.display())),
        }
    }

    fn names(&self) -> Result<Vec<String>> {
        let unreadable = || format!("{}: expected a folder that can be read, found", self.path.display());
        let entries = fs::read_dir(&self.path).with_context(unreadable)?;
        let name = |entry: std::io::Result<fs::DirEntry>| {
            Ok(entry.with_context(unreadable)?.file_name().to_string_lossy().into_owned())
        };
        entries.map(name).collect()
    }

    fn remove(&self, is_meant: impl Fn(&str) -> bool) -> Result<()> {
        for name in self.names()?.iter().filter(|name| is_meant(name)) {
            let path = self.path.join(name);
            fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
        }
        Ok(())
    }
}

/// Whether a file of this name was being written.
fn is_begun(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == BEGUN)
}

fn name(Part { stage, index }: Part) -> String {
    format!("{stage}-{index}")
}
