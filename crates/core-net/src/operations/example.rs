//! Instances of every operation, on which tests go through all of them.

use super::Op;
use super::description::{Description, described};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;
use tensor::{DType, Tensor, seeded, uniform};
use toml::Table;

/// The shape of the images that examples read.
const IMAGE: [usize; 3] = [2, 5, 6];

/// An operation that fits what it reads, with random parameters in f64.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub op: Op,
    /// The shape of one image.
    pub input: Vec<usize>,
    /// Its kind and keys in a description, where it has one.
    line: Option<String>,
}

impl Example {
    /// The operation of this kind with these keys, `a = 1, b = 2`, on an image, or on its scalars in a row.
    pub fn new(kind: &str, keys: &str) -> Self {
        let comma = if keys.is_empty() { "" } else { ", " };
        let line = format!("op = {kind:?}{comma}{keys}");
        let keys: BTreeMap<String, Table> =
            toml::from_str(&format!("node = {{ {line} }}")).expect("keys in TOML");
        let on = |input: &[usize]| {
            let op = described(keys["node"].clone(), input).expect("an example");
            op.output_shape(&[input]).is_ok().then(|| Self {
                op,
                input: input.into(),
                line: Some(line.clone()),
            })
        };
        on(&IMAGE).or_else(|| on(&[IMAGE.iter().product()])).expect("an example that fits")
    }

    /// An operation that has no description, on an image.
    pub fn undescribed(op: Op) -> Self {
        Self { op, input: IMAGE.into(), line: None }
    }
}

impl Description {
    /// The instances for tests.
    pub fn examples(&self) -> Vec<Example> {
        self.examples.iter().map(|keys| Example::new(self.kind, keys)).collect()
    }
}

/// A tensor of random numbers from -1 to 1, f64.
pub(crate) fn random(rng: &mut ChaCha8Rng, shape: &[usize]) -> Tensor {
    uniform(rng, shape, 1.0, DType::F64)
}

/// Examples of every operation.
pub(crate) fn examples() -> &'static [Example] {
    static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
        let mut examples = Op::examples().concat();
        let mut rng = seeded(1, "parameters");
        for tensor in examples.iter_mut().flat_map(|example| example.op.tensors_mut()) {
            *tensor = random(&mut rng, tensor.dims());
        }
        examples
    });
    &EXAMPLES
}

/// A net in TOML with every operation that has a description, on which readers are tested.
pub fn every_operation() -> String {
    let mut text = format!("input = {IMAGE:?}\nnode = [\n    {{ name = \"other\", op = \"tanh\" }},\n");
    for (index, Example { op, input, line }) in examples().iter().enumerate() {
        let Some(line) = line else { continue };
        let source = if *input == IMAGE { "input".into() } else { format!("{index}.input") };
        if *input != IMAGE {
            let shaped =
                format!("name = {source:?}, op = \"reshape\", shape = {input:?}, inputs = [\"input\"]");
            writeln!(text, "    {{ {shaped} }},").expect("text in memory");
        }
        let inputs = if op.is_join() { vec![&*source, "other"] } else { vec![&*source] };
        writeln!(text, "    {{ name = \"{index}\", {line}, inputs = {inputs:?} }},").expect("text in memory");
    }
    text + "]\n"
}
