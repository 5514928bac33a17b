//! What images show comes out of a table as it stands in it, and what is wrong with it is named with its line.

mod photos;

use datasets::{ImageFolder, Voc};
use photos::{jpeg, png, tar, write_folder, write_gzip};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

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
    let rows = [
        ("", "a row for each image, found none"),
        ("a.png,val,,\nz.png,val,,\n", "files of FOLDER, found z.png, which is not there, in line 3"),
        ("a.png,val,,\na.png,train,,\n", "one row for each file, found a.png again in line 3"),
        ("a.png, ,,\n", "a split's name, found none in line 2"),
    ];
    let without_a_column =
        ("file,split,present\n".to_owned(), "a column difficult, found the columns file, split, present");
    let cases = rows.map(|(rows, expected)| (format!("file,split,present,difficult\n{rows}"), expected));
    for (lines, expected) in cases.into_iter().chain([without_a_column]) {
        let (path, voc) = read(root.path(), &lines);
        let expected = expected.replace("FOLDER", &images.display().to_string());
        assert_eq!(voc.expect_err(&lines), format!("{}: expected {expected}", path.display()));
    }
}

/// An official folder of four images with the lists of two classes, and other files that the official one has.
fn official(lists: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let image = |name: &str| (format!("JPEGImages/{name}.jpg"), jpeg(8));
    let list = |(name, text): (&str, &str)| (format!("ImageSets/Main/{name}.txt"), text.as_bytes().to_vec());
    let common = [
        ("car_train", "2008_000001 -1\n2008_000003  1\n"),
        ("car_val", "2008_000002  0\n"),
        ("dog_train", "2008_000001  1\n2008_000003  1\n"),
        ("dog_val", "2008_000002 -1\n"),
        ("train", "2008_000001\n2008_000003\n"),
        ("car_trainval", "2008_000001 -1\n2008_000002  0\n2008_000003  1\n"),
    ];
    let images = ["2008_000001", "2008_000002", "2008_000003", "2008_000004"].map(image);
    let files: Vec<(String, Vec<u8>)> =
        images.into_iter().chain(common.into_iter().chain(lists.iter().copied()).map(list)).collect();
    write_folder(root.path(), &files);
    root
}

#[test]
fn an_official_folder_says_what_each_image_shows() {
    let root = official(&[]);
    let voc = Voc::official(root.path()).unwrap();
    assert_eq!(voc.classes(), ["car", "dog"]);
    let names: Vec<&str> = voc.images().names().collect();
    assert_eq!(names, ["2008_000001.jpg", "2008_000002.jpg", "2008_000003.jpg"], "the fourth is in no split");
    assert_eq!((voc.split("train"), voc.split("val")), (vec![0, 2], vec![1]));
    let shows = |class| [0, 1, 2].map(|image| voc.shows(image, class));
    assert_eq!(shows("car"), [Some(false), None, Some(true)]);
    assert_eq!(shows("dog"), [Some(true), Some(false), Some(true)]);
}

#[test]
fn what_is_wrong_in_an_official_list_is_named_with_file_and_line() {
    let cases = [
        (
            "car_val",
            "2008_000002  0\n2008_000009 1\n",
            "2008_000009, which is not there or comes again, in line 2",
        ),
        (
            "car_val",
            "2008_000002 1\n2008_000002 1\n",
            "2008_000002, which is not there or comes again, in line 2",
        ),
        (
            "dog_val",
            "2008_000002 2\n",
            "expected an image's name and 1, 0 or -1, found \"2008_000002 2\" in line 1",
        ),
        ("dog_val", "2008_000004 1\n", "found 1 that differ"),
    ];
    for (list, text, expected) in cases {
        let root = official(&[(list, text)]);
        let error = Voc::official(root.path()).unwrap_err().to_string();
        let path = root.path().join(format!("ImageSets/Main/{list}.txt"));
        assert!(error.starts_with(&path.display().to_string()) && error.ends_with(expected), "{error}");
    }
    let root = official(&[("cow_train", "2008_000001 1\n2008_000003 1\n")]);
    let error = Voc::official(root.path()).unwrap_err().to_string();
    assert!(error.contains("cow_val.txt: expected a text file that can be read"), "{error}");
}

/// An official folder of two images without lists for each class, and this annotation of the first.
fn annotated(annotation: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let second = "<annotation><object><name>dog</name></object></annotation>";
    let files = [
        ("JPEGImages/1.jpg", jpeg(8)),
        ("JPEGImages/2.jpg", jpeg(8)),
        ("ImageSets/Main/train.txt", b"1\n".to_vec()),
        ("ImageSets/Main/val.txt", b"2\n".to_vec()),
        ("Annotations/1.xml", annotation.as_bytes().to_vec()),
        ("Annotations/2.xml", second.as_bytes().to_vec()),
    ];
    write_folder(root.path(), &files);
    root
}

#[test]
fn without_lists_for_each_class_annotations_say_what_each_image_shows() {
    let object =
        |name, difficult| format!("<object><name>{name}</name><difficult>{difficult}</difficult></object>");
    let objects = [("car", 1), ("dog", 1), ("cow", 0), ("cow", 1)].map(|(name, hard)| object(name, hard));
    let root = annotated(&format!("<annotation>{}</annotation>", objects.concat()));
    let voc = Voc::official(root.path()).unwrap();
    assert_eq!(voc.classes(), ["cow", "dog"]);
    assert_eq!((voc.split("train"), voc.split("val")), (vec![0], vec![1]));
    let shows = |class| [0, 1].map(|image| voc.shows(image, class));
    assert_eq!([shows("car"), shows("cow")], [[None, Some(false)], [Some(true), Some(false)]]);
    assert_eq!(shows("dog"), [None, Some(true)]);
}

#[test]
fn what_is_wrong_in_an_annotation_is_named_with_its_file() {
    let cases = [
        ("<annotation><object></object></annotation>", "found an object without a name"),
        (
            "<annotation><object><name>a</name><difficult>2</difficult></object></annotation>",
            "difficult \"2\"",
        ),
        ("<annotation><object></annotation>", "at byte"),
    ];
    for (annotation, expected) in cases {
        let root = annotated(annotation);
        let error = Voc::official(root.path()).unwrap_err().to_string();
        let file = "Annotations/1.xml: expected an annotation";
        assert!(error.contains(file) && error.contains(expected), "{error}");
    }
    let root = annotated("<annotation></annotation>");
    write_folder(root.path(), &[("ImageSets/Main/val.txt", b"2\n1\n".to_vec())]);
    let error = Voc::official(root.path()).unwrap_err().to_string();
    assert!(error.ends_with("found 1, which is not there or comes again, in line 2"), "{error}");
}
