//! Dogs whose eyes and noses are marked: looked for where all data is, and stood in for by drawn faces.

use crate::data::Wanted;
use crate::located::{GENERATOR_SEED, Located, png};
use crate::photographs::SIDE;
use anyhow::Result;
use datasets::{ImageFolder, Parts, Set, face};
use durable::write_unsynced;
use rayon::prelude::*;
use std::fmt::Write;
use std::path::Path;

/// Images of dogs, and where their parts are.
#[derive(Clone, Debug)]
pub struct Dogs {
    /// What tables call them.
    pub name: &'static str,
    /// The parts `left_eye`, `right_eye` and `nose` at least, left and right as seen in the image.
    pub parts: Parts,
}

impl Dogs {
    /// The first `n` of them, or all where there are no more.
    pub fn first(&self, n: usize) -> Dogs {
        let n = n.min(self.parts.images().len());
        Dogs { name: self.name, parts: self.parts.select(&(0..n).collect::<Vec<_>>()) }
    }
}

const SAMPLE: Wanted = Wanted { folder: "imagenet-sample", files: &["images.tar", "dog-parts.csv"] };
const FACES: Wanted = Wanted { folder: "dog-faces", files: &["images.tar", "parts.csv"] };

/// What stands in for either set: its name and how many faces there are, as many as dogs.
const DRAWN: [(&str, usize); 2] = [("drawn faces", 17), ("more drawn faces", 8)];

/// Dogs of ImageNet in varied poses and frontal faces of dogs, or faces drawn into `scratch`: there is no mirror to download them from.
pub(crate) fn dogs(named: Option<&Path>, scratch: &Path) -> Result<Located<[Dogs; 2]>> {
    match (SAMPLE.locate(named)?, FACES.locate(named)?) {
        (Some(sample), Some(faces)) => read(&sample, &faces),
        _ => generated(scratch),
    }
}

fn read(sample: &Path, faces: &Path) -> Result<Located<[Dogs; 2]>> {
    let dogs = [
        marked(SAMPLE.folder, &sample.join("images.tar"), &sample.join("dog-parts.csv"))?,
        marked(FACES.folder, &faces.join("images.tar"), &faces.join("parts.csv"))?,
    ];
    Located::from_folders(dogs, Set::Dogs, [(sample, &SAMPLE), (faces, &FACES)])
}

/// Images with the parts in a table.
fn marked(name: &'static str, images: &Path, table: &Path) -> Result<Dogs> {
    Ok(Dogs { name, parts: Parts::read(table, &ImageFolder::open(images)?)? })
}

fn generated(scratch: &Path) -> Result<Located<[Dogs; 2]>> {
    let set = |first: usize, (name, count): (&'static str, usize)| {
        let folder = scratch.join("faces").join(name);
        draw(&folder, first..first + count)?;
        marked(name, &folder, &folder.join("parts.csv"))
    };
    let dogs = [set(0, DRAWN[0])?, set(DRAWN[0].1, DRAWN[1])?];
    Ok(Located::from_generator(dogs, Set::Dogs, "dogs"))
}

/// Faces and the table of their parts.
fn draw(folder: &Path, numbers: std::ops::Range<usize>) -> Result<()> {
    let one = |number: usize| {
        let (image, parts) = face(GENERATOR_SEED, number, SIDE);
        let file = format!("{number:03}.png");
        let mut lines = String::new();
        for (part, [y, x]) in parts {
            writeln!(lines, "{file},{part},{x},{y}").expect("a string takes all");
        }
        write_unsynced(&folder.join(file), &png(&image)?)?;
        Ok(lines)
    };
    let lines = numbers.into_par_iter().map(one).collect::<Result<Vec<String>>>()?;
    let table = format!("file,part,x,y\n{}", lines.concat());
    Ok(write_unsynced(&folder.join("parts.csv"), table.as_bytes())?)
}
