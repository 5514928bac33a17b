//! NumPy's `.npy` files, written; `datasets::read_npy` reads them.

use crate::output::{unwritable, write_file};
use anyhow::{Context, Result};
use durable::{StagedFile, publish_unsynced};
use ndarray::ArrayViewD;
use ndarray_npy::WriteNpyExt;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
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
    header_of_length(dtype, shape, 0)
}

/// A header that is filled up to a length, where it is shorter.
fn header_of_length(dtype: DType, shape: &[usize], length: usize) -> Vec<u8> {
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
    let width = (before + text.len() + 2).next_multiple_of(ALIGNMENT).max(length) - before - 1;
    let length = (width as u16 + 1).to_le_bytes();
    [MAGIC, &length, format!("{text:width$}\n").as_bytes()].concat()
}

/// An array that is written batch by batch: it takes no more memory than one of them.
pub struct NpyWriter {
    path: PathBuf,
    file: BufWriter<StagedFile>,
    dtype: DType,
    /// **Shape** of one image's.
    shape: Vec<usize>,
    header: usize,
    rows: usize,
}

impl NpyWriter {
    /// For so many rows at most.
    pub fn new(path: &Path, dtype: DType, shape: &[usize], most: usize) -> Result<NpyWriter> {
        let staged = StagedFile::new(path).map_err(durable::Error::into_io);
        let mut file = BufWriter::new(staged.with_context(|| unwritable(path))?);
        let header = header(dtype, &[&[most], shape].concat());
        file.write_all(&header).with_context(|| unwritable(path))?;
        let (path, shape) = (path.to_owned(), shape.to_vec());
        Ok(NpyWriter { path, file, dtype, shape, header: header.len(), rows: 0 })
    }

    /// Adds the rows of a batch of the array's type.
    pub fn append(&mut self, batch: &Tensor) -> Result<()> {
        self.rows += batch.dims()[0];
        let written = by_type!(batch, T => with_slice::<T, _>(batch, |scalars| {
            scalars.iter().try_for_each(|scalar| self.file.write_all(&scalar.to_le_bytes()))
        }));
        written.with_context(|| unwritable(&self.path))
    }

    /// Gives the file its name, once its header says how many rows there are.
    pub fn finish(self) -> Result<()> {
        let header = header_of_length(self.dtype, &[&[self.rows], &self.shape[..]].concat(), self.header);
        let path = self.path;
        let write = |mut file: BufWriter<StagedFile>| -> std::io::Result<StagedFile> {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&header)?;
            file.into_inner().map_err(std::io::IntoInnerError::into_error)
        };
        let staged = write(self.file).with_context(|| unwritable(&path))?;
        publish_unsynced(&[staged]).map_err(durable::Error::into_io).with_context(|| unwritable(&path))
    }
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

    #[test]
    fn an_array_in_batches_is_the_one_that_is_written_at_once_even_if_it_is_shorter_than_expected() {
        let folder = tempfile::tempdir().unwrap();
        let [whole, parts] = ["whole.npy", "parts.npy"].map(|name| folder.path().join(name));
        let tensor = uniform(&mut seeded(1, "numbers"), &[12, 1, 5, 4], 1.0, DType::F32);
        write(&whole, &tensor).unwrap();
        for most in [12, 1_000_000] {
            let mut writer = NpyWriter::new(&parts, DType::F32, &[1, 5, 4], most).unwrap();
            for from in [0, 5, 10] {
                writer.append(&tensor.narrow(0, from, 5.min(12 - from)).unwrap()).unwrap();
            }
            assert!(!parts.exists() || most > 12);
            writer.finish().unwrap();
            assert!(std::fs::read(&parts).unwrap() == std::fs::read(&whole).unwrap(), "{most}");
        }
    }
}
