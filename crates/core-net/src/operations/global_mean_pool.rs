//! The mean of each feature map.

use super::{Changes, Operation, Region, Shape, Step, map_of, maps};
use tensor::{Real, Tensor, by_type, global_mean_pool, global_mean_pool_gradient, tensor_of, with_slice};

pub(super) struct GlobalMeanPool;

impl Operation for GlobalMeanPool {
    fn kind(&self) -> &'static str {
        "global_mean_pool"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        maps(inputs[0]).map(|[channels, ..]| vec![channels, 1, 1])
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        global_mean_pool(inputs[0])
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        global_mean_pool_gradient(step.signal, step.input_map())
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    /// `mean + Σ (x′ − x) / area` over the region.
    fn difference(&self, changes: &Changes, before: &Tensor, after: &Tensor) -> Option<Changes> {
        let mut found = Changes::none(changes.len());
        let changed = changes.changed();
        let sums = changed.iter().flat_map(|&copy| {
            let (region, values) = changes.region(copy).zip(changes.values(copy)).expect("changed");
            let [new, old] =
                [values, region.view(before)].map(|maps| by_type!(maps, T => plane_sums::<T>(&maps)));
            new.into_iter().zip(old).map(|(new, old)| new - old).collect::<Vec<f64>>()
        });
        let area = Region::whole(map_of(&before.dims()[1..])).area() as f64;
        let added: Vec<f64> = sums.map(|sum| sum / area).collect();
        if !changed.is_empty() {
            let shape = [&[changed.len()], &after.dims()[1..]].concat();
            let added = tensor_of(added, &shape).to_dtype(after.dtype()).expect("a cast in memory");
            let values = after.broadcast_add(&added).expect("rows of one length");
            found.push(changed.into_iter().map(|copy| (copy, Region::unit(0, 0))), values);
        }
        Some(found)
    }

    fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        Some(1.0 / (inputs[0][1..].iter().product::<usize>() as f64).sqrt())
    }
}

fn plane_sums<T: Real>(maps: &Tensor) -> Vec<f64> {
    let plane = maps.dims()[2] * maps.dims()[3];
    with_slice::<T, _>(maps, |maps| {
        maps.chunks_exact(plane).map(|plane| plane.iter().map(|&v| v.into()).sum::<f64>()).collect()
    })
}
