//! A strict reader of NumPy's `.npy` files of f32 or f64: memory is allocated only once the file is known to fill it.

mod header;

use crate::DataError;
use header::{Header, Scalar};
use std::fs;
use std::path::Path;
use tensor::{Real, Tensor, tensor_of};

/// The array in a file, f32 or f64 as it is there.
///
/// Either byte order is read, and either order of the axes in memory.
///
/// # Errors
/// When the file cannot be read, is no `.npy` file, holds scalars of another type, or more or fewer of them than its shape has.
pub fn read_npy(path: &Path) -> Result<Tensor, DataError> {
    let bytes = fs::read(path).map_err(DataError::io(path, "a file that can be read"))?;
    array(&bytes).map_err(|found| DataError::Array { path: path.to_owned(), found })
}

fn array(bytes: &[u8]) -> Result<Tensor, String> {
    let (header, scalars) = header::split(bytes)?;
    let expected = header.bytes().ok_or_else(|| format!("the shape {:?}", header.shape))?;
    if scalars.len() != expected {
        return Err(format!("{} bytes for {expected} of the shape {:?}", scalars.len(), header.shape));
    }
    Ok(match header.scalar {
        Scalar::F32 => tensor(&header, scalars, f32::from_le_bytes, f32::from_be_bytes),
        Scalar::F64 => tensor(&header, scalars, f64::from_le_bytes, f64::from_be_bytes),
    })
}

/// The scalars in row-major order, once their number is known to be right.
fn tensor<T: Real, const N: usize>(
    header: &Header,
    bytes: &[u8],
    little: fn([u8; N]) -> T,
    big: fn([u8; N]) -> T,
) -> Tensor {
    let scalar = if header.big_endian { big } else { little };
    let scalars: Vec<T> = bytes.as_chunks().0.iter().map(|&bytes| scalar(bytes)).collect();
    if !header.first_axis_fastest {
        return tensor_of(scalars, &header.shape);
    }
    let turned: Vec<usize> = header.shape.iter().rev().copied().collect();
    let axes: Vec<usize> = (0..turned.len()).rev().collect();
    let tensor = tensor_of(scalars, &turned).permute(axes).and_then(|turned| turned.contiguous());
    tensor.expect("every axis once")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{ArrayD, ArrayViewD, ShapeBuilder};
    use ndarray_npy::{WritableElement, WriteNpyExt};
    use tensor::{DType, to_f64s};

    /// What another implementation writes.
    fn written<T: WritableElement>(array: &ArrayViewD<T>) -> Vec<u8> {
        let mut bytes = Vec::new();
        array.write_npy(&mut bytes).expect("memory");
        bytes
    }

    #[test]
    fn arrays_of_another_implementation_are_read_in_either_order_of_the_axes() {
        for shape in [&[][..], &[5], &[0, 3], &[2, 3, 4], &[3, 1, 2, 2]] {
            let count = shape.iter().product::<usize>();
            let values: Vec<f32> = (0..count).map(|i| i as f32 - 2.5).collect();
            let rows = ArrayD::from_shape_vec(shape, values.clone()).expect("as many");
            let columns = ArrayD::from_shape_vec(shape.f(), values).expect("as many");
            for array in [rows, columns] {
                let expected: Vec<f64> = array.iter().map(|&value| value.into()).collect();
                let single = super::array(&written(&array.view())).expect("an array");
                let double = super::array(&written(&array.mapv(f64::from).view())).expect("an array");
                assert_eq!([single.dims(), double.dims()], [shape; 2]);
                assert_eq!([single.dtype(), double.dtype()], [DType::F32, DType::F64]);
                assert_eq!([to_f64s(&single), to_f64s(&double)], [expected.clone(), expected]);
            }
        }
    }

    fn file(header: &str, scalars: &[u8]) -> Vec<u8> {
        let length = (header.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), scalars].concat()
    }

    #[test]
    fn big_endian_scalars_are_read() {
        let header = "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }\n";
        let scalars = [1.5f32, -2.0].map(f32::to_be_bytes).concat();
        assert_eq!(to_f64s(&array(&file(header, &scalars)).expect("an array")), [1.5, -2.0]);
    }

    #[test]
    fn a_shape_is_held_against_the_file_before_memory_is_taken() {
        let claims = |shape: &str| {
            let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}");
            array(&file(&header, &[0; 8])).expect_err(shape)
        };
        assert_eq!(claims("2,"), "8 bytes for 16 of the shape [2]");
        assert_eq!(claims("0,"), "8 bytes for 0 of the shape [0]");
        assert!(claims("1152921504606846976,").ends_with("of the shape [1152921504606846976]"));
        assert_eq!(claims("4294967296, 4294967296"), "the shape [4294967296, 4294967296]");
        assert_eq!(claims("2, 18446744073709551616"), "a header without a number of elements at byte 54");
    }

    #[test]
    fn what_is_no_array_is_refused_with_the_file_s_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.npy");
        std::fs::write(&path, "P5 3 3 255").expect("written");
        let error = read_npy(&path).expect_err("a picture").to_string();
        let expected = "x.npy: expected a .npy array of f32 or f64, found other first bytes";
        assert!(error.ends_with(expected), "{error}");
        std::fs::remove_file(&path).expect("it was written");
        assert!(read_npy(&path).expect_err("no file").to_string().contains("a file that can be read"));
    }
}
