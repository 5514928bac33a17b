//! One IMAGE of the command line: an array, a picture, or a folder or an archive of pictures.

use crate::model::Model;
use crate::pixels::Pixels;
use crate::remarks::remark;
use anyhow::{Result, anyhow, bail, ensure};
use datasets::{Batch, DataError, ImageFolder, escaped, is_npy, read_npy};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, gather, to_f64s};

/// Images from one place.
pub enum Source {
    /// An array, already as the net expects it.
    Array { path: PathBuf, images: Tensor, rows: Vec<usize> },
    /// Photographs, to be preprocessed.
    Folder { folder: ImageFolder, pixels: Pixels, input: Vec<usize> },
}

impl Source {
    /// The images at `path`, for a net that reads this shape; an array has the layout of the model's file.
    pub fn open(path: &Path, model: &Model, input: &[usize], pixels: &Pixels) -> Result<Source> {
        let sides = listed(&model.shape_in_file(input));
        let shown = shown(path);
        if is_npy(path) {
            let array = read_npy(path)?;
            if let Some(about) = array.remark {
                remark(format!("{shown}: {about}"));
            }
            let images = model.to_channels_first(&array.values);
            let found = images.dims();
            let fits = found.len() == input.len() + 1 && found[1..] == input[..] && found[0] > 0;
            ensure!(
                fits,
                "{shown}: expected an array of shape [n, {sides}], found {:?}",
                array.values.dims()
            );
            let rows = (0..found[0]).collect();
            return Ok(Source::Array { path: path.to_owned(), images, rows });
        }
        ensure!(
            matches!(input[..], [1 | 3, _, _]),
            "{shown}: expected a .npy array of shape [n, {sides}]: the net reads no photographs, found none"
        );
        let folder = ImageFolder::open(path)?;
        if let Some(passed_over) = folder.passed_over() {
            remark(format!("{shown}: {passed_over}"));
        }
        Ok(Source::Folder { folder, pixels: pixels.clone(), input: input.to_vec() })
    }

    pub fn len(&self) -> usize {
        match self {
            Source::Array { rows, .. } => rows.len(),
            Source::Folder { folder, .. } => folder.len(),
        }
    }

    pub fn names(&self) -> Vec<String> {
        match self {
            Source::Array { path, rows, .. } => rows.iter().map(|&row| row_name(path, row)).collect(),
            Source::Folder { folder, .. } => folder.names().map(String::from).collect(),
        }
    }

    /// Their names behind that of their place.
    pub fn long_names(&self) -> Vec<String> {
        match self {
            Source::Array { path, rows, .. } => {
                rows.iter().map(|&row| format!("{}[{row}]", shown(path))).collect()
            }
            Source::Folder { folder, .. } => {
                folder.names().map(|name| shown(&path_of(folder, name))).collect()
            }
        }
    }

    /// What its images are called in a list of all names, where that is something else.
    pub fn renames(&self, all: &[String]) -> HashMap<String, String> {
        let pairs = self.names().into_iter().zip(all.iter().cloned());
        pairs.filter(|(own, other)| own != other).collect()
    }

    /// Only those at `index`, which ascends.
    pub fn select(&self, index: &[usize]) -> Source {
        match self {
            Source::Array { path, images, rows } => {
                let rows = index.iter().map(|&index| rows[index]).collect();
                Source::Array { path: path.clone(), images: gather(images, index), rows }
            }
            Source::Folder { folder, pixels, input } => {
                let (pixels, input) = (pixels.clone(), input.clone());
                Source::Folder { folder: folder.select(index), pixels, input }
            }
        }
    }

    pub fn dtype(&self) -> DType {
        match self {
            Source::Array { images, .. } => images.dtype(),
            Source::Folder { .. } => DType::F32,
        }
    }

    /// The images, `n` at a time and fewer at the end.
    pub fn batches(&self, n: usize) -> Result<Box<dyn Iterator<Item = Result<Batch>> + '_>> {
        match self {
            Source::Array { path, images, rows } => {
                Ok(Box::new(parts(path, images, rows, n).map(|batch| finite(path, batch?))))
            }
            Source::Folder { folder, pixels, input } => {
                let each = folder.batches(n, pixels.preprocessing(input), pixels.broken())?;
                Ok(Box::new(each.map(move |batch| fitting(folder, pixels, input, batch))))
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
        Ok(Batch { images, labels: vec![None; count], names, remarks: Vec::new() })
    })
}

/// # Errors
/// When a number of an image is none, or infinite.
fn finite(path: &Path, batch: Batch) -> Result<Batch> {
    let scalars = to_f64s(&batch.images);
    if let Some(at) = scalars.iter().position(|value| !value.is_finite()) {
        let name = &batch.names[at / (scalars.len() / batch.names.len())];
        bail!("{}: expected finite numbers, found {} in {name}", shown(path), scalars[at]);
    }
    Ok(batch)
}

/// What a row of an array is called.
fn row_name(path: &Path, row: usize) -> String {
    format!("{}[{row}]", escaped(&path.file_name().unwrap_or_default().to_string_lossy()))
}

/// The batch, where its images have the size that the net reads; or the options that would bring them there.
fn fitting(
    folder: &ImageFolder,
    pixels: &Pixels,
    input: &[usize],
    batch: Result<Batch, DataError>,
) -> Result<Batch> {
    let with_hint = |message: String, stored: [usize; 2]| match pixels.hint(input, stored) {
        Some(hint) => anyhow!("{message}; {hint}"),
        None => anyhow!("{message}"),
    };
    let batch = match batch {
        Ok(batch) => batch,
        Err(DataError::TooSmall { stored, .. }) => {
            let error = batch.expect_err("it was just seen");
            return Err(with_hint(error.to_string(), stored));
        }
        Err(error) => return Err(error.into()),
    };
    let found = &batch.images.dims()[1..];
    if found == input {
        return Ok(batch);
    }
    let name = shown(&path_of(folder, &batch.names[0]));
    let [height, width] = [input[1], input[2]];
    let message = format!("{name}: expected {height} by {width} pixels, found {} by {}", found[1], found[2]);
    Err(with_hint(message, [found[1], found[2]]))
}

/// Where an image lies, for messages.
fn path_of(folder: &ImageFolder, name: &str) -> PathBuf {
    let path = folder.path();
    if path.ends_with(name) { path.to_owned() } else { path.join(name) }
}

fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

fn listed(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
