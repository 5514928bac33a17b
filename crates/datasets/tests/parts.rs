//! Marked parts come out of a table as they stand in it, and what is wrong with it is named with its line.

mod photos;

use datasets::{ImageFolder, Parts, Preprocessing};
use photos::{jpeg, png, tar, write_folder, write_gzip};
use std::fs;
use std::path::{Path, PathBuf};

/// Two images of 20 by 30 pixels and one of 30 by 30 in an archive, and a table of these lines.
fn read(root: &Path, lines: &str) -> (PathBuf, Result<Parts, String>) {
    let plain = || png([9, 9, 9], 30, 20);
    let archive = tar(&[("a.png", plain()), ("b.png", plain()), ("c.jpg", jpeg(30))]);
    write_gzip(&root.join("images"), &archive);
    let path = root.join("parts.csv");
    fs::write(&path, lines).unwrap();
    let images = ImageFolder::open(&root.join("images")).unwrap();
    (path.clone(), Parts::read(&path, &images).map_err(|error| error.to_string()))
}

#[test]
fn parts_are_known_by_image_and_name_whatever_the_order_of_lines_and_columns() {
    let root = tempfile::tempdir().unwrap();
    let (_, parts) = read(root.path(), "y,part,file,x\n9,nose,c.jpg,7\n1.5,nose,a.png,2\n0,ear,c.jpg,29\n");
    let parts = parts.unwrap();
    assert_eq!(parts.images().names().collect::<Vec<_>>(), ["a.png", "c.jpg"]);
    assert_eq!(parts.positions(0).iter().collect::<Vec<_>>(), [(&"nose".to_owned(), &[1.5, 2.0])]);
    assert_eq!(parts.positions(1)["ear"], [0.0, 29.0]);
    assert_eq!(parts.names(), ["nose"]);
    let same = Preprocessing::default();
    assert_eq!(parts.in_inputs("nose", &same), Some(vec![[1.5, 2.0], [9.0, 7.0]]));
    let crop = |h, w| Preprocessing { crop: Some([h, w]), ..same };
    assert_eq!(parts.in_inputs("nose", &crop(20, 28)), Some(vec![[1.5, 1.0], [4.0, 6.0]]));
    assert_eq!(parts.in_inputs("nose", &crop(14, 30)), None, "a nose is cut off");
    assert_eq!(parts.in_inputs("ear", &same), None, "one has no ear");
    let last = parts.select(&[1]);
    assert_eq!(last.images().names().collect::<Vec<_>>(), ["c.jpg"]);
    assert_eq!((last.names(), last.in_inputs("ear", &same)), (vec!["ear", "nose"], Some(vec![[0.0, 29.0]])));
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    let root = tempfile::tempdir().unwrap();
    let images = root.path().join("images");
    let rows = [
        ("", "a row for each part, found none"),
        ("a.png,nose,1,1\nd.png,nose,1,1\n", "files of FOLDER, found d.png, which is not there, in line 3"),
        (
            "a.png,nose,1,1\nb.png,nose,30,1\n",
            "a part within 20 by 30 pixels, found row 1 and column 30 in line 3",
        ),
        ("a.png,nose,1,-0.5\n", "a part within 20 by 30 pixels, found row -0.5 and column 1 in line 2"),
        (
            "a.png,nose,1,1\nb.png,nose,1,1\na.png,nose,2,2\n",
            "one row for each part of a file, found nose of a.png again in line 4",
        ),
        ("a.png,nose,1,one\n", "a pixel's number, found \"one\" in line 2"),
        ("a.png,nose,NaN,1\n", "a pixel's number, found \"NaN\" in line 2"),
        ("a.png,,1,1\n", "a part's name, found none in line 2"),
        ("a.png,nose,1\n", "comma-separated values, found CSV error"),
    ];
    let without_a_column = ("file,part,x\n".to_owned(), "a column y, found the columns file, part, x");
    let cases = rows.map(|(rows, expected)| (format!("file,part,x,y\n{rows}"), expected));
    for (lines, expected) in cases.into_iter().chain([without_a_column]) {
        let (path, parts) = read(root.path(), &lines);
        let error = parts.expect_err(&lines);
        let expected = expected.replace("FOLDER", &images.display().to_string());
        assert!(error.starts_with(&format!("{}: expected {expected}", path.display())), "{error}");
    }
}

#[test]
fn an_annotated_image_that_cannot_be_decoded_is_named() {
    let root = tempfile::tempdir().unwrap();
    write_folder(root.path(), &[("a.png", b"no image".to_vec()), ("b.png", png([9, 9, 9], 3, 3))]);
    let images = ImageFolder::open(root.path()).unwrap();
    let table = root.path().join("parts.csv");
    for (file, readable) in [("a.png", false), ("b.png", true)] {
        fs::write(&table, format!("file,part,x,y\n{file},nose,1,1\n")).unwrap();
        let parts = Parts::read(&table, &images);
        let named = parts.as_ref().is_err_and(|e| e.to_string().contains(file));
        assert_eq!((parts.is_ok(), named), (readable, !readable), "{file}");
    }
}

#[test]
fn the_annotated_dogs_have_eyes_and_noses_within_the_crop_of_the_nets() {
    let needed = ["imagenet-sample/dog-parts.csv", "dog-faces/parts.csv"];
    let Some(data) = test_support::data(&needed) else { return };
    for (folder, table, dogs) in [("imagenet-sample", "dog-parts.csv", 17), ("dog-faces", "parts.csv", 8)] {
        let folder = data.join(folder);
        let images = ImageFolder::open(&folder.join("images.tar")).unwrap();
        let parts = Parts::read(&folder.join(table), &images).unwrap();
        assert_eq!(parts.images().len(), dogs);
        for part in ["left_eye", "right_eye", "nose"] {
            assert_eq!(parts.in_inputs(part, &Preprocessing::SQUEEZENET1_0).map(|p| p.len()), Some(dogs));
        }
    }
}
