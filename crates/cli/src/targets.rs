//! Target classes of an attack.

use crate::class_table::Classes;
use crate::clean_images::{CleanImages, TargetsAndLabels};
use crate::failure::WrongArguments;
use crate::job::Origin;
use crate::output::ends_in;
use crate::remarks::remark;
use adversarial::random_targets;
use anyhow::{Context, Result, bail, ensure};
use csv::StringRecord;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Images or rows that a sentence names.
const NAMED: usize = 3;

/// The value of `--targets`.
#[derive(Clone, Debug)]
pub enum TargetRule {
    /// The nearest other class of each image.
    Any,
    /// This class for all images.
    Class(usize),
    /// The class of this name for all images.
    Named(String),
    /// Wrong classes, drawn at random.
    Random,
    /// The column `target` of a CSV file.
    Table(PathBuf),
}

impl FromStr for TargetRule {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<TargetRule, Infallible> {
        let path = Path::new(text);
        Ok(match text.parse() {
            Ok(class) => TargetRule::Class(class),
            Err(_) if text == "any" => TargetRule::Any,
            Err(_) if text == "random" => TargetRule::Random,
            Err(_) if ends_in(path, "csv") || path.is_file() => TargetRule::Table(path.into()),
            Err(_) => TargetRule::Named(text.into()),
        })
    }
}

impl TargetRule {
    /// The origin of a job with these targets.
    pub fn origin(&self, origin: Origin, seed: u64) -> Result<Origin> {
        match self {
            TargetRule::Any => Ok(origin.setting("targets", &"any")),
            TargetRule::Class(class) => Ok(origin.setting("targets", class)),
            TargetRule::Named(name) => Ok(origin.setting("targets", name)),
            TargetRule::Random => Ok(origin.setting("targets", &"random").setting("seed", &seed)),
            TargetRule::Table(path) => origin.file("targets", path),
        }
    }
}

/// The targets of all images, before any of them was classified.
pub struct Targets {
    classes: usize,
    target_classes: TargetClasses,
    /// What the images show, where that is known.
    labels: Option<Vec<usize>>,
}

enum TargetClasses {
    Any,
    Class(usize),
    /// By image: how many classes the target lies above the label, all around.
    Above(Vec<usize>),
    Listed(Vec<usize>),
}

impl Targets {
    /// The targets for these images.
    ///
    /// # Errors
    /// When a class is none of the net's, or a table lacks an image or has another number of rows than there are images.
    pub fn choose(
        rule: &TargetRule,
        images: &CleanImages,
        classes: usize,
        seed: u64,
        names: &Classes,
    ) -> Result<Targets> {
        ensure!(
            classes > 1,
            "--targets: expected a net that tells two classes or more apart, found {classes}"
        );
        let (target_classes, labels) = match rule {
            TargetRule::Any => (TargetClasses::Any, None),
            TargetRule::Class(class) => {
                ensure!(*class < classes, "--targets: expected a class below {classes}, found {class}");
                (TargetClasses::Class(*class), None)
            }
            TargetRule::Named(name) => (TargetClasses::Class(named(name, names, classes)?), None),
            TargetRule::Random => {
                // Drawn for all images at once, so that it does not matter which of them are computed together.
                (TargetClasses::Above(random_targets(&vec![0; images.len()], classes, seed)), None)
            }
            TargetRule::Table(path) => {
                let table = TargetTable::read(path, classes, names)?;
                let rows = table.rows_of(images)?;
                (TargetClasses::Listed(table.targets(&rows)?), table.labels(&rows)?)
            }
        };
        Ok(Targets { classes, target_classes, labels })
    }

    /// Targets and labels of a range of images; predicted classes are the labels where none are known.
    pub fn select(&self, images: Range<usize>, predicted: Vec<usize>) -> TargetsAndLabels {
        let labels = match &self.labels {
            Some(labels) => labels[images.clone()].to_vec(),
            None => predicted,
        };
        let targets = match &self.target_classes {
            TargetClasses::Any => None,
            TargetClasses::Class(class) => Some(vec![*class; labels.len()]),
            TargetClasses::Above(above) => {
                let above = above[images].iter().zip(&labels);
                Some(above.map(|(above, label)| (label + above) % self.classes).collect())
            }
            TargetClasses::Listed(targets) => Some(targets[images].to_vec()),
        };
        TargetsAndLabels { labels, targets }
    }

    /// Whether any other class will do.
    pub fn are_any(&self) -> bool {
        matches!(self.target_classes, TargetClasses::Any)
    }
}

fn named(name: &str, names: &Classes, classes: usize) -> Result<usize> {
    let Some(class) = names.find(name) else {
        bail!(WrongArguments(format!(
            "--targets: expected any, random, a class by its number or its name in --labels, or a file that ends in .csv, found {name}"
        )));
    };
    ensure!(class < classes, "--targets: expected a class below {classes}, found {name}, which is {class}");
    Ok(class)
}

/// A CSV file with targets.
struct TargetTable<'a> {
    path: &'a Path,
    classes: usize,
    names: &'a Classes,
    rows: Vec<StringRecord>,
    target: usize,
    label: Option<usize>,
    /// The column of the images' names, and what it is called.
    image: Option<(usize, &'static str)>,
}

impl<'a> TargetTable<'a> {
    fn read(path: &'a Path, classes: usize, names: &'a Classes) -> Result<TargetTable<'a>> {
        let unreadable = || format!("{}: expected a CSV file with a column target, found", path.display());
        let mut table = csv::Reader::from_path(path).with_context(unreadable)?;
        let header = table.headers().with_context(unreadable)?.clone();
        let rows: Vec<StringRecord> = table.records().collect::<Result<_, _>>().with_context(unreadable)?;
        let column = |name: &str| header.iter().position(|column| column.trim() == name);
        let Some(target) = column("target") else {
            let found: Vec<&str> = header.iter().collect();
            bail!("{} the columns {}", unreadable(), found.join(", "));
        };
        let image = ["file", "image"].into_iter().find_map(|name| Some((column(name)?, name)));
        Ok(TargetTable { path, classes, names, target, label: column("label"), image, rows })
    }

    /// The row of each image: by its name where the table has names, else in order, images that were left out included.
    fn rows_of(&self, images: &CleanImages) -> Result<Vec<&StringRecord>> {
        if let Some((column, name)) = self.image {
            return self.rows_by_name(images, column, name);
        }
        let (expected, found) = (images.all(), self.rows.len());
        let path = self.path.display();
        let broken = if expected > images.len() { ", broken ones included" } else { "" };
        ensure!(
            found == expected,
            "{path}: expected {expected} rows, one for each image{broken}, found {found}; a column file or image names them"
        );
        Ok(images.places().iter().map(|&place| &self.rows[place]).collect())
    }

    fn rows_by_name(&self, images: &CleanImages, column: usize, called: &str) -> Result<Vec<&StringRecord>> {
        let path = self.path.display();
        let mut by_name: BTreeMap<&str, &StringRecord> = BTreeMap::new();
        for row in &self.rows {
            let name = row[column].trim();
            let is_new = by_name.insert(name, row).is_none();
            ensure!(
                is_new,
                "{path}: expected one row for each {called}, found {name} again in line {}",
                line(row)
            );
        }
        let row =
            |name: &String| by_name.get(name.as_str()).or_else(|| by_name.get(last_part(name))).copied();
        let missing: Vec<&str> =
            images.names().iter().filter(|name| row(name).is_none()).map(String::as_str).collect();
        ensure!(
            missing.is_empty(),
            "{path}: expected a row for each image in its column {called}, found none for {} of {}: {}",
            missing.len(),
            images.len(),
            some(&missing)
        );
        let all = images.all_names();
        let is_used = |row: &&str| all.iter().any(|name| name == row || last_part(name) == *row);
        let unused: Vec<&str> = by_name.keys().copied().filter(|row| !is_used(row)).collect();
        if !unused.is_empty() {
            remark(format!(
                "{path}: {} of {} rows name no image: {}",
                unused.len(),
                self.rows.len(),
                some(&unused)
            ));
        }
        Ok(images.names().iter().filter_map(row).collect())
    }

    fn targets(&self, rows: &[&StringRecord]) -> Result<Vec<usize>> {
        rows.iter().map(|row| self.class(row, self.target)).collect()
    }

    fn labels(&self, rows: &[&StringRecord]) -> Result<Option<Vec<usize>>> {
        let Some(column) = self.label else { return Ok(None) };
        Ok(Some(rows.iter().map(|row| self.class(row, column)).collect::<Result<_>>()?))
    }

    fn class(&self, row: &StringRecord, column: usize) -> Result<usize> {
        let (cell, classes) = (&row[column], self.classes);
        let class = self.names.find(cell).filter(|&class| class < classes);
        class.with_context(|| {
            let (path, line) = (self.path.display(), line(row));
            format!("{path}: expected a class below {classes}, found {cell:?} in line {line}")
        })
    }
}

fn line(row: &StringRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}

/// A file's name without the folders before it.
fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn some(names: &[&str]) -> String {
    let rest = names.len().saturating_sub(NAMED);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", names[..names.len().min(NAMED)].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_targets_of_parts_are_those_of_all_images() {
        let predicted: Vec<usize> = (0..50).map(|image| image * 7 % 10).collect();
        let above = random_targets(&[0; 50], 10, 3);
        let targets = Targets { classes: 10, target_classes: TargetClasses::Above(above), labels: None };
        for size in [1, 8, 50] {
            let each = (0..50).step_by(size).map(|from| {
                let images = from..50.min(from + size);
                targets.select(images.clone(), predicted[images].to_vec()).targets.unwrap()
            });
            assert_eq!(each.collect::<Vec<_>>().concat(), random_targets(&predicted, 10, 3));
        }
    }
}
