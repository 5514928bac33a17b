//! Pictures of adversarial examples as PNG files.

use crate::job::PartStore;
use crate::output::{ends_in, make_folder, names_in};
use anyhow::{Context, Result};
use image::RgbImage;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// An image before and after the attack, in 8 bits.
pub struct Picture {
    /// What the image is called.
    pub name: String,
    pub clean: RgbImage,
    pub adversarial: RgbImage,
}

/// Writes `NAME.png` and `NAME.clean.png` of each into the folder's `pictures`.
pub fn write_pictures(folder: &Path, parts: &PartStore, pictures: &[Picture]) -> Result<()> {
    let folder = folder.join("pictures");
    let names = file_names(pictures.iter().map(|picture| picture.name.as_str()));
    remove_others(&folder, &names)?;
    if pictures.is_empty() {
        return Ok(());
    }
    make_folder(&folder)?;
    for (picture, name) in pictures.iter().zip(names) {
        for (image, ending) in [(&picture.adversarial, "png"), (&picture.clean, "clean.png")] {
            let png = figures::png(image)?;
            let path = folder.join(format!("{name}.{ending}"));
            parts.write_output(&path, |writer| Ok(writer.write_all(&png)?))?;
        }
    }
    Ok(())
}

/// Removes what an earlier attack left that no row of this one describes.
fn remove_others(folder: &Path, names: &[String]) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let is_kept = |file: &str| {
        names.iter().any(|name| file == format!("{name}.png") || file == format!("{name}.clean.png"))
    };
    for file in names_in(folder)?.iter().filter(|file| ends_in(Path::new(file), "png") && !is_kept(file)) {
        let path = folder.join(file);
        std::fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
    }
    Ok(())
}

/// Names of files: without folders and ending, or with them where two are the same.
fn file_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let plain = |text: &str| -> String {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let text: String = text.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        text.trim_matches(['_', '.']).to_owned()
    };
    let mut taken = BTreeSet::new();
    let mut name_of = |(index, name): (usize, &str)| {
        let last = name.rsplit('/').next().unwrap_or(name);
        let short = match last.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('[') => stem.to_owned(),
            // A row of an array.
            _ => last.replace(".npy[", "-"),
        };
        let whole = plain(name);
        let numbered = if whole.is_empty() { format!("image-{index}") } else { format!("{whole}-{index}") };
        let candidates = [plain(&short), whole, numbered];
        let free =
            candidates.into_iter().find(|candidate| !candidate.is_empty() && !taken.contains(candidate));
        let name = free.unwrap_or_else(|| format!("image-{index}"));
        taken.insert(name.clone());
        name
    };
    names.enumerate().map(&mut name_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_image_has_a_file_name_of_its_own() {
        let names = ["a/cat.jpg", "b/cat.jpg", "cat.png", "x.npy[3]", "..", "a b?.png", "v1.2.jpg"];
        let expected = ["cat", "b_cat.jpg", "cat.png", "x-3", "image-4", "a_b", "v1.2"];
        assert_eq!(file_names(names.into_iter()), expected);
    }
}
