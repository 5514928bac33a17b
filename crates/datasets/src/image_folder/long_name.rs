//! Names of an archive's members that stand in front of them, because they do not fit into a header.

use crate::escaped::escaped;
use std::io::{self, Read};
use tar::{Entry, EntryType, PaxExtensions};

/// The most bytes that such a name, with all that is written beside it, may take.
const LONGEST: u64 = 1 << 20;

/// The name of the next member, where it stands in front of it, as GNU's `L` or as `path` of PAX.
#[derive(Default)]
pub(super) struct LongName {
    name: Option<Vec<u8>>,
    /// The size of PAX, which would take the place of the header's.
    size: Option<u64>,
}

impl LongName {
    /// Whether the entry is no member but describes the next one; then it is remembered.
    ///
    /// # Errors
    /// When it is longer than any name, or damaged.
    pub fn is_read_from<R: Read>(&mut self, entry: &mut Entry<R>) -> io::Result<bool> {
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                let bytes = whole(entry)?;
                let length = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
                self.name = Some(bytes[..length].to_vec());
            }
            EntryType::XHeader => self.read_pax(&whole(entry)?)?,
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            EntryType::GNUSparse => return Err(io::Error::other("a sparse file")),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_pax(&mut self, bytes: &[u8]) -> io::Result<()> {
        for extension in PaxExtensions::new(bytes) {
            let extension = extension?;
            match extension.key_bytes() {
                b"path" => self.name = Some(extension.value_bytes().to_vec()),
                b"size" => self.size = Some(number(extension.value_bytes())?),
                _ => {}
            }
        }
        Ok(())
    }

    /// # Errors
    /// When the archive ended before the member.
    pub fn ensure_used(&self) -> io::Result<()> {
        let Some(name) = &self.name else { return Ok(()) };
        Err(io::Error::other(format!("{:?} without its file", String::from_utf8_lossy(name))))
    }

    /// This name, or else the header's; with slashes, and below the archive.
    ///
    /// # Errors
    /// When it leads out of the archive, or the size in front of the member is another than its own.
    pub fn or_name_of<R: Read>(self, entry: &Entry<R>) -> io::Result<String> {
        if let Some(size) = self.size.filter(|&size| size != entry.size()) {
            let found = format!("a file of {size} bytes whose header says {}", entry.size());
            return Err(io::Error::other(found));
        }
        let name = self.name.unwrap_or_else(|| entry.header().path_bytes().into_owned());
        let name = String::from_utf8_lossy(&name).into_owned();
        let below = name.trim_start_matches("./").to_owned();
        if below.starts_with('/') || below.split(['/', '\\']).any(|part| part == "..") {
            return Err(io::Error::other(format!("{name:?}, which leads out of it")));
        }
        Ok(escaped(&below))
    }
}

fn whole<R: Read>(entry: &mut Entry<R>) -> io::Result<Vec<u8>> {
    let size = entry.size();
    if size > LONGEST {
        return Err(io::Error::other(format!("a name of {size} bytes")));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < size { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
}

fn number(digits: &[u8]) -> io::Result<u64> {
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| io::Error::other("a size that is no number"))
}
