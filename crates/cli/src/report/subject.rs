//! The subject of a site: a net, its images, and their preprocessing.

use super::layers::{Layer, features};
use crate::classes::{check_classifier, scores};
use crate::images::{Images, check_pictures};
use crate::model::Model;
use crate::pixels::Pixels;
use anyhow::Result;
use core_net::{Net, Reading, Scores};
use datasets::Preprocessing;
use image::RgbImage;
use std::path::Path;
use tensor::Tensor;

/// A net, its images, and the layers that are shown.
pub struct Subject<'a> {
    pub model: &'a Model,
    pub pixels: &'a Pixels,
    /// Computes in the images' type.
    pub net: Net,
    pub images: Images,
    pub images_path: &'a Path,
    pub layers: Vec<Layer>,
    /// How its outputs are read, in words.
    pub reading: String,
    /// How its outputs are read, where they tell classes apart.
    pub scores: Option<Scores>,
    /// The net up to its logits, where they are known, and how these are read.
    pub logits: Option<(Net, Scores)>,
    /// How many classes the net tells apart; 0 where it is no classifier.
    pub classes: usize,
}

impl<'a> Subject<'a> {
    pub fn new(
        model: &'a Model,
        pixels: &'a Pixels,
        net: &Net,
        (images_path, images): (&'a Path, Images),
        layers: Vec<Layer>,
    ) -> Result<Subject<'a>> {
        check_pictures(model, net)?;
        let reading = scores(model, net)?.to_string();
        let scores = check_classifier(model, net).ok();
        let are_exclusive = scores.as_ref().is_some_and(Scores::are_exclusive);
        let logits = scores.as_ref().and_then(|scores| scores.logits(net)).map(|net| {
            let reading = if are_exclusive { Reading::Logits } else { Reading::BinaryLogits };
            let scores = Scores::with_reading(&net, reading).expect("two classes or more");
            (net.to_dtype(images.dtype()), scores)
        });
        let classes = scores.as_ref().and_then(Scores::classes).unwrap_or(0);
        let net = net.to_dtype(images.dtype());
        Ok(Subject { model, pixels, net, images, images_path, layers, reading, scores, logits, classes })
    }

    pub fn is_classifier(&self) -> bool {
        self.classes > 0
    }

    /// Whether one class of each image is the answer, which another may take the place of.
    pub fn has_exclusive_classes(&self) -> bool {
        self.scores.as_ref().is_some_and(Scores::are_exclusive)
    }

    /// Channels, height and width of an image.
    pub fn input(&self) -> &[usize] {
        &self.net.nodes()[0].shape
    }

    /// Height and width of an image.
    pub fn side(&self) -> [usize; 2] {
        [self.input()[1], self.input()[2]]
    }

    pub fn preprocessing(&self) -> Preprocessing {
        self.pixels.preprocessing(self.input())
    }

    /// What the net sees.
    ///
    /// **Shape** image `[1, c, h, w]`.
    pub fn picture(&self, image: &Tensor) -> Result<RgbImage> {
        Ok(self.preprocessing().picture(&image.squeeze(0)?))
    }

    /// Units of all layers that are shown.
    pub fn units(&self) -> usize {
        self.layers.iter().map(|layer| layer.units).sum()
    }

    /// The number of a layer's first unit among the units of all layers.
    pub fn first_unit(&self, layer: usize) -> usize {
        self.layers[..layer].iter().map(|layer| layer.units).sum()
    }

    /// The node by whose activation images are compared, and how many maps it has.
    pub fn features(&self) -> (usize, usize) {
        let node = features(&self.net);
        (node, self.net.nodes()[node].shape[0])
    }
}
