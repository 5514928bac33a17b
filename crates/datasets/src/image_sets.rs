//! VOC's official folders: lists of images for each class and split, or annotations.

use crate::table::{text, unlike};
use crate::voc::Objects;
use crate::{DataError, ImageFolder, Voc};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The splits of which the lists are read; `trainval` holds both.
const SPLITS: [&str; 2] = ["train", "val"];

/// The images of a list, by their numbers in the folder, with what each shows.
type Marks = Vec<(usize, Mark)>;

/// Whether an image shows an object of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Present,
    /// Only objects that are hard to recognize.
    Difficult,
    Absent,
}

impl Voc {
    /// The images and objects of an official folder such as `VOCdevkit/VOC2012`.
    ///
    /// `ImageSets/Main/<class>_train.txt` and `<class>_val.txt` have a line for each image of the split: its name in `JPEGImages`,
    /// and 1 where it shows an object of the class, 0 where it shows only objects that are hard to recognize, −1 where it shows none.
    /// Images that are in neither split are left out.
    /// Where no class has such lists, `train.txt` and `val.txt` name the images, and `Annotations/<name>.xml` has the objects of each.
    ///
    /// # Errors
    /// When a file or folder cannot be read, there is no class, or the lists of a split differ in their images.
    /// With the line, when it is no such line, or its image is not there or comes twice.
    /// When an annotation is no XML, or an object in it has no name.
    pub fn official(folder: &Path) -> Result<Voc, DataError> {
        let images = ImageFolder::open(&folder.join("JPEGImages"))?;
        let main = folder.join("ImageSets/Main");
        let classes = classes(&main)?;
        if classes.is_empty() && folder.join("Annotations").is_dir() {
            return Voc::from_annotations(folder, &images, &SPLITS);
        }
        if classes.is_empty() {
            return Err(unlike(&main, "lists such as car_train.txt", "none".into()));
        }
        let mut objects: Vec<Option<Objects>> = vec![None; images.len()];
        for split in SPLITS {
            let lists = classes.iter().map(|class| main.join(format!("{class}_{split}.txt")));
            let lists: Vec<PathBuf> = lists.collect();
            let marks = lists.iter().map(|list| marks(list, &images)).collect::<Result<Vec<_>, _>>()?;
            same_images(&lists, &marks)?;
            for image in marks[0].iter().map(|(image, _)| *image) {
                objects[image] = Some(Objects { split: split.to_owned(), ..Objects::default() });
            }
            for (class, marks) in classes.iter().zip(marks) {
                shown(&mut objects, class, marks);
            }
        }
        Ok(Voc::annotated(&images, objects))
    }
}

/// The classes of which there is a list for training, sorted.
fn classes(main: &Path) -> Result<Vec<String>, DataError> {
    let unreadable = DataError::io(main, "a folder that can be read");
    let mut classes = Vec::new();
    for entry in fs::read_dir(main).map_err(&unreadable)? {
        let name = entry.map_err(&unreadable)?.file_name();
        classes.extend(name.to_string_lossy().strip_suffix("_train.txt").map(str::to_owned));
    }
    classes.sort();
    Ok(classes)
}

/// The lines of a list.
fn marks(list: &Path, images: &ImageFolder) -> Result<Marks, DataError> {
    let stem = |name| Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut places: HashMap<String, usize> = images.names().map(stem).zip(0..).collect();
    let text = text(list)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mark = |(number, line): (usize, &str)| {
        let number = number + 1;
        let mut words = line.split_whitespace();
        let (Some(name), Some(mark), None) = (words.next(), words.next().and_then(mark), words.next()) else {
            let found = format!("{line:?} in line {number}");
            return Err(unlike(list, "an image's name and 1, 0 or -1", found));
        };
        match places.remove(name) {
            Some(image) => Ok((image, mark)),
            None => Err(unlike(
                list,
                &format!("each image of {} at most once", images.path().display()),
                format!("{name}, which is not there or comes again, in line {number}"),
            )),
        }
    };
    lines.map(mark).collect()
}

fn mark(word: &str) -> Option<Mark> {
    match word {
        "1" => Some(Mark::Present),
        "0" => Some(Mark::Difficult),
        "-1" => Some(Mark::Absent),
        _ => None,
    }
}

/// Refuses lists of one split that differ in their images.
fn same_images(lists: &[PathBuf], marks: &[Marks]) -> Result<(), DataError> {
    let images = |marks: &Marks| marks.iter().map(|(image, _)| *image).collect::<Vec<usize>>();
    let first = images(&marks[0]);
    let Some(other) = marks.iter().position(|marks| images(marks) != first) else { return Ok(()) };
    let expected = format!("the {} images of {}, in their order", first.len(), lists[0].display());
    Err(unlike(&lists[other], &expected, format!("{} that differ", marks[other].len())))
}

/// Adds what a list says of a class.
fn shown(objects: &mut [Option<Objects>], class: &str, marks: Marks) {
    for (image, mark) in marks {
        let Some(objects) = &mut objects[image] else { continue };
        match mark {
            Mark::Present => objects.present.insert(class.to_owned()),
            Mark::Difficult => objects.difficult.insert(class.to_owned()),
            Mark::Absent => false,
        };
    }
}
