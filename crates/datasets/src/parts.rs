//! Positions of the parts of an object in each image, from tables.

use crate::table::{Table, line, unlike};
use crate::{BrokenImages, DataError, ImageFolder, Preprocessing};
use csv::StringRecord;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Images with the positions of marked parts.
///
/// The column `file` of the CSV file is an image's path below its folder or in its archive, with slashes; `part` names the part.
/// `x` and `y` are the pixel at its center, counted from 0, to the right and down.
///
/// **Paper** Zeiler & Fergus 2013, §4.3: eyes and noses of dogs, which the authors hid by hand.
#[derive(Clone, Debug)]
pub struct Parts {
    images: ImageFolder,
    sizes: Vec<[usize; 2]>,
    places: Vec<BTreeMap<String, [f64; 2]>>,
}

impl Parts {
    /// The parts of these images in the CSV file `path`; each image that it names is decoded once for its size.
    ///
    /// # Errors
    /// When the file cannot be read, is no CSV or lacks a column.
    /// With the line, when a place is no number or outside the image, a part has no name or comes twice, or there is no such image.
    /// When an image that it names cannot be decoded.
    pub fn read(path: &Path, images: &ImageFolder) -> Result<Parts, DataError> {
        let table = Table::read(path)?;
        let [file, part, x, y] = ["file", "part", "x", "y"].map(|name| table.column(&[name]));
        let [file, part, x, y] = [file?, part?, x?, y?];
        let images = annotated(&table, file, images)?;
        let sizes = images.images(BrokenImages::Refuse)?.map(|picture| Ok(size(&picture?.image)));
        let sizes = sizes.collect::<Result<Vec<_>, DataError>>()?;
        let index: HashMap<&str, usize> = images.names().enumerate().map(|(i, name)| (name, i)).collect();
        let mut places = vec![BTreeMap::new(); sizes.len()];
        for row in &table.rows {
            let image = index[&row[file]];
            let place = place(&table, row, [y, x], sizes[image])?;
            insert(&table, row, [file, part], &mut places[image], place)?;
        }
        Ok(Parts { images, sizes, places })
    }

    /// Only the images at `index`, in the same order.
    ///
    /// # Panics
    /// When the indices do not ascend, or one is not below the number of [`images`](Self::images).
    pub fn select(&self, index: &[usize]) -> Parts {
        Parts {
            images: self.images.select(index),
            sizes: index.iter().map(|&image| self.sizes[image]).collect(),
            places: index.iter().map(|&image| self.places[image].clone()).collect(),
        }
    }

    /// The images that have marked parts, in the order of their folder or archive.
    pub fn images(&self) -> &ImageFolder {
        &self.images
    }

    /// The parts that every image has, sorted.
    pub fn names(&self) -> Vec<&str> {
        let [first, others @ ..] = &self.places[..] else { return vec![] };
        let common = first.keys().filter(|name| others.iter().all(|places| places.contains_key(*name)));
        common.map(String::as_str).collect()
    }

    /// The marked parts of the image at this index of [`images`](Self::images), by name: row and column.
    ///
    /// # Panics
    /// When there is no such image.
    pub fn positions(&self, image: usize) -> &BTreeMap<String, [f64; 2]> {
        &self.places[image]
    }

    /// The row and column of this part in each preprocessed image; `None` where an image lacks it or the crop leaves it out.
    pub fn in_inputs(&self, part: &str, preprocessing: &Preprocessing) -> Option<Vec<[f64; 2]>> {
        let places = self.places.iter().map(|places| places.get(part));
        places.zip(&self.sizes).map(|(place, &size)| preprocessing.position(*place?, size)).collect()
    }
}

/// The images that the table names.
fn annotated(table: &Table, file: usize, images: &ImageFolder) -> Result<ImageFolder, DataError> {
    let index: HashMap<&str, usize> = images.names().enumerate().map(|(i, name)| (name, i)).collect();
    let known = |row: &StringRecord| {
        index.get(&row[file]).copied().ok_or_else(|| {
            let found = format!("{}, which is not there, in line {}", &row[file], line(row));
            unlike(&table.path, &format!("files of {}", images.path().display()), found)
        })
    };
    let mut named = table.rows.iter().map(known).collect::<Result<Vec<usize>, DataError>>()?;
    if named.is_empty() {
        return Err(unlike(&table.path, "a row for each part", "none".into()));
    }
    named.sort_unstable();
    named.dedup();
    Ok(images.select(&named))
}

fn size(image: &image::RgbImage) -> [usize; 2] {
    [image.height() as usize, image.width() as usize]
}

/// The row's place in an image of this size, from the columns of y and x.
fn place(
    table: &Table,
    row: &StringRecord,
    [y, x]: [usize; 2],
    size: [usize; 2],
) -> Result<[f64; 2], DataError> {
    let number =
        |column: usize| {
            let cell = &row[column];
            cell.trim().parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
                unlike(&table.path, "a pixel's number", format!("{cell:?} in line {}", line(row)))
            })
        };
    let place = [number(y)?, number(x)?];
    let inside = (0..2).all(|axis| place[axis] >= 0.0 && place[axis] < size[axis] as f64);
    if inside {
        return Ok(place);
    }
    let expected = format!("a part within {} by {} pixels", size[0], size[1]);
    let found = format!("row {} and column {} in line {}", place[0], place[1], line(row));
    Err(unlike(&table.path, &expected, found))
}

fn insert(
    table: &Table,
    row: &StringRecord,
    [file, part]: [usize; 2],
    places: &mut BTreeMap<String, [f64; 2]>,
    place: [f64; 2],
) -> Result<(), DataError> {
    let name = row[part].trim();
    if name.is_empty() {
        return Err(unlike(&table.path, "a part's name", format!("none in line {}", line(row))));
    }
    if places.insert(name.to_owned(), place).is_none() {
        return Ok(());
    }
    let found = format!("{name} of {} again in line {}", &row[file], line(row));
    Err(unlike(&table.path, "one row for each part of a file", found))
}
