//! Whether two folders of results are the same.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// What says when and where a run was, and so differs each time.
const MANIFEST: &str = "manifest.json";

/// One digest of the names and bytes of all files below a folder, except for manifests.
///
/// # Errors
/// When something of it cannot be read.
pub fn digest_of_results(folder: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    add(folder, folder, &mut digest)?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn add(root: &Path, folder: &Path, digest: &mut Sha256) -> Result<()> {
    let unreadable = || format!("{}: cannot be read", folder.display());
    let entries = fs::read_dir(folder).with_context(unreadable)?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>().with_context(unreadable)?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(root, &path, digest)?;
        } else if path.file_name().is_some_and(|name| name != MANIFEST) {
            let bytes = fs::read(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
            let name = path.strip_prefix(root).expect("below the root").display().to_string();
            digest.update(format!("{name}\0{}\0", bytes.len()));
            digest.update(bytes);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_byte_name_or_place_makes_another_digest_but_not_another_manifest() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| fs::write(path(name), text).expect("written");
        let digest = || digest_of_results(folder.path()).expect("readable");
        fs::create_dir(path("a")).expect("made");
        write("a/table.csv", "row");
        write("manifest.json", "now");
        let first = digest();
        write("manifest.json", "later");
        assert_eq!(digest(), first);
        write("a/table.csv", "Row");
        assert_ne!(digest(), first);
        write("a/table.csv", "row");
        assert_eq!(digest(), first);
        fs::rename(path("a/table.csv"), path("table.csv")).expect("moved");
        assert_ne!(digest(), first);
    }
}
