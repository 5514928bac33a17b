//! SqueezeNet v1.0 as a function of pixels, and the attack on photographs.

use crate::attack::AttackMeasurement;
use adversarial::{Attack, min_distortion};
use anyhow::{Context, Result};
use core_net::operations::Affine;
use core_net::{Net, Region, zoo};
use datasets::{BrokenImages, ImageFolder, Preprocessing};
use std::fs;
use std::path::Path;
use std::time::Instant;
use tensor::{DType, Tensor, tensor_of, to_f64s};

/// Height and width of SqueezeNet's input.
const SIDE: usize = 227;
/// The target class of all photographs.
const OSTRICH: usize = 9;
const PIXELS: &str = "photographs.f32";

/// Writes `n` photographs of the ImageNet sample, evenly spread over the classes, as pixels in `[0, 1]`,
/// f32 in the order of bytes that the machine has, blue first, unless they are there.
///
/// # Errors
/// When the sample cannot be read or the file cannot be written.
pub fn prepare_photographs(data: &Path, work: &Path, n: usize) -> Result<()> {
    let path = work.join(PIXELS);
    if path.metadata().is_ok_and(|file| file.len() == (n * 3 * SIDE * SIDE * size_of::<f32>()) as u64) {
        return Ok(());
    }
    let folder = ImageFolder::open(&data.join("imagenet-sample/images.tar"))?;
    let spread: Vec<usize> = (1..=n).map(|i| i * folder.len() / (n + 1)).collect();
    let pixels = Preprocessing::SQUEEZENET1_0.without_normalization();
    let mut batches = folder.select(&spread).batches(n, pixels, BrokenImages::Refuse)?;
    let batch = batches.next().context("no photographs")??;
    let bytes: Vec<u8> =
        to_f64s(&batch.images).iter().flat_map(|&pixel| (pixel as f32).to_ne_bytes()).collect();
    fs::write(&path, bytes).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Attacks the photographs of [`prepare_photographs`].
///
/// # Errors
/// When the weights or the photographs cannot be read.
pub fn attack_photographs(data: &Path, work: &Path) -> Result<AttackMeasurement> {
    let (net, images) = (net(data)?, photographs(work)?);
    let n = images.dims()[0];
    net.predict(&images.to_dtype(DType::F32)?); // not measured: threads and memory are made
    let start = Instant::now();
    let outcomes = min_distortion(&net, &images, &vec![OSTRICH; n], &Attack::for_photographs());
    let seconds = start.elapsed().as_secs_f64();
    let operations = 4 * net.multiply_adds(Region::whole([SIDE; 2]));
    Ok(AttackMeasurement::new(&outcomes, seconds, operations))
}

fn net(data: &Path) -> Result<Net> {
    let weights = data.join("squeezenet/squeezenet1_0.safetensors");
    let channel = |values: Vec<f64>| tensor_of(values.into_iter().map(|v| v as f32).collect(), &[3]);
    let [scale, shift] = Preprocessing::SQUEEZENET1_0.normalization().map(channel);
    let net = zoo::untrained("squeezenet1_0", 1000, [SIDE; 2], 0).load(&weights)?;
    Ok(net.with_preprocessing("normalize", Affine { scale, shift })?)
}

fn photographs(work: &Path) -> Result<Tensor> {
    let path = work.join(PIXELS);
    let bytes = fs::read(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let pixels: Vec<f32> = bytes.as_chunks().0.iter().map(|&b| f32::from_ne_bytes(b)).collect();
    let n = pixels.len() / (3 * SIDE * SIDE);
    Ok(tensor_of(pixels, &[n, 3, SIDE, SIDE]))
}
