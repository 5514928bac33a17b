//! Reconstruction ICA: filters that restore their patches and fire rarely, learned without labels.

use crate::adam::{Adam, cosine};
use crate::whitened_patches::WhitenedPatches;
use rand::seq::index::sample;
use serde::Serialize;
use tensor::{DType, Real, View, matmul, normal, seeded, tensor_of, to_f64s, with_slice};

/// Minimizes the mean over patches of `½ ‖Wᵀ W x − x‖² + λ Σ √(ε + H (W x)²)`, one pooling group at a time.
///
/// A pooling group is what one unit of an L2 pooling sees: several places with untied filters, the same number of maps at each.
/// Each place restores its own patch; H adds up a map's squares over the group's places, as the pooling does.
/// So a map's filters learn to fire together, and their length changes little as the image moves.
/// Patches are first brought to one contrast, and whitened.
///
/// Unlike the paper, where neighboring poolings overlap and the whole layer is one problem, pooling groups do not share places:
/// each is a small problem of its own.
///
/// ```
/// use training::ReconstructionIca;
/// use core_net::{Builder, operations::{LocallyConnected, Pooling, Statistic}};
/// use tensor::{DType, Fields, Pool, normal, seeded, tensor_of};
///
/// let mut rng = seeded(1, "an example");
/// let weight = normal(&mut rng, &[4, 3, 9], 0.3, DType::F32);
/// let bias = tensor_of(vec![0.0f32; 12], &[3, 2, 2]);
/// let net = Builder::new(&[1, 4, 4])
///     .node("local", LocallyConnected { weight, bias: Some(bias), fields: Fields::square(3, 1) })
///     .node("pool", Pooling { pool: Pool::square(2, 2), statistic: Statistic::L2 { epsilon: 1e-4 } })
///     .build()?;
/// let ica = ReconstructionIca { sparsity: 0.3, epsilon: 1e-2, whitening: 1.0, steps: 5, batch: 10, learning_rate: 1e-2 };
/// let images = normal(&mut rng, &[20, 1, 4, 4], 1.0, DType::F32);
/// let net = ica.train(net, 1, &images, 1, || println!("a group of layer {} is trained", 1));
/// # let _ = net;
/// # Ok::<(), core_net::BuildError>(())
/// ```
///
/// **Paper** Le, Karpenko, Ngiam & Ng 2011, *ICA with Reconstruction Cost for Efficient Overcomplete Feature Learning*, eq. 3;
/// with pooling as in Le et al. 2012, §4, eq. 1.
#[derive(Clone, Debug, Serialize)]
pub struct ReconstructionIca {
    /// λ
    pub sparsity: f64,
    /// ε under the root.
    pub epsilon: f64,
    /// Added to the variance of each direction before whitening, as a share of the mean variance.
    pub whitening: f64,
    /// Steps of Adam on each pooling group.
    pub steps: usize,
    /// Patches of each place a step.
    pub batch: usize,
    /// Adam's first learning rate; it falls by a cosine to `1e-5`.
    pub learning_rate: f64,
}

impl ReconstructionIca {
    /// The filters of a pooling group, in the coordinates of its whitened patches.
    ///
    /// **Shape** `[places, maps, depth]`, f32
    pub(crate) fn filters(&self, patches: &WhitenedPatches, maps: usize, seed: u64, name: &str) -> Vec<f32> {
        let (places, depth, examples) = (patches.places(), patches.depth, patches.examples);
        let mut rng = seeded(seed, &format!("reconstruction ICA of {name}"));
        let deviation = 1.0 / (depth as f64).sqrt();
        let shape = [places, maps, depth];
        let drawn = to_f64s(&normal(&mut rng, &shape, deviation, DType::F64));
        let mut filters: Vec<f32> = patches.where_patches_vary(&drawn).iter().map(|&w| w as f32).collect();
        let mut state = Adam::new(&tensor_of(filters.clone(), &shape));
        let cost = Cost { maps, depth, sparsity: self.sparsity, epsilon: self.epsilon };
        for step in 0..self.steps {
            let some = sample(&mut rng, examples, self.batch.min(examples)).into_vec();
            let patches = patches.some(&some);
            let (_, gradient) = cost.value_and_gradient(&filters, &patches);
            let rate = cosine(self.learning_rate, step as f64 / self.steps as f64);
            let after = state.step(&tensor_of(gradient, &shape), 0.0, rate as f32);
            filters = with_slice::<f32, _>(&after, <[f32]>::to_vec);
        }
        filters
    }
}

/// The cost of a pooling group's filters.
struct Cost {
    maps: usize,
    depth: usize,
    sparsity: f64,
    epsilon: f64,
}

impl Cost {
    /// The mean over the patches, and its derivative with respect to the filters.
    ///
    /// **Shape** filters `[places, maps, depth]`, patches of each place `[n, depth]`
    fn value_and_gradient<T: Real>(&self, filters: &[T], patches: &[Vec<T>]) -> (f64, Vec<T>) {
        let (maps, depth) = (self.maps, self.depth);
        let n = patches[0].len() / depth;
        let places = || filters.chunks_exact(maps * depth).zip(patches);
        let responses: Vec<Vec<T>> = places()
            .map(|(w, x)| matmul(View::new(x, n, depth), View::new(w, maps, depth).transposed()))
            .collect();
        let lengths = self.lengths(&responses);
        let mut cost = self.sparsity * lengths.iter().map(|&length| length.into()).sum::<f64>();
        let mut gradient = Vec::with_capacity(filters.len());
        for ((w, x), a) in places().zip(&responses) {
            let w = View::new(w, maps, depth);
            let mut rest = matmul(View::new(a, n, maps), w);
            rest.iter_mut().zip(x).for_each(|(rest, &x)| *rest -= x);
            cost += 0.5 * rest.iter().map(|&r| r.into() * r.into()).sum::<f64>();
            let rest = View::new(&rest, n, depth);
            let mut signal = matmul(rest, w.transposed());
            let sparsity = T::from_f64(self.sparsity);
            let terms = a.iter().zip(&lengths);
            signal.iter_mut().zip(terms).for_each(|(s, (&a, &length))| *s += sparsity * a / length);
            let decoder = matmul(View::new(a, n, maps).transposed(), rest);
            let encoder = matmul(View::new(&signal, n, maps).transposed(), View::new(x, n, depth));
            let share = T::from_f64(1.0 / n as f64);
            gradient.extend(decoder.iter().zip(encoder).map(|(&d, e)| (d + e) * share));
        }
        (cost / n as f64, gradient)
    }

    /// `√(ε + H a²)` of every patch and map.
    fn lengths<T: Real>(&self, responses: &[Vec<T>]) -> Vec<T> {
        let mut squares = vec![T::from_f64(self.epsilon); responses[0].len()];
        for a in responses {
            squares.iter_mut().zip(a).for_each(|(sum, &a)| *sum += a * a);
        }
        squares.into_iter().map(T::sqrt).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::uniform;
    use test_support::gradient_error;

    const COST: Cost = Cost { maps: 3, depth: 5, sparsity: 0.7, epsilon: 0.01 };

    fn drawn(name: &str, shape: &[usize]) -> Vec<f64> {
        to_f64s(&uniform(&mut seeded(5, name), shape, 1.0, DType::F64))
    }

    #[test]
    fn the_cost_has_its_true_derivative_and_another_sparsity_s_is_found_wrong() {
        let patches = [drawn("here", &[7, 5]), drawn("there", &[7, 5])];
        let filters = drawn("filters", &[2, 3, 5]);
        let at = tensor_of(filters.clone(), &[2, 3, 5]);
        let error = |cost: Cost| {
            let gradient = tensor_of(cost.value_and_gradient(&filters, &patches).1, &[2, 3, 5]);
            gradient_error(&gradient, &at, |w| COST.value_and_gradient(&to_f64s(w), &patches).0)
        };
        assert!(error(COST) < 1e-7);
        assert!(error(Cost { sparsity: 0.6, ..COST }) > 1e-2);
    }

    #[test]
    fn the_cost_is_its_formula_at_a_place_with_one_pixel() {
        // W = 2, x = 3: W x = 6, Wᵀ W x − x = 9, √(ε + 36).
        let cost = Cost { maps: 1, depth: 1, sparsity: 0.5, epsilon: 0.25 };
        let (value, _) = cost.value_and_gradient(&[2.0f64], &[vec![3.0]]);
        assert!((value - (40.5 + 0.5 * 36.25f64.sqrt())).abs() < 1e-12);
    }
}
