//! SHA-256 as text.

use anyhow::{Context, Result};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The SHA-256 of `bytes`, 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = halves.filter_map(|half| char::from_digit(half.into(), 16));
    digits.collect()
}

/// The name of a file or folder, and its SHA-256; a folder's is that of the lines `<sha256>  <path>` of all files below it, sorted by path.
///
/// All bytes are read: sizes and times do not tell whether images are the same.
///
/// # Errors
/// When a file cannot be read.
pub fn digest_of(path: &Path) -> Result<(String, String)> {
    let name = path.file_name().unwrap_or_default().display().to_string();
    if !path.is_dir() {
        return Ok((name, of_file(path)?));
    }
    let line = |file: &PathBuf| {
        let below = file.strip_prefix(path).unwrap_or(file);
        let below: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        Ok(format!("{}  {}\n", of_file(file)?, below.join("/")))
    };
    let lines = files_below(path)?.par_iter().map(line).collect::<Result<Vec<String>>>()?;
    Ok((format!("{name}/"), sha256(lines.concat().as_bytes())))
}

/// The SHA-256 of a file.
pub(crate) fn of_file(path: &Path) -> Result<String> {
    Ok(sha256(&fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?))
}

/// Sorted by path.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("{}: cannot be read", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folders_digest_changes_with_every_byte_and_name_below_it_and_not_with_its_own_place() {
        let digest = |files: [(&str, &str); 2]| {
            let root = tempfile::tempdir().unwrap();
            let folder = root.path().join("classes");
            fs::create_dir_all(folder.join("a")).unwrap();
            files.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
            digest_of(&folder).unwrap()
        };
        let first = digest([("a/1.png", "one"), ("2.png", "two")]);
        assert_eq!(first.0, "classes/");
        assert_eq!(digest([("a/1.png", "one"), ("2.png", "two")]), first);
        assert_ne!(digest([("a/1.png", "One"), ("2.png", "two")]).1, first.1);
        assert_ne!(digest([("a/3.png", "one"), ("2.png", "two")]).1, first.1);
    }

    #[test]
    fn nothing_has_the_known_digest() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), known);
    }
}
