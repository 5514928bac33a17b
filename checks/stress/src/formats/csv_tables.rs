//! Tables of labels, of classes' names, of parts and of objects.

use super::{File, Format, photograph, real};
use crate::damage::text;
use datasets::{DataError, ImageFolder, Labels, Parts, Voc, class_names};
use std::path::Path;
use test_support::data_folder;

pub(super) const FORMAT: Format = Format {
    name: "CSV annotations",
    id: "csv",
    file: "table.csv",
    add_companions,
    samples,
    damaged: |file, rng| text(file, WORDS, rng),
    read,
};

/// Words of the format.
const WORDS: &str = include_str!("../../dictionaries/csv.txt");

/// One table of each kind, and the first lines of real ones.
fn samples(data: Option<&Path>) -> Vec<File> {
    let ours = [
        "file,label,name\na.png,0,tench\nb.png,1,\"goldfish, Carassius\"\n",
        "class,file\ncat,a.png\ndog,b.png\ncat,c.png\n",
        "file,part,x,y\na.png,left eye,12.5,60\na.png,nose,30,255\nb.png,nose,1e2,0\n",
        "file,split,present,difficult\na.png,train,dog|person,\nb.png,val,,cat\n",
    ];
    let tables = [
        ("imagenet-sample/labels.csv", 12),
        ("imagenet-sample/dog-parts.csv", 7),
        ("voc2007/labels.csv", 9),
        ("tiny-imagenet-100/classes.csv", 12),
    ];
    let real = tables.iter().filter_map(|(table, lines)| real::lines(&data?.join(table), *lines));
    ours.map(|table| table.as_bytes().to_vec()).into_iter().chain(real).collect()
}

/// An image for every name in the samples.
fn add_companions(folder: &Path) {
    let images = folder.join("images");
    std::fs::create_dir(&images).expect("a temporary folder");
    let image = photograph::drawn(256, 256);
    for sample in samples(data_folder().as_deref()) {
        let text = String::from_utf8(sample).expect("a text");
        let cells = text.split([',', '\n']);
        let is_image = |cell: &&str| {
            Path::new(cell).extension().is_some_and(|ending| ending == "png" || ending == "jpg")
        };
        for name in cells.filter(is_image) {
            std::fs::write(images.join(name), &image).expect("a temporary file");
        }
    }
}

/// Reads the file with every reader of tables.
fn read(path: &Path) -> Result<(), String> {
    let images = ImageFolder::open(&path.with_file_name("images")).expect("images of ours");
    let labels = Labels::read(path).and_then(|labels| images.clone().with_labels(&labels)).map(drop);
    let parts = Parts::read(path, &images).map(|parts| drop(parts.names().concat()));
    let objects = Voc::read(path, &images).map(|voc| drop(voc.classes().concat()));
    let names = class_names(path).map(drop);
    let outcomes = [labels, parts, objects, names];
    if outcomes.iter().any(Result::is_ok) {
        return Ok(());
    }
    outcomes.into_iter().collect::<Result<(), DataError>>().map_err(|error| error.to_string())
}
