//! Layers that read whole maps: what a change adds to their result.

use super::Changes;
use crate::op::Op;
use crate::region::{Region, map_of};
use std::collections::BTreeMap;
use tensor::{Real, Tensor, by_type, linear, tensor_of, with_slice};

/// A region is worth the gathering of its weights where the map is more than so many times as large.
///
/// Gathering a weight costs some 32 multiply-adds, and some eight copies share a region: how many they are in fact
/// must not decide, for then a copy's result would depend on the others.
const WORTH_GATHERING: usize = 5;

/// A dense layer's changes: `W x′ + b`, or `y + W (x′ − x)` of the changed inputs alone where that is less work.
///
/// **Shape** before, the maps that the layer reads flattened, `[1, …]`; after, its result, `[1, o]`.
pub(super) fn dense_difference(
    changes: &Changes,
    before: &Tensor,
    after: &Tensor,
    weight: &Tensor,
    layer: &Op,
) -> Changes {
    let whole = Region::whole(map_of(&before.dims()[1..]));
    let area = |region: Region| region.height * region.width;
    let mut found = Changes::none(changes.len());
    let mut rest = vec![];
    for (region, copies) in by_region(changes) {
        if area(whole) <= WORTH_GATHERING * area(region) {
            rest.extend(copies);
            continue;
        }
        let values = changes.windows(before, &copies, &vec![region; copies.len()]);
        let difference = (values.broadcast_sub(&region.of(before))).expect("values of the region");
        let flat =
            |maps: &Tensor| maps.flatten_from(1).expect("a batch").contiguous().expect("a copy in memory");
        let inputs = [&[weight.dims()[0]], &before.dims()[1..]].concat();
        let columns = region.of(&weight.reshape(inputs).expect("a weight for each input"));
        let nothing = after.flatten_all().and_then(|row| row.zeros_like()).expect("zeros in memory");
        let added = linear(&flat(&difference), &flat(&columns), &nothing);
        let result = after.broadcast_add(&added).expect("rows of one length");
        found.push(copies.into_iter().map(|copy| (copy, Region::unit(0, 0))), result);
    }
    if !rest.is_empty() {
        let inputs =
            changes.windows(before, &rest, &vec![whole; rest.len()]).flatten_from(1).expect("a batch");
        found.push(rest.into_iter().map(|copy| (copy, Region::unit(0, 0))), layer.apply(&[&inputs]));
    }
    found
}

/// The changed copies of each region, in order.
fn by_region(changes: &Changes) -> impl Iterator<Item = (Region, Vec<usize>)> {
    let mut by_region: BTreeMap<[usize; 4], (Region, Vec<usize>)> = BTreeMap::new();
    for copy in 0..changes.len() {
        if let Some(region) = changes.region(copy) {
            let key = [region.top, region.left, region.height, region.width];
            by_region.entry(key).or_insert((region, vec![])).1.push(copy);
        }
    }
    by_region.into_values()
}

/// The changed means of whole maps: `mean + Σ (x′ − x) / area` over the region.
///
/// **Shape** before `[1, c, h, w]`, after `[1, c, 1, 1]`.
pub(super) fn mean_difference(changes: &Changes, before: &Tensor, after: &Tensor) -> Changes {
    let mut found = Changes::none(changes.len());
    let changed: Vec<usize> = (0..changes.len()).filter(|&copy| changes.region(copy).is_some()).collect();
    let sums = changed.iter().map(|&copy| {
        let place = changes.places[copy].expect("changed");
        let difference = |tensor: &Tensor| by_type!(tensor, T => plane_sums::<T>(tensor));
        let values = changes.batches[place.batch].narrow(0, place.index, 1).expect("one of the batch");
        let (new, old) = (difference(&values), difference(&place.region.of(before)));
        new.into_iter().zip(old).map(|(new, old)| new - old).collect::<Vec<f64>>()
    });
    let [height, width] = map_of(&before.dims()[1..]);
    let area = (height * width) as f64;
    let added: Vec<f64> = sums.flatten().map(|sum| sum / area).collect();
    if !changed.is_empty() {
        let shape = [&[changed.len()], &after.dims()[1..]].concat();
        let added = tensor_of(added, &shape).to_dtype(after.dtype()).expect("a cast in memory");
        let values = after.broadcast_add(&added).expect("rows of one length");
        found.push(changed.into_iter().map(|copy| (copy, Region::unit(0, 0))), values);
    }
    found
}

fn plane_sums<T: Real>(maps: &Tensor) -> Vec<f64> {
    let plane = maps.dims()[2] * maps.dims()[3];
    with_slice::<T, _>(maps, |maps| {
        maps.chunks_exact(plane).map(|plane| plane.iter().map(|&v| v.into()).sum::<f64>()).collect()
    })
}
