//! NumPy's `.npy` files: f32 or f64 arrays.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ndarray::{ArrayD, ArrayViewD};
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement, WriteNpyExt};
use tensor::{Real, Tensor, by_type, tensor_of, with_slice};

use crate::output::write_file;

/// Whether a path names an array.
pub fn is_npy(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npy"))
}

/// The array in a file, f32 or f64 as it is there.
pub fn read(path: &Path) -> Result<Tensor> {
    let found = || format!("{}: expected a .npy array of f32 or f64, found", path.display());
    match read_as::<f32>(path) {
        Err(ReadNpyError::WrongDescriptor(_)) => match read_as::<f64>(path) {
            Err(ReadNpyError::WrongDescriptor(other)) => bail!("{} {other}", found()),
            array => array.with_context(found),
        },
        array => array.with_context(found),
    }
}

fn read_as<T: Real + ReadableElement>(path: &Path) -> Result<Tensor, ReadNpyError> {
    let file = BufReader::new(File::open(path)?);
    let array = ArrayD::<T>::read_npy(file)?;
    let shape = array.shape().to_vec();
    let scalars = if array.is_standard_layout() {
        array.into_raw_vec_and_offset().0
    } else {
        array.iter().copied().collect()
    };
    Ok(tensor_of(scalars, &shape))
}

/// Writes an array in its own type, f32 or f64.
pub fn write(path: &Path, tensor: &Tensor) -> Result<()> {
    write_file(path, |writer| {
        by_type!(tensor, T => with_slice::<T, _>(tensor, |scalars| {
            let view = ArrayViewD::from_shape(tensor.dims(), scalars).expect("as many scalars as the shape says");
            Ok(view.write_npy(writer)?)
        }))
    })
}
