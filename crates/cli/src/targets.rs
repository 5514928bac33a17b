//! The classes that an attack aims at.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use adversarial::random_targets;
use anyhow::{Context, Result, bail, ensure};

/// What `--targets` says.
#[derive(Clone, Debug)]
pub enum Aim {
    /// This class for all images.
    Class(usize),
    /// Wrong classes, drawn at random.
    Random,
    /// The column `target` of a CSV file.
    Table(PathBuf),
}

impl FromStr for Aim {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Aim, Infallible> {
        Ok(match text.parse() {
            Ok(class) => Aim::Class(class),
            Err(_) if text == "random" => Aim::Random,
            Err(_) => Aim::Table(text.into()),
        })
    }
}

/// What each image shows, and what it is to be read as.
pub struct Targets {
    pub labels: Vec<usize>,
    pub targets: Vec<usize>,
}

impl Targets {
    /// The targets for images that the net reads as the classes `read`.
    ///
    /// # Errors
    /// When a class is none of the net's, or a table has another number of rows than there are images.
    pub fn choose(aim: &Aim, read: &[usize], classes: usize, seed: u64) -> Result<Targets> {
        let labels = read.to_vec();
        match aim {
            Aim::Class(class) => {
                ensure!(*class < classes, "--targets: expected a class below {classes}, found {class}");
                Ok(Targets { labels, targets: vec![*class; read.len()] })
            }
            Aim::Random => {
                ensure!(classes > 1, "--targets random: expected two classes or more, found {classes}");
                Ok(Targets { targets: random_targets(read, classes, seed), labels })
            }
            Aim::Table(path) => from_table(path, labels, classes),
        }
    }
}

/// The column `target`, and `label` where there is one.
fn from_table(path: &Path, read: Vec<usize>, classes: usize) -> Result<Targets> {
    let unreadable = || format!("{}: expected a CSV file with a column target, found", path.display());
    let mut table = csv::Reader::from_path(path).with_context(unreadable)?;
    let header = table.headers().with_context(unreadable)?.clone();
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().with_context(unreadable)?;
    let column = |name: &str| header.iter().position(|column| column.trim() == name);
    let Some(target) = column("target") else {
        let found: Vec<&str> = header.iter().collect();
        bail!("{} the columns {}", unreadable(), found.join(", "));
    };
    let (images, found) = (read.len(), rows.len());
    ensure!(found == images, "{}: expected {images} rows, one for each image, found {found}", path.display());
    let classes_in = |column: usize| -> Result<Vec<usize>> {
        rows.iter().map(|row| class(path, &row[column], row, classes)).collect()
    };
    let labels = column("label").map_or(Ok(read), classes_in)?;
    Ok(Targets { labels, targets: classes_in(target)? })
}

fn class(path: &Path, cell: &str, row: &csv::StringRecord, classes: usize) -> Result<usize> {
    let class: Option<usize> = cell.trim().parse().ok().filter(|&class| class < classes);
    class.with_context(|| {
        let line = row.position().map_or(0, csv::Position::line);
        format!("{}: expected a class below {classes}, found {cell:?} in line {line}", path.display())
    })
}
