//! The first stage: the net's activations and probabilities for each image, in one pass.

use super::picture::{PHOTOGRAPH, jpeg};
use super::site::Site;
use super::subject::Subject;
use crate::classes::{check_scores, probabilities};
use crate::images::report_skipped;
use crate::output::progress;
use crate::pixel_normalization::PixelNormalization;
use anyhow::{Context, Result};
use tensor::{DType, Tensor, by_type, gather, to_f64s, with_slice};

/// Images computed at a time.
const BATCH: usize = 4;

/// Strongest activations, probabilities and features of an image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageActivations {
    /// By unit, all layers' one after the other: its largest activation.
    pub activations: Vec<f64>,
    /// By unit: where in its map that is, `y · width + x`.
    pub places: Vec<f64>,
    /// By class; empty where the net is no classifier.
    pub probabilities: Vec<f64>,
    /// By map, its mean: what images are compared by.
    pub features: Vec<f64>,
}

/// All images, with their names.
pub struct AnalyzedImages {
    pub names: Vec<String>,
    pub images: Vec<ImageActivations>,
}

/// Computes what is missing, writes the pictures, and reports how many broken images were skipped.
pub fn compute(site: &Site, subject: &Subject) -> Result<AnalyzedImages> {
    let bar = progress("images", subject.images.len());
    let mut all = AnalyzedImages { names: vec![], images: vec![] };
    for batch in subject.images.batches(BATCH)? {
        let batch = batch?;
        all.images.extend(look_at(site, subject, &batch.images, all.names.len())?);
        bar.inc(batch.names.len() as u64);
        all.names.extend(batch.names);
    }
    bar.finish_and_clear();
    report_skipped(subject.images_path, subject.images.len(), all.names.len())?;
    Ok(all)
}

/// The images of a batch, whose first has this number.
fn look_at(site: &Site, subject: &Subject, images: &Tensor, first: usize) -> Result<Vec<ImageActivations>> {
    let rows = images.dims()[0];
    let kept = |row: usize| {
        let bytes = site.kept(&name(first + row))?;
        Ok(bytes.and_then(|bytes| ImageActivations::from_bytes(&bytes, subject)))
    };
    let mut kept = (0..rows).map(kept).collect::<Result<Vec<_>>>()?;
    let missing: Vec<usize> = (0..rows).filter(|&row| kept[row].is_none()).collect();
    if !missing.is_empty() {
        let images = gather(images, &missing);
        for ((row, &place), analyzed) in missing.iter().enumerate().zip(see(subject, &images)?) {
            let picture = subject.picture(&images.narrow(0, row, 1)?)?;
            site.write(&format!("data/image-{}.jpg", first + place), &jpeg(&picture, PHOTOGRAPH)?)?;
            site.keep(&name(first + place), &analyzed.to_bytes())?;
            kept[place] = Some(analyzed);
        }
    }
    Ok(kept.into_iter().flatten().collect())
}

fn name(image: usize) -> String {
    format!("seen-{image}")
}

/// Activations and probabilities of these images.
fn see(subject: &Subject, images: &Tensor) -> Result<Vec<ImageActivations>> {
    check(subject, images)?;
    let net = &subject.net;
    let (features, _) = subject.features();
    let mut nodes: Vec<usize> = subject.layers.iter().map(|layer| layer.node).collect();
    nodes.extend([features, net.output()]);
    let mut found = net.activations_of(images, &nodes);
    let output = found.pop().expect("the output's");
    let features = means(&found.pop().expect("the features'"));
    let probabilities = match &subject.scores {
        Some(scores) => {
            let names = vec![subject.images_path.display().to_string(); images.dims()[0]];
            check_scores(subject.model, scores, &names, &output)?;
            probabilities(scores, &output)
        }
        None => vec![],
    };
    let analyzed = |image: usize| {
        let each = subject.layers.iter().zip(&found);
        let strongest = each.flat_map(|(layer, activation)| strongest(activation, image, layer.units));
        let (activations, places) = strongest.unzip();
        let probabilities = probabilities.get(image).cloned().unwrap_or_default();
        ImageActivations { activations, places, probabilities, features: features[image].clone() }
    };
    Ok((0..images.dims()[0]).map(analyzed).collect())
}

/// # Errors
/// When twins are to be made later of what are no pixels.
fn check(subject: &Subject, images: &Tensor) -> Result<()> {
    if subject.has_exclusive_classes() {
        let normalization = PixelNormalization::new(subject.pixels, subject.input());
        let images = images.to_dtype(DType::F64)?;
        normalization.pixels_of(&images).with_context(|| subject.images_path.display().to_string())?;
    }
    Ok(())
}

/// The largest activation of the first units of one image, and its place in the map; ties take the first place.
fn strongest(activation: &Tensor, image: usize, units: usize) -> Vec<(f64, f64)> {
    let size: usize = activation.dims()[2..].iter().product();
    let of_image = activation.dims()[1] * size;
    by_type!(activation, T => with_slice::<T, _>(activation, |scalars| {
        let maps = scalars[image * of_image..][..units * size].chunks_exact(size);
        let strongest = |map: &[T]| {
            let best = (1..size).fold(0, |best, place| if map[place] > map[best] { place } else { best });
            (map[best].into(), best as f64)
        };
        maps.map(strongest).collect()
    }))
}

/// By image, the mean of each map.
fn means(activation: &Tensor) -> Vec<Vec<f64>> {
    let size: usize = activation.dims()[2..].iter().product();
    let means: Vec<f64> =
        to_f64s(activation).chunks_exact(size).map(|map| map.iter().sum::<f64>() / size as f64).collect();
    means.chunks_exact(activation.dims()[1]).map(<[f64]>::to_vec).collect()
}

impl ImageActivations {
    fn to_bytes(&self) -> Vec<u8> {
        let parts = [&self.activations, &self.places, &self.probabilities, &self.features];
        parts.into_iter().flatten().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// None where the bytes are of another subject.
    fn from_bytes(bytes: &[u8], subject: &Subject) -> Option<ImageActivations> {
        let values: Vec<f64> = bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect();
        let lengths = [subject.units(), subject.units(), subject.classes, subject.features().1];
        if values.len() != lengths.iter().sum::<usize>() {
            return None;
        }
        let mut rest = &values[..];
        let [activations, places, probabilities, features] =
            lengths.map(|length| rest.split_off(..length).expect("as long as all of them").to_vec());
        Some(ImageActivations { activations, places, probabilities, features })
    }
}
