//! gzip, around digits and around archives.

use std::io::{Read, Write, repeat};
use std::sync::LazyLock;

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{File, Format, alone, idx, tar};
use crate::damage::{bytes, one_of};

pub(super) const FORMAT: Format = Format {
    name: "gzip",
    word: "gzip",
    file: "file.gz",
    beside: alone,
    samples: |data| {
        idx::samples(data).into_iter().chain(tar::samples(data)).map(|file| packed(&file)).collect()
    },
    damaged,
    read: |path| idx::read(path).or_else(|_| tar::read(path)),
};

/// What a few bytes can unpack to.
const BOMB: u64 = 384 << 20;

/// Three digits that do not end, and a member whose name does not.
static BOMBS: LazyLock<[File; 2]> = LazyLock::new(|| {
    let digits = [0x803u32, 3, 28, 28].map(u32::to_be_bytes).concat();
    let mut name = ::tar::Header::new_gnu();
    name.set_entry_type(::tar::EntryType::GNULongName);
    name.set_size(BOMB);
    name.set_cksum();
    [digits, name.as_bytes().to_vec()].map(|head| packed_from(head.chain(repeat(0).take(BOMB))))
});

/// Compressed bytes damaged, or compressed after the damage; now and then a file that unpacks without end.
fn damaged(file: &[u8], rng: &mut ChaCha8Rng) -> File {
    match rng.random_range(0..1000) {
        0..2 => one_of(&*BOMBS, rng).clone(),
        2..500 => bytes(file, rng),
        _ => {
            let mut whole = Vec::new();
            MultiGzDecoder::new(file).read_to_end(&mut whole).expect("a sample");
            packed(&bytes(&whole, rng))
        }
    }
}

fn packed(file: &[u8]) -> File {
    packed_from(file)
}

fn packed_from(mut content: impl Read) -> File {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut content, &mut encoder).expect("memory");
    encoder.flush().expect("memory");
    encoder.finish().expect("memory")
}
