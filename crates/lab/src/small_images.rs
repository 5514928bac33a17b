//! Small labeled images to train nets on: looked for where all data is, and stood in for by drawn scenes.

use crate::data::Wanted;
use crate::located::{Located, write_scenes};
use anyhow::Result;
use datasets::{ImageFolder, Set, Splits, scene_classes};
use std::path::Path;

/// The images to learn from, those to judge by, and the classes' names.
const FILES: [&str; 3] = ["train.tar.gz", "val.tar.gz", "classes.csv"];
const TINY: Wanted = Wanted { folder: "tiny-imagenet-100", files: &FILES };

/// How many scenes stand in, and their side.
const SCENES: usize = 400;
const SIDE: usize = 64;

/// Tiny-ImageNet, or scenes drawn into `scratch`: there is no mirror to download it from.
pub(crate) fn tiny_imagenet(named: Option<&Path>, scratch: &Path) -> Result<Located<Splits>> {
    match TINY.locate(named)? {
        Some(folder) => read(&folder),
        None => generated(scratch),
    }
}

fn read(folder: &Path) -> Result<Located<Splits>> {
    let [train, val, classes] = FILES.map(|name| folder.join(name));
    let splits = Splits::tiny_imagenet(&train, &val, &classes)?;
    Located::from_folder(splits, Set::TinyImageNet, folder, &FILES)
}

/// Scenes, a quarter of each class for validation.
fn generated(scratch: &Path) -> Result<Located<Splits>> {
    let folder = scratch.join("small-scenes");
    let classes = scene_classes().len();
    let split = |number: usize| if number / classes % 4 == 3 { "val" } else { "train" };
    write_scenes(SCENES, SIDE, |number| folder.join(split(number)))?;
    let [train, val] = ["train", "val"].map(|split| ImageFolder::open(&folder.join(split)));
    Ok(Located::from_generator(Splits::new(train?, val?)?, Set::TinyImageNet, "photographs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_scenes_are_split_three_to_one_in_every_class_and_named_as_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let Located { value: splits, source, .. } = generated(folder.path()).unwrap();
        for (split, each) in [(&splits.train, 30), (&splits.val, 10)] {
            let of = |class| split.labels().filter(|label| *label == Some(class)).count();
            assert!((0..scene_classes().len()).all(|class| of(class) == each));
        }
        assert_eq!(splits.names.len(), scene_classes().len());
        assert_eq!(source.to_string(), "generated small scenes (seed 1)");
    }
}
