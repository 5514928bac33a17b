//! The cases of an attack: images by their index, and a target for each.

use adversarial::random_targets;
use anyhow::{Context, Result};
use rand::seq::index::sample;
use serde::{Deserialize, Serialize};
use std::path::Path;
use tensor::seeded;

/// One image of the training set and its target class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its index in the training set.
    pub index: usize,
    /// Its label, by which the other side checks that it reads the same images.
    pub label: usize,
    /// The class to reach, a wrong one.
    pub target: usize,
}

const SEED: u64 = 256;

impl Case {
    /// `count` different images of those with these labels.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn draw(labels: &[usize], count: usize) -> Vec<Case> {
        let indices = sample(&mut seeded(SEED, "images"), labels.len(), count).into_vec();
        let labels: Vec<usize> = indices.iter().map(|&i| labels[i]).collect();
        let targets = random_targets(&labels, 10, SEED);
        let triples = indices.into_iter().zip(labels).zip(targets);
        triples.map(|((index, label), target)| Case { index, label, target }).collect()
    }

    /// Writes cases as CSV with the columns `index,label,target`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(cases: &[Case], path: &Path) -> Result<()> {
        let context = || format!("{}: cannot be written", path.display());
        let mut writer = csv::Writer::from_path(path).with_context(context)?;
        for case in cases {
            writer.serialize(case).with_context(context)?;
        }
        writer.flush().with_context(context)
    }

    /// Reads a file of [`Case::write`].
    ///
    /// # Errors
    /// When the file cannot be read, or is not such a CSV.
    pub fn read(path: &Path) -> Result<Vec<Case>> {
        let reader = csv::Reader::from_path(path);
        let cases = reader.and_then(|reader| reader.into_deserialize().collect());
        cases.with_context(|| format!("{}: expected index,label,target", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_different_images_with_wrong_targets_and_survive_their_file() {
        let labels: Vec<usize> = (0..500).map(|i| i * i % 10).collect();
        let cases = Case::draw(&labels, 256);
        let mut indices: Vec<usize> = cases.iter().map(|case| case.index).collect();
        indices.sort_unstable();
        indices.dedup();
        assert_eq!(indices.len(), 256);
        assert!(cases.iter().all(|case| case.label == labels[case.index] && case.label != case.target));

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.csv");
        Case::write(&cases, &path).unwrap();
        assert_eq!(Case::read(&path).unwrap(), cases);
    }

    #[test]
    fn another_file_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.csv");
        std::fs::write(&path, "index,label\n1,2\n").unwrap();
        let error = Case::read(&path).unwrap_err().to_string();
        assert!(error.ends_with("cases.csv: expected index,label,target"), "{error}");
    }
}
