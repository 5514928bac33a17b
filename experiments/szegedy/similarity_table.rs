//! Whether the images that stimulate a unit are more alike than those that stimulate a random direction, and these more than random images.

use super::top_stimuli::{DirectionStimuli, K, Sampling, TopStimuli};
use anyhow::{Result, ensure};
use lab::Table;
use rand::seq::index::sample;
use statistics::permutation_test;
use std::collections::BTreeMap;
use tensor::seeded;
use unit_analysis::Similarity;

/// Draws of a permutation test.
const DRAWS: usize = 9999;

/// Why units have no number.
const NONE: &str = "every unit has a ranking of ties";

/// Notes on every mean and every p.
const SHARED: [&str; 2] =
    ["sets share images, so the interval is too narrow", "sets share images, so p is too small"];

/// A number for how alike the images of a set are, with its name.
pub type Measure = (&'static str, fn(&Similarity, &[usize]) -> f64);

/// A direction's name and images.
type Set = (String, Vec<usize>);

/// How alike images are, beside random ones.
pub struct SimilarityTable<'a> {
    draw: Sampling,
    similarity: Similarity,
    measures: &'a [Measure],
    random: Group,
    lines: csv::Writer<Vec<u8>>,
}

/// Sets of images in a row of the table.
struct Group {
    row: String,
    /// By measure, for each set.
    values: Vec<Vec<f64>>,
}

impl<'a> SimilarityTable<'a> {
    /// Random sets of the images of which `similarity` knows, in the row of this name.
    ///
    /// # Errors
    /// When there are no two images to compare, or a line cannot be written.
    pub fn new(
        draw: Sampling,
        table: &mut Table,
        row: &str,
        similarity: Similarity,
        measures: &'a [Measure],
    ) -> Result<Self> {
        let images = similarity.images();
        ensure!(images > 1, "{row}: expected two images or more to compare, found {images}");
        let mut lines = csv::Writer::from_writer(Vec::new());
        let names = measures.iter().map(|(name, _)| *name);
        lines.write_record(["row", "set", "images"].into_iter().chain(names))?;
        let none = Group { row: row.to_owned(), values: Vec::new() };
        let mut similarities = Self { draw, similarity, measures, random: none, lines };
        let rng = &mut seeded(draw.seed, "random images");
        let set = |number: usize| (number.to_string(), sample(rng, images, K.min(images)).into_vec());
        let sets: Vec<Set> = (0..draw.directions).map(set).collect();
        similarities.random = similarities.group(table, row, &sets)?;
        Ok(similarities)
    }

    /// Records how alike the images are that stimulate a layer's units and its random directions, and whether that differs by more than chance.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn record(&mut self, table: &mut Table, stimuli: &TopStimuli) -> Result<()> {
        let sets = |found: &[DirectionStimuli]| found.iter().map(set).collect::<Vec<Set>>();
        let row = |of: &str| format!("{}: {of}", stimuli.layer);
        let units = self.group(table, &row("units"), &sets(&stimuli.units))?;
        let along = self.group(table, &row("random directions"), &sets(&stimuli.directions))?;
        let left_out = stimuli.analyzed - stimuli.units.len();
        table.rate(&units.row, "dead units", stimuli.dead, stimuli.analyzed);
        table.rate(&units.row, "units left out", left_out, stimuli.analyzed);
        self.compare(table, &units, (&along, "directions"));
        self.compare(table, &units, (&self.random, "random images"));
        self.compare(table, &along, (&self.random, "random images"));
        Ok(())
    }

    /// Every set, as a file.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        Ok(self.lines.into_inner()?)
    }

    /// Measures named sets of images and records their means.
    fn group(&mut self, table: &mut Table, row: &str, sets: &[Set]) -> Result<Group> {
        let of =
            |measure: &Measure| sets.iter().map(|(_, images)| measure.1(&self.similarity, images)).collect();
        let values: Vec<Vec<f64>> = self.measures.iter().map(of).collect();
        for ((name, _), values) in self.measures.iter().zip(&values) {
            if values.is_empty() {
                table.not_run(row, name, NONE);
            } else {
                table.mean(row, name, values);
                table.note(row, name, SHARED[0]);
            }
        }
        table.value(row, "sets with the most frequent image (%)", 100.0 * most_frequent(sets), sets.len());
        for (index, (name, images)) in sets.iter().enumerate() {
            let images = images.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
            let numbers = values.iter().map(|values| values[index].to_string());
            self.lines.write_record([row.to_owned(), name.clone(), images].into_iter().chain(numbers))?;
        }
        Ok(Group { row: row.to_owned(), values })
    }

    /// Records for each measure the probability that chance alone makes two groups differ as much.
    fn compare(&self, table: &mut Table, group: &Group, (other, against): (&Group, &str)) {
        for (index, (name, _)) in self.measures.iter().enumerate() {
            let column = format!("p of {name}, against {against}");
            let [values, others] = [group, other].map(|group| &group.values[index]);
            if values.is_empty() {
                table.not_run(&group.row, &column, NONE);
                continue;
            }
            let rng = &mut seeded(self.draw.seed, &format!("{}, {column}", group.row));
            let p = permutation_test(rng, values, others, DRAWS).p;
            table.value(&group.row, &column, p, values.len() + others.len());
            table.note(&group.row, &column, SHARED[1]);
        }
    }
}

fn set(found: &DirectionStimuli) -> Set {
    (found.name.clone(), found.strongest.iter().map(|stimulus| stimulus.image).collect())
}

/// The share of sets that contain the most frequent image: the larger, the less independent are the sets.
fn most_frequent(sets: &[Set]) -> f64 {
    let mut times = BTreeMap::new();
    sets.iter().flat_map(|(_, images)| images).for_each(|image| *times.entry(image).or_insert(0) += 1);
    f64::from(times.into_values().max().unwrap_or(0)) / sets.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_image_is_counted_once_a_set() {
        let sets = [[1, 2], [3, 2], [2, 4], [5, 6]].map(|images| ("a set".to_owned(), images.to_vec()));
        assert_eq!((most_frequent(&sets), most_frequent(&[])), (0.75, 0.0));
    }
}
