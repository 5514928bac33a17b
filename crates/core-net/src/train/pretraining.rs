//! Greedy training of untied layers, one after the other, without labels.

use super::reconstruction_ica::ReconstructionIca;
use super::sheet::Sheet;
use crate::net::Net;
use crate::op::Op;
use rayon::prelude::*;
use tensor::{Fields, Pool, Rounding, Tensor, tensor_of, with_slice};

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
    /// `done` is called as each of the [`ReconstructionIca::sheets`] is finished.
    /// Filters of places that no pooling looks at stay as they are.
    ///
    /// **Shape** images `[n, …]`, f32, as the net was built.
    ///
    /// # Panics
    /// If the node is no [`Op::LocallyConnected`] in f32 with a bias, if the one L2 pooling that is to read it overlaps with itself,
    /// has padding or dilation, or if the images have another shape.
    pub fn train(&self, net: Net, node: usize, images: &Tensor, seed: u64, done: impl Fn() + Sync) -> Net {
        let layer = Layer::of(&net, node);
        let input = net.activations_of(images, &[net.nodes[node].inputs[0]]).remove(0);
        let sheets = layer.sheets();
        let name = &net.nodes[node].name;
        let learned: Vec<_> = with_slice::<f32, _>(&input, |input| {
            let learn = |(index, places): (usize, &Vec<[usize; 2]>)| {
                let sheet = Sheet::of(input, layer.image, &layer.fields, places, self.whitening);
                let filters = self.filters(&sheet, layer.maps[0], seed, &format!("{name} {index}"));
                let filters = filters.chunks_exact(layer.maps[0] * sheet.depth).enumerate();
                let on_pixels = filters.map(|(place, filters)| sheet.on_pixels(place, filters)).collect();
                done();
                on_pixels
            };
            sheets.par_iter().enumerate().map(learn).collect::<Vec<Vec<(Vec<f32>, Vec<f32>)>>>()
        });
        layer.with(net, sheets.iter().flatten().zip(learned.into_iter().flatten()))
    }

    /// How many sheets, each a small problem of its own, a layer has.
    ///
    /// # Panics
    /// As [`ReconstructionIca::train`].
    pub fn sheets(&self, net: &Net, node: usize) -> usize {
        Layer::of(net, node).sheets().len()
    }
}

impl Layer {
    fn of(net: &Net, node: usize) -> Self {
        let name = &net.nodes[node].name;
        let Op::LocallyConnected { bias: Some(_), fields, .. } = &net.nodes[node].op else {
            panic!("{name}: expected a locally connected layer with a bias, got {:?}", net.nodes[node].op);
        };
        let readers: Vec<&Op> =
            net.nodes.iter().filter(|other| other.inputs.contains(&node)).map(|other| &other.op).collect();
        let [Op::L2Pool { pool, .. }] = readers[..] else {
            panic!("{name}: expected one L2 pooling to read it, got {readers:?}");
        };
        let apart = Pool { rounding: pool.rounding, ..Pool { stride: pool.stride, ..apart(pool.kernel) } };
        let steps = (0..2).all(|axis| pool.stride[axis] >= pool.kernel[axis]);
        assert!(steps && *pool == apart, "{name}: expected poolings that do not overlap, got {pool:?}");
        let three = |shape: &[usize]| shape.try_into().expect("feature maps, as the builder checked");
        Self {
            node,
            fields: *fields,
            pool: *pool,
            image: three(&net.nodes[net.nodes[node].inputs[0]].shape),
            maps: three(&net.nodes[node].shape),
        }
    }

    /// The places that each unit of the pooling looks at, row by row.
    fn sheets(&self) -> Vec<Vec<[usize; 2]>> {
        let [_, down, across] = self.maps;
        let [rows, columns] = self.pool.output_size([down, across]).expect("it fits, as the builder checked");
        let side = |at: usize, axis: usize, length: usize| {
            let start = at * self.pool.stride[axis];
            start..length.min(start + self.pool.kernel[axis])
        };
        let sheet = |row: usize, column: usize| {
            side(row, 0, down).flat_map(|y| side(column, 1, across).map(move |x| [y, x])).collect()
        };
        (0..rows).flat_map(|row| (0..columns).map(move |column| sheet(row, column))).collect()
    }

    /// The net with these filters and biases at these places.
    fn with<'a>(
        &self,
        mut net: Net,
        learned: impl Iterator<Item = (&'a [usize; 2], (Vec<f32>, Vec<f32>))>,
    ) -> Net {
        let Op::LocallyConnected { weight, bias: Some(bias), .. } = &mut net.nodes[self.node].op else {
            unreachable!("it was one a moment ago");
        };
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

/// Windows without padding or dilation.
fn apart(kernel: [usize; 2]) -> Pool {
    Pool { kernel, stride: kernel, padding: [0; 4], dilation: [1; 2], rounding: Rounding::Floor }
}
