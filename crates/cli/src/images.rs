//! IMAGES: photographs, folders and archives of them, or arrays.

mod source;

use crate::model::Model;
use crate::pixels::Pixels;
use crate::remarks::remark;
use anyhow::{Result, ensure};
use core_net::Net;
use datasets::{Batch, PictureRemark, escaped};
use source::Source;
use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tensor::{DType, Tensor};

/// Images that a net can read, from one place or several.
pub struct Images {
    sources: Vec<Source>,
    names: Vec<String>,
}

impl Images {
    /// The images at `path`, checked to fit the net where that can be known before they are read; an array has the layout of the model's file.
    pub fn open(path: &Path, model: &Model, net: &Net, pixels: &Pixels) -> Result<Images> {
        Images::open_all(&[path.to_owned()], model, net, pixels)
    }

    /// The images at all of these paths, one after the other.
    ///
    /// Where two have one name, all have their place's in front of it.
    pub fn open_all(paths: &[PathBuf], model: &Model, net: &Net, pixels: &Pixels) -> Result<Images> {
        let input = &net.nodes()[0].shape;
        pixels.check(input)?;
        let open = |path: &PathBuf| Source::open(path, model, input, pixels);
        let sources = paths.iter().map(open).collect::<Result<Vec<_>>>()?;
        let mut images = Images { names: Vec::new(), sources };
        images.names = images.sources.iter().flat_map(Source::names).collect();
        let distinct: HashSet<&String> = images.names.iter().collect();
        if paths.len() > 1 && distinct.len() < images.names.len() {
            images.names = images.sources.iter().flat_map(Source::long_names).collect();
        }
        Ok(images)
    }

    /// Those that are given as arrays.
    pub fn arrays(&self) -> impl Iterator<Item = &Tensor> {
        self.sources.iter().filter_map(|source| match source {
            Source::Array { images, .. } => Some(images),
            Source::Folder { .. } => None,
        })
    }

    /// How many there are, broken ones included.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// What they are called, broken ones included.
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// So many of them at most, evenly spread.
    pub fn spread(self, most: usize) -> Images {
        let len = self.len();
        let count = most.min(len);
        self.select(&(0..count).map(|index| index * len / count).collect::<Vec<_>>())
    }

    /// Only those at `index`, which ascends.
    pub fn select(&self, index: &[usize]) -> Images {
        let (mut sources, mut before, mut rest) = (Vec::new(), 0, index);
        for source in &self.sources {
            let (own, behind) = rest.split_at(rest.partition_point(|&at| at < before + source.len()));
            if !own.is_empty() {
                sources.push(source.select(&own.iter().map(|at| at - before).collect::<Vec<_>>()));
            }
            (before, rest) = (before + source.len(), behind);
        }
        Images { sources, names: index.iter().map(|&at| self.names[at].clone()).collect() }
    }

    /// The part of this index where there are `size` images in each and fewer in the last: the numbers of its images.
    pub fn part(&self, index: usize, size: usize) -> Range<usize> {
        index * size..self.len().min((index + 1) * size)
    }

    /// The numbers of the images that have these names, which lie in their order.
    ///
    /// Of images of one name the first is taken.
    pub fn places(&self, names: &[String]) -> Vec<usize> {
        let mut from = 0;
        let place = |name: &String| {
            from += self.names[from..].iter().position(|other| other == name)? + 1;
            Some(from - 1)
        };
        names.iter().map_while(place).collect()
    }

    /// In which type the net computes: f64 where all images are.
    pub fn dtype(&self) -> DType {
        let is_f64 = self.sources.iter().all(|source| source.dtype() == DType::F64);
        if is_f64 && !self.sources.is_empty() { DType::F64 } else { DType::F32 }
    }

    /// The images, `n` at a time and fewer at the end; what was done to pictures is remarked.
    pub fn batches(&self, n: usize) -> Result<Box<dyn Iterator<Item = Result<Batch>> + '_>> {
        // Pictures one by one: the first of another size than the net's is the one that is named.
        let is_array = matches!(self.sources[..], [Source::Array { .. }]);
        let size = if is_array { n } else { 1 };
        let parts: Vec<_> = self.sources.iter().map(|source| source.batches(size)).collect::<Result<_>>()?;
        let dtype = self.dtype();
        let mut before = 0;
        let renames = self.sources.iter().map(move |source| {
            before += source.len();
            source.renames(&self.names[before - source.len()..before])
        });
        let each = parts.into_iter().zip(renames).flat_map(move |(images, renames)| {
            images.map(move |batch| {
                let batch = batch?;
                tell(&batch.remarks);
                let names =
                    batch.names.iter().map(|name| renames.get(name).unwrap_or(name).clone()).collect();
                Ok(Batch { images: batch.images.to_dtype(dtype)?, names, ..batch })
            })
        });
        Ok(if is_array { Box::new(each) } else { Box::new(grouped(each, n)) })
    }
}

/// The remarks on pictures that were made already, whatever the picture.
static TOLD: Mutex<Vec<Discriminant<PictureRemark>>> = Mutex::new(Vec::new());

/// Says each kind of remark once, of the first picture that it is about.
fn tell(remarks: &[(String, PictureRemark)]) {
    let mut told = TOLD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (name, about) in remarks {
        let each = matches!(about, PictureRemark::EndMissing | PictureRemark::Damaged);
        if each || !told.contains(&discriminant(about)) {
            told.push(discriminant(about));
            let others = if each { "" } else { " (said of the first such picture only)" };
            remark(format!("{name}: {about}{others}"));
        }
    }
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
    Ok(Batch { images, labels: labels.concat(), names: names.concat(), remarks: Vec::new() })
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
    ensure_some(path, expected, found)?;
    say_skipped(path, expected, found);
    Ok(())
}

/// # Errors
/// When no image is left.
pub fn ensure_some(path: &Path, expected: usize, found: usize) -> Result<()> {
    let name = escaped(&path.to_string_lossy());
    ensure!(found > 0, "{name}: expected an image, found {expected} broken ones");
    Ok(())
}

/// Says on stderr how many broken images of one of several places were left out, where any were.
pub fn say_skipped(path: &Path, expected: usize, found: usize) {
    if found < expected {
        let name = escaped(&path.to_string_lossy());
        eprintln!("{name}: skipped {} broken images of {expected}", expected - found);
    }
}
