//! ImageNet 2012 in its official layout.

use crate::table::{Table, line, unlike};
use crate::{DataError, ImageFolder, Splits};
use csv::StringRecord;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Where the images lie below the folder that the competition's archive unpacks to.
const UNPACKED: &str = "ILSVRC/Data/CLS-LOC";

/// The classes of the validation images, where these lie in one flat folder.
const SOLUTION: &str = "LOC_val_solution.csv";

impl Splits {
    /// Whether this folder is laid out as ImageNet 2012: whether it has `train` and `val`, or `ILSVRC/Data/CLS-LOC` in it has.
    pub fn has_imagenet(root: &Path) -> bool {
        images_below(root).is_some()
    }

    /// ImageNet 2012 in the folder `root`: `train/<wnid>/*.JPEG`, and `val/<wnid>/*.JPEG` or `val/*.JPEG` with `LOC_val_solution.csv`.
    ///
    /// The classes are the folders of `train` as they sort.
    /// Both may also lie in `ILSVRC/Data/CLS-LOC`, and the table in `root` or beside them.
    ///
    /// # Errors
    /// When a folder or the table is missing or cannot be read, a class's folder is empty, or the splits do not have the same classes.
    /// When the table names a file that is not there, or lacks one that is.
    pub fn imagenet(root: &Path) -> Result<Splits, DataError> {
        let images = images_below(root).unwrap_or_else(|| root.to_owned());
        let [train, val] = [split(&images, "train")?, split(&images, "val")?];
        if !val.classes().is_empty() {
            return Splits::new(train, val);
        }
        let beside = [root, &images].map(|folder| folder.join(SOLUTION));
        let table = beside.iter().find(|path| path.is_file()).unwrap_or(&beside[0]);
        let labels = solution(table, &train, &val)?;
        Splits::new(train, val.labeled(|name| labels.get(name).cloned()))
    }
}

fn images_below(root: &Path) -> Option<PathBuf> {
    let places = [root.to_owned(), root.join(UNPACKED)];
    places.into_iter().find(|place| ["train", "val"].iter().all(|split| place.join(split).is_dir()))
}

/// The images of the folder `name`, which must be there.
fn split(root: &Path, name: &str) -> Result<ImageFolder, DataError> {
    let path = root.join(name);
    if path.is_dir() {
        return ImageFolder::open(&path);
    }
    let found = std::io::ErrorKind::NotFound.into();
    Err(DataError::Io { path, expected: "a folder of images", found })
}

/// The class of each file, by the first word of its prediction.
fn solution(
    path: &Path,
    train: &ImageFolder,
    val: &ImageFolder,
) -> Result<BTreeMap<String, String>, DataError> {
    let table = Table::read(path)?;
    let [id, prediction] = [table.column(&["ImageId"])?, table.column(&["PredictionString"])?];
    let mut labels = BTreeMap::new();
    for row in &table.rows {
        let wnid = row[prediction].split_whitespace().next().unwrap_or_default();
        if train.classes().binary_search_by(|class| class.as_str().cmp(wnid)).is_err() {
            let expected = format!("a class of {}", train.path().display());
            return Err(unlike(path, &expected, format!("{wnid:?} in line {}", line(row))));
        }
        if labels.insert(format!("{}.JPEG", &row[id]), wnid.to_owned()).is_some() {
            let found = format!("{} again in line {}", &row[id], line(row));
            return Err(unlike(path, "one row for each file", found));
        }
    }
    every_file(&table, id, val, &labels)?;
    Ok(labels)
}

/// Whether the table names the files that are there, and no others.
fn every_file(
    table: &Table,
    id: usize,
    val: &ImageFolder,
    labels: &BTreeMap<String, String>,
) -> Result<(), DataError> {
    let names: HashSet<&str> = val.names().collect();
    let is_absent = |row: &&StringRecord| !names.contains(format!("{}.JPEG", &row[id]).as_str());
    if let Some(row) = table.rows.iter().find(is_absent) {
        let found = format!("{}.JPEG, which is not there, in line {}", &row[id], line(row));
        return Err(unlike(&table.path, &format!("files of {}", val.path().display()), found));
    }
    match val.names().find(|name| !labels.contains_key(*name)) {
        Some(name) => Err(unlike(&table.path, &format!("a row for {name}"), "none".into())),
        None => Ok(()),
    }
}
