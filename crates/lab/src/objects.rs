//! Photographs without labels, and others of which it is known what they show: looked for where all data is, and stood in for by drawn scenes.

use crate::data::Wanted;
use crate::located::{GENERATOR_SEED, Located, png};
use anyhow::Result;
use datasets::{ImageFolder, Set, Voc, scene, scene_classes};
use durable::write_unsynced;
use rayon::prelude::*;
use std::path::Path;

/// Images to learn from without labels, and images to look for a class in.
#[derive(Clone, Debug)]
pub struct Objects {
    /// Tiny-ImageNet's training images, 64 × 64; any number of them from the first is balanced over its classes.
    pub unlabeled: ImageFolder,
    /// VOC 2007, with the splits `train` and `val`.
    pub voc: Voc,
    /// The class to look for: a car, or a disk in drawn scenes.
    pub class: &'static str,
}

const TINY: Wanted = Wanted { folder: "tiny-imagenet-100", files: &["train.tar.gz"] };
pub(crate) const VOC: Wanted = Wanted { folder: "voc2007", files: &["images.tar", "labels.csv"] };

/// How many scenes stand in, and their side.
const SCENES: usize = 400;
const SIDE: usize = 64;

/// Tiny-ImageNet and VOC 2007, or scenes drawn into `scratch`: there is no mirror to download them from.
pub(crate) fn objects(named: Option<&Path>, scratch: &Path) -> Result<Located<Objects>> {
    match (TINY.locate(named)?, VOC.locate(named)?) {
        (Some(tiny), Some(voc)) => read(&tiny, &voc),
        _ => generated(scratch),
    }
}

fn read(tiny: &Path, voc: &Path) -> Result<Located<Objects>> {
    let objects = Objects {
        unlabeled: ImageFolder::open(&tiny.join("train.tar.gz"))?,
        voc: read_voc(voc)?,
        class: "car",
    };
    Located::from_folders(objects, Set::Objects, [(tiny, &TINY), (voc, &VOC)])
}

/// VOC 2007 in its folder.
pub(crate) fn read_voc(folder: &Path) -> Result<Voc> {
    Ok(Voc::read(&folder.join("labels.csv"), &ImageFolder::open(&folder.join("images.tar"))?)?)
}

/// Scenes in the place of both.
pub(crate) fn generated(scratch: &Path) -> Result<Located<Objects>> {
    let folder = scratch.join("objects");
    let draw = |number: usize| {
        let (image, label) = scene(GENERATOR_SEED, number, SIDE);
        let split = ["train", "val"][number / scene_classes().len() % 2];
        let file = format!("{number:03}.png");
        let line = format!("{file},{split},{},\n", scene_classes()[label]);
        write_unsynced(&folder.join(file), &png(&image)?)?;
        Ok(line)
    };
    let lines = (0..SCENES).into_par_iter().map(draw).collect::<Result<Vec<String>>>()?;
    let labels = folder.join("labels.csv");
    let table = format!("file,split,present,difficult\n{}", lines.concat());
    write_unsynced(&labels, table.as_bytes())?;
    let unlabeled = ImageFolder::open(&folder)?;
    let objects = Objects { voc: Voc::read(&labels, &unlabeled)?, unlabeled, class: scene_classes()[0] };
    Ok(Located::from_generator(objects, Set::Objects, "photographs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_scenes_have_both_splits_and_the_class_in_each_and_are_named_as_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let Located { value: objects, source, .. } = generated(folder.path()).unwrap();
        assert_eq!(objects.unlabeled.len(), SCENES);
        for split in ["train", "val"] {
            let shown = objects.voc.showing(split, objects.class);
            let relevant = shown.relevant.iter().filter(|relevant| **relevant).count();
            assert_eq!((shown.images.len(), relevant), (SCENES / 2, SCENES / 20), "{split}");
        }
        assert_eq!(source.to_string(), "generated objects (seed 1)");
    }
}
