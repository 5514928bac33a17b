//! NumPy's `.npy` files, written; `datasets::read_npy` reads them.

use crate::output::write_file;
use anyhow::Result;
use ndarray::ArrayViewD;
use ndarray_npy::WriteNpyExt;
use std::path::Path;
use tensor::{DType, Tensor, by_type, with_slice};

/// What a file of the first version begins with.
const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";

/// The numbers begin at a multiple of so many bytes.
const ALIGNMENT: usize = 64;

/// What stands before the numbers of an array of this type and shape.
///
/// # Panics
/// If the type is neither f32 nor f64.
pub fn header(dtype: DType, shape: &[usize]) -> Vec<u8> {
    let scalar = match dtype {
        DType::F32 => "<f4",
        DType::F64 => "<f8",
        other => panic!("expected f32 or f64, got {other:?}"),
    };
    let sides: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let sides = if let [side] = &sides[..] { format!("{side},") } else { sides.join(", ") };
    let text = format!("{{'descr': '{scalar}', 'fortran_order': False, 'shape': ({sides})}}");
    let before = MAGIC.len() + 2;
    // A space at least, and a new line: as the files that are written at once.
    let width = (before + text.len() + 2).next_multiple_of(ALIGNMENT) - before - 1;
    let length = (width as u16 + 1).to_le_bytes();
    [MAGIC, &length, format!("{text:width$}\n").as_bytes()].concat()
}

/// The numbers of an array as they lie in a file.
pub fn bytes(tensor: &Tensor) -> Vec<u8> {
    by_type!(tensor, T => with_slice::<T, _>(tensor, |scalars| {
        scalars.iter().flat_map(|scalar| scalar.to_le_bytes()).collect()
    }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{seeded, uniform};

    #[test]
    fn a_header_and_the_numbers_are_the_file_that_is_written_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.npy");
        for (shape, dtype) in [
            (&[3][..], DType::F32),
            (&[2, 1, 5, 4], DType::F64),
            (&[1, 3], DType::F32),
            (&[12, 1, 28, 28], DType::F32),
        ] {
            let tensor = uniform(&mut seeded(1, "numbers"), shape, 1.0, dtype);
            write(&path, &tensor).unwrap();
            let parts = [header(dtype, shape), bytes(&tensor)].concat();
            assert!(std::fs::read(&path).unwrap() == parts, "{shape:?}");
        }
    }
}
