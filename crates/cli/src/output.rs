//! Output of commands: files that appear whole or not at all, and text on stdout.

use crate::failure::WrongArguments;
use anyhow::{Context, Result, bail};
use durable::{FOLDER_LOCK, Lock, LockAttempt, StagedFile, publish_unsynced};
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};
use serde::Serialize;
use std::fmt;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Buffered writer of a staged file.
pub type Writer<'a> = BufWriter<&'a mut StagedFile>;

/// Writes a file whole or not at all.
pub fn write_file(path: &Path, write: impl FnOnce(&mut Writer<'_>) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let staged = stage(folder, path, write)?;
    publish_unsynced(&[staged]).map_err(durable::Error::into_io).with_context(|| unwritable(path))
}

/// Writes a file under a temporary name in `folder`, which must be on the disk of `path`.
pub fn stage(
    folder: &Path,
    path: &Path,
    write: impl FnOnce(&mut Writer<'_>) -> Result<()>,
) -> Result<StagedFile> {
    let staged = StagedFile::new_in(folder, path).map_err(durable::Error::into_io);
    let mut staged = staged.with_context(|| unwritable(path))?;
    let mut writer = BufWriter::new(&mut staged);
    write(&mut writer).and_then(|()| Ok(writer.flush()?)).with_context(|| unwritable(path))?;
    drop(writer);
    Ok(staged)
}

pub fn unwritable(path: &Path) -> String {
    format!("{}: expected a file that can be written, found", path.display())
}

/// Locks an existing folder until the lock is dropped.
///
/// # Errors
/// When another process has locked it, which is named, or the folder cannot be written.
pub fn lock_folder(folder: &Path) -> Result<Lock> {
    let found = match Lock::try_acquire_in(folder).map_err(durable::Error::into_io) {
        Ok(LockAttempt::Acquired(lock)) => return Ok(lock),
        Ok(LockAttempt::HeldBy(holder)) => {
            format!("{holder}; wait for its end, or name another output with -o")
        }
        // A run that ends removes the folder of its parts.
        Err(error) if error.kind() == ErrorKind::NotFound => "one that has just ended; start again".into(),
        Err(error) => return Err(error).with_context(|| unwritable(&folder.join(FOLDER_LOCK))),
    };
    bail!("{}: expected no other run at work here, found {found}", folder.display())
}

/// Whether a file's name ends in a dot and this, in whatever case.
pub fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// Checks before the work begins that its output can be written.
///
/// # Errors
/// When it has none of these endings, is a folder, or lies in a folder that is missing or cannot be written.
pub fn check_output(path: &Path, endings: &[&str]) -> Result<()> {
    check_ending(path, endings)?;
    if path.is_dir() {
        bail!("{} a folder", unwritable(path));
    }
    // An empty file under a temporary name, which vanishes at once.
    StagedFile::new(path).map_err(durable::Error::into_io).map(drop).with_context(|| unwritable(path))
}

/// # Errors
/// When an output has none of these endings.
fn check_ending(path: &Path, endings: &[&str]) -> Result<()> {
    if endings.iter().any(|ending| ends_in(path, ending)) {
        return Ok(());
    }
    let endings = endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(" or ");
    bail!(WrongArguments(format!("{}: expected an output that ends in {endings}", path.display())))
}

/// The content of a file, where there is one.
pub fn read_if_present(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some).with_context(|| format!("{}: cannot be read", path.display())),
    }
}

/// The names of a folder's entries.
pub fn names_in(folder: &Path) -> Result<Vec<String>> {
    let unreadable = || format!("{}: expected a folder that can be read, found", folder.display());
    let entries = fs::read_dir(folder).with_context(unreadable)?;
    let name = |entry: io::Result<fs::DirEntry>| {
        Ok(entry.with_context(unreadable)?.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

/// Makes a folder, and those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    let unwritable = || format!("{}: expected a folder that can be made, found", path.display());
    fs::create_dir_all(path).with_context(unwritable)
}

/// The folder of the parts that a file is made from, beside it.
pub fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().display();
    path.with_file_name(format!("{name}.unfinished"))
}

/// Prints text; a reader that has left, such as `head`, is no error.
pub fn print(text: &str) -> Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("stdout: cannot be written"),
    }
}

/// The bytes of a CSV file with these columns.
pub fn csv_table<const N: usize>(
    columns: [&str; N],
    rows: impl IntoIterator<Item = impl Serialize>,
) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(columns)?;
    rows.into_iter().try_for_each(|row| table.serialize(row))?;
    Ok(table.into_inner()?)
}

/// A bar on stderr, where that is a terminal.
pub fn progress(what: &'static str, total: usize) -> ProgressBar {
    progress_of(what, total, None)
}

/// The same, with the evaluations of nets so far where they are counted; nothing is said of the time left before anything is done.
pub fn progress_of(what: &'static str, total: usize, evaluations: Option<Arc<AtomicUsize>>) -> ProgressBar {
    let is_counted = evaluations.is_some();
    let style =
        ProgressStyle::with_template("{msg:16} {wide_bar} {human_pos}/{human_len}{counted} {left:>4} left");
    let left = |state: &ProgressState, text: &mut dyn fmt::Write| {
        // A terminal that takes no text takes no bar either.
        let _ = if state.pos() == 0 {
            write!(text, "?")
        } else {
            write!(text, "{:#}", HumanDuration(state.eta()))
        };
    };
    let counted = move |_: &ProgressState, text: &mut dyn fmt::Write| {
        if let Some(evaluations) = &evaluations {
            let _ = write!(text, ", {} evaluations,", HumanCount(evaluations.load(Ordering::Relaxed) as u64));
        }
    };
    let style = style.expect("a valid template").with_key("left", left).with_key("counted", counted);
    let bar = ProgressBar::new(total as u64).with_style(style).with_message(what);
    if is_counted {
        bar.enable_steady_tick(Duration::from_millis(500));
    }
    bar
}
