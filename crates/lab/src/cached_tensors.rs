//! Expensive tensors, cached under the digest of all inputs.

use crate::checkpoint::path_of;
use crate::make_once::MakeOnce;
use crate::run::Run;
use anyhow::{Context, Result};
use candle_core::safetensors::load;
use core_net::Net;
use datasets::Source;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;
use tensor::{Device, Tensor};

/// Tensors by their names.
pub type Tensors = HashMap<String, Tensor>;

impl Run {
    /// The tensors called `name`: read from their file, or computed and saved for the next run.
    /// So an interrupted experiment resumes.
    ///
    /// The file belongs to the net, its weights included, to the data and to `settings`,
    /// which must hold all else that the tensors depend on.
    ///
    /// # Errors
    /// When the file is damaged or cannot be written, `settings` cannot be written as JSON, or `compute` fails.
    pub fn cached_tensors(
        &self,
        name: &str,
        settings: &impl Serialize,
        net: &Net,
        compute: impl FnOnce() -> Result<Tensors>,
    ) -> Result<Tensors> {
        let data: Vec<String> = self.sources().iter().map(Source::digest).collect();
        let data = (!data.is_empty()).then(|| data.join(" "));
        let path = path_of(self.checkpoints(), name, settings, net, data.as_deref())?;
        load_or_compute(&path, self.make_once(), compute)
    }
}

fn load_or_compute(
    path: &Path,
    make_once: &MakeOnce,
    compute: impl FnOnce() -> Result<Tensors>,
) -> Result<Tensors> {
    make_once.write_once(path, || Ok(safetensors::serialize(&compute()?, None)?))?;
    // Read back in any case: the first run goes on with the same bits as the second.
    load(path, &Device::Cpu)
        .with_context(|| format!("{}: cannot be read; remove the file to compute it again", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use tensor::{tensor_of, to_f64s};

    #[test]
    fn tensors_are_computed_once_and_a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cached.safetensors");
        let make_once = MakeOnce::default();
        assert!(load_or_compute(&path, &make_once, || bail!("no")).is_err());
        assert!(!path.exists());
        let compute = || Ok([("x".to_owned(), tensor_of(vec![0.1f32, -3.0], &[2]))].into());
        let first = load_or_compute(&path, &make_once, compute).unwrap();
        let second = load_or_compute(&path, &make_once, || bail!("computed twice")).unwrap();
        assert_eq!(to_f64s(&first["x"]), [f64::from(0.1f32), -3.0]);
        assert_eq!(to_f64s(&first["x"]), to_f64s(&second["x"]));
        std::fs::write(&path, b"cut off").unwrap();
        let error = load_or_compute(&path, &make_once, compute).unwrap_err().to_string();
        assert!(error.contains("cached.safetensors: cannot be read; remove the file"), "{error}");
    }
}
