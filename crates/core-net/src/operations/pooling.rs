//! What the poolings share: the shape of their output, their keys, their random windows.

use super::by;
use crate::description::{Padding, Size};
use crate::region::{Reach, Window};
use crate::shape::{Shape, in_memory, maps, misfit};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{Pool, Rounding};

/// Keys with windows of every kind, as an example.
pub(super) const KEYS: &str = "kernel = [3, 2], stride = 2, padding = [1, 0, 1, 1], ceil = true";

/// The shape of one image's pooled maps.
pub(super) fn pooled(input: &[usize], pool: &Pool) -> Shape {
    let [channels, height, width] = maps(input)?;
    match pool.output_size([height, width]).zip(pool.reached_size([height, width])) {
        Some(([h, w], reached)) => {
            in_memory("windows that reach over a plane", reached.into())?;
            Ok(vec![channels, h, w])
        }
        None => misfit(format!("a window that fits into {input:?}"), format!("{pool:?}")),
    }
}

pub(super) fn windows(pool: &Pool) -> Reach {
    let Pool { kernel, stride, padding, dilation, .. } = *pool;
    Reach::Window(Window { kernel, stride, padding, dilation })
}

/// `max pool 3×3 /2×2`
pub(super) fn summary(name: &str, pool: &Pool) -> String {
    format!("{name} {} /{}", by(pool.kernel), by(pool.stride))
}

pub(super) fn random_pool(rng: &mut ChaCha8Rng) -> Pool {
    let kernel: [usize; 2] = std::array::from_fn(|_| rng.random_range(1..4));
    Pool {
        kernel,
        stride: std::array::from_fn(|_| rng.random_range(1..4)),
        padding: std::array::from_fn(|side| rng.random_range(0..=kernel[side % 2] / 2)),
        dilation: std::array::from_fn(|_| rng.random_range(1..3)),
        rounding: if rng.random() { Rounding::Floor } else { Rounding::Ceil },
    }
}

/// The keys of a pooling.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Windows {
    pub kernel: Size,
    pub stride: Size,
    #[serde(default)]
    pub padding: Padding,
    #[serde(default)]
    pub dilation: Size,
    #[serde(default)]
    pub ceil: bool,
}

impl From<Windows> for Pool {
    fn from(windows: Windows) -> Self {
        Pool {
            kernel: windows.kernel.into(),
            stride: windows.stride.into(),
            padding: windows.padding.into(),
            dilation: windows.dilation.into(),
            rounding: if windows.ceil { Rounding::Ceil } else { Rounding::Floor },
        }
    }
}
