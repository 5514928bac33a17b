//! Whether the images that stimulate a unit are more alike than those that stimulate a random direction, and these more than random images.

use super::sought::{Found, K, Sought, directions};
use anyhow::Result;
use lab::{Run, Table};
use rand::seq::index::sample;
use std::collections::BTreeMap;
use tensor::seeded;
use unit_analysis::{Likeness, permutation_test};

/// Draws of a permutation test.
const DRAWS: usize = 9999;

/// Why units have no number.
const NONE: &str = "every unit has a ranking of ties";

/// What stands beside every p.
const SHARED: &str = "sets share images, so p is too small and intervals are too narrow";

/// A number for how alike the images of a set are, with its name.
pub type Measure = (&'static str, fn(&Likeness, &[usize]) -> f64);

/// How alike images are, beside random ones.
pub struct Related<'a> {
    likeness: Likeness,
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

impl<'a> Related<'a> {
    /// Random sets of the images of which `likeness` knows, in the row of this name.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn new(
        run: &Run,
        table: &mut Table,
        (row, images): (&str, usize),
        likeness: Likeness,
        measures: &'a [Measure],
    ) -> Result<Self> {
        let mut lines = csv::Writer::from_writer(Vec::new());
        let names = measures.iter().map(|(name, _)| *name);
        lines.write_record(["row", "set", "images"].into_iter().chain(names))?;
        let random = Group { row: row.to_owned(), values: Vec::new() };
        let mut related = Self { likeness, measures, random, lines };
        let rng = &mut seeded(run.seed(), "random images");
        let draw = |number: usize| (number.to_string(), sample(rng, images, K.min(images)).into_vec());
        related.random = related.group(table, row, (0..directions(run)).map(draw).collect())?;
        Ok(related)
    }

    /// Records how alike the images are that stimulate a layer's units and its random directions, and whether that differs by more than chance.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn record(&mut self, run: &Run, table: &mut Table, sought: &Sought) -> Result<()> {
        let set = |found: &Found| {
            let images = found.strongest.iter().map(|stimulus| stimulus.image);
            (found.name.clone(), images.collect())
        };
        let row = |of: &str| format!("{}: {of}", sought.layer);
        let units = self.group(table, &row("units"), sought.units.iter().map(set).collect())?;
        let along = sought.directions.iter().map(set).collect();
        let along = self.group(table, &row("random directions"), along)?;
        let left_out = sought.looked_at - sought.units.len();
        table.rate(&units.row, "dead units", sought.dead, sought.looked_at);
        table.rate(&units.row, "units left out", left_out, sought.looked_at);
        self.compare(run, table, &units, (&along, "directions"));
        self.compare(run, table, &units, (&self.random, "random images"));
        self.compare(run, table, &along, (&self.random, "random images"));
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
    fn group(&mut self, table: &mut Table, row: &str, sets: Vec<(String, Vec<usize>)>) -> Result<Group> {
        let of =
            |measure: &Measure| sets.iter().map(|(_, images)| measure.1(&self.likeness, images)).collect();
        let values: Vec<Vec<f64>> = self.measures.iter().map(of).collect();
        for ((name, _), values) in self.measures.iter().zip(&values) {
            if values.is_empty() {
                table.not_run(row, name, NONE);
            } else {
                table.mean(row, name, values);
            }
        }
        let mut times = BTreeMap::new();
        sets.iter().flat_map(|(_, images)| images).for_each(|image| *times.entry(image).or_insert(0) += 1);
        let most = times.into_values().max().unwrap_or(0);
        table.value(
            row,
            "sets with the most frequent image (%)",
            100.0 * f64::from(most) / sets.len().max(1) as f64,
        );
        for (index, (name, images)) in sets.iter().enumerate() {
            let images = images.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
            let numbers = values.iter().map(|values| values[index].to_string());
            self.lines.write_record([row.to_owned(), name.clone(), images].into_iter().chain(numbers))?;
        }
        Ok(Group { row: row.to_owned(), values })
    }

    /// Records for each measure the probability that chance alone makes two groups differ as much.
    fn compare(&self, run: &Run, table: &mut Table, group: &Group, (other, against): (&Group, &str)) {
        for (index, (name, _)) in self.measures.iter().enumerate() {
            let column = format!("p of {name}, against {against}");
            let [values, others] = [group, other].map(|group| &group.values[index]);
            if values.is_empty() {
                table.not_run(&group.row, &column, NONE);
                continue;
            }
            let rng = &mut seeded(run.seed(), &format!("{}, {column}", group.row));
            table.value(&group.row, &column, permutation_test(rng, values, others, DRAWS).p);
            table.note(&group.row, &column, SHARED);
        }
    }
}
