//! Changed copies of one image, computed from its trace, only in the regions that the changes reach.

mod propagation;
mod reached;

use crate::region::{Region, map_of};
use rayon::prelude::*;
use std::collections::BTreeMap;
use tensor::{Patch, Tensor, overlay};

/// Differences of several copies of an activation from it: for each copy a region, and its values there.
///
/// Elsewhere a copy equals the activation.
#[derive(Clone, Debug)]
pub struct Changes {
    /// By copy; none where nothing has changed.
    places: Vec<Option<Place>>,
    /// Values of regions of one size, `[k, c, height, width]`.
    batches: Vec<Tensor>,
}

/// The region in which a copy differs, and the position of its values.
#[derive(Clone, Copy, Debug)]
struct Place {
    region: Region,
    batch: usize,
    index: usize,
}

impl Changes {
    /// The copies that have these values in these regions.
    ///
    /// **Shape** values `[1, c, height, width]` of the region.
    ///
    /// # Panics
    /// If a region is not of its values' size, or the channels differ.
    pub fn new(copies: &[(Region, Tensor)]) -> Self {
        let mut by_size: BTreeMap<[usize; 2], Vec<usize>> = BTreeMap::new();
        for (copy, (region, values)) in copies.iter().enumerate() {
            let size = [region.height, region.width];
            assert_eq!(map_of(&values.dims()[1..]), size, "changes: values of {region:?}");
            by_size.entry(size).or_default().push(copy);
        }
        let mut changes = Changes { places: vec![None; copies.len()], batches: vec![] };
        for members in by_size.into_values() {
            let values: Vec<&Tensor> = members.iter().map(|&copy| &copies[copy].1).collect();
            let values = Tensor::cat(&values, 0).expect("values of as many channels");
            changes.push(members.iter().map(|&copy| (copy, copies[copy].0)), values);
        }
        changes
    }

    /// The number of copies.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no copy.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where a copy may differ; `None` where it cannot.
    ///
    /// # Panics
    /// If there is no such copy.
    pub fn region(&self, copy: usize) -> Option<Region> {
        self.places[copy].map(|place| place.region)
    }

    /// A copy's values in its region.
    ///
    /// **Shape** `[1, c, height, width]`
    ///
    /// # Panics
    /// If there is no such copy.
    pub fn values(&self, copy: usize) -> Option<Tensor> {
        let place = self.places[copy]?;
        Some(self.batches[place.batch].narrow(0, place.index, 1).expect("one of the batch"))
    }

    /// The whole copies of the activation, with their changes.
    ///
    /// **Shape** activation `[1, …]`; the result is `[copies, …]`.
    ///
    /// # Panics
    /// If the regions do not lie in the activation.
    pub fn applied_to(&self, activation: &Tensor) -> Tensor {
        let whole = Region::whole(map_of(&activation.dims()[1..]));
        self.windows(activation, &(0..self.len()).collect::<Vec<_>>(), &vec![whole; self.len()])
    }

    pub(crate) fn none(copies: usize) -> Self {
        Changes { places: vec![None; copies], batches: vec![] }
    }

    /// The copies that differ.
    pub(crate) fn changed(&self) -> Vec<usize> {
        (0..self.len()).filter(|&copy| self.places[copy].is_some()).collect()
    }

    /// The changed copies of each region, in order.
    pub(crate) fn by_region(&self) -> BTreeMap<Region, Vec<usize>> {
        let mut by_region: BTreeMap<Region, Vec<usize>> = BTreeMap::new();
        for copy in self.changed() {
            by_region.entry(self.region(copy).expect("changed")).or_default().push(copy);
        }
        by_region
    }

    /// Adds copies with these values, in their order.
    pub(crate) fn push(&mut self, copies: impl Iterator<Item = (usize, Region)>, values: Tensor) {
        let batch = self.batches.len();
        for (index, (copy, region)) in copies.enumerate() {
            self.places[copy] = Some(Place { region, batch, index });
        }
        self.batches.push(values);
    }

    /// The same regions, with `f` of the values, batch by batch.
    fn map(&self, f: impl Fn(&Tensor) -> Tensor + Sync + Send) -> Self {
        Changes { places: self.places.clone(), batches: self.batches.par_iter().map(f).collect() }
    }

    /// The values of some copies of the activation in these windows, all of one size.
    pub(crate) fn windows(&self, activation: &Tensor, copies: &[usize], windows: &[Region]) -> Tensor {
        if let Some(batch) = self.batch_of(copies, windows) {
            return batch.clone();
        }
        let image = as_maps(activation);
        let batches: Vec<Tensor> = self.batches.iter().map(as_maps).collect();
        let under = |(&copy, window): (&usize, &Region)| {
            let patch = self.places[copy].map(|Place { region, batch, index }| Patch {
                batch: &batches[batch],
                index,
                at: [region.top, region.left],
            });
            ([window.top, window.left], patch)
        };
        let size = windows.first().map_or([1, 1], |window| [window.height, window.width]);
        let found = overlay(&image, size, &copies.iter().zip(windows).map(under).collect::<Vec<_>>());
        if activation.rank() == 4 {
            return found;
        }
        found.reshape([&[copies.len()], &activation.dims()[1..]].concat()).expect("as many scalars")
    }

    /// The batch that consists of exactly these windows of these copies.
    fn batch_of(&self, copies: &[usize], windows: &[Region]) -> Option<&Tensor> {
        let batch = self.places[*copies.first()?]?.batch;
        let mut expected = copies.iter().zip(windows).enumerate();
        let is_it = expected.all(|(index, (&copy, &window))| {
            self.places[copy]
                .is_some_and(|place| (place.batch, place.index, place.region) == (batch, index, window))
        });
        (is_it && self.batches[batch].dims()[0] == copies.len()).then(|| &self.batches[batch])
    }
}

/// `[n, c, h, w]`: what has no maps, as maps of one place.
fn as_maps(activations: &Tensor) -> Tensor {
    match activations.dims() {
        [_, _, _, _] => activations.clone(),
        [n, image @ ..] => {
            activations.reshape((*n, image.iter().product::<usize>(), 1, 1)).expect("as many scalars")
        }
        [] => unreachable!("a batch comes first"),
    }
}
