//! ONNX: nets with weights in the file or in another one.

use super::sandbox::{OUTSIDE, SECRET};
use super::{Format, computed, real};
use crate::damage::{bytes, messages};
use core_net::Net;
use rand::Rng;
use std::path::Path;
use tensor::with_slice;

pub(super) const FORMAT: Format = Format {
    name: "ONNX",
    id: "onnx",
    file: "vgg11_opset18_external.onnx",
    add_companions,
    samples: |_| {
        let operators = real::fixtures("crates/onnx/tests/fixtures/operators", ".onnx", 1500);
        [operators, real::fixtures("crates/onnx/tests/fixtures/nets", ".onnx", 31_000)].concat()
    },
    damaged: |file, rng| {
        if rng.random_range(0..3) == 0 { bytes(file, rng) } else { messages(file, TEXTS, rng) }
    },
    read: |path| {
        let net = onnx::read(path).map_err(|error| error.to_string())?;
        check_weights(&net);
        computed::check(&net);
        Ok(())
    },
};

/// Replacements for names, operators, locations of weights, and numbers in texts.
const TEXTS: &str = include_str!("../../dictionaries/onnx.txt");

/// The external weights of a net, and a link to a file outside the folder.
fn add_companions(folder: &Path) {
    let weights = "vgg11_opset18_external.onnx.data";
    let fixture = real::repository("crates/onnx/tests/fixtures/nets").join(weights);
    std::fs::copy(fixture, folder.join(weights)).expect("a temporary file");
    #[cfg(unix)]
    std::os::unix::fs::symlink(Path::new("..").join(OUTSIDE), folder.join("link.bin")).expect("a link");
}

/// # Panics
/// When a weight was read from outside the folder.
fn check_weights(net: &Net) {
    for (name, parameter) in net.parameters().into_iter().filter(|(_, it)| it.dtype() == tensor::DType::F32) {
        let is_secret = with_slice::<f32, _>(parameter, |scalars| scalars.first() == Some(&SECRET));
        assert!(!is_secret, "expected weights of the folder, found {name} from outside");
    }
}
