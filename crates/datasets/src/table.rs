//! Tables in CSV files, refused by line and column.

use crate::DataError;
use csv::StringRecord;
use std::fs;
use std::path::{Path, PathBuf};

/// A CSV file with a line of column names.
pub(crate) struct Table {
    pub path: PathBuf,
    header: StringRecord,
    pub rows: Vec<StringRecord>,
}

impl Table {
    pub fn read(path: &Path) -> Result<Table, DataError> {
        let text = text(path)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let parsed = reader.headers().cloned().and_then(|header| {
            let rows = reader.records().collect::<Result<_, _>>()?;
            Ok(Table { path: path.to_owned(), header, rows })
        });
        parsed.map_err(|error| unlike(path, "comma-separated values", error.to_string()))
    }

    /// The position of the first of these columns that there is.
    pub fn column(&self, names: &[&str]) -> Result<usize, DataError> {
        let position = |name: &&str| self.header.iter().position(|column| column.trim() == *name);
        names.iter().find_map(position).ok_or_else(|| {
            let found: Vec<&str> = self.header.iter().collect();
            let expected = format!("a column {}", names.join(" or "));
            unlike(&self.path, &expected, format!("the columns {}", found.join(", ")))
        })
    }
}

/// The line of the file that a row stands in.
pub(crate) fn line(row: &StringRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}

pub(crate) fn unlike(path: &Path, expected: &str, found: String) -> DataError {
    DataError::Table { path: path.to_owned(), expected: expected.into(), found }
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, DataError> {
    fs::read_to_string(path).map_err(DataError::io(path, "a text file that can be read"))
}
