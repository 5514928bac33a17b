//! Trained weights, kept under the digest of all that they depend on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result};
use serde::Serialize;
use tracing::info;

use crate::Run;
use crate::digest::sha256;
use crate::staged::{Staged, publish};

/// The file of one trained model.
#[derive(Debug)]
pub struct Checkpoint<'run> {
    run: &'run Run,
    name: String,
    path: PathBuf,
}

impl<'run> Checkpoint<'run> {
    /// `folder/<name>-<16 digits>.safetensors`; the digits differ when `name`, `settings` or `data` differ, or the version of the program.
    ///
    /// # Errors
    ///
    /// When `settings` cannot be written as JSON.
    pub(crate) fn new(
        run: &'run Run,
        folder: &Path,
        name: &str,
        settings: &impl Serialize,
        data: Option<&str>,
    ) -> Result<Checkpoint<'run>> {
        let version = env!("CARGO_PKG_VERSION");
        // Through a `Value`, whose maps are sorted: the text is canonical.
        let key = serde_json::to_value((name, settings, data, version))
            .with_context(|| format!("the settings of {name} cannot be written as JSON"))?;
        let digest = sha256(key.to_string().as_bytes());
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        let stem: String = name.chars().map(plain).collect();
        Ok(Checkpoint {
            run,
            name: name.to_owned(),
            path: folder.join(format!("{stem}-{}.safetensors", &digest[..16])),
        })
    }

    /// Where the weights are kept.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What `load` reads from the file; where there is none, what `train` makes, once `save` has written it.
    ///
    /// The file appears whole or not at all, and its digest goes into the manifest.
    ///
    /// # Errors
    ///
    /// When the file is damaged or cannot be written, or `train` fails.
    pub fn load_or_train<T, E: Into<Error>>(
        &self,
        load: impl FnOnce(&Path) -> Result<T, E>,
        train: impl FnOnce() -> Result<T>,
        save: impl FnOnce(&T, &Path) -> Result<(), E>,
    ) -> Result<T> {
        let model = if self.path.exists() {
            info!("{}: read from {}", self.name, self.path.display());
            load(&self.path).map_err(Into::into).with_context(|| {
                let path = self.path.display();
                format!("{path}: the weights cannot be read; remove the file to train them again")
            })?
        } else {
            let model = train()?;
            let staged = Staged::new(&self.path)?;
            save(&model, staged.temporary())
                .map_err(Into::into)
                .with_context(|| format!("{}: cannot be written", self.path.display()))?;
            staged.sync()?;
            publish(vec![staged])?;
            model
        };
        let bytes = fs::read(&self.path)
            .with_context(|| format!("{}: cannot be read", self.path.display()))?;
        self.run.record_weights(&self.path, sha256(&bytes));
        Ok(model)
    }
}
