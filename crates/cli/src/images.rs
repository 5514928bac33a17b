//! IMAGES: photographs, folders and archives of them, or arrays.

use crate::model::Model;
use crate::output::ends_in;
use crate::pixels::Pixels;
use anyhow::{Result, bail, ensure};
use core_net::Net;
use datasets::{Batch, DataError, ImageFolder};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, gather, to_f64s};

/// Images that a net can read.
pub enum Images {
    /// An array, already as the net expects it.
    Array { path: PathBuf, images: Tensor, rows: Vec<usize> },
    /// Photographs, to be preprocessed.
    Folder { folder: ImageFolder, pixels: Pixels, input: Vec<usize> },
}

impl Images {
    /// The images at `path`, checked to fit the net where that can be known before they are read.
    pub fn open(path: &Path, net: &Net, pixels: &Pixels) -> Result<Images> {
        let input = net.nodes()[0].shape.clone();
        if ends_in(path, "npy") {
            let images = datasets::read_npy(path)?;
            let found = images.dims();
            let fits = found.len() == input.len() + 1 && found[1..] == input[..] && found[0] > 0;
            let (path_name, sides) = (path.display(), listed(&input));
            ensure!(fits, "{path_name}: expected an array of shape [n, {sides}], found {found:?}");
            let rows = (0..found[0]).collect();
            return Ok(Images::Array { path: path.to_owned(), images, rows });
        }
        ensure!(
            matches!(input[..], [1 | 3, _, _]),
            "{}: expected a .npy array of shape [n, {}]: the net reads no photographs, found none",
            path.display(),
            listed(&input)
        );
        Ok(Images::Folder { folder: ImageFolder::open(path)?, pixels: pixels.clone(), input })
    }

    /// How many there are, broken ones included.
    pub fn len(&self) -> usize {
        match self {
            Images::Array { images, .. } => images.dims()[0],
            Images::Folder { folder, .. } => folder.len(),
        }
    }

    /// What they are called, broken ones included.
    pub fn names(&self) -> Vec<String> {
        match self {
            Images::Array { path, rows, .. } => rows.iter().map(|&row| row_name(path, row)).collect(),
            Images::Folder { folder, .. } => folder.names().map(String::from).collect(),
        }
    }

    /// So many of them at most, evenly spread.
    pub fn spread(self, most: usize) -> Images {
        let len = self.len();
        let count = most.min(len);
        self.select(&(0..count).map(|index| index * len / count).collect::<Vec<_>>())
    }

    /// Only those at `index`, which ascends.
    pub fn select(&self, index: &[usize]) -> Images {
        match self {
            Images::Array { path, images, rows } => {
                let rows = index.iter().map(|&index| rows[index]).collect();
                Images::Array { path: path.clone(), images: gather(images, index), rows }
            }
            Images::Folder { folder, pixels, input } => {
                let (pixels, input) = (pixels.clone(), input.clone());
                Images::Folder { folder: folder.select(index), pixels, input }
            }
        }
    }

    /// The part of this index where there are `size` images in each and fewer in the last: the numbers of its images.
    pub fn part(&self, index: usize, size: usize) -> Range<usize> {
        index * size..self.len().min((index + 1) * size)
    }

    /// The numbers of the images that have these names, which lie in their order.
    ///
    /// Of images of one name the first is taken.
    pub fn places(&self, names: &[String]) -> Vec<usize> {
        let all = self.names();
        let mut from = 0;
        let place = |name: &String| {
            from += all[from..].iter().position(|other| other == name)? + 1;
            Some(from - 1)
        };
        names.iter().map_while(place).collect()
    }

    /// In which type the net computes: f64 where the images are.
    pub fn dtype(&self) -> DType {
        match self {
            Images::Array { images, .. } => images.dtype(),
            Images::Folder { .. } => DType::F32,
        }
    }

    /// The images, `n` at a time and fewer at the end.
    pub fn batches(&self, n: usize) -> Result<Box<dyn Iterator<Item = Result<Batch>> + '_>> {
        match self {
            Images::Array { path, images, rows } => {
                Ok(Box::new(parts(path, images, rows, n).map(|batch| finite(path, batch?))))
            }
            Images::Folder { folder, pixels, input } => {
                // One by one: the first image of another size than the net's is the one that is named.
                let each = folder.batches(1, pixels.preprocessing(input), pixels.broken())?;
                let check = move |image: Result<Batch, DataError>| fitting(folder, input, image?);
                Ok(Box::new(grouped(each.map(check), n)))
            }
        }
    }
}

/// The rows of an array, `n` at a time, under their numbers in its file.
fn parts(path: &Path, images: &Tensor, rows: &[usize], n: usize) -> impl Iterator<Item = Result<Batch>> {
    (0..rows.len()).step_by(n).map(move |from| {
        let count = n.min(rows.len() - from);
        let images = images.narrow(0, from, count)?;
        let names = rows[from..from + count].iter().map(|&row| row_name(path, row)).collect();
        Ok(Batch { images, labels: vec![None; count], names })
    })
}

/// # Errors
/// When a number of an image is none, or infinite.
fn finite(path: &Path, batch: Batch) -> Result<Batch> {
    let scalars = to_f64s(&batch.images);
    if let Some(at) = scalars.iter().position(|value| !value.is_finite()) {
        let name = &batch.names[at / (scalars.len() / batch.names.len())];
        bail!("{}: expected finite numbers, found {} in {name}", path.display(), scalars[at]);
    }
    Ok(batch)
}

/// What a row of an array is called.
fn row_name(path: &Path, row: usize) -> String {
    format!("{}[{row}]", path.file_name().unwrap_or_default().to_string_lossy())
}

/// Batches joined, `n` at a time and fewer at the end.
fn grouped(mut each: impl Iterator<Item = Result<Batch>>, n: usize) -> impl Iterator<Item = Result<Batch>> {
    std::iter::from_fn(move || {
        let group: Result<Vec<Batch>> = each.by_ref().take(n).collect();
        match group {
            Ok(group) if group.is_empty() => None,
            group => Some(group.and_then(joined)),
        }
    })
}

fn joined(group: Vec<Batch>) -> Result<Batch> {
    let images: Vec<&Tensor> = group.iter().map(|batch| &batch.images).collect();
    let images = Tensor::cat(&images, 0)?;
    let (labels, names): (Vec<_>, Vec<_>) =
        group.into_iter().map(|batch| (batch.labels, batch.names)).unzip();
    Ok(Batch { images, labels: labels.concat(), names: names.concat() })
}

/// The batch, where its images have the size that the net reads.
fn fitting(folder: &ImageFolder, input: &[usize], batch: Batch) -> Result<Batch> {
    let found = &batch.images.dims()[1..];
    let [height, width] = [input[1], input[2]];
    ensure!(
        found == input,
        "{}: expected {height} by {width} pixels, found {} by {}; --resize {} brings it there",
        path_of(folder, &batch.names[0]).display(),
        found[1],
        found[2],
        height.min(width)
    );
    Ok(batch)
}

/// Where an image lies, for messages.
fn path_of(folder: &ImageFolder, name: &str) -> PathBuf {
    let path = folder.path();
    if path.ends_with(name) { path.to_owned() } else { path.join(name) }
}

/// # Errors
/// When the net reads no pictures.
pub fn check_pictures(model: &Model, net: &Net) -> Result<()> {
    let (path, shape) = (model.path().display(), &net.nodes()[0].shape);
    let reads_pictures = matches!(shape[..], [1 | 3, _, _]);
    ensure!(reads_pictures, "{path}: expected a net that reads pictures, found an input of shape {shape:?}");
    Ok(())
}

/// Says on stderr how many broken images were left out, where any were.
///
/// # Errors
/// When none is left.
pub fn report_skipped(path: &Path, expected: usize, found: usize) -> Result<()> {
    ensure!(found > 0, "{}: expected an image, found {expected} broken ones", path.display());
    if found < expected {
        eprintln!("{}: skipped {} broken images of {expected}", path.display(), expected - found);
    }
    Ok(())
}

fn listed(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
