//! An occlusion map in words, as an array, and over its image.

use crate::classes::ranked;
use crate::pixels::Pixels;
use anyhow::Result;
use clap::ValueEnum;
use core_net::Net;
use figures::{Between, HeatMap};
use image::RgbImage;
use ndarray::{Array2, Axis};
use occlusion::{Occluder, SensitivityMaps, SensitivityTarget};
use std::fmt::Write;
use tensor::{DType, Tensor, from_array};

/// Classes named for each image.
const NAMED: usize = 5;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MapKind {
    /// The probability of a class
    #[default]
    Class,
    /// The summed activation of a feature map
    Activity,
    /// The number of the most probable class
    Argmax,
}

/// The sensitivity maps of one image.
pub struct Sensitivity<'a> {
    pub mapped: MapKind,
    pub occluder: &'a Occluder,
    pub target: SensitivityTarget,
    /// The classes' probabilities without the occluder.
    pub clean: Vec<f64>,
    pub maps: SensitivityMaps,
}

impl Sensitivity<'_> {
    /// **Shape** `[1, rows, columns]`
    pub fn array(&self, dtype: DType) -> Result<Tensor> {
        Ok(from_array(&self.values().insert_axis(Axis(0))).to_dtype(dtype)?)
    }

    /// The map over the image, which has one channel or three.
    pub fn picture(&self, image: &Tensor, pixels: &Pixels) -> Result<RgbImage> {
        let input = &image.dims()[1..];
        Ok(self.heat_map().over(&pixels.preprocessing(input).picture(&image.squeeze(0)?)))
    }

    /// A line, and for classes one for each of the most frequent.
    pub fn described(&self, image: &str, net: &Net, names: &[String]) -> String {
        let class =
            |class: usize| names.get(class).map_or(class.to_string(), |name| format!("{class} {name}"));
        let SensitivityTarget { class: measured, node, channel } = self.target;
        match self.mapped {
            MapKind::Class => {
                let (before, least) = (self.clean[measured], self.least());
                format!("{image}: class {}, probability {before:.6}, at least {least}\n", class(measured))
            }
            MapKind::Activity => {
                let (node, least) = (&net.nodes()[node].name, self.least());
                format!("{image}: {node} --unit {channel}, activity at least {least}\n")
            }
            MapKind::Argmax => {
                let before = class(ranked(&self.clean)[0]);
                let mut text = format!("{image}: class {before} without the occluder\n");
                let positions = self.maps.class.len();
                for (found, count) in self.maps.frequent_classes().into_iter().take(NAMED) {
                    let share = 100.0 * count as f64 / positions as f64;
                    let _ = writeln!(text, "  {share:6.2} % of {positions} positions: {}", class(found));
                }
                text
            }
        }
    }

    fn values(&self) -> Array2<f64> {
        match self.mapped {
            MapKind::Class => self.maps.probability.clone(),
            MapKind::Activity => self.maps.activity.clone(),
            MapKind::Argmax => self.maps.class.mapv(|class| class as f64),
        }
    }

    /// The least value, and where the occluder was.
    fn least(&self) -> String {
        let values = self.values();
        let lower = |a, b| if values[b] < values[a] { b } else { a };
        let position = ndarray::indices_of(&values).into_iter().reduce(lower).expect("a position");
        let (least, position) = (values[position], [position.0, position.1]);
        let first = self.occluder.first_center();
        let [y, x] = [0, 1].map(|axis| {
            let center = first[axis] + (position[axis] * self.occluder.stride[axis]) as f64;
            center - (self.occluder.size[axis] as f64 - 1.0) / 2.0
        });
        format!("{least:.6} with the occluder at {y},{x}")
    }

    fn heat_map(&self) -> HeatMap {
        let values = match self.mapped {
            MapKind::Argmax => self.maps.ranks().mapv(|rank| rank as f64),
            _ => self.values(),
        };
        let ends = |[low, high]: [f64; 2], &value: &f64| [low.min(value), high.max(value)];
        let [least, largest] = values.iter().fold([f64::MAX, f64::MIN], ends);
        let low = if self.mapped == MapKind::Class { 0.0 } else { least };
        HeatMap {
            values,
            first: self.occluder.first_center(),
            step: self.occluder.stride.map(|stride| stride as f64),
            range: [low, largest],
            between: if self.mapped == MapKind::Argmax { Between::Nearest } else { Between::Linear },
        }
    }
}
