//! What a command leaves: files that appear whole or not at all, and text on stdout.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

/// Writes a file under a temporary name beside its place, and renames it when it is whole.
pub fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_file_by_way_of(folder, path, write)
}

/// The same with the temporary name in another folder of the same disk.
pub fn write_file_by_way_of(
    folder: &Path,
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<()>,
) -> Result<()> {
    let unwritable = || format!("{}: expected a file that can be written, found", path.display());
    let mut temporary = tempfile::Builder::new()
        .suffix(".part")
        .make_in(folder, |path| File::create_new(path))
        .with_context(unwritable)?;
    let mut writer = BufWriter::new(temporary.as_file_mut());
    write(&mut writer).and_then(|()| Ok(writer.flush()?)).with_context(unwritable)?;
    drop(writer);
    temporary.persist(path).map_err(|error| error.error).with_context(unwritable)?;
    Ok(())
}

/// Waits until what was written lies on the disk, so that not even a power failure undoes it.
pub fn settle(writer: &mut BufWriter<&mut File>) -> Result<()> {
    writer.flush()?;
    Ok(writer.get_ref().sync_all()?)
}

/// The same of the names in a folder; where the system knows no such thing, nothing happens.
pub fn settle_names(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Makes a folder, and those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    let unwritable = || format!("{}: expected a folder that can be made, found", path.display());
    fs::create_dir_all(path).with_context(unwritable)
}

/// The folder beside a file in which is kept what it will be made of.
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

/// A bar on stderr, where that is a terminal.
pub fn progress(what: &'static str, total: usize) -> ProgressBar {
    let style = "{msg:16} {wide_bar} {human_pos}/{human_len} {eta:>4} left";
    let style = ProgressStyle::with_template(style).expect("a valid template");
    ProgressBar::new(total as u64).with_style(style).with_message(what)
}
