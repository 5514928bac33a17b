//! From candle tensors to the slices that the kernels work on, and back.

use crate::by_type;
use candle_core::{DType, Device, Storage, Tensor, WithDType};

/// Calls `read` with the tensor's scalars in row-major order.
///
/// # Panics
/// If the tensor is not of type `T`, or cannot be copied to the CPU's memory.
pub fn with_slice<T: WithDType, R>(tensor: &Tensor, read: impl FnOnce(&[T]) -> R) -> R {
    let tensor = tensor.to_device(&Device::Cpu).and_then(|t| t.contiguous()).expect("a copy in memory");
    let (storage, layout) = tensor.storage_and_layout();
    let (from, to) = layout.contiguous_offsets().expect("made contiguous");
    match &*storage {
        Storage::Cpu(cpu) => read(&cpu.as_slice::<T>().expect("the type was dispatched on")[from..to]),
        _ => unreachable!("it was copied to the CPU's memory"),
    }
}

/// [`with_slice`] for two tensors of one type.
#[inline(always)]
pub(crate) fn with_slices<T: WithDType, R>([a, b]: [&Tensor; 2], read: impl FnOnce(&[T], &[T]) -> R) -> R {
    with_slice(a, |a| with_slice(b, |b| read(a, b)))
}

/// A tensor of these scalars on the CPU.
///
/// # Panics
/// If the shape does not hold as many scalars.
pub fn tensor_of<T: WithDType>(scalars: Vec<T>, shape: &[usize]) -> Tensor {
    Tensor::from_vec(scalars, shape, &Device::Cpu)
        .unwrap_or_else(|error| panic!("expected scalars for shape {shape:?}: {error}"))
}

/// The tensor's scalars in row-major order, as f64.
///
/// # Panics
/// If the tensor is neither f32 nor f64.
pub fn to_f64s(tensor: &Tensor) -> Vec<f64> {
    by_type!(tensor, T => with_slice::<T, _>(tensor, |s| s.iter().map(|&v| v.into()).collect()))
}

/// The inner product, its terms added in order.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The images (or rows) of a batch at these indices, in this order.
///
/// # Panics
/// If an index lies beyond the batch.
pub fn gather(batch: &Tensor, indices: &[usize]) -> Tensor {
    let mut shape = batch.dims().to_vec();
    let size: usize = shape[1..].iter().product();
    shape[0] = indices.len();
    by_type!(batch, T => {
        let mut scalars = Vec::with_capacity(indices.len() * size);
        with_slice::<T, _>(batch, |batch| {
            indices.iter().for_each(|&i| scalars.extend_from_slice(&batch[i * size..(i + 1) * size]));
        });
        tensor_of(scalars, &shape)
    })
}

/// Runs the expression with `T` as the tensor's scalar type.
#[macro_export]
macro_rules! by_type {
    ($tensor:expr, $t:ident => $body:expr) => {
        match $tensor.dtype() {
            $crate::DType::F32 => {
                type $t = f32;
                $body
            }
            $crate::DType::F64 => {
                type $t = f64;
                $body
            }
            other => panic!("expected f32 or f64, got {other:?}"),
        }
    };
}

/// The one type of several tensors.
///
/// # Panics
/// If they differ.
pub(crate) fn same_type(operation: &str, tensors: &[&Tensor]) -> DType {
    let dtype = tensors[0].dtype();
    for t in tensors {
        assert_eq!(t.dtype(), dtype, "{operation}: scalar types differ");
    }
    dtype
}
