//! gzip-compressed digits and archives.

use super::{File, Format, idx, no_companions, tar};
use crate::damage::{bytes, one_of};
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::io::{Read, Write, repeat};
use std::sync::LazyLock;

pub(super) const FORMAT: Format = Format {
    name: "gzip",
    id: "gzip",
    file: "file.gz",
    add_companions: no_companions,
    samples: |data| {
        let files = [idx::samples(data), tar::samples(data)].concat();
        files.iter().map(|file| compress(file.as_slice())).collect()
    },
    damaged,
    read: |path| idx::read(path).or_else(|_| tar::read(path)),
};

/// Length of a few bytes, decompressed.
const BOMB: u64 = 384 << 20;

/// Decompression bombs: three endless digits, and an archive member with an endless name.
static BOMBS: LazyLock<[File; 2]> = LazyLock::new(|| {
    let digits = [0x803u32, 3, 28, 28].map(u32::to_be_bytes).concat();
    let mut name = ::tar::Header::new_gnu();
    name.set_entry_type(::tar::EntryType::GNULongName);
    name.set_size(BOMB);
    name.set_cksum();
    [digits, name.as_bytes().to_vec()].map(|head| compress(head.chain(repeat(0).take(BOMB))))
});

/// Damages the compressed or the decompressed bytes; rarely, a decompression bomb.
fn damaged(file: &[u8], rng: &mut ChaCha8Rng) -> File {
    match rng.random_range(0..1000) {
        0..2 => one_of(&*BOMBS, rng).clone(),
        2..500 => bytes(file, rng),
        _ => {
            let mut whole = Vec::new();
            MultiGzDecoder::new(file).read_to_end(&mut whole).expect("a sample");
            compress(bytes(&whole, rng).as_slice())
        }
    }
}

fn compress(mut content: impl Read) -> File {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut content, &mut encoder).expect("memory");
    encoder.flush().expect("memory");
    encoder.finish().expect("memory")
}
