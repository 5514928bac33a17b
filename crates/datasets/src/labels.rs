//! Labels and class names from tables.

mod json;

use crate::DataError;
use crate::table::{Table, line, text, unlike};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The columns that may number a class.
const NUMBERS: [&str; 2] = ["label", "index"];
/// The columns that may name a class.
const NAMES: [&str; 2] = ["name", "class"];

/// The label of each image file, and the names of the classes, from a CSV file.
///
/// The column `file` is an image's path below its folder or in its archive, with slashes.
/// `label` or `index` is the number of its class, from 0, and `name` or `class` the name of it.
/// Where there are names only, classes are numbered as their names sort.
#[derive(Clone, Debug)]
pub struct Labels {
    path: PathBuf,
    by_file: BTreeMap<String, usize>,
    classes: Vec<String>,
}

impl Labels {
    /// The labels in the CSV file `path`.
    ///
    /// # Errors
    /// When the file cannot be read, is no CSV, lacks a column, has a label that is no number, or names a file twice.
    pub fn read(path: &Path) -> Result<Labels, DataError> {
        let table = Table::read(path)?;
        let file = table.column(&["file"])?;
        let name = table.column(&NAMES);
        let Ok(number) = table.column(&NUMBERS) else { return table.by_name(file, name?) };
        let mut by_file = BTreeMap::new();
        for row in &table.rows {
            table.insert(&mut by_file, row, file, table.number(row, number)?)?;
        }
        let classes = table.names(number, name.ok())?;
        Ok(Labels { path: path.to_owned(), by_file, classes })
    }

    /// The label of an image, by its path below its folder or in its archive.
    pub fn label(&self, file: &str) -> Option<usize> {
        self.by_file.get(file).copied()
    }

    /// The names of the classes, by label; a class without a name goes by its number.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.by_file.keys().map(String::as_str)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// The names of the classes by number, from a CSV file, a JSON file, or a text file with one name in a line.
///
/// In a CSV file, known by its ending `.csv`, the column `name` or `class` has the names; `label` or `index` has the numbers, else the rows are in order.
/// In a JSON file, known by its ending or its first character, they are listed or numbered as in ImageNet's class index, Keras' `class_indices` or Hugging Face's `config.json`.
/// Empty lines at the end of a text file are no names.
///
/// # Errors
/// When the file cannot be read, is no CSV or JSON, lacks a column or a number, or has a number that is none.
pub fn class_names(path: &Path) -> Result<Vec<String>, DataError> {
    let is_called = |name: &str| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(name));
    if !is_called("csv") {
        let text = text(path)?;
        let text = text.trim_start_matches('\u{feff}');
        if is_called("json") || !is_called("txt") && text.trim_start().starts_with(['{', '[']) {
            return json::names(text).map_err(|found| unlike(path, "names of classes in JSON", found));
        }
        return Ok(text.trim_end().lines().map(|line| line.trim().to_owned()).collect());
    }
    let table = Table::read(path)?;
    let name = table.column(&NAMES)?;
    match table.column(&NUMBERS) {
        Ok(number) => table.names(number, Some(name)),
        Err(_) => Ok(table.rows.iter().map(|row| row[name].to_owned()).collect()),
    }
}

impl Table {
    fn number(&self, row: &StringRecord, column: usize) -> Result<usize, DataError> {
        let cell = &row[column];
        // A label is an index into the classes: a huge one would be a list of as many empty names.
        match cell.trim().parse() {
            Ok(number) if number < 1 << 20 => Ok(number),
            _ => Err(unlike(&self.path, "a class's number", format!("{cell:?} in line {}", line(row)))),
        }
    }

    fn insert(
        &self,
        labels: &mut BTreeMap<String, usize>,
        row: &StringRecord,
        file: usize,
        label: usize,
    ) -> Result<(), DataError> {
        if labels.insert(row[file].to_owned(), label).is_none() {
            return Ok(());
        }
        let found = format!("{} again in line {}", &row[file], line(row));
        Err(unlike(&self.path, "one row for each file", found))
    }

    /// Labels that number the names as they sort.
    fn by_name(&self, file: usize, name: usize) -> Result<Labels, DataError> {
        let classes: BTreeSet<&str> = self.rows.iter().map(|row| &row[name]).collect();
        let classes: Vec<String> = classes.into_iter().map(String::from).collect();
        let mut by_file = BTreeMap::new();
        for row in &self.rows {
            let label = classes.partition_point(|class| class.as_str() < &row[name]);
            self.insert(&mut by_file, row, file, label)?;
        }
        Ok(Labels { path: self.path.clone(), by_file, classes })
    }

    /// The classes' names by number; the first row of a number counts.
    fn names(&self, number: usize, name: Option<usize>) -> Result<Vec<String>, DataError> {
        let mut names: Vec<Option<String>> = Vec::new();
        for row in &self.rows {
            let number = self.number(row, number)?;
            names.resize(names.len().max(number + 1), None);
            if let (None, Some(name)) = (&names[number], name) {
                names[number] = Some(row[name].to_owned());
            }
        }
        let or_number = |(number, name): (usize, Option<String>)| name.unwrap_or(number.to_string());
        Ok(names.into_iter().enumerate().map(or_number).collect())
    }
}
