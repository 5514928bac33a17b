//! Nets and images for the jobs.

use anyhow::{Context, Result};
use core_net::zoo;
use datasets::{Mnist, scene};
use image::{GrayImage, RgbImage};
use std::fs;
use std::path::Path;
use tensor::to_f64s;

const SEED: u64 = 1;

const DIGITS: usize = 512;

const SCENES: usize = 96;

/// Number of scenes to occlude: each map needs many forward passes.
const FEW_SCENES: usize = 12;

const SIDE: usize = 128;

/// Two nets with random weights, drawn digits and drawn scenes.
///
/// # Errors
/// When a file cannot be written.
pub fn make_inputs(folder: &Path) -> Result<()> {
    let nets = [
        ("dense", zoo::fully_connected(&[1, 28, 28], &[100, 100, 10], SEED)),
        ("squeezenet", zoo::untrained("squeezenet1_1", 10, [SIDE, SIDE], SEED)),
    ];
    for (name, net) in nets {
        let path = folder.join(name).with_extension("safetensors");
        fs::write(&path, net.to_safetensors()).with_context(|| path.display().to_string())?;
    }
    make_digits(&folder.join("digits"))?;
    make_scenes(&folder.join("scenes"), SCENES)?;
    make_scenes(&folder.join("some-scenes"), FEW_SCENES)
}

fn make_digits(folder: &Path) -> Result<()> {
    fs::create_dir(folder)?;
    let pixels = to_f64s(&Mnist::generate(SEED, 0, DIGITS).test.images);
    for (number, pixels) in pixels.chunks(28 * 28).enumerate() {
        let bytes = pixels.iter().map(|pixel| (pixel * 255.0).round() as u8).collect();
        let image = GrayImage::from_raw(28, 28, bytes).context("a digit")?;
        image.save(folder.join(format!("{number:03}.png")))?;
    }
    Ok(())
}

fn make_scenes(folder: &Path, count: usize) -> Result<()> {
    fs::create_dir(folder)?;
    for number in 0..count {
        let planes = to_f64s(&scene(SEED, number, SIDE).0);
        let byte = |index: usize| (planes[index % 3 * SIDE * SIDE + index / 3] * 255.0).round() as u8;
        let bytes = (0..planes.len()).map(byte).collect();
        let image = RgbImage::from_raw(SIDE as u32, SIDE as u32, bytes).context("a scene")?;
        image.save(folder.join(format!("{number:03}.png")))?;
    }
    Ok(())
}
