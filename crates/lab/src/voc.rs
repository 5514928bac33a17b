//! VOC: the official folders of 2012 where they are at hand, else our part of 2007, for which drawn scenes stand in.

use std::path::{Path, PathBuf};

use anyhow::Result;
use datasets::{ImageFolder, Set, Source, Voc};

use crate::data::{folder_at_hand, locate};
use crate::digest::digest_of;
use crate::located::Located;
use crate::objects::{VOC, generated as generated_objects};

/// Where VOC 2012 may lie in the folder of all data sets.
const VOC2012: [&str; 2] = ["voc2012", "VOCdevkit/VOC2012"];

/// VOC 2012, else VOC 2007, else scenes drawn into `scratch`: there is no mirror to download them from.
///
/// # Errors
/// When a folder was named that does not hold them, or they are damaged wherever they lie.
pub(crate) fn voc(named: Option<&Path>, scratch: &Path) -> Result<Located<Voc>> {
    if let Some(folder) = VOC2012.iter().find_map(|name| folder_at_hand(name, named)) {
        let files = ["JPEGImages", "ImageSets/Main"].map(|name| folder.join(name));
        return found(Set::Voc2012, &folder, &files, Voc::official(&folder)?);
    }
    let Some(folder) = locate(&VOC, named)? else {
        return Ok(generated_objects(scratch)?.map(|objects| objects.voc));
    };
    let files = ["images.tar", "labels.csv"].map(|name| folder.join(name));
    let images = ImageFolder::open(&files[0])?;
    found(Set::Voc2007, &folder, &files, Voc::read(&files[1], &images)?)
}

fn found(set: Set, folder: &Path, files: &[PathBuf], voc: Voc) -> Result<Located<Voc>> {
    let digests = files.iter().map(|file| digest_of(file)).collect::<Result<Vec<_>>>()?;
    let source = Source::Files { set, folder: folder.to_owned(), digests };
    Ok(Located::from_files(voc, source, &[folder]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_official_folders_of_2012_come_before_all_else() {
        let (data, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let drawn = generated_objects(scratch.path()).unwrap().value.voc;
        let picture = fs::read(drawn.images().path().join("000.png")).unwrap();
        let folder = data.path().join("VOCdevkit/VOC2012");
        for folder in ["JPEGImages", "ImageSets/Main"].map(|name| folder.join(name)) {
            fs::create_dir_all(folder).unwrap();
        }
        for (split, image) in [("train", "2008_000001"), ("val", "2008_000002")] {
            fs::write(folder.join(format!("JPEGImages/{image}.png")), &picture).unwrap();
            fs::write(folder.join(format!("ImageSets/Main/dog_{split}.txt")), format!("{image} 1\n"))
                .unwrap();
        }
        let Located { value: voc, source, .. } = voc(Some(data.path()), scratch.path()).unwrap();
        assert_eq!((voc.classes(), voc.images().len()), (vec!["dog"], 2));
        assert!(source.to_string().starts_with("VOC 2012 "), "{source}");
    }
}
