//! Data with its provenance: read from files, or generated in their place.

use std::path::{Path, PathBuf};

use anyhow::Result;
use datasets::{Set, Source, scene, scene_classes};
use durable::write_unsynced;
use rayon::prelude::*;

use crate::photographs::png;

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
///
/// # Errors
/// When a file cannot be written.
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
