//! Greedy training of untied layers without labels, from the lowest up.

use crate::reconstruction_ica::ReconstructionIca;
use crate::whitened_patches::WhitenedPatches;
use core_net::operations::{LocallyConnected, Pooling, Statistic};
use core_net::{Net, Op};
use rayon::prelude::*;
use tensor::{Fields, Pool, Tensor, tensor_of, with_slice};

/// A layer of untied fields, and the L2 pooling that reads it.
struct Layer {
    node: usize,
    fields: Fields,
    pool: Pool,
    /// Channels, height and width of what the fields look at.
    image: [usize; 3],
    /// Maps, and places down and across.
    maps: [usize; 3],
}

impl ReconstructionIca {
    /// The net with the filters of this node learned on the images, and those above it as they were.
    ///
    /// To train a net greedily, call it for one layer after the other, from the lowest.
    /// The result depends on the net, the images, the settings and the seed, not on the number of threads.
    /// `done` is called after each of the [`ReconstructionIca::pooling_groups`].
    /// Filters of places that no pooling reads stay as they are.
    ///
    /// **Shape** images `[n, …]`, f32, as the net was built.
    ///
    /// # Panics
    /// If the node is no [`Op::LocallyConnected`] in f32 with a bias, if the one L2 pooling that is to read it overlaps with itself,
    /// has padding or dilation, or if the images have another shape.
    pub fn train(&self, net: Net, node: usize, images: &Tensor, seed: u64, done: impl Fn() + Sync) -> Net {
        let layer = Layer::new(&net, node);
        let input = net.activations_of(images, &[net.nodes()[node].inputs[0]]).remove(0);
        let pooling_groups = layer.pooling_groups();
        let name = &net.nodes()[node].name;
        let learned: Vec<_> = with_slice::<f32, _>(&input, |input| {
            let learn = |(index, places): (usize, &Vec<[usize; 2]>)| {
                let patches = WhitenedPatches::new(input, layer.image, &layer.fields, places, self.whitening);
                let filters = self.filters(&patches, layer.maps[0], seed, &format!("{name} {index}"));
                let filters = filters.chunks_exact(layer.maps[0] * patches.depth).enumerate();
                let on_pixels = filters.map(|(place, filters)| patches.on_pixels(place, filters)).collect();
                done();
                on_pixels
            };
            pooling_groups.par_iter().enumerate().map(learn).collect::<Vec<Vec<(Vec<f32>, Vec<f32>)>>>()
        });
        layer.with(net, pooling_groups.iter().flatten().zip(learned.into_iter().flatten()))
    }

    /// Number of pooling groups of a layer, each a small problem of its own.
    ///
    /// # Panics
    /// As [`ReconstructionIca::train`].
    pub fn pooling_groups(&self, net: &Net, node: usize) -> usize {
        Layer::new(net, node).pooling_groups().len()
    }
}

impl Layer {
    fn new(net: &Net, node: usize) -> Self {
        let name = &net.nodes()[node].name;
        let Op::LocallyConnected(LocallyConnected { bias: Some(_), fields, .. }) = &net.nodes()[node].op
        else {
            panic!("{name}: expected a locally connected layer with a bias, got {:?}", net.nodes()[node].op);
        };
        let readers: Vec<&Op> =
            net.nodes().iter().filter(|other| other.inputs.contains(&node)).map(|other| &other.op).collect();
        let [Op::Pool(Pooling { pool, statistic: Statistic::L2 { .. } })] = readers[..] else {
            panic!("{name}: expected one L2 pooling to read it, got {readers:?}");
        };
        let apart = Pool { padding: [0; 4], dilation: [1; 2], ..*pool };
        let steps = (0..2).all(|axis| pool.stride[axis] >= pool.kernel[axis]);
        assert!(steps && *pool == apart, "{name}: expected poolings that do not overlap, got {pool:?}");
        let three = |shape: &[usize]| shape.try_into().expect("feature maps, as the builder checked");
        Self {
            node,
            fields: *fields,
            pool: *pool,
            image: three(&net.nodes()[net.nodes()[node].inputs[0]].shape),
            maps: three(&net.nodes()[node].shape),
        }
    }

    /// The places that each unit of the pooling looks at, row by row.
    fn pooling_groups(&self) -> Vec<Vec<[usize; 2]>> {
        let [_, down, across] = self.maps;
        let [rows, columns] = self.pool.output_size([down, across]).expect("it fits, as the builder checked");
        let side = |at: usize, axis: usize, length: usize| {
            let start = at * self.pool.stride[axis];
            start..length.min(start + self.pool.kernel[axis])
        };
        let patches = |row: usize, column: usize| {
            side(row, 0, down).flat_map(|y| side(column, 1, across).map(move |x| [y, x])).collect()
        };
        (0..rows).flat_map(|row| (0..columns).map(move |column| patches(row, column))).collect()
    }

    /// The net with these filters and biases at these places.
    fn with<'a>(
        &self,
        mut net: Net,
        learned: impl Iterator<Item = (&'a [usize; 2], (Vec<f32>, Vec<f32>))>,
    ) -> Net {
        let parameters = net.node_parameters_mut(self.node);
        let [weight, bias] = <[&mut Tensor; 2]>::try_from(parameters).expect("a weight and a bias");
        let [maps, down, across] = self.maps;
        let [mut weights, mut biases] =
            [&*weight, &*bias].map(|tensor| with_slice::<f32, _>(tensor, <[f32]>::to_vec));
        for (&[row, column], (filters, added)) in learned {
            let place = row * across + column;
            weights[place * filters.len()..(place + 1) * filters.len()].copy_from_slice(&filters);
            (0..maps).for_each(|map| biases[map * down * across + place] = added[map]);
        }
        *weight = tensor_of(weights, weight.dims());
        *bias = tensor_of(biases, bias.dims());
        net
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::Builder;
    use rayon::ThreadPoolBuilder;
    use tensor::{DType, normal, seeded, to_f64s, uniform};

    const ICA: ReconstructionIca = ReconstructionIca {
        sparsity: 0.3,
        epsilon: 1e-3,
        whitening: 1e-3,
        steps: 400,
        batch: 200,
        learning_rate: 2e-2,
    };

    /// Untied fields with drawn filters under an L2 pooling.
    fn layer(image: [usize; 3], fields: Fields, maps: usize, pool: Pool) -> Net {
        let [down, across] = fields.output_size([image[1], image[2]]).expect("it fits");
        let depth = image[0] * fields.size[0] * fields.size[1];
        let weight = normal(&mut seeded(1, "filters"), &[down * across, maps, depth], 1.0, DType::F32);
        let bias = tensor_of(vec![0.0f32; maps * down * across], &[maps, down, across]);
        let local = LocallyConnected { weight, bias: Some(bias), fields };
        let net = Builder::new(&image)
            .node("local", local)
            .node("pool", Pooling { pool, statistic: Statistic::L2 { epsilon: 1e-3 } });
        net.build().expect("it fits")
    }

    /// Images whose pixels are mixed of four sources that are mostly near 0, and the mixture's columns.
    fn mixed() -> (Tensor, [[f64; 4]; 4]) {
        let h = 0.5;
        let columns = [[h, h, h, h], [h, -h, h, -h], [h, h, -h, -h], [h, -h, -h, h]];
        let drawn = to_f64s(&uniform(&mut seeded(2, "sources"), &[2000, 4], 1.0, DType::F64));
        let laplacian = |u: &f64| -u.signum() * (1.0 - u.abs()).max(1e-12).ln();
        let image = |sources: &[f64]| {
            let sources: Vec<f64> = sources.iter().map(laplacian).collect();
            (0..4).map(move |pixel| (0..4).map(|s| columns[s][pixel] * sources[s]).sum::<f64>() as f32)
        };
        (tensor_of(drawn.chunks_exact(4).flat_map(image).collect(), &[2000, 1, 2, 2]), columns)
    }

    #[test]
    fn the_sources_of_a_mixture_are_found() {
        let (images, columns) = mixed();
        let net = layer([1, 2, 2], Fields::square(2, 1), 4, Pool::square(1, 1));
        let filters = to_f64s(ICA.train(net, 1, &images, 3, || ()).parameters()[0].1);
        for column in columns {
            let along = |filter: &[f64]| {
                let product: f64 = filter.iter().zip(column).map(|(a, b)| a * b).sum();
                product.abs() / filter.iter().map(|w| w * w).sum::<f64>().sqrt()
            };
            let nearest = filters.chunks_exact(4).map(along).fold(0.0, f64::max);
            assert!(nearest > 0.97, "{column:?}: {nearest} in {filters:?}");
        }
    }

    #[test]
    fn one_thread_and_four_learn_the_same_filters_and_report_every_sheet() {
        let images = uniform(&mut seeded(4, "images"), &[60, 2, 9, 7], 1.0, DType::F32);
        let net = layer([2, 9, 7], Fields { size: [3, 2], stride: [2, 1] }, 3, Pool::square(2, 2));
        let short = ReconstructionIca { steps: 4, batch: 20, ..ICA };
        let learned = [1, 4].map(|threads| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
            let done = std::sync::atomic::AtomicUsize::new(0);
            let count = || {
                done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            };
            let trained = pool.install(|| short.train(net.clone(), 1, &images, 5, count));
            assert_eq!((done.into_inner(), short.pooling_groups(&net, 1)), (6, 6));
            trained.to_safetensors()
        });
        assert!(learned[0] == learned[1] && learned[0] != net.to_safetensors());
    }

    #[test]
    #[should_panic(expected = "local: expected poolings that do not overlap")]
    fn pooling_groups_that_share_places_are_refused() {
        let net = layer([1, 4, 4], Fields::square(2, 1), 2, Pool::square(2, 1));
        let _ = ICA.pooling_groups(&net, 1);
    }
}
