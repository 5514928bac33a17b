//! Target classes of an attack.

use crate::job::Origin;
use adversarial::random_targets;
use anyhow::{Context, Result, bail, ensure};
use std::convert::Infallible;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The value of `--targets`.
#[derive(Clone, Debug)]
pub enum TargetRule {
    /// This class for all images.
    Class(usize),
    /// Wrong classes, drawn at random.
    Random,
    /// The column `target` of a CSV file.
    Table(PathBuf),
}

impl FromStr for TargetRule {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<TargetRule, Infallible> {
        Ok(match text.parse() {
            Ok(class) => TargetRule::Class(class),
            Err(_) if text == "random" => TargetRule::Random,
            Err(_) => TargetRule::Table(text.into()),
        })
    }
}

impl TargetRule {
    /// The origin of a job with these targets.
    pub fn origin(&self, origin: Origin, seed: u64) -> Result<Origin> {
        match self {
            TargetRule::Class(class) => Ok(origin.setting("targets", class)),
            TargetRule::Random => Ok(origin.setting("targets", &"random").setting("seed", &seed)),
            TargetRule::Table(path) => origin.file("targets", path),
        }
    }
}

/// What images show, and what they are to be read as.
pub struct TargetsAndLabels {
    pub labels: Vec<usize>,
    pub targets: Vec<usize>,
}

/// The targets of all images, before any of them was read.
pub struct Targets {
    classes: usize,
    target_classes: TargetClasses,
    /// What the images show, where that is known.
    labels: Option<Vec<usize>>,
}

enum TargetClasses {
    Class(usize),
    /// By image: how many classes the target lies above the label, all around.
    Above(Vec<usize>),
    Listed(Vec<usize>),
}

impl Targets {
    /// The targets for so many images.
    ///
    /// # Errors
    /// When a class is none of the net's, or a table has another number of rows than there are images.
    pub fn choose(rule: &TargetRule, images: usize, classes: usize, seed: u64) -> Result<Targets> {
        let (target_classes, labels) = match rule {
            TargetRule::Class(class) => {
                ensure!(*class < classes, "--targets: expected a class below {classes}, found {class}");
                (TargetClasses::Class(*class), None)
            }
            TargetRule::Random => {
                ensure!(classes > 1, "--targets random: expected two classes or more, found {classes}");
                // Drawn for all images at once, so that it does not matter which of them are computed together.
                (TargetClasses::Above(random_targets(&vec![0; images], classes, seed)), None)
            }
            TargetRule::Table(path) => from_table(path, images, classes)?,
        };
        Ok(Targets { classes, target_classes, labels })
    }

    /// Targets and labels of a range of images; predicted classes are the labels where none are known.
    pub fn select(&self, images: Range<usize>, read: Vec<usize>) -> TargetsAndLabels {
        let labels = match &self.labels {
            Some(labels) => labels[images.clone()].to_vec(),
            None => read,
        };
        let targets = match &self.target_classes {
            TargetClasses::Class(class) => vec![*class; labels.len()],
            TargetClasses::Above(above) => {
                let above = above[images].iter().zip(&labels);
                above.map(|(above, label)| (label + above) % self.classes).collect()
            }
            TargetClasses::Listed(targets) => targets[images].to_vec(),
        };
        TargetsAndLabels { labels, targets }
    }
}

/// The column `target`, and `label` where there is one.
fn from_table(path: &Path, images: usize, classes: usize) -> Result<(TargetClasses, Option<Vec<usize>>)> {
    let unreadable = || format!("{}: expected a CSV file with a column target, found", path.display());
    let mut table = csv::Reader::from_path(path).with_context(unreadable)?;
    let header = table.headers().with_context(unreadable)?.clone();
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().with_context(unreadable)?;
    let column = |name: &str| header.iter().position(|column| column.trim() == name);
    let Some(target) = column("target") else {
        let found: Vec<&str> = header.iter().collect();
        bail!("{} the columns {}", unreadable(), found.join(", "));
    };
    let found = rows.len();
    ensure!(found == images, "{}: expected {images} rows, one for each image, found {found}", path.display());
    let classes_in = |column: usize| -> Result<Vec<usize>> {
        rows.iter().map(|row| class(path, &row[column], row, classes)).collect()
    };
    let labels = column("label").map(classes_in).transpose()?;
    Ok((TargetClasses::Listed(classes_in(target)?), labels))
}

fn class(path: &Path, cell: &str, row: &csv::StringRecord, classes: usize) -> Result<usize> {
    let class: Option<usize> = cell.trim().parse().ok().filter(|&class| class < classes);
    class.with_context(|| {
        let line = row.position().map_or(0, csv::Position::line);
        format!("{}: expected a class below {classes}, found {cell:?} in line {line}", path.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_targets_of_parts_are_those_of_all_images() {
        let read: Vec<usize> = (0..50).map(|image| image * 7 % 10).collect();
        let targets = Targets::choose(&TargetRule::Random, 50, 10, 3).unwrap();
        for size in [1, 8, 50] {
            let each = (0..50).step_by(size).map(|from| {
                let images = from..50.min(from + size);
                targets.select(images.clone(), read[images].to_vec()).targets
            });
            assert_eq!(each.collect::<Vec<_>>().concat(), random_targets(&read, 10, 3));
        }
    }
}
