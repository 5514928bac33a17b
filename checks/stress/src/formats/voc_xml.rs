//! VOC's annotations in XML.

use super::{Format, photograph};
use crate::damage::text;
use datasets::Voc;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    name: "VOC XML",
    id: "voc-xml",
    file: "Annotations/000001.xml",
    add_companions,
    samples: |_| {
        let samples = [include_str!("../../samples/person.xml"), include_str!("../../samples/train.xml")];
        samples.map(|sample| sample.as_bytes().to_vec()).into()
    },
    damaged: |file, rng| text(file, WORDS, rng),
    read: |path| {
        let folder = path.ancestors().nth(2).expect("an official folder");
        let voc = Voc::official(folder).map_err(|error| error.to_string())?;
        assert_eq!(voc.images().len(), 1);
        Ok(())
    },
};

/// Words of the format and of XML.
const WORDS: &str = include_str!("../../dictionaries/voc-xml.txt");

/// The image of the annotation, and the lists of the splits.
fn add_companions(folder: &Path) {
    let files = [
        ("JPEGImages/000001.jpg", photograph::drawn(4, 3)),
        ("ImageSets/Main/train.txt", b"000001\n".to_vec()),
        ("ImageSets/Main/val.txt", vec![]),
    ];
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a temporary folder");
        std::fs::write(path, bytes).expect("a temporary file");
    }
}
