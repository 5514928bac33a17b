//! The images of a tar archive, compressed by gzip or not.

use super::listing::{Listing, Place, is_hidden};
use super::long_name::LongName;
use crate::DataError;
use crate::content::{Content, LOOKED_AT};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tar::Entries;

/// A tar archive consists of blocks of this size.
const BLOCK: u64 = 512;

/// The largest file that is taken for an image: a few bytes of gzip can stand for any number of zeros.
const LARGEST_FILE: u64 = 512 << 20;

/// The images of the archive `path` in its order.
pub(crate) fn listing(path: &Path) -> Result<Listing, DataError> {
    let archive = Archive::open(path)?;
    let damaged = |found| damaged(path, found);
    let ((listing, end), length) = match archive.stream {
        Stream::Plain(file) => {
            let length = file.metadata().map_err(damaged)?.len();
            let mut tar = tar::Archive::new(file);
            (list(tar.entries_with_seek().map_err(damaged)?).map_err(damaged)?, length)
        }
        Stream::Gzip(decoder) => {
            let mut tar = tar::Archive::new(CountingReader { inner: decoder, bytes: 0 });
            let listing = list(tar.entries().map_err(damaged)?).map_err(damaged)?;
            let mut rest = tar.into_inner();
            io::copy(&mut rest, &mut io::sink()).map_err(damaged)?;
            (listing, rest.bytes)
        }
    };
    // The end is marked by empty blocks: without them, whole files may be missing.
    let expected = end + BLOCK;
    if length < expected {
        let path = path.to_owned();
        return Err(DataError::Truncated { path, items: "bytes of a tar archive", expected, found: length });
    }
    Ok(listing)
}

/// What the entries are, and where the last file's last block ends.
fn list<R: Read>(entries: Entries<R>) -> io::Result<(Listing, u64)> {
    let (mut listing, mut end) = (Listing::default(), 0);
    let mut long = LongName::default();
    // Raw: what names and sizes are written in front of a member is read here, never more of it than is sensible.
    for entry in entries.raw(true) {
        let mut entry = entry?;
        if long.is_read_from(&mut entry)? {
            continue;
        }
        let (offset, size) = (entry.raw_file_position(), entry.size());
        let name = std::mem::take(&mut long).or_name_of(&entry)?;
        match entry.header().entry_type() {
            kind if kind.is_dir() => {
                let folder = name.trim_end_matches('/');
                if !is_hidden(folder) {
                    listing.folders.push(folder.to_owned());
                }
            }
            kind if kind.is_file() => {
                let whole = offset.checked_add(size).and_then(|end| end.checked_next_multiple_of(BLOCK));
                end = whole.ok_or_else(|| io::Error::other(format!("{name}, which claims {size} bytes")))?;
                if !is_hidden(&name) {
                    listing.put(name, Place::Archive { offset, size }, || content(&mut entry));
                }
            }
            _ => {}
        }
    }
    long.ensure_used()?;
    Ok((listing, end))
}

/// The content of a member, whose bytes are read again with the image.
fn content(member: &mut impl Read) -> Content {
    let mut bytes = Vec::new();
    let read = member.take(LOOKED_AT as u64).read_to_end(&mut bytes);
    // A damaged archive is noticed where its next member should be.
    read.map_or(Content::Unknown, |_| Content::from_bytes(&bytes))
}

/// A failed read: the archive is damaged, or the operating system refused.
fn damaged(path: &Path, found: io::Error) -> DataError {
    let path = path.to_owned();
    match found.raw_os_error() {
        None => DataError::Archive { path, expected: "a whole tar archive", found: found.to_string() },
        Some(_) => DataError::Io { path, expected: "a file that can be read", found },
    }
}

/// A reader that knows how far it has come.
struct CountingReader<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.bytes += n as u64;
        Ok(n)
    }
}

/// An archive opened to read members in the order in which they lie in it.
pub(crate) struct Archive {
    path: PathBuf,
    stream: Stream,
    /// Where the stream stands.
    at: u64,
}

enum Stream {
    Plain(File),
    Gzip(Box<MultiGzDecoder<BufReader<File>>>),
}

impl Archive {
    /// The archive `path`, compressed if its first bytes say so.
    pub fn open(path: &Path) -> Result<Archive, DataError> {
        let unreadable = DataError::io(path, "a file that can be read");
        let mut file = File::open(path).map_err(&unreadable)?;
        let mut magic = Vec::new();
        (&mut file).take(2).read_to_end(&mut magic).map_err(&unreadable)?;
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let stream = match magic[..] {
            [0x1f, 0x8b] => Stream::Gzip(Box::new(MultiGzDecoder::new(BufReader::new(file)))),
            _ => Stream::Plain(file),
        };
        Ok(Archive { path: path.to_owned(), stream, at: 0 })
    }

    /// The `size` bytes at `offset`, which lies behind what has been read.
    pub fn read(&mut self, offset: u64, size: u64) -> Result<Vec<u8>, DataError> {
        if size > LARGEST_FILE {
            let found = format!("one of {size} bytes at byte {offset}");
            let expected = "images' files of at most 512 MiB";
            return Err(DataError::Archive { path: self.path.clone(), expected, found });
        }
        let mut bytes = Vec::new();
        let read = self.skip_to(offset).and_then(|()| match &mut self.stream {
            Stream::Plain(file) => file.take(size).read_to_end(&mut bytes),
            Stream::Gzip(decoder) => decoder.take(size).read_to_end(&mut bytes),
        });
        self.at = offset + read.map_err(|found| damaged(&self.path, found))? as u64;
        if bytes.len() as u64 == size {
            return Ok(bytes);
        }
        let (path, items, found) = (self.path.clone(), "bytes of a tar archive", self.at);
        Err(DataError::Truncated { path, items, expected: offset + size, found })
    }

    fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(file) => file.seek(SeekFrom::Start(offset)).map(drop),
            Stream::Gzip(decoder) => io::copy(&mut decoder.take(offset - self.at), &mut io::sink()).map(drop),
        }
    }
}
