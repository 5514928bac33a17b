//! What the classes are called, and which images show.

use crate::card::Card;
use crate::remarks::remark;
use anyhow::{Result, bail, ensure};
use datasets::{Labels, class_names};
use std::path::{Path, PathBuf};

/// Names and labels, as far as they are known.
#[derive(Default)]
pub struct Classes {
    names: Vec<String>,
    /// Where the names are from, where there must be one for each class.
    complete: Option<String>,
    labels: Option<(PathBuf, Labels)>,
}

impl Classes {
    /// The names in one table or else on the card, the labels in another table; one table with a column `file` may be both.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn read(names: Option<&Path>, truth: Option<&Path>, card: &Card) -> Result<Classes> {
        let labels = match (truth, names) {
            (Some(truth), _) => Some((truth.to_owned(), Labels::read(truth)?)),
            (None, Some(names)) => Labels::read(names).ok().map(|labels| (names.to_owned(), labels)),
            (None, None) => None,
        };
        let Some(path) = names else {
            let complete = (!card.output.labels.is_empty()).then(|| "the card".to_owned());
            return Ok(Classes { names: card.output.labels.clone(), complete, labels });
        };
        if Labels::read(path).is_ok() {
            // A table of images names at most the classes that they show.
            return Ok(Classes { names: class_names(path).unwrap_or_default(), complete: None, labels });
        }
        Ok(Classes { names: class_names(path)?, complete: Some(path.display().to_string()), labels })
    }

    /// # Errors
    /// When there are more or fewer names than classes: then some or all are wrong.
    pub fn check_names(&self, classes: Option<usize>) -> Result<()> {
        if let (Some(path), Some(classes)) = (&self.complete, classes) {
            let found = self.names.len();
            ensure!(found == classes, "{path}: expected {classes} names, one for each class, found {found}");
        }
        Ok(())
    }

    /// # Errors
    /// When one of these images shows a class that the net does not know.
    pub fn check(&self, images: &[String], classes: usize) -> Result<()> {
        for image in images {
            if let Some(class) = self.label_of(image).filter(|&class| classes > 0 && class >= classes) {
                bail!("--truth: expected a class below {classes} for {image}, found {class}");
            }
        }
        Ok(())
    }

    /// Remarks how many of these images have no label, where there are labels at all.
    pub fn report_unlabeled(&self, images: &[String]) {
        let Some((path, labels)) = &self.labels else { return };
        let unlabeled: Vec<&String> = images.iter().filter(|image| labels.label(image).is_none()).collect();
        let (path, found, all) = (path.display(), unlabeled.len(), images.len());
        if let Some(first) = unlabeled.first() {
            let what = if found == all {
                "no image has a row, so nothing is counted"
            } else {
                "they are not counted"
            };
            remark(format!(
                "{path}: {found} of {all} images not found in its column file, the first is {first}; {what}"
            ));
        }
    }

    /// The class that an image shows.
    pub fn label_of(&self, image: &str) -> Option<usize> {
        self.labels.as_ref()?.1.label(image)
    }

    /// What a class is called, where that is known.
    pub fn name(&self, class: usize) -> Option<&str> {
        self.names.get(class).map(String::as_str)
    }

    /// The class of this number or name, where there is one; a name of several classes is none, and remarked.
    pub fn find(&self, text: &str) -> Option<usize> {
        if let Ok(number) = text.trim().parse() {
            return Some(number);
        }
        let same = |&class: &usize| self.names[class].trim().eq_ignore_ascii_case(text.trim());
        let classes: Vec<usize> = (0..self.names.len()).filter(same).collect();
        if classes.len() > 1 {
            let numbers = classes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
            remark(format!("{} is the name of the classes {numbers}: give the number", text.trim()));
            return None;
        }
        classes.first().copied()
    }

    /// A name for each of so many classes.
    pub fn names(&self, classes: usize) -> Vec<String> {
        let name = |class: usize| self.name(class).map_or_else(|| format!("class {class}"), String::from);
        (0..classes).map(name).collect()
    }
}
