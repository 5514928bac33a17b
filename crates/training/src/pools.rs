//! Pools of examples that are injected at a node, mixed into the training set and regenerated while the net changes.

use crate::injected_batch::{InjectedBatch, sum};
use crate::mini_batch::{BatchLoss, LossAndGradients};
use core_net::Net;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, gather, tensor_of, with_slice};

/// Generates the examples of a pool.
pub trait ExampleGenerator {
    /// New activations of the node below `above`, one from each of these, with its label.
    fn generate(&self, above: &Net, activations: &Tensor, labels: &[usize]) -> Tensor;
}

/// Size of each pool, and the number of its examples that a step replaces and draws.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct PoolSettings {
    /// Examples in a pool.
    pub size: usize,
    /// Examples, at random, that each step replaces by new ones from the first of its mini-batch; at most the size of that.
    pub replaced: usize,
    /// Examples, at random, that each step trains on.
    pub drawn: usize,
}

/// A node where examples of a pool are injected.
#[derive(Clone, Debug, serde::Serialize)]
pub struct InjectionPoint<R> {
    /// The node whose activations they are.
    pub node: usize,
    /// Its pool's share of the loss.
    pub share: f64,
    /// Generates them.
    #[serde(rename = "renewal")]
    pub generator: R,
}

/// Classification of the training set and, beside it, of one pool for each of some nodes.
///
/// The loss is the mean cross-entropy over the mini-batch and over the examples drawn from each pool, each times its share.
pub struct Pools<'a, R> {
    images: &'a Tensor,
    labels: &'a [usize],
    share: f64,
    settings: PoolSettings,
    by_node: Vec<Pool<R>>,
}

impl<'a, R: ExampleGenerator> Pools<'a, R> {
    /// Full pools, made from the first training examples by the net as it is.
    /// The pools' shares of the loss and the training set's are 1 together.
    ///
    /// **Shape** images `[n, …]`, f32; n labels.
    ///
    /// # Panics
    /// If a pool is to be larger than the training set, or a step to draw or replace more than there is in a pool.
    pub fn new(
        net: &Net,
        (images, labels): (&'a Tensor, &'a [usize]),
        settings: PoolSettings,
        points: Vec<InjectionPoint<R>>,
    ) -> Self {
        let PoolSettings { size, replaced, drawn } = settings;
        assert!(size <= labels.len(), "pools: {size} of {} examples", labels.len());
        assert!(drawn <= size && replaced <= size, "pools: {settings:?}");
        let first = images.narrow(0, 0, size).expect("within the images");
        let trace = net.forward(&first);
        let share = 1.0 - points.iter().map(|point| point.share).sum::<f64>();
        let full = |point: InjectionPoint<R>| {
            let from = trace.activation(point.node).clone();
            Pool::full(point, net, &from, &labels[..size])
        };
        Self { images, labels, share, settings, by_node: points.into_iter().map(full).collect() }
    }
}

impl<R: ExampleGenerator> BatchLoss for Pools<'_, R> {
    fn examples(&self) -> usize {
        self.labels.len()
    }

    fn loss_and_gradients(
        &mut self,
        net: &Net,
        examples: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> LossAndGradients {
        let PoolSettings { size, replaced, drawn } = self.settings;
        let labels: Vec<usize> = examples.iter().map(|&i| self.labels[i]).collect();
        let batch = InjectedBatch { node: 0, activations: gather(self.images, examples), labels };
        let (mut total, trace) = batch.loss_and_gradients(net, self.share);
        let fresh = replaced.min(examples.len());
        for pool in &mut self.by_node {
            let from = trace.activation(pool.point.node).narrow(0, 0, fresh).expect("within the batch");
            let places = sample(rng, size, fresh).into_vec();
            pool.replace(net, &places, &from, &batch.labels[..fresh]);
            let drawn = pool.draw(&sample(rng, size, drawn).into_vec());
            total = sum(total, drawn.loss_and_gradients(net, pool.point.share).0);
        }
        total
    }
}

/// The examples of one node.
struct Pool<R> {
    point: InjectionPoint<R>,
    /// **Shape** of the node, without the batch.
    shape: Vec<usize>,
    /// Row-major `[size, …]`.
    activations: Vec<f32>,
    labels: Vec<usize>,
}

impl<R: ExampleGenerator> Pool<R> {
    fn full(point: InjectionPoint<R>, net: &Net, from: &Tensor, labels: &[usize]) -> Self {
        let shape = from.dims()[1..].to_vec();
        let activations = vec![0.0; from.elem_count()];
        let mut pool = Self { point, shape, activations, labels: labels.to_vec() };
        pool.replace(net, &(0..labels.len()).collect::<Vec<_>>(), from, labels);
        pool
    }

    /// Replaces the examples at these places by new ones from these activations.
    fn replace(&mut self, net: &Net, places: &[usize], from: &Tensor, labels: &[usize]) {
        let above = net.above(self.point.node);
        let made = self.point.generator.generate(&above, from, labels);
        let size = self.shape.iter().product();
        with_slice::<f32, _>(&made, |made| {
            for ((&place, example), &label) in places.iter().zip(made.chunks_exact(size)).zip(labels) {
                self.activations[place * size..(place + 1) * size].copy_from_slice(example);
                self.labels[place] = label;
            }
        });
    }

    /// The examples in these places.
    fn draw(&self, places: &[usize]) -> InjectedBatch {
        let size: usize = self.shape.iter().product();
        let row = |&place: &usize| &self.activations[place * size..(place + 1) * size];
        let rows = places.iter().flat_map(row).copied().collect();
        let shape = [&[places.len()], &*self.shape].concat();
        let labels = places.iter().map(|&place| self.labels[place]).collect();
        InjectedBatch { node: self.point.node, activations: tensor_of(rows, &shape), labels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::zoo::fully_connected;
    use tensor::{DType, seeded, uniform};

    /// New examples are the old ones and 10 more.
    #[derive(Clone)]
    struct Lifted;

    impl ExampleGenerator for Lifted {
        fn generate(&self, _: &Net, activations: &Tensor, _: &[usize]) -> Tensor {
            (activations + 10.0).expect("a sum in memory")
        }
    }

    const POOL: PoolSettings = PoolSettings { size: 12, replaced: 5, drawn: 4 };

    fn case() -> (Net, Tensor, Vec<usize>) {
        let net = fully_connected(&[1, 3, 4], &[6, 5, 4], 7);
        let images = uniform(&mut seeded(8, "images"), &[40, 1, 3, 4], 1.0, DType::F32);
        (net, images, (0..40).map(|i| i % 4).collect())
    }

    fn pools<'a>(net: &Net, images: &'a Tensor, labels: &'a [usize]) -> Pools<'a, Lifted> {
        let point = |node| InjectionPoint { node, share: 0.25, generator: Lifted };
        Pools::new(net, (images, labels), POOL, [0, 3, 5].map(point).into())
    }

    #[test]
    fn a_pool_is_full_from_the_start_and_keeps_its_size_when_some_of_it_is_replaced() {
        let (net, images, labels) = case();
        let mut pools = pools(&net, &images, &labels);
        let before: Vec<Vec<f32>> = pools.by_node.iter().map(|pool| pool.activations.clone()).collect();
        assert!(before.iter().flatten().all(|&x| x > 8.0));
        pools.loss_and_gradients(&net, &[30, 31, 32, 33, 34, 35], &mut seeded(1, "steps"));
        for (pool, before) in pools.by_node.iter().zip(&before) {
            let width = before.len() / POOL.size;
            let [rows, old] = [&pool.activations, before].map(|rows| rows.chunks_exact(width));
            let changed: Vec<usize> =
                rows.clone().zip(old).enumerate().filter(|(_, (a, b))| a != b).map(|(i, _)| i).collect();
            assert_eq!((rows.len(), changed.len()), (POOL.size, POOL.replaced));
            let mut fresh: Vec<usize> = changed.iter().map(|&place| pool.labels[place]).collect();
            fresh.sort_unstable();
            let mut expected: Vec<usize> = labels[30..35].to_vec();
            expected.sort_unstable();
            assert_eq!(fresh, expected);
        }
    }

    #[test]
    fn the_seed_alone_decides_what_is_replaced_and_drawn() {
        let (net, images, labels) = case();
        let loss = |seed: u64| {
            let (mut pools, mut rng) = (pools(&net, &images, &labels), seeded(seed, "steps"));
            (0..3).map(|step| pools.loss_and_gradients(&net, &[step, 20, 39], &mut rng).0).collect::<Vec<_>>()
        };
        assert_eq!(loss(1), loss(1));
        assert_ne!(loss(1), loss(2));
    }

    #[test]
    fn what_is_drawn_carries_its_own_label() {
        let (net, images, labels) = case();
        let pool = &pools(&net, &images, &labels).by_node[1];
        let drawn = pool.draw(&[7, 2]);
        let expected = gather(&(net.forward(&images).activation(3) + 10.0).expect("a sum"), &[7, 2]);
        assert_eq!((drawn.node, drawn.labels), (3, vec![3, 2]));
        let row = |tensor: &Tensor| with_slice::<f32, _>(tensor, <[f32]>::to_vec);
        assert_eq!(row(&drawn.activations), row(&expected));
    }
}
