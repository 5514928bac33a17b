//! The images that excite feature maps most, with their patches and projections.

use super::Version;
use anyhow::Result;
use core_net::{Net, Region};
use datasets::{BrokenImages, DataError, ImageFolder, Preprocessing};
use deconv::{Deconv, FeatureMap, Projection, TopActivation, TopImages, Unit};
use figures::Block;
use image::RgbImage;
use lab::Run;
use rand::seq::index::sample;
use tensor::{Tensor, crop, gather, seeded};

/// Images in a batch: their activations fit into memory several times over.
const BATCH: usize = 10;

/// Every feature map of a node.
pub fn maps_of(net: &Net, node: usize) -> Vec<FeatureMap> {
    (0..net.nodes()[node].shape[0]).map(|channel| FeatureMap { node, channel }).collect()
}

/// The `k` images that excite each map most, in one pass.
///
/// # Errors
/// When an image cannot be read.
pub fn rank(
    run: &Run,
    (net, version): (&Net, &Version),
    images: &ImageFolder,
    maps: &[FeatureMap],
    k: usize,
) -> Result<TopImages> {
    let deepest = maps.iter().map(|map| map.node).max().unwrap_or(0);
    let net = net.up_to(deepest);
    let progress = run.progress("rank images", images.len());
    let mut top = TopImages::new(maps, k);
    for batch in images.batches(run.batch(BATCH), version.preprocessing, BrokenImages::Refuse)? {
        let batch = batch?;
        top.update(&net.forward(&batch.images));
        progress.inc(batch.names.len());
    }
    Ok(top)
}

/// `n` of these places in a ranking, chosen at random by the run's seed among the maps that `k` images or more excite.
pub fn choose(run: &Run, purpose: &str, top: &TopImages, places: &[usize], n: usize, k: usize) -> Vec<usize> {
    let excited: Vec<usize> =
        places.iter().copied().filter(|&place| top.ranked()[place].firing >= k).collect();
    let chosen = sample(&mut seeded(run.seed(), purpose), excited.len(), n.min(excited.len()));
    let mut chosen: Vec<usize> = chosen.iter().map(|index| excited[index]).collect();
    chosen.sort_unstable();
    chosen
}

/// The projection of a unit of a node from one of these images, as a picture.
pub(super) fn projected(net: &Net, node: usize, images: &Tensor, image: usize, unit: Unit) -> RgbImage {
    let net = net.up_to(node);
    let trace = net.forward(&gather(images, &[image]));
    let projection = &Deconv::default().project_units(&net, &trace, node, &[(0, unit)])[0];
    Preprocessing::default().contrast(&projection.pixels.squeeze(0).expect("a batch of one"))
}

/// Patch and projection of each of a map's strongest images, in their order.
///
/// # Errors
/// When an image cannot be read any more.
pub fn pictures(
    (net, version): (&Net, &Version),
    images: &ImageFolder,
    node: usize,
    strongest: &[TopActivation],
) -> Result<[Block; 2]> {
    let net = net.up_to(node);
    let inputs = inputs(images, version, strongest)?;
    let trace = net.forward(&inputs);
    let units: Vec<(usize, Unit)> = strongest.iter().map(|s| s.unit).enumerate().collect();
    let projections = Deconv::default().project_units(&net, &trace, node, &units);
    let image = |x: &Tensor| x.squeeze(0).expect("a batch of one");
    let patch = |(index, projection): (usize, &Projection)| {
        let Region { top, left, height, width } = projection.region;
        let input = inputs.narrow(0, index, 1).expect("one input for each image");
        version.preprocessing.picture(&image(&crop(&input, top, left, [height, width])))
    };
    let patches = projections.iter().enumerate().map(patch).collect();
    let projected = projections.iter().map(|p| version.preprocessing.contrast(&image(&p.pixels))).collect();
    Ok([patches, projected])
}

/// The net's inputs for these images, in their order.
fn inputs(images: &ImageFolder, version: &Version, strongest: &[TopActivation]) -> Result<Tensor, DataError> {
    let mut ascending: Vec<usize> = strongest.iter().map(|s| s.image).collect();
    ascending.sort_unstable();
    let mut batches =
        images.select(&ascending).batches(ascending.len(), version.preprocessing, BrokenImages::Refuse)?;
    let batch = batches.next().expect("as many images as were asked for")?;
    let place = |s: &TopActivation| ascending.binary_search(&s.image).expect("it was put there");
    Ok(gather(&batch.images, &strongest.iter().map(place).collect::<Vec<_>>()))
}
