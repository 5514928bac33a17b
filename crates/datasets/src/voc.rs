//! The classes of objects in each image, from tables.

use crate::table::{Table, line, unlike};
use crate::{DataError, ImageFolder};
use csv::StringRecord;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Images with annotated objects: the split of each and the classes that it shows.
///
/// The column `file` of the CSV file is an image's path below its folder or in its archive, with slashes; `split` names its split.
/// `present` lists the classes of which it shows an object, `difficult` those of which it shows only objects
/// that are hard to recognize; names in a list are separated by a bar, and a list may be empty.
///
/// **Paper** Everingham et al. 2010, *The PASCAL Visual Object Classes (VOC) Challenge*, §3.2.
#[derive(Clone, Debug)]
pub struct Voc {
    images: ImageFolder,
    objects: Vec<Objects>,
}

/// What one image shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects {
    pub split: String,
    pub present: BTreeSet<String>,
    /// Of these it shows no others.
    pub difficult: BTreeSet<String>,
}

/// Images of one split, and whether each shows a class.
#[derive(Clone, Debug)]
pub struct ClassPresence {
    /// In the order of their folder or archive.
    pub images: ImageFolder,
    /// Whether the image shows an object of the class.
    pub relevant: Vec<bool>,
}

impl Voc {
    /// The objects in the CSV file `path` of these images; images that it does not name are left out.
    ///
    /// # Errors
    /// When the file cannot be read, is no CSV, lacks a column or has no rows.
    /// With the line, when an image has no split or comes twice, or there is no such image.
    pub fn read(path: &Path, images: &ImageFolder) -> Result<Voc, DataError> {
        let table = Table::read(path)?;
        let [file, split, present, difficult] =
            ["file", "split", "present", "difficult"].map(|name| table.column(&[name]));
        let [file, split, present, difficult] = [file?, split?, present?, difficult?];
        let index: HashMap<&str, usize> = images.names().enumerate().map(|(i, name)| (name, i)).collect();
        let mut objects: Vec<Option<Objects>> = vec![None; images.len()];
        for row in &table.rows {
            let Some(&image) = index.get(&row[file]) else {
                let found = format!("{}, which is not there, in line {}", &row[file], line(row));
                return Err(unlike(path, &format!("files of {}", images.path().display()), found));
            };
            let shows = Objects {
                split: named(&table, row, split)?,
                present: listed(&row[present]),
                difficult: listed(&row[difficult]),
            };
            if objects[image].replace(shows).is_some() {
                let found = format!("{} again in line {}", &row[file], line(row));
                return Err(unlike(path, "one row for each file", found));
            }
        }
        if table.rows.is_empty() {
            return Err(unlike(path, "a row for each image", "none".into()));
        }
        Ok(Voc::annotated(images, objects))
    }

    /// The images of which the objects are known.
    pub(crate) fn annotated(images: &ImageFolder, objects: Vec<Option<Objects>>) -> Voc {
        let annotated: Vec<usize> = (0..objects.len()).filter(|&image| objects[image].is_some()).collect();
        Voc { images: images.select(&annotated), objects: objects.into_iter().flatten().collect() }
    }

    /// The annotated images.
    pub fn images(&self) -> &ImageFolder {
        &self.images
    }

    /// Every class that some image shows, sorted.
    pub fn classes(&self) -> Vec<&str> {
        let classes: BTreeSet<&str> =
            self.objects.iter().flat_map(|objects| &objects.present).map(String::as_str).collect();
        classes.into_iter().collect()
    }

    /// The images of a split that show this class or do not; those that show it only where it is difficult are neither, and left out.
    pub fn showing(&self, split: &str, class: &str) -> ClassPresence {
        let known =
            self.split(split).into_iter().filter_map(|image| Some((image, self.shows(image, class)?)));
        let (index, relevant): (Vec<usize>, Vec<bool>) = known.unzip();
        ClassPresence { images: self.images.select(&index), relevant }
    }

    /// The images of a split, as ascending indices into [`images`](Self::images).
    pub fn split(&self, split: &str) -> Vec<usize> {
        (0..self.objects.len()).filter(|&image| self.objects[image].split == split).collect()
    }

    /// Whether an image shows an object of this class; none where it shows only difficult ones.
    ///
    /// # Panics
    /// When there is no such image.
    pub fn shows(&self, image: usize, class: &str) -> Option<bool> {
        let Objects { present, difficult, .. } = &self.objects[image];
        let shows = present.contains(class);
        (shows || !difficult.contains(class)).then_some(shows)
    }
}

fn named(table: &Table, row: &StringRecord, column: usize) -> Result<String, DataError> {
    match row[column].trim() {
        "" => Err(unlike(&table.path, "a split's name", format!("none in line {}", line(row)))),
        name => Ok(name.to_owned()),
    }
}

/// Names between bars.
fn listed(cell: &str) -> BTreeSet<String> {
    cell.split('|').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
