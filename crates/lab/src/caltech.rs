//! Caltech-101 and Caltech-256: looked for where all data is; drawn scenes in class folders stand in for the first.

use crate::data::{folder_of_all, locate};
use crate::digest::digest_of;
use crate::located::{Located, write_scenes};
use anyhow::Result;
use datasets::{Clutter, ImageFolder, Set, Source, caltech};
use std::path::{Path, PathBuf};

/// How many scenes stand in for Caltech-101, and their side.
const SCENES: usize = 650;
const SIDE: usize = 64;

/// The 101 classes of objects of Caltech-101, or of scenes drawn into `scratch`: there is no mirror to download them from.
pub(crate) fn caltech101(named: Option<&Path>, scratch: &Path) -> Result<Located<ImageFolder>> {
    let is_in = |folder: &Path| images_in(folder, "101").is_some();
    let folder = locate("caltech101", "images.tar or 101_ObjectCategories", is_in, named)?;
    match folder.and_then(|folder| images_in(&folder, "101")) {
        Some(path) => read(Set::Caltech101, &path),
        None => generated(scratch),
    }
}

/// The 256 classes of objects of Caltech-256; none where they are not at hand.
pub(crate) fn caltech256(named: Option<&Path>) -> Result<Option<Located<ImageFolder>>> {
    let path = images_in(&folder_of_all(named).join("caltech256"), "256");
    path.map(|path| read(Set::Caltech256, &path)).transpose()
}

/// An archive or a folder of class folders, under its official name or ours.
fn images_in(folder: &Path, classes: &str) -> Option<PathBuf> {
    let official = ["", ".tar", ".tar.gz"].map(|ending| format!("{classes}_ObjectCategories{ending}"));
    let names = ["images.tar".to_owned()].into_iter().chain(official);
    names.map(|name| folder.join(name)).find(|path| path.exists())
}

fn read(set: Set, path: &Path) -> Result<Located<ImageFolder>> {
    let images = caltech(path, Clutter::LeftOut)?;
    let folder = path.parent().unwrap_or(path).to_owned();
    let source = Source::Files { set, folder, digests: vec![digest_of(path)?] };
    Ok(Located::from_files(images, source, &[path]))
}

fn generated(scratch: &Path) -> Result<Located<ImageFolder>> {
    let folder = scratch.join("classes");
    write_scenes(SCENES, SIDE, |_| folder.clone())?;
    Ok(Located::from_generator(ImageFolder::open(&folder)?, Set::Caltech101, "photographs"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasets::{PerClass, scene_classes};
    use std::fs;

    #[test]
    fn drawn_scenes_have_as_many_in_each_class_as_the_experiments_ask_for() {
        let folder = tempfile::tempdir().unwrap();
        let Located { value: images, source, .. } = generated(folder.path()).unwrap();
        assert_eq!(images.classes().len(), scene_classes().len());
        let fold = images.fold(PerClass { train: 30, test: 50 }, 1, 0).unwrap();
        assert_eq!(fold.test.len(), SCENES - 30 * scene_classes().len());
        assert_eq!(source.to_string(), "generated scenes in class folders (seed 1)");
    }

    #[test]
    fn official_folders_are_read_without_their_clutter_and_absent_ones_are_none() {
        let data = tempfile::tempdir().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let drawn = generated(scratch.path()).unwrap().value;
        let picture = fs::read(drawn.path().join(drawn.names().next().unwrap())).unwrap();
        for class in ["001.ak47", "257.clutter"] {
            let folder = data.path().join("caltech256/256_ObjectCategories").join(class);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("001_0001.png"), &picture).unwrap();
        }
        let found = caltech256(Some(data.path())).unwrap().unwrap();
        assert_eq!(found.value.classes(), ["001.ak47"]);
        assert!(found.source.to_string().starts_with("Caltech-256 "), "{}", found.source);
        assert!(caltech256(Some(scratch.path())).unwrap().is_none());
        let absent = caltech101(Some(data.path()), scratch.path());
        let error = absent.err().unwrap().to_string();
        assert!(error.contains("expected images.tar or 101_ObjectCategories"), "{error}");
    }
}
