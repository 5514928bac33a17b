//! tar: photographs in an archive.

use super::{File, Format, no_companions, photograph, real};
use crate::damage::{bytes, number, one_of, word};
use datasets::{BrokenImages, ImageFolder};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::path::{Component, Path};
use tar::{Builder, EntryType, Header};

pub(super) const FORMAT: Format = Format {
    name: "tar",
    id: "tar",
    file: "images.tar",
    add_companions: no_companions,
    samples,
    damaged,
    read,
};

/// Names that lead out of an archive, and some that do not.
const NAMES: &str = include_str!("../../dictionaries/tar.txt");

/// Two real photographs in their archive, and a generated archive of every kind of member.
pub(super) fn samples(data: Option<&Path>) -> Vec<File> {
    let mut samples = vec![drawn()];
    let archive = data.map(|data| data.join("tiny-imagenet-100/val.tar.gz"));
    if let Some(members) = archive.and_then(|archive| real::members(&archive, 2)) {
        samples.push([members.concat(), vec![0; 1024]].concat());
    }
    samples
}

/// Folders, a link, and images with short, GNU long and PAX names.
fn drawn() -> File {
    let mut archive = Builder::new(Vec::new());
    let image = photograph::drawn(6, 5);
    let header = |kind, size: usize| {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(size as u64);
        header.set_mode(0o644);
        header
    };
    let put = |archive: &mut Builder<_>, name: &str, kind, bytes: &[u8]| {
        archive.append_data(&mut header(kind, bytes.len()), name, bytes).expect("memory");
    };
    put(&mut archive, "a/", EntryType::Directory, &[]);
    put(&mut archive, "a/1.png", EntryType::Regular, &image);
    put(&mut archive, &format!("b/{}.png", "long".repeat(40)), EntryType::Regular, &image);
    put(&mut archive, "notes.txt", EntryType::Regular, b"no image");
    let mut link = header(EntryType::Symlink, 0);
    archive.append_link(&mut link, "a/link.png", "../../outside.png").expect("memory");
    archive.append_pax_extensions([("path", &b"b/pax.png"[..]), ("comment", b"none")]).expect("memory");
    put(&mut archive, "short.png", EntryType::Regular, &image);
    archive.into_inner().expect("memory")
}

/// Damages bytes, with or without valid checksums of the headers; or makes a header's field hostile.
fn damaged(file: &[u8], rng: &mut ChaCha8Rng) -> File {
    let mut file = if rng.random() { bytes(file, rng) } else { file.to_vec() };
    let headers = headers(&file);
    if headers.is_empty() || rng.random_range(0..4) == 0 {
        return file;
    }
    for _ in 0..rng.random_range(1..=2) {
        let at = *one_of(&headers, rng);
        let mut header = Header::from_byte_slice(&file[at..at + 512]).clone();
        hostile(&mut header, rng);
        header.set_cksum();
        file[at..at + 512].copy_from_slice(header.as_bytes());
    }
    file
}

fn hostile(header: &mut Header, rng: &mut ChaCha8Rng) {
    match rng.random_range(0..5) {
        0 => {
            let name = word(NAMES, rng).as_bytes();
            let field = &mut header.as_old_mut().name;
            field.fill(0);
            field[..name.len()].copy_from_slice(name);
        }
        1 => header.set_size(number(rng)),
        2 => header.set_entry_type(EntryType::new(*one_of(b"0123567gxLKSV\0", rng))),
        3 => {
            let from = rng.random_range(0..500);
            let value = rng.random();
            header.as_mut_bytes()[from..from + 12].fill(value);
        }
        _ => {}
    }
}

/// Offsets of the headers, found by their sizes.
fn headers(file: &[u8]) -> Vec<usize> {
    let (mut headers, mut at) = (Vec::new(), 0);
    while at + 512 <= file.len() && file[at] != 0 {
        headers.push(at);
        let size = Header::from_byte_slice(&file[at..at + 512]).entry_size().unwrap_or(0);
        let Some(next) = size.checked_next_multiple_of(512).filter(|&size| size < 1 << 30) else { break };
        at += 512 + next as usize;
    }
    headers
}

/// Lists the archive and decodes its images; no name may lead out of it.
pub(super) fn read(path: &Path) -> Result<(), String> {
    let images = ImageFolder::open(path).map_err(|error| error.to_string())?;
    for name in images.names() {
        let parts: Vec<Component> = Path::new(name).components().collect();
        let inside = parts.iter().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        assert!(inside, "expected names within the archive, found {name:?}");
    }
    for image in images.images(BrokenImages::Skip).map_err(|error| error.to_string())? {
        image.map_err(|error| error.to_string())?;
    }
    Ok(())
}
