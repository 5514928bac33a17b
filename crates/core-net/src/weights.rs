//! Weight files: safetensors, by the names of [`Net::parameters`].

use crate::net::Net;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, by_type, tensor_of, with_slice};
use thiserror::Error;

/// Why a weight file does not fill a net.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file is not in the safetensors format.
    #[error("{}: expected safetensors, found: {found}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The reader's error.
        found: String,
    },
    /// The file's tensors are not the net's parameters.
    #[error("{}: expected {expected}, found {found}", path.display())]
    Parameter {
        /// The file.
        path: PathBuf,
        /// The parameter that the net has.
        expected: String,
        /// What the file has.
        found: String,
    },
}

impl Net {
    /// The net with the parameters of a safetensors file, f32 or f64 as the net is.
    ///
    /// # Errors
    /// If the file cannot be read, or a tensor is missing, extra or misshaped.
    pub fn load(self, path: &Path) -> Result<Net, WeightsError> {
        let bytes = std::fs::read(path).map_err(|source| WeightsError::File { path: path.into(), source })?;
        let file = SafeTensors::deserialize(&bytes)
            .map_err(|error| WeightsError::Format { path: path.into(), found: error.to_string() })?;
        let net = self.with_tensors(&file, path, str::to_owned)?;
        let names: Vec<String> = net.parameters().into_iter().map(|(name, _)| name).collect();
        check_no_others(&file, path, |name| names.iter().any(|known| known == name))?;
        Ok(net)
    }

    /// The net with the file's tensors; a parameter `name` is called `stored(name)` in the file.
    ///
    /// # Errors
    /// If a tensor is missing or misshaped.
    pub fn with_tensors(
        mut self,
        file: &SafeTensors,
        path: &Path,
        stored: impl Fn(&str) -> String,
    ) -> Result<Net, WeightsError> {
        let mismatch = |expected, found| WeightsError::Parameter { path: path.into(), expected, found };
        let names: Vec<String> = self.parameters().into_iter().map(|(name, _)| stored(&name)).collect();
        for (name, parameter) in names.iter().zip(self.parameters_mut()) {
            let expected = || format!("{name} {:?}", parameter.dims());
            let view = file.tensor(name).map_err(|_| mismatch(expected(), "no such tensor".into()))?;
            let read = if view.shape() == parameter.dims() { read(&view, parameter.dtype()) } else { None };
            let found = || format!("{:?} {:?}", view.shape(), view.dtype());
            *parameter = read.ok_or_else(|| mismatch(expected(), found()))?;
        }
        Ok(self)
    }

    /// The parameters as a safetensors file's bytes, in their scalar type.
    ///
    /// # Panics
    /// If the parameters are not f32 or f64.
    pub fn to_safetensors(&self) -> Vec<u8> {
        let parameters = self.parameters();
        let bytes: Vec<Vec<u8>> = parameters.iter().map(|(_, tensor)| little_endian(tensor)).collect();
        let views = parameters.iter().zip(&bytes).map(|((name, tensor), bytes)| {
            let dtype = if tensor.dtype() == DType::F64 { Dtype::F64 } else { Dtype::F32 };
            let view = TensorView::new(dtype, tensor.dims().to_vec(), bytes).expect("bytes of this shape");
            (name.as_str(), view)
        });
        safetensors::serialize(views, None).expect("unique names and right sizes")
    }
}

/// Refuses a file with a tensor of an unknown name; of several, the first in alphabetical order is named.
///
/// # Errors
/// If there is one.
pub fn check_no_others(
    file: &SafeTensors,
    path: &Path,
    known: impl Fn(&str) -> bool,
) -> Result<(), WeightsError> {
    match file.names().into_iter().filter(|name| !known(name)).min() {
        None => Ok(()),
        Some(extra) => {
            let (expected, found) = ("only the net's tensors".into(), extra.to_owned());
            Err(WeightsError::Parameter { path: path.into(), expected, found })
        }
    }
}

/// The scalars as a weight file stores them, in little-endian order.
///
/// # Panics
/// If they are neither f32 nor f64.
pub fn little_endian(tensor: &Tensor) -> Vec<u8> {
    by_type!(tensor, T => with_slice::<T, _>(tensor, |s| s.iter().flat_map(|v| v.to_le_bytes()).collect()))
}

/// The tensor, cast to the wanted type; `None` if it is neither f32 nor f64.
fn read(view: &TensorView, wanted: DType) -> Option<Tensor> {
    let (data, shape) = (view.data(), view.shape());
    let tensor = match view.dtype() {
        Dtype::F32 => tensor_of(data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(), shape),
        Dtype::F64 => tensor_of(data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(), shape),
        _ => return None,
    };
    Some(tensor.to_dtype(wanted).expect("a cast in memory"))
}

#[cfg(test)]
mod tests {
    use crate::zoo::fully_connected;
    use std::path::{Path, PathBuf};
    use tensor::to_f64s;

    fn written(name: &str, bytes: &[u8]) -> PathBuf {
        let path = std::env::temp_dir().join(format!("{name}-{}.safetensors", std::process::id()));
        std::fs::write(&path, bytes).expect("a temporary file");
        path
    }

    fn reload(path: &Path, widths: &[usize]) -> Result<crate::Net, String> {
        let net = fully_connected(&[1, 2, 2], widths, 2).load(path).map_err(|error| error.to_string());
        std::fs::remove_file(path).expect("it was written");
        net
    }

    #[test]
    fn weights_come_back_as_they_were() {
        let net = fully_connected(&[1, 2, 2], &[3, 2], 1);
        let back = reload(&written("same", &net.to_safetensors()), &[3, 2]).expect("its own file");
        for ((name, a), (_, b)) in net.parameters().into_iter().zip(back.parameters()) {
            assert_eq!(to_f64s(a), to_f64s(b), "{name}");
        }
    }

    #[test]
    fn a_missing_an_extra_and_a_misshaped_tensor_are_named() {
        let file = |widths: &[usize]| fully_connected(&[1, 2, 2], widths, 1).to_safetensors();
        let error = |name, saved: &[usize], wanted: &[usize]| {
            reload(&written(name, &file(saved)), wanted).expect_err("another net")
        };
        assert!(
            error("missing", &[3], &[3, 2]).ends_with("expected fc2.weight [2, 3], found no such tensor")
        );
        assert!(error("shape", &[4], &[3]).ends_with("expected fc1.weight [3, 4], found [4, 4] F32"));
        let extra = error("extra", &[3, 2], &[3]);
        assert!(extra.contains("expected only the net's tensors, found fc2."), "{extra}");
    }

    #[test]
    fn a_file_that_is_no_weight_file_is_one_clear_line() {
        let error = reload(&written("broken", b"not weights"), &[3]).expect_err("no header");
        assert!(error.contains("expected safetensors, found") && !error.contains('\n'), "{error}");
    }
}
