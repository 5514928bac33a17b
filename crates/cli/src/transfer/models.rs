//! MODEL…: several nets that read the same images.

use crate::classes::scores;
use crate::failure::WrongArguments;
use crate::model::{Form, Model};
use crate::output::ends_in;
use anyhow::{Result, bail, ensure};
use clap::Args;
use core_net::Net;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub struct Models {
    /// The nets, two or more: .onnx files, or .safetensors files with --arch
    #[arg(value_name = "MODEL", num_args = 2.., required = true)]
    paths: Vec<PathBuf>,
    /// The architecture of the .safetensors files, as the other commands name it: one for all, or one for each of them in order
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    arch: Vec<String>,
    #[command(flatten)]
    form: Form,
}

impl Models {
    /// Each net, with its architecture where it needs one.
    ///
    /// # Errors
    /// When there are other architectures than files that need one.
    pub fn each(&self) -> Result<Vec<Model>> {
        let needy = self.paths.iter().filter(|path| needs_architecture(path)).count();
        let named = self.arch.len();
        if named > 1 && named != needy {
            bail!(WrongArguments(format!(
                "--arch: expected one name, or one for each of {needy} .safetensors files, found {named}"
            )));
        }
        let mut names = self.arch.iter().cycle();
        let model = |path: &PathBuf| {
            let arch = if needs_architecture(path) { names.next().cloned() } else { None };
            Model::new(path.clone(), arch, self.form.clone())
        };
        Ok(self.paths.iter().map(model).collect())
    }

    /// What the nets are called: their files' names, or their paths where these are alike.
    ///
    /// # Errors
    /// When a net is named twice.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut counts = BTreeMap::new();
        for path in &self.paths {
            *counts.entry(path.file_name()).or_insert(0) += 1;
        }
        let name = |path: &PathBuf| {
            let is_alone = counts[&path.file_name()] == 1;
            let name = path.file_name().filter(|_| is_alone).map_or(path.as_path(), Path::new);
            name.display().to_string()
        };
        let names: Vec<String> = self.paths.iter().map(name).collect();
        for (number, name) in names.iter().enumerate() {
            if names[..number].contains(name) {
                bail!(WrongArguments(format!("{name}: expected each model once, found it twice")));
            }
        }
        Ok(names)
    }
}

fn needs_architecture(path: &Path) -> bool {
    ends_in(path, "safetensors")
}

/// The nets, all of which read images of one shape and tell as many classes apart.
///
/// # Errors
/// When one cannot be read, or is not like the first.
pub fn load(models: &[Model]) -> Result<Vec<Net>> {
    let nets: Vec<Net> = models.iter().map(Model::load).collect::<Result<_>>()?;
    let expected = described(&models[0], &nets[0])?;
    for (model, net) in models.iter().zip(&nets) {
        let found = described(model, net)?;
        ensure!(
            found == expected,
            "{}: expected {expected}, as in {}, found {found}",
            model.path().display(),
            models[0].path().display()
        );
    }
    Ok(nets)
}

fn described(model: &Model, net: &Net) -> Result<String> {
    let numbers: usize = net.nodes()[net.output()].shape.iter().product();
    let classes = scores(model, net)?.classes().unwrap_or(numbers);
    Ok(format!("images of shape {:?} and {classes} classes", net.nodes()[0].shape))
}
