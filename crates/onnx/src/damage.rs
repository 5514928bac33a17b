//! Truncated and mutated files: one clear error, or another net that computes without panic.

use crate::proto::{AttributeProto, ModelProto, TensorProto};
use crate::read::read_bytes;
use core_net::Net;
use prost::Message;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, seeded, uniform};

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "onnx"));
    files.sort();
    files
}

/// One to three changes: a byte, a piece taken out or repeated, the end cut off, a huge number.
fn mutated(bytes: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.random_range(1..=3) {
        if bytes.is_empty() {
            return bytes;
        }
        let from = rng.random_range(0..bytes.len());
        let to = (from + rng.random_range(1..40)).min(bytes.len());
        match rng.random_range(0..6) {
            0 => bytes[from] = rng.random(),
            1 => bytes[from] ^= 1 << rng.random_range(0..8),
            2 => drop(bytes.drain(from..to)),
            3 => {
                let piece = bytes[from..to].to_vec();
                let at = rng.random_range(0..bytes.len());
                bytes.splice(at..at, piece);
            }
            4 => bytes.truncate(from),
            _ => drop(bytes.splice(from..to, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])),
        }
    }
    bytes
}

/// One to three changes of what the file says, in the same format: numbers, operators, inputs, shapes.
fn altered(bytes: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut model = ModelProto::decode(bytes).expect("a fixture");
    let graph = model.graph.as_mut().expect("a graph");
    for _ in 0..rng.random_range(1..=3) {
        let other = graph.node[rng.random_range(0..graph.node.len())].clone();
        let index = rng.random_range(0..graph.node.len());
        let node = &mut graph.node[index];
        match rng.random_range(0..6) {
            0 => node.op_type = other.op_type,
            1 => node.attribute.extend(other.attribute),
            2 => node.input = [other.input, node.input.clone()].concat(),
            3 => drop(node.input.pop()),
            4 => alter_tensor(&mut graph.initializer, rng),
            _ => node.attribute.iter_mut().for_each(|attribute| alter_attribute(attribute, rng)),
        }
    }
    model.encode_to_vec()
}

const EXTREMES: [i64; 9] = [0, 1, -1, 2, 3, 60_000, i32::MAX as i64, i64::MAX, i64::MIN];

fn alter_attribute(attribute: &mut AttributeProto, rng: &mut ChaCha8Rng) {
    let mut extreme = || EXTREMES[rng.random_range(0..EXTREMES.len())];
    attribute.i = attribute.i.map(|_| extreme());
    attribute.f = attribute.f.map(|_| f32::from_bits(extreme() as u32));
    if let Some(integer) = attribute.ints.first_mut() {
        *integer = extreme();
    }
    attribute.t.iter_mut().flat_map(|tensor| &mut tensor.dims).for_each(|side| *side = extreme());
}

fn alter_tensor(tensors: &mut [TensorProto], rng: &mut ChaCha8Rng) {
    if tensors.is_empty() {
        return;
    }
    let index = rng.random_range(0..tensors.len());
    let tensor = &mut tensors[index];
    match rng.random_range(0..3) {
        0 => tensor.dims.reverse(),
        1 => tensor.dims.push(EXTREMES[rng.random_range(0..EXTREMES.len())]),
        _ if tensor.data_type == Some(7) => {
            let extreme = EXTREMES[rng.random_range(0..EXTREMES.len())];
            tensor.raw_data = None;
            let count = tensor.dims.iter().fold(1, |count: i64, &side| count.saturating_mul(side));
            tensor.int64_data = vec![extreme; count.clamp(0, 9) as usize];
        }
        _ => tensor.data_type = Some(rng.random_range(0..17)),
    }
}

/// Whether the file was read; if so the net has computed two images, unless they are too large for a test.
fn survives(bytes: Vec<u8>, path: &Path) -> bool {
    match read_bytes(bytes.into(), path, None) {
        Ok(net) => {
            compute(&net);
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with(&*path.to_string_lossy()), "the file first: {message}");
            false
        }
    }
}

fn compute(net: &Net) {
    const LARGEST: usize = 1 << 20;
    let scalars = |shape: &[usize]| shape.iter().product::<usize>();
    if net.nodes().iter().any(|node| scalars(&node.shape) > LARGEST) {
        return;
    }
    let shape = [&[2], &*net.nodes()[0].shape].concat();
    let dtype = net.parameters().first().map_or(DType::F32, |(_, parameter)| parameter.dtype());
    let images: Tensor = uniform(&mut seeded(1, "images"), &shape, 1.0, dtype);
    assert_eq!(net.forward(&images).output().dims()[1..], net.nodes()[net.output()].shape);
}

type Mutation = fn(&[u8], &mut ChaCha8Rng) -> Vec<u8>;

/// Mutates every file of a folder and says how many were read all the same.
fn mutate(folder: &str, mutation: Mutation, times: u64) -> (u64, u64) {
    let (mut read, mut all) = (0, 0);
    for path in fixtures(folder) {
        let bytes = std::fs::read(&path).expect("a fixture");
        for seed in 0..times {
            let mutant = mutation(&bytes, &mut seeded(seed, "mutations"));
            let outcome = catch_unwind(|| survives(mutant, &path));
            let survived = outcome.unwrap_or_else(|_| panic!("{} with seed {seed}", path.display()));
            read += u64::from(survived);
            all += 1;
        }
    }
    (read, all)
}

#[test]
fn mutated_files_are_refused_or_compute() {
    for (folder, times, least) in [("operators", 100, 7000), ("nets", 15, 150)] {
        let (read, all) = mutate(folder, mutated, times);
        assert!(all >= least && read > 0 && read < all, "{read} of {all} were read");
    }
}

#[test]
fn altered_graphs_are_refused_or_compute() {
    for (folder, times, least) in [("operators", 100, 7000), ("nets", 15, 150)] {
        let (read, all) = mutate(folder, altered, times);
        assert!(all >= least && read > all / 20 && read < all, "{read} of {all} were read");
    }
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    for path in fixtures("operators").into_iter().step_by(6) {
        let bytes = std::fs::read(&path).expect("a fixture");
        // The opset stands last: without it the file is whole but of no known version.
        for length in 0..bytes.len() {
            assert!(!survives(bytes[..length].to_vec(), &path), "{length} bytes of {}", path.display());
        }
    }
}
