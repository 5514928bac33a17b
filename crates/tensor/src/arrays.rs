//! From candle tensors to ndarray's arrays, and back.

use crate::real::Real;
use crate::slices::{tensor_of, to_f64s, with_slice};
use candle_core::{Tensor, WithDType};
use ndarray::{Array, ArrayD, ArrayRef, Dimension};

/// A tensor on the CPU with the array's scalars and shape, whatever the order of its axes in memory.
pub fn from_array<T: WithDType, D: Dimension>(array: &ArrayRef<T, D>) -> Tensor {
    tensor_of(array.iter().copied().collect(), array.shape())
}

/// The tensor as an array, row-major, of its own scalar type.
/// `D` is `IxDyn` for any rank, or fixes the rank: `Ix2` for a matrix.
///
/// # Panics
/// If the tensor is not of type `T`, or of another rank than `D`.
pub fn to_array<T: Real, D: Dimension>(tensor: &Tensor) -> Array<T, D> {
    with_slice::<T, _>(tensor, |scalars| array(scalars.to_vec(), tensor.dims()))
}

/// The tensor as an array of f64, row-major, of any rank (`IxDyn`) or of that of `D`.
///
/// # Panics
/// If the tensor is neither f32 nor f64, or of another rank than `D`.
pub fn to_f64_array<D: Dimension>(tensor: &Tensor) -> Array<f64, D> {
    array(to_f64s(tensor), tensor.dims())
}

fn array<T, D: Dimension>(scalars: Vec<T>, shape: &[usize]) -> Array<T, D> {
    let array = ArrayD::from_shape_vec(shape, scalars).expect("as many scalars as the shape says");
    let rank = D::NDIM.unwrap_or(shape.len());
    array.into_dimensionality().unwrap_or_else(|_| panic!("expected a tensor of rank {rank}, got {shape:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Array3, Ix2, IxDyn, array};

    #[test]
    fn scalars_keep_their_places_from_array_to_tensor_and_back() {
        let rows: Array2<f32> = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let tensor = from_array(&rows);
        assert_eq!(tensor.to_vec2::<f32>().expect("a matrix"), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(to_array::<f32, Ix2>(&tensor), rows);
        assert_eq!(to_f64_array::<IxDyn>(&tensor), rows.mapv(f64::from).into_dyn());
        let columns = from_array(&rows.t());
        assert_eq!(columns.to_vec2::<f32>().expect("a matrix"), [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
        assert_eq!(to_array::<f32, Ix2>(&tensor.t().expect("a matrix")), rows.t());
    }

    #[test]
    fn scalars_and_empty_tensors_are_arrays_too() {
        for shape in [&[][..], &[0, 3]] {
            let zeros = ArrayD::<f64>::zeros(shape);
            assert_eq!(to_array::<f64, IxDyn>(&from_array(&zeros)), zeros);
        }
    }

    #[test]
    #[should_panic(expected = "expected a tensor of rank 3, got [2, 3]")]
    fn another_rank_is_refused() {
        let _: Array3<f64> = to_f64_array(&from_array(&Array2::<f32>::zeros((2, 3))));
    }

    #[test]
    #[should_panic(expected = "type")]
    fn another_scalar_type_is_refused() {
        let _: Array2<f64> = to_array(&from_array(&Array2::<f32>::zeros((2, 3))));
    }
}
