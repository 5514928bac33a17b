//! Stored tensors: their scalars as raw bytes, in typed fields, or in another file.

use crate::constant::{Constant, Size};
use crate::error::Fault;
use crate::external;
use crate::proto::TensorProto;
use core_net::element_count;
use std::borrow::Cow;
use std::path::Path;
use tensor::{DType, Device, Tensor, tensor_of};

/// The tensor as a constant; floating-point scalars become `dtype`.
///
/// Memory is only taken for bytes that the file has.
pub(crate) fn read(tensor: &TensorProto, model: &Path, dtype: DType) -> Result<Constant, Fault> {
    let shape = shape(tensor)?;
    let scalar = Scalar::from_code(tensor.data_type())?;
    let expected = element_count(&shape)
        .and_then(|count| count.checked_mul(scalar.size()))
        .ok_or_else(|| Fault::mismatch("a tensor that fits into memory", format!("{shape:?}")))?;
    let bytes = bytes(tensor, &scalar, model, expected)?;
    if bytes.len() != expected {
        let expected = format!("{expected} bytes for {scalar:?} {shape:?}");
        return Err(Fault::mismatch(expected, format!("{} bytes", bytes.len())));
    }
    Ok(scalar.decode(&bytes, shape, dtype))
}

fn shape(tensor: &TensorProto) -> Result<Vec<usize>, Fault> {
    let known = |&side: &i64| usize::try_from(side).ok();
    let shape: Option<_> = tensor.dims.iter().map(known).collect();
    shape.ok_or_else(|| Fault::mismatch("a shape without negative sides", format!("{:?}", tensor.dims)))
}

/// The scalars, little-endian, wherever they are stored.
fn bytes<'a>(
    tensor: &'a TensorProto,
    scalar: &Scalar,
    model: &Path,
    expected: usize,
) -> Result<Cow<'a, [u8]>, Fault> {
    const EXTERNAL: i32 = 1;
    if tensor.data_location() == EXTERNAL {
        return external::read(&tensor.external_data, model, expected).map(Cow::Owned);
    }
    Ok(match &tensor.raw_data {
        Some(raw) => Cow::Borrowed(raw),
        None => Cow::Owned(scalar.typed_field(tensor)),
    })
}

/// The scalar types that are read, of those that ONNX numbers.
#[derive(Debug)]
enum Scalar {
    Float,
    Int32,
    Int64,
    Bool,
    Float16,
    Double,
    BFloat16,
}

impl Scalar {
    fn from_code(code: i32) -> Result<Self, Fault> {
        Ok(match code {
            1 => Self::Float,
            6 => Self::Int32,
            7 => Self::Int64,
            9 => Self::Bool,
            10 => Self::Float16,
            11 => Self::Double,
            16 => Self::BFloat16,
            other => {
                let expected = "float, double, float16, bfloat16, int32, int64 or bool";
                return Err(Fault::mismatch(expected, format!("data type {other}")));
            }
        })
    }

    fn size(&self) -> usize {
        match self {
            Self::Bool => 1,
            Self::Float16 | Self::BFloat16 => 2,
            Self::Float | Self::Int32 => 4,
            Self::Int64 | Self::Double => 8,
        }
    }

    /// The field that holds scalars of this type, as if they had been stored as raw bytes.
    fn typed_field(&self, tensor: &TensorProto) -> Vec<u8> {
        let int32 = &tensor.int32_data;
        match self {
            Self::Float => tensor.float_data.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Double => tensor.double_data.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Int64 => tensor.int64_data.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Int32 => int32.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Self::Float16 | Self::BFloat16 => int32.iter().flat_map(|&v| (v as u16).to_le_bytes()).collect(),
            Self::Bool => int32.iter().map(|&v| u8::from(v != 0)).collect(),
        }
    }

    /// The constant in bytes that are known to be as many as the shape needs.
    fn decode(&self, bytes: &[u8], shape: Vec<usize>, dtype: DType) -> Constant {
        let floats = |tensor: Tensor| Constant::Floats(tensor.to_dtype(dtype).expect("a cast in memory"));
        let integers = |values: Vec<i64>, shape| Constant::Integers {
            values: values.into_iter().map(Size::Known).collect(),
            shape,
        };
        match self {
            Self::Float => floats(tensor_of(scalars(bytes, f32::from_le_bytes), &shape)),
            Self::Double => floats(tensor_of(scalars(bytes, f64::from_le_bytes), &shape)),
            Self::Float16 => floats(half(bytes, DType::F16, &shape)),
            Self::BFloat16 => floats(half(bytes, DType::BF16, &shape)),
            Self::Int32 => integers(scalars(bytes, |bytes| i64::from(i32::from_le_bytes(bytes))), shape),
            Self::Int64 => integers(scalars(bytes, i64::from_le_bytes), shape),
            Self::Bool => integers(scalars(bytes, |bytes: [u8; 1]| i64::from(bytes != [0])), shape),
        }
    }
}

fn scalars<T, const N: usize>(bytes: &[u8], scalar: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks();
    chunks.iter().map(|&chunk| scalar(chunk)).collect()
}

fn half(bytes: &[u8], dtype: DType, shape: &[usize]) -> Tensor {
    Tensor::from_raw_buffer(bytes, dtype, shape, &Device::Cpu).expect("as many bytes as the shape needs")
}
