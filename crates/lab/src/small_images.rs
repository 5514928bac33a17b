//! Small labeled images to train nets on: looked for where all data is, and stood in for by drawn scenes.

use std::path::Path;

use anyhow::Result;
use datasets::{ImageFolder, Set, Source, Splits, scene, scene_classes};
use rayon::prelude::*;

use crate::data::{Wanted, locate};
use crate::digest::of_path;
use crate::photographs::{GENERATOR_SEED, png};
use durable::write_for_now;

/// The images, and one line on how they were come by.
pub(crate) struct Found {
    pub splits: Splits,
    pub source: Source,
    pub story: String,
}

/// The images to learn from, those to judge by, and the classes' names.
const FILES: [&str; 3] = ["train.tar.gz", "val.tar.gz", "classes.csv"];

const TINY: Wanted = Wanted {
    folder: "tiny-imagenet-100",
    files: "train.tar.gz, val.tar.gz and classes.csv",
    is_in: |folder| FILES.iter().all(|file| folder.join(file).is_file()),
};

/// How many scenes stand in, and their side.
const SCENES: usize = 400;
const SIDE: usize = 64;

/// Tiny-ImageNet, or scenes drawn into `scratch`: there is no mirror to download it from.
///
/// # Errors
///
/// When a folder was named that does not hold it, or it is damaged wherever it lies.
pub(crate) fn tiny_imagenet(named: Option<&Path>, scratch: &Path) -> Result<Found> {
    match locate(&TINY, named)? {
        Some(folder) => read(&folder),
        None => drawn(scratch),
    }
}

fn read(folder: &Path) -> Result<Found> {
    let [train, val, classes] = FILES.map(|name| folder.join(name));
    let splits = Splits::tiny_imagenet(&train, &val, &classes)?;
    let digests = [train, val, classes].iter().map(|path| of_path(path)).collect::<Result<Vec<_>>>()?;
    let source = Source::Files { set: Set::TinyImageNet, folder: folder.to_owned(), digests };
    let story = format!("{source} in {}", folder.display());
    Ok(Found { splits, source, story })
}

fn drawn(scratch: &Path) -> Result<Found> {
    let source = Source::Generated { set: Set::TinyImageNet, seed: GENERATOR_SEED };
    let folder = scratch.join("small-scenes");
    let draw = |number| draw(&folder, number);
    (0..SCENES).into_par_iter().try_for_each(draw)?;
    let [train, val] = ["train", "val"].map(|split| ImageFolder::open(&folder.join(split)));
    let splits = Splits::of(train?, val?)?;
    let story = format!("{source}, not photographs, because there are none in ./data and no mirror has them");
    Ok(Found { splits, source, story })
}

/// One scene; of each class, every fourth is to judge by.
fn draw(folder: &Path, number: usize) -> Result<()> {
    let (image, label) = scene(GENERATOR_SEED, number, SIDE);
    let split = if number / scene_classes().len() % 4 == 3 { "val" } else { "train" };
    let class = folder.join(split).join(scene_classes()[label]);
    write_for_now(&class.join(format!("{number:03}.png")), &png(&image)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_scenes_are_split_three_to_one_in_every_class_and_named_as_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let Found { splits, source, .. } = drawn(folder.path()).unwrap();
        for (split, each) in [(&splits.train, 30), (&splits.val, 10)] {
            let of = |class| split.labels().filter(|label| *label == Some(class)).count();
            assert!((0..scene_classes().len()).all(|class| of(class) == each));
        }
        assert_eq!(splits.names.len(), scene_classes().len());
        assert_eq!(source.to_string(), "generated small scenes (seed 1)");
    }
}
