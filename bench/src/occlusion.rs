//! Occlusion maps: every occluded image anew, or only what the occluder reaches.

use crate::vision::{Architecture, SIDE, numbers};
use clap::ValueEnum;
use core_net::Net;
use occlusion::{Engine, Fill, Occluder, SensitivityMaps, SensitivityTarget, sensitivity_maps};
use serde::Serialize;
use std::time::Instant;

/// Side of the occluder, in pixels.
const PATCH: usize = 32;

/// Its fill.
const VALUE: f64 = 0.5;

/// How the occluded images are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Pass {
    /// Every image from its pixels on.
    Full,
    /// Only what the occluder reaches.
    Incremental,
}

/// The measurement of a sweep.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SweepMeasurement {
    /// Seconds of one sweep, including the forward pass of the unoccluded image.
    pub seconds: f64,
    /// Positions of the occluder.
    pub positions: usize,
    /// Floating-point operations of the multiply-adds that an exact answer needs.
    pub operations: usize,
    /// The same if every image is computed anew.
    pub full_operations: usize,
    /// The mean over the pixels of the magnitude of what hiding them takes from the first logit: the other side must find the same.
    pub mean_magnitude: f64,
}

/// Times one sweep over an image of 224 × 224 pixels.
pub fn measure_occlusion(net: Architecture, pass: Pass, stride: usize) -> SweepMeasurement {
    let (net, image) = (net.net(), numbers(&[1, 3, SIDE, SIDE]));
    let occluder = Occluder { fill: Fill::Value(VALUE), ..Occluder::square(PATCH, stride) };
    let target = SensitivityTarget { class: 0, node: net.output(), channel: 0 };
    let engine = match pass {
        Pass::Full => Engine::Full,
        Pass::Incremental => Engine::Incremental,
    };
    let start = Instant::now();
    let maps = sensitivity_maps(&net, &image, &occluder, target, engine);
    let seconds = start.elapsed().as_secs_f64();
    let clean = tensor::to_f64s(&net.output_of(&image))[0];
    SweepMeasurement {
        seconds,
        positions: maps.class.len(),
        operations: operations(&net, &occluder),
        full_operations: 2 * maps.class.len() * net.multiply_adds(core_net::Region::whole([SIDE; 2])),
        mean_magnitude: mean_attribution(&maps, &occluder, clean),
    }
}

/// Two for each multiply-add of what the occluder reaches at each of its positions.
fn operations(net: &Net, occluder: &Occluder) -> usize {
    2 * occluder.regions([SIDE; 2]).into_iter().map(|region| net.multiply_adds(region)).sum::<usize>()
}

/// The mean magnitude over all pixels of each pixel's attribution: the mean loss of the logit over the positions that hide it, 0 if none does.
fn mean_attribution(maps: &SensitivityMaps, occluder: &Occluder, clean: f64) -> f64 {
    let (mut lost, mut hidden) = (vec![0.0; SIDE * SIDE], vec![0.0f64; SIDE * SIDE]);
    for (region, logit) in occluder.regions([SIDE; 2]).into_iter().zip(&maps.activity) {
        for row in region.rows() {
            for pixel in row * SIDE + region.left..row * SIDE + region.left + region.width {
                lost[pixel] += clean - logit;
                hidden[pixel] += 1.0;
            }
        }
    }
    lost.iter().zip(&hidden).map(|(lost, hidden)| (lost / hidden.max(1.0)).abs()).sum::<f64>()
        / lost.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occluder_reaches_more_than_its_share_of_the_pixels_and_less_than_half_of_alexnets_multiply_adds() {
        let (net, occluder) = (Architecture::AlexNet.net(), Occluder::square(PATCH, 8));
        let whole = 2 * 625 * net.multiply_adds(core_net::Region::whole([SIDE; 2]));
        let share = operations(&net, &occluder) as f64 / whole as f64;
        let hidden = (PATCH * PATCH) as f64 / (SIDE * SIDE) as f64;
        assert!((hidden..0.5).contains(&share), "{share}");
    }
}
