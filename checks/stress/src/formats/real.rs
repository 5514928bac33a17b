//! The first parts of real files.

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// A file of the repository, by its path there.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The files of a folder of the repository with this ending and at most `max_bytes`, sorted by path.
pub(super) fn fixtures(folder: &str, ending: &str, max_bytes: usize) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(repository(folder)).expect("a folder of the repository");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    let files = paths.iter().map(|path| std::fs::read(path).expect("a file of the repository"));
    files.filter(|file| file.len() <= max_bytes).collect()
}

/// The first bytes of a file, decompressed where its name ends in `.gz`; none where there is no such file.
pub(super) fn first_bytes(path: &Path, bytes: u64) -> Option<Vec<u8>> {
    let file = BufReader::new(File::open(path).ok()?);
    let mut beginning = Vec::new();
    let read = match path.extension() {
        Some(ending) if ending == "gz" => MultiGzDecoder::new(file).take(bytes).read_to_end(&mut beginning),
        _ => file.take(bytes).read_to_end(&mut beginning),
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(beginning)
}

/// The first lines of a table, the one with the columns' names among them.
pub(super) fn lines(path: &Path, count: usize) -> Option<Vec<u8>> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.split_inclusive('\n').take(count).collect::<String>().into_bytes())
}

/// The first members of an archive, each with its header and the blocks of its bytes.
pub(super) fn members(path: &Path, count: usize) -> Option<Vec<Vec<u8>>> {
    let beginning = first_bytes(path, 1 << 16)?;
    let mut archive = tar::Archive::new(&beginning[..]);
    let entries = archive.entries().expect("an archive").take(count);
    let member = |entry: std::io::Result<tar::Entry<&[u8]>>| {
        let entry = entry.expect("a member");
        let end = (entry.raw_file_position() + entry.size()).next_multiple_of(512);
        beginning[entry.raw_header_position() as usize..end as usize].to_vec()
    };
    Some(entries.map(member).collect())
}
