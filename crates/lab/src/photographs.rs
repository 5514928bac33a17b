//! Photographs and the nets trained on them: looked for where all data is, and stood in for where they cannot be had.

use crate::data::{Wanted, folder_of_all};
use crate::digest::digest_of;
use crate::located::{Located, write_scenes};
use anyhow::{Context, Result};
use core_net::Net;
use datasets::{ImageFolder, Labels, Set};
use std::path::{Path, PathBuf};

/// How many scenes are drawn in the place of a thousand photographs.
const SCENES: usize = 100;

/// As large as the photographs.
pub(crate) const SIDE: usize = 256;

const SAMPLE: Wanted = Wanted { folder: "imagenet-sample", files: &["images.tar", "labels.csv"] };
const SQUEEZENET: Wanted =
    Wanted { folder: "squeezenet", files: &["squeezenet1_0.safetensors", "squeezenet1_1.safetensors"] };

/// One ImageNet image of each class, or scenes drawn into `scratch`: there is no mirror to download them from.
pub(crate) fn imagenet_sample(named: Option<&Path>, scratch: &Path) -> Result<Located<ImageFolder>> {
    match SAMPLE.locate(named)? {
        Some(folder) => read(&folder),
        None => generated(scratch),
    }
}

fn read(folder: &Path) -> Result<Located<ImageFolder>> {
    let images = ImageFolder::open(&folder.join("images.tar"))?;
    let images = images.with_labels(&Labels::read(&folder.join("labels.csv"))?)?;
    Located::from_folder(images, Set::ImageNetSample, folder, SAMPLE.files)
}

fn generated(scratch: &Path) -> Result<Located<ImageFolder>> {
    let folder = scratch.join("scenes");
    write_scenes(SCENES, SIDE, |_| folder.clone())?;
    Ok(Located::from_generator(ImageFolder::open(&folder)?, Set::ImageNetSample, "photographs"))
}

/// The net with the weights of a file that was trained elsewhere, the file, and its SHA-256.
pub(crate) fn pretrained(named: Option<&Path>, file: &str, untrained: Net) -> Result<(Net, PathBuf, String)> {
    let Wanted { folder, .. } = SQUEEZENET;
    let folder = SQUEEZENET
        .locate(named)?
        .with_context(|| format!("data/{folder}: expected {}, found none", SQUEEZENET.list()))?;
    let path = folder.join(file);
    let (_, sha256) = digest_of(&path)?;
    Ok((untrained.load(&path)?, path, sha256))
}

/// The net with the weights of a file of the data folder, and the file's SHA-256; none where there is no such file.
pub(crate) fn optional_weights(
    named: Option<&Path>,
    file: &str,
    empty: impl FnOnce() -> Net,
) -> Result<Option<(Net, String)>> {
    let path = folder_of_all(named).join(file);
    if !path.is_file() {
        return Ok(None);
    }
    let (_, sha256) = digest_of(&path)?;
    Ok(Some((empty().load(&path)?, sha256)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;
    use core_net::zoo;
    use std::fs;
    use tensor::to_f64s;

    #[test]
    fn weights_that_are_given_fill_a_net_and_those_that_are_not_are_none() {
        let data = tempfile::tempdir().unwrap();
        let trained = zoo::fully_connected(&[1, 2, 2], &[3], 1);
        fs::create_dir(data.path().join("nets")).unwrap();
        fs::write(data.path().join("nets/a.safetensors"), trained.to_safetensors()).unwrap();
        let look = |file| {
            optional_weights(Some(data.path()), file, || zoo::fully_connected(&[1, 2, 2], &[3], 2)).unwrap()
        };
        let (net, digest) = look("nets/a.safetensors").unwrap();
        assert_eq!(to_f64s(net.parameters()[0].1), to_f64s(trained.parameters()[0].1));
        assert_eq!(digest, sha256(&trained.to_safetensors()));
        assert!(look("nets/b.safetensors").is_none());
    }
}
