//! The images that stimulate directions most.

use tensor::{Tensor, to_f64s};

/// An image, and how strongly it stimulates a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stimulus {
    /// The image, counted from the first that was seen.
    pub image: usize,
    /// `<φ(x), v>`
    pub value: f64,
}

/// The `k` images that stimulate each of several directions most, in one pass over any number of images; ties take the earlier image.
///
/// **Paper** Szegedy et al. 2013, §3: `x′ = arg max <φ(x), v>` over images that the net was not trained on, and those next to it.
#[derive(Clone, Debug)]
pub struct Ranking {
    k: usize,
    seen: usize,
    directions: Vec<Ranked>,
}

#[derive(Clone, Debug, Default)]
struct Ranked {
    /// At most `k + 1`.
    strongest: Vec<Stimulus>,
    positive: usize,
}

impl Ranking {
    /// An empty ranking of `k` images for each direction.
    pub fn new(directions: usize, k: usize) -> Self {
        Self { k, seen: 0, directions: vec![Ranked::default(); directions] }
    }

    /// Adds the next batch of images.
    ///
    /// **Shape** `[n, directions]`, of [`stimulation`](crate::stimulation).
    ///
    /// # Panics
    /// If there are more or fewer directions.
    pub fn update(&mut self, stimulation: &Tensor) {
        let directions = self.directions.len();
        let fits = matches!(*stimulation.dims(), [_, d] if d == directions);
        assert!(fits, "Ranking: expected values of {directions} directions, got {:?}", stimulation.dims());
        for image in to_f64s(stimulation).chunks_exact(directions) {
            for (ranked, &value) in self.directions.iter_mut().zip(image) {
                ranked.insert(Stimulus { image: self.seen, value }, self.k + 1);
            }
            self.seen += 1;
        }
    }

    /// Number of images so far.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// The images that stimulate the direction of this index most, the strongest first.
    pub fn strongest(&self, direction: usize) -> &[Stimulus] {
        let strongest = &self.directions[direction].strongest;
        &strongest[..self.k.min(strongest.len())]
    }

    /// Whether the strongest images are unique: the next one stimulates the direction of this index less.
    ///
    /// A unit that fewer than `k` images excite, or that more than `k` saturate, has a ranking of ties.
    pub fn is_distinct(&self, direction: usize) -> bool {
        let strongest = &self.directions[direction].strongest;
        self.k == 0 || strongest.get(self.k).is_none_or(|next| next.value < strongest[self.k - 1].value)
    }

    /// Number of images with a value above 0 for the direction of this index.
    ///
    /// A unit behind a rectifier that none excites is dead.
    pub fn positive(&self, direction: usize) -> usize {
        self.directions[direction].positive
    }
}

impl Ranked {
    fn insert(&mut self, new: Stimulus, k: usize) {
        self.positive += usize::from(new.value > 0.0);
        let place = self.strongest.partition_point(|known| known.value >= new.value);
        if place < k {
            self.strongest.insert(place, new);
            self.strongest.truncate(k);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use tensor::{gather, seeded, tensor_of};

    #[test]
    fn a_ranking_in_batches_is_that_of_all_images_sorted_with_ties_to_the_earlier() {
        let rng = &mut seeded(1, "values");
        // Few different values, so that there are ties.
        let values: Vec<f64> = (0..40 * 3).map(|_| f64::from(rng.random_range(-4..5))).collect();
        let stimulation = tensor_of(values.clone(), &[40, 3]);
        let mut ranking = Ranking::new(3, 8);
        for from in (0..40).step_by(7) {
            ranking.update(&gather(&stimulation, &(from..40.min(from + 7)).collect::<Vec<_>>()));
        }
        assert_eq!(ranking.seen(), 40);
        for direction in 0..3 {
            let value = |image: usize| values[image * 3 + direction];
            let mut order: Vec<usize> = (0..40).collect();
            order.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
            let expected: Vec<_> =
                order[..8].iter().map(|&image| Stimulus { image, value: value(image) }).collect();
            assert_eq!(ranking.strongest(direction), expected);
            assert_eq!(ranking.is_distinct(direction), value(order[8]) < value(order[7]));
            assert_eq!(ranking.positive(direction), (0..40).filter(|&image| value(image) > 0.0).count());
        }
    }

    #[test]
    fn images_are_distinct_where_the_next_one_gives_less() {
        // Excited by two and by one, and saturated by three.
        let values = tensor_of(vec![3.0, 0.0, 1.0, 0.0, 2.0, 1.0, 1.0, 0.0, 1.0], &[3, 3]);
        let mut ranking = Ranking::new(3, 2);
        ranking.update(&values);
        assert_eq!([0, 1, 2].map(|direction| ranking.is_distinct(direction)), [true, false, false]);
        let mut all = Ranking::new(3, 3);
        all.update(&values);
        assert!((0..3).all(|direction| all.is_distinct(direction)));
    }

    #[test]
    #[should_panic(expected = "expected values of 2 directions, got [1, 3]")]
    fn values_of_other_directions_are_refused() {
        Ranking::new(2, 8).update(&tensor_of(vec![0.0f32; 3], &[1, 3]));
    }
}
