//! VOC: the official folders of 2012 where they are at hand, else our part of 2007, for which drawn scenes stand in.

use crate::data::folder_of_all;
use crate::located::Located;
use crate::objects::{VOC, generated as generated_objects, read_voc};
use anyhow::Result;
use datasets::{Set, Voc};
use std::path::Path;

/// Where VOC 2012 may lie in the folder of all data sets.
const VOC2012: [&str; 2] = ["voc2012", "VOCdevkit/VOC2012"];

/// VOC 2012, else VOC 2007, else scenes drawn into `scratch`: there is no mirror to download them from.
pub(crate) fn voc(named: Option<&Path>, scratch: &Path) -> Result<Located<Voc>> {
    let official = VOC2012.map(|name| folder_of_all(named).join(name));
    if let Some(folder) = official.iter().find(|folder| folder.is_dir()) {
        let files = ["JPEGImages", "ImageSets/Main"];
        return Located::from_folder(Voc::official(folder)?, Set::Voc2012, folder, &files);
    }
    match VOC.locate(named)? {
        Some(folder) => Located::from_folder(read_voc(&folder)?, Set::Voc2007, &folder, VOC.files),
        None => Ok(generated_objects(scratch)?.map(|objects| objects.voc)),
    }
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
