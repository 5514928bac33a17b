//! Parts of dogs hidden in images, and the change at every layer of a net.

use super::squeezenet::{SIDE, Version};
use anyhow::{Context, Result};
use core_net::Net;
use correspondence::{Distances, Signs, Square, Zeros, changes, random_part};
use datasets::BrokenImages;
use lab::Dogs;
use tensor::{Tensor, seeded};

/// The paper's parts, as its table and as our tables of parts call them.
///
/// Left and right are as seen in the image; the paper does not say whose they are.
pub const PARTS: [(&str, &str); 3] = [("Right Eye", "right_eye"), ("Left Eye", "left_eye"), ("Nose", "nose")];

/// Layers by the name in figures, and the nodes whose activations are compared: after the rectifiers.
pub const LAYERS: [(&str, &str); 11] = [
    ("conv1", "relu1"),
    ("fire2", "fire2"),
    ("fire3", "fire3"),
    ("fire4", "fire4"),
    ("fire5", "fire5"),
    ("fire6", "fire6"),
    ("fire7", "fire7"),
    ("fire8", "fire8"),
    ("fire9", "fire9"),
    ("conv10", "relu10"),
    ("scores", "flatten"),
];

/// The mean color of the images that the nets were trained on: a gray.
const FILL: f64 = 0.0;

/// A net, a set of dogs and an occluder.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Of random parts, draws of dogs, and exchanges.
    pub seed: u64,
    /// The net's name.
    pub net: &'static str,
    /// The name of the set of dogs.
    pub dogs: &'static str,
    /// Side of the occluder in pixels.
    pub side: usize,
}

/// The changes that hiding causes in some dogs, for one net and one size of the occluder.
pub struct HiddenParts {
    /// How many dogs.
    pub dogs: usize,
    /// By what is hidden: the named parts, as many random parts of each dog, and perhaps as many random places that are the same in all dogs. Then by layer and dog.
    changes: Vec<Vec<Vec<Signs>>>,
}

/// What is hidden in each dog, as it stands in [`HiddenParts::distances`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// The part itself.
    Named,
    /// A random part of each dog.
    Random,
    /// One random place, the same in all dogs.
    OnePlace,
}

impl HiddenParts {
    /// Hides in each dog the named parts and random ones that avoid all its marked parts;
    /// then, where there is room, places that avoid those of all dogs.
    ///
    /// # Errors
    /// When an image cannot be read, lacks a part, or has no room for a random one.
    pub fn hide(net: &Net, version: &Version, dogs: &Dogs, setting: &Setting) -> Result<Self> {
        let n = dogs.parts.images().len();
        let mut batches = dogs.parts.images().batches(n, version.preprocessing, BrokenImages::Refuse)?;
        let images = batches.next().context("expected a dog at least")??.images;
        let square = Square { side: setting.side, fill: FILL };
        let centers = centers(dogs, version, setting)?;
        let hidden: Vec<Tensor> = centers.iter().map(|centers| square.hide(&images, centers)).collect();
        let nodes = LAYERS.map(|(_, node)| net.index_of(node).expect("a node of SqueezeNet"));
        Ok(Self { dogs: n, changes: changes(net, &images, &hidden, &nodes) })
    }

    /// The distances of the changes at a layer: by [`Hidden`], and for each by dog.
    pub(super) fn distances(&self, part: usize, layer: usize, zeros: Zeros) -> Distances {
        let hidden = self.changes.iter().skip(part).step_by(PARTS.len());
        let signs: Vec<Signs> = hidden.flat_map(|layers| layers[layer].clone()).collect();
        Distances::new(&signs, zeros)
    }

    /// The part of a layer's features that change, a mean over the dogs, when this is hidden; `None` where there was no room for it.
    pub(super) fn changed(&self, hidden: Hidden, part: usize, layer: usize) -> Option<f64> {
        let signs = &self.changes.get(hidden as usize * PARTS.len() + part)?[layer];
        Some(signs.iter().map(Signs::changed).sum::<f64>() / signs.len() as f64)
    }

    /// The places in [`HiddenParts::distances`] of what is hidden in these dogs; `None` where there was no room for it.
    pub(super) fn places(&self, hidden: Hidden, dogs: &[usize]) -> Option<Vec<usize>> {
        let there = self.changes.len() > hidden as usize * PARTS.len();
        there.then(|| dogs.iter().map(|dog| hidden as usize * self.dogs + dog).collect())
    }
}

/// What is hidden, as in [`HiddenParts::changes`], by dog.
fn centers(dogs: &Dogs, version: &Version, setting: &Setting) -> Result<Vec<Vec<[f64; 2]>>> {
    let (name, side, n) = (dogs.name, setting.side, dogs.parts.images().len());
    let places = |part: &str| {
        let places = dogs.parts.in_inputs(part, &version.preprocessing);
        places.with_context(|| {
            format!("{name}: expected {part} within the crop of every image, found none in one")
        })
    };
    let marked = dogs.parts.names().into_iter().map(places).collect::<Result<Vec<_>>>()?;
    let of_dog = |dog: usize| marked.iter().map(|places| places[dog]).collect::<Vec<_>>();
    let mut centers = PARTS.iter().map(|(_, part)| places(part)).collect::<Result<Vec<_>>>()?;
    let rng = &mut seeded(setting.seed, &format!("random parts of {name}, {side} pixels"));
    for _ in PARTS {
        let random = (0..n).map(|dog| random_part(rng, [SIDE; 2], side, &of_dog(dog)));
        let random: Option<Vec<[f64; 2]>> = random.collect();
        centers.push(random.with_context(|| {
            format!("{name}: expected room for {side} × {side} pixels beside the marked parts, found none")
        })?);
    }
    for _ in PARTS {
        let place = random_part(rng, [SIDE; 2], side, &marked.concat());
        centers.extend(place.map(|place| vec![place; n]));
    }
    Ok(centers)
}
