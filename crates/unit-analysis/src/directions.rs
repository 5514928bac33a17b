//! Directions in feature space, and the images' stimulation of them.

use rand::Rng;
use tensor::{Conv, DType, Device, Real, Tensor, by_type, conv2d, linear, normal, tensor_of, with_slice};

/// How the maps of a layer become features φ(x); for a layer without maps, such as a dense one, both are the same.
///
/// Unlike the paper, which does not say how it uses the maps of a convolutional layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpatialPooling {
    /// Every unit is a feature, so that a direction mixes all maps and places: c·h·w features.
    Flatten,
    /// A map is a feature: a direction mixes the maps of one place, and an image counts by the largest product of all places: c features.
    Max,
}

/// Directions v in the space of the features.
#[derive(Clone, Debug)]
pub enum Directions {
    /// Vectors `e_i` of the natural basis, by the unit's number i in row-major order.
    Units(Vec<usize>),
    /// Any vectors.
    ///
    /// **Shape** `[directions, features]`
    Vectors(Tensor),
}

impl SpatialPooling {
    /// The number of features of a node.
    ///
    /// **Shape** of one image's activation: `[c]` or `[c, h, w]`.
    pub fn features(self, shape: &[usize]) -> usize {
        match self {
            SpatialPooling::Flatten => shape.iter().product(),
            SpatialPooling::Max => shape[0],
        }
    }
}

impl Directions {
    /// Random directions, none more likely than another: Gaussian vectors of unit length.
    ///
    /// **Paper** Szegedy et al. 2013, §3: "any random direction v".
    pub fn random(rng: &mut impl Rng, directions: usize, features: usize) -> Self {
        let drawn = normal(rng, &[directions, features], 1.0, DType::F32);
        let mut vectors = with_slice::<f32, _>(&drawn, <[f32]>::to_vec);
        for vector in vectors.chunks_exact_mut(features) {
            let length = vector.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
            vector.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
        }
        Directions::Vectors(tensor_of(vectors, &[directions, features]))
    }

    /// Number of directions.
    pub fn count(&self) -> usize {
        match self {
            Directions::Units(units) => units.len(),
            Directions::Vectors(vectors) => vectors.dims()[0],
        }
    }
}

/// `<φ(x), v>` for every image and direction.
///
/// All directions are computed by one matrix product; an element does not depend on its neighbors.
///
/// **Shape** activation `[n, …]`; the result is `[n, directions]`, on the CPU.
///
/// **Paper** Szegedy et al. 2013, §3.
///
/// # Panics
/// If there is no such unit, or the vectors have another length or scalar type than the features.
pub fn stimulation(activation: &Tensor, pooling: SpatialPooling, directions: &Directions) -> Tensor {
    let n = activation.dims()[0];
    let features = pooling.features(&activation.dims()[1..]);
    let by_place = activation.to_device(&Device::Cpu).and_then(|maps| maps.reshape((n, features, ())));
    let by_place = by_place.expect("the activation of a batch");
    match directions {
        Directions::Units(units) => of_units(&by_place, units),
        Directions::Vectors(vectors) => along(&by_place, vectors),
    }
}

/// **Shape** activation `[n, features, places]`
fn of_units(activation: &Tensor, units: &[usize]) -> Tensor {
    let &[n, features, places] = activation.dims() else { unreachable!("by feature and place") };
    let beyond = units.iter().find(|&&unit| unit >= features);
    assert!(beyond.is_none(), "stimulation: expected units below {features}, got {beyond:?}");
    by_type!(activation, T => with_slice::<T, _>(activation, |scalars| {
        let of = |(image, unit): (usize, &usize)| largest(&scalars[(image * features + unit) * places..][..places]);
        let images = (0..n).flat_map(|image| units.iter().map(move |unit| (image, unit)));
        tensor_of(images.map(of).collect(), &[n, units.len()])
    }))
}

/// **Shape** activation `[n, features, places]`, vectors `[d, features]`
fn along(activation: &Tensor, vectors: &Tensor) -> Tensor {
    let (n, d, places) = (activation.dims()[0], vectors.dims()[0], activation.dims()[2]);
    let shaped = |tensor: &Tensor, shape: &[usize]| tensor.reshape(shape).expect("the same scalars");
    if places == 1 {
        let zeros = Tensor::zeros(d, vectors.dtype(), &Device::Cpu).expect("zeros in memory");
        return linear(&shaped(activation, &activation.dims()[..2]), vectors, &zeros);
    }
    let features = activation.dims()[1];
    let [x, filters] =
        [shaped(activation, &[n, features, 1, places]), shaped(vectors, &[d, vectors.dims()[1], 1, 1])];
    let products = conv2d(&x, &filters, None, &Conv::default());
    by_type!(products, T => with_slice::<T, _>(&products, |products| {
        tensor_of(products.chunks_exact(places).map(largest).collect(), &[n, d])
    }))
}

fn largest<T: Real>(places: &[T]) -> T {
    places[1..].iter().fold(places[0], |most, &value| if value > most { value } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{seeded, to_f64s};

    /// The definition: every product summed by itself.
    fn by_definition(activation: &Tensor, pooling: SpatialPooling, vectors: &[Vec<f64>]) -> Vec<f64> {
        let features = vectors[0].len();
        let image = |image: &[f64]| {
            let places = if pooling == SpatialPooling::Flatten { 1 } else { image.len() / features };
            let at = |v: &[f64], place: usize| {
                v.iter().enumerate().fold(0.0, |sum, (i, v)| image[i * places + place].mul_add(*v, sum))
            };
            let most = |v: &Vec<f64>| (0..places).map(|place| at(v, place)).fold(f64::NEG_INFINITY, f64::max);
            vectors.iter().map(most).collect::<Vec<f64>>()
        };
        let activation = to_f64s(activation);
        activation.chunks_exact(activation.len() / 7).flat_map(image).collect()
    }

    fn basis(features: usize, units: &[usize]) -> Vec<Vec<f64>> {
        let vector = |&unit: &usize| (0..features).map(|i| f64::from(i == unit)).collect();
        units.iter().map(vector).collect()
    }

    #[test]
    fn the_products_are_the_definition_to_the_last_bit_for_maps_and_vectors() {
        for shape in [&[7, 5, 3, 4][..], &[7, 40], &[7, 9, 1, 1]] {
            let rng = &mut seeded(1, "activation");
            let activation = normal(rng, shape, 1.0, DType::F64);
            for pooling in [SpatialPooling::Flatten, SpatialPooling::Max] {
                let features = pooling.features(&shape[1..]);
                let drawn = normal(rng, &[6, features], 1.0, DType::F64);
                let vectors: Vec<Vec<f64>> = to_f64s(&drawn).chunks(features).map(<[f64]>::to_vec).collect();
                let found = stimulation(&activation, pooling, &Directions::Vectors(drawn));
                assert_eq!(found.dims(), [7, 6]);
                let expected = by_definition(&activation, pooling, &vectors);
                assert_eq!(to_f64s(&found), expected, "{shape:?} {pooling:?}");
            }
        }
    }

    #[test]
    fn a_unit_is_the_vector_of_the_natural_basis() {
        let activation = normal(&mut seeded(2, "activation"), &[7, 5, 3, 4], 1.0, DType::F64);
        for (pooling, units) in [(SpatialPooling::Flatten, [59, 0, 17]), (SpatialPooling::Max, [4, 0, 2])] {
            let basis = basis(pooling.features(&[5, 3, 4]), &units);
            let found = stimulation(&activation, pooling, &Directions::Units(units.to_vec()));
            assert_eq!(to_f64s(&found), by_definition(&activation, pooling, &basis));
        }
    }

    #[test]
    fn random_directions_have_unit_length_and_no_preferred_axis() {
        let Directions::Vectors(vectors) = Directions::random(&mut seeded(3, "directions"), 400, 50) else {
            panic!("expected vectors")
        };
        let scalars = to_f64s(&vectors);
        let lengths = scalars.chunks(50).map(|v| v.iter().map(|x| x * x).sum::<f64>());
        assert!(lengths.clone().count() == 400 && lengths.clone().all(|length| (length - 1.0).abs() < 1e-5));
        // Each axis has a fiftieth of the square length, and neither sign more than the other.
        for axis in 0..50 {
            let on_axis = || scalars.iter().skip(axis).step_by(50);
            let share = on_axis().map(|x| x * x).sum::<f64>() / 400.0;
            let mean = on_axis().sum::<f64>() / 400.0;
            assert!((share - 0.02).abs() < 0.006 && mean.abs() < 0.03, "{axis}: {share}, {mean}");
        }
    }

    #[test]
    #[should_panic(expected = "expected units below 4, got Some(4)")]
    fn a_unit_that_is_not_there_is_refused() {
        let activation = tensor_of(vec![0.0f32; 8], &[2, 4]);
        stimulation(&activation, SpatialPooling::Flatten, &Directions::Units(vec![1, 4]));
    }
}
