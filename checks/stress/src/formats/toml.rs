//! Architectures in TOML.

use super::{Format, computed, no_companions};
use crate::damage::text;
use core_net::description;

pub(super) const FORMAT: Format = Format {
    name: "TOML architecture",
    id: "toml",
    file: "net.toml",
    add_companions: no_companions,
    samples: |_| {
        let every_operation = description::every_operation();
        SAMPLES.iter().chain(&[&*every_operation]).map(|sample| sample.as_bytes().to_vec()).collect()
    },
    damaged: |file, rng| text(file, WORDS, rng),
    read: |path| {
        let net = description::read(path).map_err(|error| error.to_string())?;
        computed::check(&net);
        Ok(())
    },
};

const SAMPLES: [&str; 2] =
    [include_str!("../../samples/squeezenet_begins.toml"), include_str!("../../samples/lenet.toml")];

/// Words of the format.
const WORDS: &str = include_str!("../../dictionaries/toml.txt");
