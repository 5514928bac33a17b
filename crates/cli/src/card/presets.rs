//! Usual preprocessings by name.

use super::{Card, InputCard};
use clap::ValueEnum;

/// A usual preprocessing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// torchvision's and most others'
    Imagenet,
    /// Caffe's: bytes, blue first, minus the mean
    Caffe,
    /// Keras' mode tf: from −1 to 1
    KerasTf,
    /// Keras' mode caffe
    KerasCaffe,
    /// From 0 to 1
    Unit,
    /// Bytes as they are
    Raw,
}

/// By how much the shorter side is larger than what is cropped: 256 for 224.
const MARGIN: f64 = 256.0 / 224.0;

const IMAGENET: [[f64; 3]; 2] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];

/// Blue, green, red.
const CAFFE: [f64; 3] = [103.939, 116.779, 123.68];

impl Preset {
    /// The card of a net that reads pictures of this many channels and this shorter side; where it is not square, they are cropped to fit.
    pub fn card(self, channels: usize, side: usize, is_square: bool) -> Card {
        let gray = |values: [f64; 3]| {
            if channels == 1 { vec![values.iter().sum::<f64>() / 3.0] } else { values.to_vec() }
        };
        let blue_first = (channels == 3).then(|| "bgr".to_owned());
        let mut input = InputCard::default();
        match self {
            Preset::Imagenet => {
                (input.mean, input.std) = (Some(gray(IMAGENET[0])), Some(gray(IMAGENET[1])));
                input.scale = Some("1/255".into());
            }
            Preset::Caffe | Preset::KerasCaffe => {
                (input.mean, input.scale, input.channels) = (Some(gray(CAFFE)), Some("1".into()), blue_first);
            }
            Preset::KerasTf => (input.scale, input.mean) = (Some("1/127.5".into()), Some(vec![1.0])),
            Preset::Unit => input.scale = Some("1/255".into()),
            Preset::Raw => input.scale = Some("1".into()),
        }
        match self {
            Preset::KerasTf | Preset::KerasCaffe => {
                (input.fit, input.interpolation) = (Some("squash".into()), Some("nearest".into()));
            }
            _ if !is_square => input.fit = Some("crop".into()),
            Preset::Imagenet | Preset::Caffe => input.resize = Some((side as f64 * MARGIN).round() as u32),
            Preset::Unit | Preset::Raw => input.resize = Some(side as u32),
        }
        let name = self.to_possible_value().expect("no preset is hidden");
        Card { from: Some(format!("preset {}", name.get_name())), input, ..Card::default() }
    }
}
