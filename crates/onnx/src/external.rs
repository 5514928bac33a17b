//! Tensors whose scalars lie in another file beside the model.

use crate::error::Fault;
use crate::proto::StringStringEntryProto;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

/// The bytes that the entries `location`, `offset` and `length` point at.
///
/// Only files in the model's folder are opened, where a link leads to one too, or files in the folder that the model's own link leads to:
/// a cache of downloads has both behind links. Memory is only taken for bytes that the file has.
pub(crate) fn read(
    entries: &[StringStringEntryProto],
    model: &Path,
    expected: usize,
) -> Result<Vec<u8>, Fault> {
    let path = model.parent().unwrap_or(Path::new("")).join(location(entries)?);
    let offset = number(entries, "offset")?.unwrap_or(0);
    let length = number(entries, "length")?.unwrap_or(expected as u64);
    if length != expected as u64 {
        return Err(Fault::mismatch(format!("{expected} bytes"), format!("length {length}")));
    }
    let unreadable = |error: std::io::Error| {
        Fault::mismatch(format!("bytes {offset} and on of {}", path.display()), error.to_string())
    };
    check_inside(&path, model, unreadable)?;
    let mut file = File::open(&path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if offset.checked_add(length).is_none_or(|end| end > size) {
        let expected = format!("{length} bytes at {offset} in {}", path.display());
        return Err(Fault::mismatch(expected, format!("{size} bytes in all")));
    }
    file.seek(SeekFrom::Start(offset)).map_err(unreadable)?;
    let mut bytes = vec![0; expected];
    file.read_exact(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// Whether a file lies beside the model after all links: in the folder of its name, or directly in the folder of what its link leads to.
fn check_inside(
    path: &Path,
    model: &Path,
    unreadable: impl Fn(std::io::Error) -> Fault,
) -> Result<(), Fault> {
    let file = path.canonicalize().map_err(&unreadable)?;
    // The folder of a bare file name is empty.
    let folder = model.parent().unwrap_or(Path::new("")).join(".").canonicalize().map_err(&unreadable)?;
    let is_linked = path.is_symlink() && model.is_symlink();
    let blobs = model.canonicalize().ok().filter(|_| is_linked);
    if file.starts_with(folder) || blobs.is_some_and(|model| model.parent() == file.parent()) {
        return Ok(());
    }
    let expected =
        "a file in the model's folder (copy the model and its data into one folder, without links: cp -L)";
    let found = format!("{}, a link that leads out of it to {}", path.display(), file.display());
    Err(Fault::mismatch(expected, found))
}

fn entry<'a>(entries: &'a [StringStringEntryProto], key: &str) -> Option<&'a str> {
    entries.iter().find(|entry| entry.key() == key).map(StringStringEntryProto::value)
}

fn location(entries: &[StringStringEntryProto]) -> Result<PathBuf, Fault> {
    let location = entry(entries, "location").unwrap_or_default();
    let path = PathBuf::from(location);
    let inside = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
    if location.is_empty() || !path.components().all(inside) {
        return Err(Fault::mismatch("a file in the model's folder", format!("location {location:?}")));
    }
    Ok(path)
}

fn number(entries: &[StringStringEntryProto], key: &str) -> Result<Option<u64>, Fault> {
    let parse = |text: &str| {
        text.parse().map_err(|_| Fault::mismatch(format!("a number of bytes as {key}"), format!("{text:?}")))
    };
    entry(entries, key).map(parse).transpose()
}
