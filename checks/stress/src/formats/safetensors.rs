//! safetensors: weights.

use super::{File, Format, computed};
use crate::damage::{bytes, number, text};
use core_net::{Net, description};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use safetensors::SafeTensors;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    name: "safetensors",
    id: "safetensors",
    file: "weights.safetensors",
    add_companions: |folder| std::fs::write(folder.join("net.toml"), NET).expect("a temporary file"),
    samples,
    damaged,
    read: |path| {
        let net = net(path).load(path).map_err(|error| error.to_string())?;
        computed::check(&net);
        Ok(())
    },
};

/// The first layers of SqueezeNet.
const NET: &str = include_str!("../../samples/squeezenet_begins.toml");

/// Weights of zeros, and real ones.
fn samples(data: Option<&Path>) -> Vec<File> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    (FORMAT.add_companions)(folder.path());
    let net = net(&folder.path().join("any"));
    let mut samples = vec![net.to_safetensors()];
    let real = data.map(|data| data.join("squeezenet/squeezenet1_1.safetensors"));
    if let Some(file) = real.and_then(|path| std::fs::read(path).ok()) {
        let file = SafeTensors::deserialize(&file).expect("real weights");
        let names = net.parameters().into_iter().map(|(name, _)| name);
        let views = names.map(|name| (name.clone(), file.tensor(&name).expect("one of its tensors")));
        samples.push(safetensors::serialize(views, None).expect("tensors of the file"));
    }
    samples
}

/// The net to which the weights belong.
fn net(path: &Path) -> Net {
    description::read(&path.with_file_name("net.toml")).expect("a net of ours")
}

/// Words of the header.
const WORDS: &str = include_str!("../../dictionaries/safetensors.txt");

/// Damages bytes, mostly of the header; or its text, with a valid length; or its length.
fn damaged(file: &[u8], rng: &mut ChaCha8Rng) -> File {
    let length = u64::from_le_bytes(file[..8].try_into().expect("eight bytes")) as usize;
    let (header, scalars) = file[8..].split_at(length);
    match rng.random_range(0..6) {
        0 => bytes(file, rng),
        1 => [&number(rng).to_le_bytes(), header, scalars].concat(),
        2 => framed(&bytes(header, rng), scalars),
        3 => framed(header, &bytes(scalars, rng)),
        _ => framed(&text(header, WORDS, rng), scalars),
    }
}

fn framed(header: &[u8], scalars: &[u8]) -> File {
    [&(header.len() as u64).to_le_bytes(), header, scalars].concat()
}
