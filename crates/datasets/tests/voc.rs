//! What images show comes out of a table as it stands in it, and what is wrong with it is named with its line.

mod photos;

use std::path::{Path, PathBuf};

use datasets::{ImageFolder, Voc};
use photos::{jpeg, png, tar, write_folder, write_gzip};

/// Five images in an archive, and a table of these lines.
fn read(root: &Path, lines: &str) -> (PathBuf, Result<Voc, String>) {
    let names = ["a.png", "b.png", "c.png", "d.png"];
    let mut files: Vec<(&str, Vec<u8>)> = names.map(|name| (name, png([9, 9, 9], 4, 3))).into();
    files.push(("e.jpg", jpeg(8)));
    write_gzip(&root.join("images"), &tar(&files));
    write_folder(root, &[("labels.csv", lines.as_bytes().to_vec())]);
    let path = root.join("labels.csv");
    let images = ImageFolder::open(&root.join("images")).unwrap();
    (path.clone(), Voc::read(&path, &images).map_err(|error| error.to_string()))
}

#[test]
fn a_split_shows_a_class_or_does_not_and_difficult_objects_alone_are_neither() {
    let root = tempfile::tempdir().unwrap();
    let lines = "split,file,present,difficult\n\
                 train,e.jpg,car|dog,car\ntrain,a.png,dog,car\ntrain,b.png,,\nval,c.png,car,\n";
    let (_, voc) = read(root.path(), lines);
    let voc = voc.unwrap();
    assert_eq!(voc.classes(), ["car", "dog"]);
    assert_eq!(voc.images().len(), 4, "d.png is not annotated");
    let shown = |split, class| {
        let shown = voc.showing(split, class);
        let names: Vec<String> = shown.images.names().map(str::to_owned).collect();
        names.into_iter().zip(shown.relevant).collect::<Vec<_>>()
    };
    assert_eq!(shown("train", "car"), [("b.png".to_owned(), false), ("e.jpg".to_owned(), true)]);
    assert_eq!(shown("train", "dog").iter().map(|(_, dog)| *dog).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(shown("val", "car"), [("c.png".to_owned(), true)]);
    assert_eq!(shown("test", "car"), []);
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    let root = tempfile::tempdir().unwrap();
    let images = root.path().join("images");
    let cases = [
        (
            "file,split,present\n",
            "expected a column difficult, found the columns file, split, present".to_owned(),
        ),
        ("file,split,present,difficult\n", "expected a row for each image, found none".to_owned()),
        (
            "file,split,present,difficult\na.png,val,,\nz.png,val,,\n",
            format!("expected files of {}, found z.png, which is not there, in line 3", images.display()),
        ),
        (
            "file,split,present,difficult\na.png,val,,\na.png,train,,\n",
            "expected one row for each file, found a.png again in line 3".to_owned(),
        ),
        (
            "file,split,present,difficult\na.png, ,,\n",
            "expected a split's name, found none in line 2".to_owned(),
        ),
    ];
    for (lines, expected) in cases {
        let (path, voc) = read(root.path(), lines);
        assert_eq!(voc.expect_err(lines), format!("{}: {expected}", path.display()));
    }
}
