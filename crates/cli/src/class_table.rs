//! What the classes are called, and which images show.

use anyhow::{Result, bail};
use datasets::{Labels, class_names};
use std::path::Path;

/// Names and labels, as far as they are known.
pub struct Classes {
    names: Vec<String>,
    labels: Option<Labels>,
}

impl Classes {
    /// The names in one table, the labels in another; one table with a column `file` may be both.
    pub fn read(names: Option<&Path>, truth: Option<&Path>) -> Result<Classes> {
        let labels = match (truth, names) {
            (Some(truth), _) => Some(Labels::read(truth)?),
            (None, Some(names)) => Labels::read(names).ok(),
            (None, None) => None,
        };
        Ok(Classes { names: names.map(class_names).transpose()?.unwrap_or_default(), labels })
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

    /// The class that an image shows.
    pub fn label_of(&self, image: &str) -> Option<usize> {
        self.labels.as_ref()?.label(image)
    }

    /// What a class is called, where that is known.
    pub fn name(&self, class: usize) -> Option<&str> {
        self.names.get(class).map(String::as_str)
    }

    /// A name for each of so many classes.
    pub fn names(&self, classes: usize) -> Vec<String> {
        let name = |class: usize| self.name(class).map_or_else(|| format!("class {class}"), String::from);
        (0..classes).map(name).collect()
    }
}
