//! Features of many images at each layer of SqueezeNet, pooled over its maps.

use super::squeezenet::{SIDE, Version};
use anyhow::Result;
use core_net::Net;
use datasets::{BrokenImages, ImageFolder, Preprocessing, Resize};
use lab::{Run, Tensors};
use serde::Serialize;
use tensor::{PaddingInMean, Pool, Rounding, Tensor, gather, mean_pool};

/// The layers whose features are read: the first, each fire module, and the scores of ImageNet's classes.
pub const LAYERS: [&str; 10] =
    ["pool1", "fire2", "fire3", "fire4", "fire5", "fire6", "fire7", "fire8", "fire9", CONV10];

/// Its maps are what the net itself takes the mean of.
const CONV10: &str = "conv10";
/// Parts of a map across and down.
const PARTS: usize = 2;
/// Images that are computed at a time.
const BATCH: usize = 32;

/// The features of a collection of images.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// By layer.
    ///
    /// **Shape** `[n, c · PARTS²]`, f32; of conv10 `[n, 1000]`
    layers: Tensors,
}

/// All that the features depend on beside the net and the data.
#[derive(Serialize)]
struct Settings<'a> {
    layers: [&'a str; LAYERS.len()],
    parts: usize,
    side: usize,
    images: Vec<&'a str>,
}

impl Features {
    /// The features of these images in one pass of the net, kept for the next experiment:
    /// the mean of each map over each quarter, the middle belonging to all where the side is odd; of conv10 over the whole.
    ///
    /// Unlike the paper, which keeps every place of a map: a classifier on pooled maps has fewer weights to learn from few images.
    ///
    /// # Errors
    /// When an image cannot be decoded, or as [`Version::net`].
    pub fn compute(run: &Run, version: &Version, name: &str, images: &ImageFolder) -> Result<Self> {
        let net = version.net(run)?;
        let settings =
            Settings { layers: LAYERS, parts: PARTS, side: SIDE, images: images.names().collect() };
        let name = format!("{name} by {}", version.stem);
        run.stage(&name);
        let layers =
            run.cached_tensors(&name, &settings, &net, || computed(run, &net, whole(version), images))?;
        Ok(Self { layers })
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.layers[CONV10].dims()[0]
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The features of a layer, of the images at `index`: their square roots, so that few strong ones do not outweigh many.
    ///
    /// **Shape** `[index.len(), d]`, f32
    ///
    /// # Panics
    /// If the layer is not one of [`LAYERS`], or there are fewer images.
    pub fn of_layer(&self, layer: &str, index: &[usize]) -> Tensor {
        gather(&self.layers[layer], index).sqrt().expect("a square root in memory")
    }
}

/// The whole image squeezed into the net's square: the margins may contain evidence of the class.
///
/// Unlike the paper, which cuts out the center of the image.
/// In first trials on images of Caltech-101 left out of the training, not the same ones for both, accuracy on the whole was higher by about four points.
fn whole(version: &Version) -> Preprocessing {
    Preprocessing { resize: Resize::Exactly([SIDE; 2]), crop: None, ..version.preprocessing }
}

fn computed(run: &Run, net: &Net, preprocessing: Preprocessing, images: &ImageFolder) -> Result<Tensors> {
    let node = |layer| if layer == CONV10 { "flatten" } else { layer };
    let nodes = LAYERS.map(|layer| net.index_of(node(layer)).expect("a node of SqueezeNet"));
    let progress = run.progress("features", images.len());
    let mut layers: [Vec<Tensor>; LAYERS.len()] = std::array::from_fn(|_| Vec::new());
    for batch in images.batches(run.batch(BATCH), preprocessing, BrokenImages::Refuse)? {
        let batch = batch?;
        let maps = net.activations_of(&batch.images.to_device(run.device())?, &nodes);
        for (layer, maps) in layers.iter_mut().zip(maps) {
            layer.push(pooled(&maps)?);
        }
        progress.inc(batch.names.len());
    }
    let joined = |(layer, batches): (&str, Vec<Tensor>)| Ok((layer.to_owned(), Tensor::cat(&batches, 0)?));
    LAYERS.into_iter().zip(layers).map(joined).collect()
}

/// The means over each part of each map; scores as they are.
///
/// **Shape** maps `[n, c, h, w]` or `[n, c]`; the result is `[n, c · PARTS²]` or `[n, c]`.
fn pooled(maps: &Tensor) -> Result<Tensor> {
    let &[n, _, h, w] = maps.dims() else { return Ok(maps.clone()) };
    let pool = Pool {
        kernel: [h, w].map(|side| side.div_ceil(PARTS)),
        stride: [h, w].map(|side| side / PARTS),
        padding: [0; 4],
        dilation: [1; 2],
        rounding: Rounding::Floor,
    };
    Ok(mean_pool(maps, &pool, PaddingInMean::Pixels).reshape((n, ()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{tensor_of, to_f64s};

    #[test]
    fn maps_are_pooled_over_quarters_that_share_the_middle() {
        let map: Vec<f32> = (0..9).map(|v| v as f32).collect();
        let pooled = pooled(&tensor_of(map, &[1, 1, 3, 3])).unwrap();
        assert_eq!(to_f64s(&pooled), [2.0, 3.0, 5.0, 6.0]);
    }

    #[test]
    fn features_are_square_roots_of_the_images_asked_for() {
        let fire9 = tensor_of(vec![0.0f32, 16.0, 1.0, 4.0], &[2, 2]);
        let features = Features { layers: [("fire9".to_owned(), fire9)].into() };
        assert_eq!(to_f64s(&features.of_layer("fire9", &[1, 0, 1])), [1.0, 2.0, 0.0, 4.0, 1.0, 2.0]);
    }
}
