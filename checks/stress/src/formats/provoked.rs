//! A format whose reader fails in every way that trials must detect.

use super::{Format, no_companions};
use crate::damage::one_of;
use std::hint::black_box;

/// A format for tests, not among [`formats`](super::formats).
pub const PROVOKED: Format = Format {
    name: "provoked failures",
    id: "provoked",
    file: "file",
    add_companions: no_companions,
    samples: |_| vec![b"well".to_vec()],
    damaged: |_, rng| one_of(&WAYS, rng).as_bytes().to_vec(),
    read: |path| match &std::fs::read(path).expect("the trial's file")[..] {
        b"well" => Ok(()),
        b"refused" => Err(format!("{}: refused", path.display())),
        b"refused without a name" => Err("refused".into()),
        b"panics" => panic!("a provoked panic"),
        b"takes memory" => Err(format!("{}: {}", path.display(), black_box(vec![0u8; 512 << 20]).len())),
        _ => Err(format!("{}: {}", path.display(), deeper(0))),
    },
};

const WAYS: [&str; 6] = ["well", "refused", "refused without a name", "panics", "takes memory", "never ends"];

/// Goes deeper than any stack.
fn deeper(depth: u64) -> u64 {
    if black_box(depth) == u64::MAX { 0 } else { black_box(deeper(depth + 1)) + 1 }
}
