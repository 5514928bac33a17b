//! Trained weights, saved under the digest of all inputs.

use crate::digest::sha256;
use crate::make_once::MakeOnce;
use anyhow::{Context, Result};
use core_net::Net;
use serde::Serialize;
use std::path::{Path, PathBuf};
use tracing::info;

/// The file of one trained net.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    name: String,
    path: PathBuf,
    untrained: Net,
}

impl Checkpoint {
    pub fn new(
        folder: &Path,
        name: &str,
        settings: &impl Serialize,
        untrained: Net,
        data: Option<&str>,
    ) -> Result<Checkpoint> {
        let path = path_of(folder, name, settings, &untrained, data)?;
        Ok(Checkpoint { name: name.to_owned(), path, untrained })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Loads the net from its file, or trains and saves it first.
    ///
    /// # Errors
    /// When the file is damaged or cannot be written, or `train` fails.
    pub fn load_or_train(&self, make_once: &MakeOnce, train: impl FnOnce(Net) -> Result<Net>) -> Result<Net> {
        let path = self.path.display();
        make_once.write_once(&self.path, || Ok(train(self.untrained.clone())?.to_safetensors()))?;
        // Read back in any case: the first run computes with the same bits as the second.
        info!("{}: {path}", self.name);
        self.untrained.clone().load(&self.path).with_context(|| {
            format!("{path}: the weights cannot be read; remove the file to train them again")
        })
    }
}

/// `folder/<name>-<16 digits>.safetensors`; the digits differ when any argument but the folder does, or the version of the program.
///
/// # Errors
/// When `settings` cannot be written as JSON.
pub(crate) fn path_of(
    folder: &Path,
    name: &str,
    settings: &impl Serialize,
    net: &Net,
    data: Option<&str>,
) -> Result<PathBuf> {
    let nodes: Vec<_> = net.nodes().iter().map(|node| (&node.name, &node.shape)).collect();
    let weights = sha256(&net.to_safetensors());
    let key = (name, nodes, weights, settings, data, env!("CARGO_PKG_VERSION"));
    // Through a `Value`, whose maps are sorted: the text is canonical.
    let key = serde_json::to_value(key)
        .with_context(|| format!("the settings of {name} cannot be written as JSON"))?;
    let digest = sha256(key.to_string().as_bytes());
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let stem: String = name.chars().map(plain).collect();
    Ok(folder.join(format!("{stem}-{}.safetensors", &digest[..16])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use core_net::zoo::fully_connected;
    use std::fs;

    fn path(name: &str, settings: &impl Serialize, seed: u64, data: Option<&str>) -> PathBuf {
        let untrained = fully_connected(&[1, 2, 2], &[3, 2], seed);
        let checkpoint = Checkpoint::new(Path::new("c"), name, settings, untrained, data);
        checkpoint.unwrap().path
    }

    #[test]
    fn another_name_settings_start_or_data_means_another_file() {
        let first = path("FC3-2", &("sgd", 0.1), 1, Some("mnist"));
        assert_eq!(path("FC3-2", &("sgd", 0.1), 1, Some("mnist")), first);
        let others = [
            path("FC3", &("sgd", 0.1), 1, Some("mnist")),
            path("FC3-2", &("sgd", 0.2), 1, Some("mnist")),
            path("FC3-2", &("sgd", 0.1), 2, Some("mnist")),
            path("FC3-2", &("sgd", 0.1), 1, Some("other")),
            path("FC3-2", &("sgd", 0.1), 1, None),
        ];
        assert!(others.iter().all(|other| *other != first));
    }

    #[test]
    fn the_files_name_begins_with_the_nets_name_in_plain_characters() {
        let path = path("FC10(1e-4) on P1'", &(), 1, None);
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("FC10_1e-4__on_P1_-"), "{name}");
        assert_eq!(name.len(), "FC10_1e-4__on_P1_-".len() + 16 + ".safetensors".len());
    }

    #[test]
    fn a_net_is_trained_once() {
        let folder = tempfile::tempdir().unwrap();
        let untrained = fully_connected(&[1, 2, 2], &[3, 2], 1);
        let checkpoint = Checkpoint::new(folder.path(), "net", &(), untrained, None).unwrap();
        let trained = |_| Ok(fully_connected(&[1, 2, 2], &[3, 2], 9));
        let first = checkpoint.load_or_train(&MakeOnce::default(), trained).unwrap();
        let second = checkpoint.load_or_train(&MakeOnce::default(), |_| bail!("trained twice")).unwrap();
        assert_eq!(first.to_safetensors(), second.to_safetensors());
    }

    #[test]
    fn training_that_fails_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let untrained = fully_connected(&[1, 2, 2], &[2], 1);
        let checkpoint = Checkpoint::new(folder.path(), "net", &(), untrained, None).unwrap();
        assert!(checkpoint.load_or_train(&MakeOnce::default(), |_| bail!("no")).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
