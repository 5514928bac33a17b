//! The two nets that are attacked.

use crate::training::train;
use anyhow::Result;
use clap::ValueEnum;
use core_net::{Builder, Net, zoo};
use datasets::LabeledDigits;
use durable::write_unsynced;
use std::path::{Path, PathBuf};
use training::{Scale, SoftmaxRegression};

/// A net of Szegedy et al. 2013, Table 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Model {
    /// FC10(1e-2): a softmax on the pixels.
    #[value(name = "FC10_1e-2")]
    Fc10,
    /// FC100-100-10: two hidden layers of 100 sigmoids.
    #[value(name = "FC100-100-10")]
    Fc100,
}

/// One gray image, without the batch.
const IMAGE: [usize; 3] = [1, 28, 28];

/// Seed of the initial weights and of the order of the mini-batches.
const SEED: u64 = 1;

impl Model {
    /// The outputs of each layer.
    pub fn widths(self) -> &'static [usize] {
        match self {
            Model::Fc10 => &[10],
            Model::Fc100 => &[100, 100, 10],
        }
    }

    /// The net before training.
    pub fn untrained(self) -> Net {
        zoo::fully_connected(&IMAGE, self.widths(), SEED)
    }

    /// The net as its errors in Table 1 demand: by full-batch L-BFGS without hidden layers, else in mini-batches.
    pub fn trained(self, digits: &LabeledDigits) -> Net {
        match self {
            Model::Fc10 => softmax(digits),
            Model::Fc100 => train(self.untrained(), digits, 30, SEED).net,
        }
    }

    /// Where its weights lie in `folder`.
    pub fn path(self, folder: &Path) -> PathBuf {
        folder.join(format!(
            "{}.safetensors",
            self.to_possible_value().expect("no model is skipped").get_name()
        ))
    }

    /// Trains the net and writes its weights, unless `folder` holds them.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn prepare(self, digits: &LabeledDigits, folder: &Path) -> Result<()> {
        let path = self.path(folder);
        if path.exists() {
            return Ok(());
        }
        Ok(write_unsynced(&path, &self.trained(digits).to_safetensors())?)
    }
}

/// FC10(1e-2).
fn softmax(digits: &LabeledDigits) -> Net {
    let regression =
        SoftmaxRegression { weight_decay: 1e-2, max_iterations: 400, f_tolerance: 1e-9, scale: Scale::AsIs };
    let pixels = digits.images.flatten_from(1).expect("a batch of images");
    let fit = regression.fit(&pixels, &digits.labels, 10);
    let builder = Builder::new(&IMAGE).flatten("flatten").linear("fc1", fit.weight, fit.bias);
    builder.build().expect("one layer on the pixels")
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasets::Mnist;
    use std::fs;

    #[test]
    fn weights_are_trained_once_and_fill_the_untrained_net() {
        let digits = Mnist::generate(1, 300, 1).train;
        let folder = tempfile::tempdir().unwrap();
        for &model in Model::value_variants() {
            model.prepare(&digits, folder.path()).unwrap();
            let path = model.path(folder.path());
            let net = model.untrained().load(&path).unwrap();
            let right =
                net.predict(&digits.images).iter().zip(&digits.labels).filter(|(a, b)| a == b).count();
            assert!(right > 150, "{model:?}: {right} of 300");
            let made = fs::metadata(&path).unwrap().modified().unwrap();
            model.prepare(&digits, folder.path()).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), made);
        }
    }
}
