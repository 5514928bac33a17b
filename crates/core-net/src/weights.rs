//! Weight files: safetensors, by the names of [`Net::parameters`].

use crate::foreign::{FileFormat, foreign_content};
use crate::net::Net;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use tensor::{DType, Device, Tensor, by_type, tensor_of, with_slice};
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
    /// The file's names are the net's with a prefix.
    #[error("{}: expected {expected}, found {found}: its names have the prefix {prefix}", path.display())]
    Prefix {
        /// The file.
        path: PathBuf,
        /// The parameter that the net has.
        expected: String,
        /// The tensor that the file has for it.
        found: String,
        /// What the file's name has more.
        prefix: String,
    },
    /// The file's last layer has another number of outputs.
    #[error("{}: expected {expected}, found {found}", path.display())]
    Outputs {
        /// The file.
        path: PathBuf,
        /// The parameter that the net has.
        expected: String,
        /// What the file has.
        found: String,
        /// Outputs of the file's layer.
        outputs: usize,
    },
}

impl Net {
    /// The net with the parameters of a safetensors file, f32 or f64 as the net is.
    ///
    /// # Errors
    /// If the file cannot be read, or a tensor is missing, extra or misshaped.
    pub fn load(self, path: &Path) -> Result<Net, WeightsError> {
        self.load_without_prefix(path, "")
    }

    /// The same, where the file's names are the net's with this prefix, at their beginning or after a dot: `module.`.
    ///
    /// # Errors
    /// As [`Net::load`].
    pub fn load_without_prefix(self, path: &Path, prefix: &str) -> Result<Net, WeightsError> {
        let bytes = std::fs::read(path).map_err(|source| WeightsError::File { path: path.into(), source })?;
        let format = |found: String| WeightsError::Format { path: path.into(), found };
        if let Some(found) = foreign_content(&bytes, FileFormat::Safetensors) {
            return Err(format(found));
        }
        let file = SafeTensors::deserialize(&bytes).map_err(|error| format(error.to_string()))?;
        let mut stored: HashMap<String, String> = HashMap::new();
        for name in file.names() {
            if let Some(other) = stored.insert(without_prefix(name, prefix), name.to_owned()) {
                let (expected, found) = (format!("one name without {prefix}"), format!("{other} and {name}"));
                return Err(WeightsError::Parameter { path: path.into(), expected, found });
            }
        }
        self.check_prefix(&stored, path)?;
        let net = self.with_tensors(&file, path, |name| {
            stored.get(name).map_or_else(|| name.to_owned(), Clone::clone)
        })?;
        let names: HashSet<String> = net.parameters().into_iter().map(|(name, _)| name).collect();
        check_no_others(&file, path, |name| names.contains(&without_prefix(name, prefix)))?;
        Ok(net)
    }

    /// Refuses a file that has the first parameter that it lacks under a longer name.
    fn check_prefix(&self, stored: &HashMap<String, String>, path: &Path) -> Result<(), WeightsError> {
        let missing = self.parameters().into_iter().find(|(name, _)| !stored.contains_key(name));
        let Some((name, parameter)) = missing else { return Ok(()) };
        let mut longer: Vec<(&String, &str)> =
            stored.keys().filter_map(|other| Some((other, prefix_of(other, &name)?))).collect();
        longer.sort_unstable();
        let Some(&(found, prefix)) = longer.first() else { return Ok(()) };
        Err(WeightsError::Prefix {
            path: path.into(),
            expected: format!("{name} {:?}", parameter.dims()),
            found: found.clone(),
            prefix: prefix.into(),
        })
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
        let of_last = self.nodes.iter().map(|node| node.op.parameters().len()).rfind(|&count| count > 0);
        let last_layer = names.len() - of_last.unwrap_or(0);
        for (index, (name, parameter)) in names.iter().zip(self.parameters_mut()).enumerate() {
            let expected = || format!("{name} {:?}", parameter.dims());
            let view = file.tensor(name).map_err(|_| mismatch(expected(), "no such tensor".into()))?;
            let found = || format!("{:?} {:?}", view.shape(), view.dtype());
            if view.shape() != parameter.dims() {
                let rest = view.shape().get(1..);
                let (expected, found, path) = (expected(), found(), path.into());
                return Err(match view.shape().first() {
                    Some(&outputs) if index >= last_layer && rest == parameter.dims().get(1..) => {
                        WeightsError::Outputs { path, expected, found, outputs }
                    }
                    _ => WeightsError::Parameter { path, expected, found },
                });
            }
            let read = read(&view, parameter.dtype());
            *parameter = read.ok_or_else(|| mismatch(expected(), format!("{}, no weights", found())))?;
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

/// What is said of a tensor of integers.
const INTEGERS: &str =
    ", integers, which no layer here has (num_batches_tracked counts a batch normalization's training)";

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
            let is_integer = |view: TensorView| {
                !matches!(view.dtype(), Dtype::F64 | Dtype::F32 | Dtype::F16 | Dtype::BF16)
            };
            let note = if file.tensor(extra).is_ok_and(is_integer) { INTEGERS } else { "" };
            let (expected, found) = ("only the net's tensors".into(), format!("{extra}{note}"));
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

/// The tensor, cast to the wanted type, half precision exactly; `None` if it is not of floating-point numbers.
fn read(view: &TensorView, wanted: DType) -> Option<Tensor> {
    let (data, shape) = (view.data(), view.shape());
    let half =
        |dtype| Tensor::from_raw_buffer(data, dtype, shape, &Device::Cpu).expect("bytes of this shape");
    let tensor = match view.dtype() {
        Dtype::F32 => tensor_of(data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(), shape),
        Dtype::F64 => tensor_of(data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(), shape),
        Dtype::F16 => half(DType::F16),
        Dtype::BF16 => half(DType::BF16),
        _ => return None,
    };
    Some(tensor.to_dtype(wanted).expect("a cast in memory"))
}

/// The name without the prefix, which stands at its beginning or after a dot.
fn without_prefix(name: &str, prefix: &str) -> String {
    let starts = |&at: &usize| at == 0 || name.as_bytes()[at - 1] == b'.';
    match name.match_indices(prefix).map(|(at, _)| at).find(starts) {
        Some(at) if !prefix.is_empty() => [&name[..at], &name[at + prefix.len()..]].concat(),
        _ => name.to_owned(),
    }
}

/// What `longer` has more than `name`: whole parts with their dot, at the beginning or after a dot.
fn prefix_of<'a>(longer: &'a str, name: &str) -> Option<&'a str> {
    let more = longer.len().checked_sub(name.len()).filter(|&more| more > 0)?;
    let cuts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
    let fits =
        |&cut: &usize| longer.starts_with(&name[..cut]) && longer.get(cut + more..) == Some(&name[cut..]);
    let cut = cuts.into_iter().find(fits)?;
    longer.get(cut..cut + more).filter(|prefix| prefix.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::WeightsError;
    use crate::zoo::fully_connected;
    use safetensors::Dtype;
    use safetensors::tensor::TensorView;
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

    /// The file of a net with other names or of another type.
    fn rewritten(
        net: &crate::Net,
        rename: impl Fn(&str) -> String,
        dtype: (Dtype, fn(f32) -> Vec<u8>),
    ) -> Vec<u8> {
        let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = net
            .parameters()
            .into_iter()
            .map(|(name, tensor)| {
                let bytes = to_f64s(tensor).into_iter().flat_map(|v| dtype.1(v as f32)).collect();
                (rename(&name), tensor.dims().to_vec(), bytes)
            })
            .collect();
        let views = bytes.iter().map(|(name, shape, bytes)| {
            (name.as_str(), TensorView::new(dtype.0, shape.clone(), bytes).expect("bytes of this shape"))
        });
        safetensors::serialize(views, None).expect("unique names")
    }

    fn single(v: f32) -> Vec<u8> {
        v.to_le_bytes().to_vec()
    }

    #[test]
    fn half_precision_is_widened_exactly() {
        let net = fully_connected(&[1, 2, 2], &[3], 1);
        let upper = |v: f32| v.to_le_bytes()[2..].to_vec();
        let bytes = rewritten(&net, str::to_owned, (Dtype::BF16, upper));
        let read = reload(&written("bf16", &bytes), &[3]).expect("bf16");
        let cut = |tensor: &tensor::Tensor| -> Vec<f64> {
            let upper = |v: f64| f64::from(f32::from_bits((v as f32).to_bits() & 0xFFFF_0000));
            to_f64s(tensor).into_iter().map(upper).collect()
        };
        for ((_, a), (_, b)) in net.parameters().into_iter().zip(read.parameters()) {
            assert_eq!(cut(a), to_f64s(b));
        }
        // 0x3555 is the f16 nearest a third: 1365/4096.
        let third = rewritten(&net, str::to_owned, (Dtype::F16, |_| vec![0x55, 0x35]));
        let read = reload(&written("f16", &third), &[3]).expect("f16");
        assert!(to_f64s(read.parameters()[0].1).iter().all(|&v| v == 1365.0 / 4096.0));
        let integers = rewritten(&net, str::to_owned, (Dtype::I32, single));
        let error = reload(&written("i32", &integers), &[3]).expect_err("no weights");
        assert!(error.ends_with("found [3, 4] I32, no weights"), "{error}");
    }

    type Rename = fn(&str) -> String;

    #[test]
    fn a_prefix_is_named_and_stripped_wherever_it_stands() {
        let net = fully_connected(&[1, 2, 2], &[3, 2], 1);
        let renames: [(&str, Rename); 3] = [
            ("module.", |name| format!("module.{name}")),
            ("backbone.net.", |name| format!("backbone.net.{name}")),
            ("module.", |name| name.replacen('.', ".module.", 1)),
        ];
        for (number, (prefix, rename)) in renames.into_iter().enumerate() {
            let path = written(&format!("prefix{number}"), &rewritten(&net, rename, (Dtype::F32, single)));
            let load = |prefix| fully_connected(&[1, 2, 2], &[3, 2], 2).load_without_prefix(&path, prefix);
            match load("") {
                Err(WeightsError::Prefix { prefix: found, .. }) => assert_eq!(found, prefix),
                other => panic!("expected the prefix, found {other:?}"),
            }
            let read = load(prefix).expect("without its prefix");
            std::fs::remove_file(&path).expect("it was written");
            for ((_, a), (_, b)) in net.parameters().into_iter().zip(read.parameters()) {
                assert_eq!(to_f64s(a), to_f64s(b));
            }
        }
    }

    #[test]
    fn another_number_of_classes_is_told_from_another_layer() {
        let path = written("classes", &fully_connected(&[1, 2, 2], &[3, 7], 1).to_safetensors());
        let error = fully_connected(&[1, 2, 2], &[3, 2], 2).load(&path).expect_err("another head");
        std::fs::remove_file(&path).expect("it was written");
        assert!(matches!(error, WeightsError::Outputs { outputs: 7, .. }), "{error}");
    }

    #[test]
    fn a_file_that_is_no_weight_file_is_one_clear_line() {
        let error = reload(&written("broken", b"not weights"), &[3]).expect_err("no header");
        assert!(error.contains("expected safetensors, found") && !error.contains('\n'), "{error}");
    }
}
