//! ImageNet 2012, where the user has it: nothing stands in for it.

use crate::data::folder_of_all;
use crate::digest::sha256;
use crate::located::Located;
use anyhow::Result;
use datasets::{ImageFolder, Set, Source, Splits};
use std::path::Path;

/// ImageNet 2012 in the folder of all data sets, or in the folder `imagenet` there; none where neither is laid out so.
pub(crate) fn imagenet(named: Option<&Path>) -> Result<Option<Located<Splits>>> {
    let data = folder_of_all(named);
    let places = [data.join("imagenet"), data];
    let Some(root) = places.into_iter().find(|place| Splits::has_imagenet(place)) else { return Ok(None) };
    let splits = Splits::imagenet(&root)?;
    let digests = [("train", &splits.train), ("val", &splits.val)]
        .map(|(split, images)| (format!("{split}: names and classes"), sha256(listing(images).as_bytes())));
    let source = Source::Files { set: Set::ImageNet, folder: root.clone(), digests: digests.into() };
    Ok(Some(Located::from_files(splits, source, &[&root])))
}

/// The images' names with their labels: to read more than a million files for a digest of their bytes would take hours.
fn listing(images: &ImageFolder) -> String {
    let lines = images.names().zip(images.labels()).map(|(name, label)| format!("{name} {label:?}\n"));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::located::png;
    use datasets::scene;
    use std::fs;

    #[test]
    fn it_is_found_in_the_folder_that_was_named_or_below_it_and_has_no_stand_in() {
        let image = png(&scene(1, 0, 8).0).unwrap();
        for below in ["imagenet", ""] {
            let data = tempfile::tempdir().unwrap();
            assert!(imagenet(Some(data.path())).unwrap().is_none());
            for split in ["train", "val"] {
                let class = data.path().join(below).join(split).join("n1");
                fs::create_dir_all(&class).unwrap();
                fs::write(class.join("a.JPEG"), &image).unwrap();
            }
            let found = imagenet(Some(data.path())).unwrap().unwrap();
            assert_eq!((found.value.train.len(), found.value.names), (1, vec!["n1".to_owned()]));
            assert!(found.source.to_string().starts_with("ImageNet 2012 "), "{}", found.source);
        }
    }
}
