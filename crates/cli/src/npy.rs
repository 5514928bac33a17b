//! NumPy's `.npy` files, written; `datasets::read_npy` reads them.

use std::path::Path;

use anyhow::Result;
use ndarray::ArrayViewD;
use ndarray_npy::WriteNpyExt;
use tensor::{Tensor, by_type, with_slice};

use crate::output::write_file;

/// Whether a path names an array.
pub fn is_npy(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npy"))
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
