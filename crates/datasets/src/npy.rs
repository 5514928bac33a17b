//! A strict reader of NumPy's `.npy` files of numbers: memory is allocated only once the file is known to fill it.

mod header;

use crate::DataError;
use crate::content::{Content, LOOKED_AT};
use header::{Header, Scalar};
use std::fs;
use std::path::Path;
use tensor::{Real, Tensor, tensor_of};

/// An array from a file.
#[derive(Debug)]
pub struct NpyArray {
    /// In f64 where the file has f64, else in f32.
    pub values: Tensor,
    /// What its user may not expect of it.
    pub remark: Option<String>,
}

/// Whether a file is a `.npy` array, by its first bytes or its name.
pub fn is_npy(path: &Path) -> bool {
    let is_called_so = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npy"));
    is_called_so || path.is_file() && Content::of_file(path).is_ok_and(Content::is_npy)
}

/// The array in a file: f64 as it is there, and every other kind of numbers and truth values as f32.
///
/// Either byte order is read, and either order of the axes in memory.
///
/// # Errors
/// When the file cannot be read, is no `.npy` file, holds no numbers, or more or fewer of them than its shape has.
pub fn read_npy(path: &Path) -> Result<NpyArray, DataError> {
    let bytes = fs::read(path).map_err(DataError::io(path, "a file that can be read"))?;
    array(&bytes).map_err(|found| DataError::Array { path: path.to_owned(), found })
}

fn array(bytes: &[u8]) -> Result<NpyArray, String> {
    match Content::from_bytes(&bytes[..bytes.len().min(LOOKED_AT)]) {
        content if content.is_npy() => {}
        Content::Unknown => return Err("other first bytes".into()),
        other => return Err(other.name().into()),
    }
    let (header, scalars) = header::split(bytes)?;
    let expected = header.bytes().ok_or_else(|| format!("the shape {:?}", header.shape))?;
    if scalars.len() != expected {
        return Err(format!("{} bytes for {expected} of the shape {:?}", scalars.len(), header.shape));
    }
    let values = match header.scalar {
        Scalar::F16 => {
            tensor(&header, scalars, |b| f16(u16::from_le_bytes(b)), |b| f16(u16::from_be_bytes(b)))
        }
        Scalar::F32 => tensor(&header, scalars, f32::from_le_bytes, f32::from_be_bytes),
        Scalar::F64 => tensor(&header, scalars, f64::from_le_bytes, f64::from_be_bytes),
        Scalar::Bool => tensor(&header, scalars, |[b]| f32::from(b != 0), |[b]| f32::from(b != 0)),
        Scalar::U8 => tensor(&header, scalars, |[b]: [u8; 1]| f32::from(b), |[b]| f32::from(b)),
        Scalar::I8 => {
            tensor(&header, scalars, |b| i8::from_le_bytes(b).into(), |b| f32::from(i8::from_be_bytes(b)))
        }
        Scalar::U16 => {
            tensor(&header, scalars, |b| u16::from_le_bytes(b).into(), |b| f32::from(u16::from_be_bytes(b)))
        }
        Scalar::I16 => {
            tensor(&header, scalars, |b| i16::from_le_bytes(b).into(), |b| f32::from(i16::from_be_bytes(b)))
        }
        Scalar::U32 => {
            tensor(&header, scalars, |b| u32::from_le_bytes(b) as f32, |b| u32::from_be_bytes(b) as f32)
        }
        Scalar::I32 => {
            tensor(&header, scalars, |b| i32::from_le_bytes(b) as f32, |b| i32::from_be_bytes(b) as f32)
        }
        Scalar::U64 => {
            tensor(&header, scalars, |b| u64::from_le_bytes(b) as f32, |b| u64::from_be_bytes(b) as f32)
        }
        Scalar::I64 => {
            tensor(&header, scalars, |b| i64::from_le_bytes(b) as f32, |b| i64::from_be_bytes(b) as f32)
        }
    };
    Ok(NpyArray { values, remark: header.scalar.remark() })
}

/// IEEE 754's binary16, exactly.
fn f16(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 0x1f, bits & 0x3ff);
    let magnitude = match exponent {
        0 => f32::from(fraction) * 2f32.powi(-24),
        0x1f if fraction == 0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1.0 + f32::from(fraction) / 1024.0) * 2f32.powi(i32::from(exponent) - 15),
    };
    if sign == 1 { -magnitude } else { magnitude }
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
                let single = super::array(&written(&array.view())).expect("an array").values;
                let double = super::array(&written(&array.mapv(f64::from).view())).expect("an array").values;
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
        assert_eq!(to_f64s(&array(&file(header, &scalars)).expect("an array").values), [1.5, -2.0]);
    }

    #[test]
    fn every_kind_of_number_is_widened() {
        let cases: [(&str, &[u8], [f64; 2]); 13] = [
            ("<f2", &[0x00, 0x3c, 0x01, 0x80], [1.0, -(2f64.powi(-24))]),
            (">f2", &[0x7b, 0xff, 0xc0, 0x00], [65504.0, -2.0]),
            ("|u1", &[0, 255], [0.0, 255.0]),
            ("|i1", &[128, 127], [-128.0, 127.0]),
            ("|b1", &[0, 1], [0.0, 1.0]),
            ("<u2", &[1, 2, 255, 255], [513.0, 65535.0]),
            (">i2", &[255, 254, 1, 0], [-2.0, 256.0]),
            ("<u4", &[0, 0, 0, 1, 7, 0, 0, 0], [16_777_216.0, 7.0]),
            (">i4", &[255, 255, 255, 255, 0, 0, 0, 7], [-1.0, 7.0]),
            ("<i4", &[255, 255, 255, 255, 7, 0, 0, 0], [-1.0, 7.0]),
            ("<i8", &[254, 255, 255, 255, 255, 255, 255, 255, 7, 0, 0, 0, 0, 0, 0, 0], [-2.0, 7.0]),
            (">u8", &[0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 9], [256.0, 9.0]),
            ("=f4", &[0, 0, 128, 63, 0, 0, 0, 192], [1.0, -2.0]),
        ];
        for (kind, bytes, expected) in cases {
            let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (2,), }}");
            let array = array(&file(&header, bytes)).expect(kind);
            assert_eq!(to_f64s(&array.values), expected, "{kind}");
            assert_eq!(array.remark.is_some(), !kind.contains('f'), "{kind}");
        }
        let header = "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }";
        assert!(array(&file(header, &[0; 16])).expect_err("objects").contains("objects of Python"));
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
        let expected = "x.npy: expected a .npy array of numbers, found a PGM picture: save it as PNG";
        assert!(error.ends_with(expected), "{error}");
        std::fs::remove_file(&path).expect("it was written");
        assert!(read_npy(&path).expect_err("no file").to_string().contains("a file that can be read"));
    }
}
