//! Data with its provenance: read from files, or generated in their place.

use crate::data::Wanted;
use crate::digest::digest_of;
use anyhow::{Context, Result};
use datasets::{Set, Source, scene, scene_classes};
use durable::write_unsynced;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use tensor::{Tensor, to_f64s};

/// The seed of all generated data, which stays the same whatever the seed of the run.
pub(crate) const GENERATOR_SEED: u64 = 1;

/// Why data is generated that no mirror has.
const NO_MIRROR: &str = "there are none in ./data and no mirror has them";

/// Data, its source, and a line on where it was read or why it was generated.
pub(crate) struct Located<T> {
    pub value: T,
    pub source: Source,
    pub provenance: String,
}

impl<T> Located<T> {
    /// Data read from these files or folders in `folder`, with their digests.
    pub fn from_folder(value: T, set: Set, folder: &Path, files: &[&str]) -> Result<Located<T>> {
        let digests = files.iter().map(|file| digest_of(&folder.join(file))).collect::<Result<_>>()?;
        let source = Source::Files { set, folder: folder.to_owned(), digests };
        Ok(Located::from_files(value, source, &[folder]))
    }

    /// Data read from two folders beside each other, with the digests of the files under `FOLDER/FILE`.
    pub fn from_folders(value: T, set: Set, folders: [(&Path, &Wanted); 2]) -> Result<Located<T>> {
        let mut digests = Vec::new();
        for (folder, wanted) in folders {
            for file in wanted.files {
                let (file, sha256) = digest_of(&folder.join(file))?;
                digests.push((format!("{}/{file}", wanted.folder), sha256));
            }
        }
        let places = folders.map(|(folder, _)| folder);
        let folder = places[0].parent().unwrap_or(places[0]).to_owned();
        Ok(Located::from_files(value, Source::Files { set, folder, digests }, &places))
    }

    /// Data read from these files or folders.
    pub fn from_files(value: T, source: Source, places: &[&Path]) -> Located<T> {
        let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        let provenance = format!("{source} in {}", places.join(" and "));
        Located { value, source, provenance }
    }

    /// Generated data in place of real data, such as photographs, for which there is no mirror.
    pub fn from_generator(value: T, set: Set, absent: &str) -> Located<T> {
        Located::in_place_of(value, Source::Generated { set, seed: GENERATOR_SEED }, absent, NO_MIRROR)
    }

    /// Generated data in place of data that is absent for this reason.
    pub fn in_place_of(value: T, source: Source, absent: &str, why: &str) -> Located<T> {
        let provenance = format!("{source}, not {absent}, because {why}");
        Located { value, source, provenance }
    }

    /// The same provenance with a part of the data.
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: part(self.value), source: self.source, provenance: self.provenance }
    }
}

/// Writes generated scenes as `CLASS/NUMBER.png` in the folder that `folder` names for each number.
pub(crate) fn write_scenes(
    count: usize,
    side: usize,
    folder: impl Fn(usize) -> PathBuf + Sync,
) -> Result<()> {
    (0..count).into_par_iter().try_for_each(|number| {
        let (image, label) = scene(GENERATOR_SEED, number, side);
        let path = folder(number).join(scene_classes()[label]).join(format!("{number:03}.png"));
        Ok(write_unsynced(&path, &png(&image)?)?)
    })
}

/// A drawn image as a file.
///
/// **Shape** `[1, 3, h, w]`, red, green, blue.
/// **Range** `[0, 1]`
pub(crate) fn png(image: &Tensor) -> Result<Vec<u8>> {
    let planes = to_f64s(image);
    let pixels = planes.len() / 3;
    let byte = |index: usize| (planes[index % 3 * pixels + index / 3] * 255.0).round() as u8;
    let bytes: Vec<u8> = (0..3 * pixels).map(byte).collect();
    let [height, width] = [2, 3].map(|axis| image.dims()[axis] as u32);
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(&bytes, width, height, ExtendedColorType::Rgb8)
        .context("cannot encode a drawn image as PNG")?;
    Ok(png)
}
