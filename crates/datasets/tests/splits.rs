//! ImageNet and Tiny-ImageNet are read from their layouts, and what is wrong with them is said in one line.

mod photos;

use datasets::{Crops, ImageFolder, LabeledImages, Pixels, Splits};
use photos::{jpeg, png, tar, write_folder, write_gzip};
use std::fs;
use std::path::Path;
use tensor::{seeded, to_f64s};

const RED: [u8; 3] = [200, 0, 0];
const BLUE: [u8; 3] = [0, 0, 100];

fn train() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("train/n1/a.JPEG", png(RED, 12, 8)),
        ("train/n1/b.JPEG", jpeg(40)),
        ("train/n2/c.JPEG", png(BLUE, 8, 8)),
    ]
}

/// Validation images in one folder, and the table of their classes.
fn flat(table: &str) -> Vec<(&'static str, Vec<u8>)> {
    let table = format!("ImageId,PredictionString\n{table}");
    vec![
        ("val/ILSVRC2012_val_00000001.JPEG", png(BLUE, 9, 9)),
        ("val/ILSVRC2012_val_00000002.JPEG", png(RED, 9, 9)),
        ("LOC_val_solution.csv", table.into_bytes()),
    ]
}

const TABLE: &str = "ILSVRC2012_val_00000002,n1 1 2 3 4 n1 5 6 7 8\nILSVRC2012_val_00000001,n2 1 2 3 4\n";

fn labels(folder: &ImageFolder) -> Vec<Option<usize>> {
    folder.labels().collect()
}

#[test]
fn imagenet_is_found_in_each_of_its_layouts() {
    let in_folders =
        vec![("val/n2/1.JPEG", png(BLUE, 9, 9)), ("val/n1/2.JPEG", png(RED, 9, 9)), ("val/readme", vec![])];
    for (val, expected) in [(in_folders, [Some(0), Some(1)]), (flat(TABLE), [Some(1), Some(0)])] {
        for below in ["", "ILSVRC/Data/CLS-LOC"] {
            let root = tempfile::tempdir().unwrap();
            assert!(!Splits::has_imagenet(root.path()));
            let (table, images): (Vec<_>, Vec<_>) =
                [train(), val.clone()].concat().into_iter().partition(|(name, _)| name.starts_with("LOC"));
            write_folder(root.path(), &table);
            write_folder(&root.path().join(below), &images);
            assert!(Splits::has_imagenet(root.path()));
            let splits = Splits::imagenet(root.path()).unwrap();
            assert_eq!(splits.names, ["n1", "n2"]);
            assert_eq!(labels(&splits.train), [Some(0), Some(0), Some(1)]);
            assert_eq!(labels(&splits.val), expected);
        }
    }
}

/// What the error says once the root's path is taken out.
fn refusal(files: &[(&str, Vec<u8>)], empty: Option<&str>) -> String {
    let root = tempfile::tempdir().unwrap();
    write_folder(root.path(), files);
    if let Some(folder) = empty {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    let error = Splits::imagenet(root.path()).unwrap_err().to_string();
    assert!(!error.contains('\n'), "{error}");
    error.replace(&format!("{}/", root.path().display()), "")
}

#[test]
fn what_is_wrong_with_imagenet_names_path_expected_and_found() {
    let [image, other] = [png(RED, 9, 9), png(BLUE, 9, 9)];
    let both = [train(), flat(TABLE)].concat();
    let of = |val: Vec<(&'static str, Vec<u8>)>| [train(), val].concat();
    let cases = [
        (refusal(&flat(TABLE), None), "train: expected a folder of images, found: entity not found"),
        (refusal(&train(), None), "val: expected a folder of images, found: entity not found"),
        (refusal(&both, Some("train/n3")), "train: expected at least 1 images of the class n3, found 0"),
        (
            refusal(&of(vec![("val/n1/1.JPEG", image.clone())]), None),
            "val: expected images of n2, a class of train, found those of 1 others",
        ),
        (
            refusal(
                &of(vec![
                    ("val/n1/1.JPEG", image.clone()),
                    ("val/n2/1.JPEG", image.clone()),
                    ("val/n3/1.JPEG", other),
                ]),
                None,
            ),
            "train: expected images of n3, a class of val, found those of 2 others",
        ),
        (
            refusal(&of(vec![("val/n1/1.JPEG", image.clone()), ("val/2.JPEG", image)]), None),
            "val/2.JPEG: expected the folder of a class around it, found: none",
        ),
        (
            refusal(&of(flat(&TABLE.replace("n2", "n1"))), None),
            "val: expected images of n2, a class of train, found those of 1 others",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
    let third = "found ILSVRC2012_val_00000003.JPEG, which is not there, in line 3";
    let again = "found ILSVRC2012_val_00000002 again in line 3";
    let first = "a row for ILSVRC2012_val_00000001.JPEG, found none";
    for (table, expected) in [
        (TABLE.replace("n2", "n7"), "a class of train, found \"n7\" in line 3".to_owned()),
        (TABLE.replace("00000001", "00000003"), format!("files of val, {third}")),
        (TABLE.split_once('\n').unwrap().0.to_owned(), first.to_owned()),
        (TABLE.replace("00000001", "00000002"), format!("one row for each file, {again}")),
    ] {
        let found = refusal(&of(flat(&table)), None);
        assert_eq!(found, format!("LOC_val_solution.csv: expected {expected}"));
    }
}

/// Tiny-ImageNet's three files; what is said of them, without the folder's path.
fn tiny(train: &[(&str, Vec<u8>)], val: &[(&str, Vec<u8>)], classes: &str) -> Result<Splits, String> {
    let root = tempfile::tempdir().unwrap();
    let [train_at, val_at, table] =
        ["train.tar.gz", "val.tar.gz", "classes.csv"].map(|name| root.path().join(name));
    write_gzip(&train_at, &tar(train));
    write_gzip(&val_at, &tar(val));
    fs::write(&table, classes).unwrap();
    Splits::tiny_imagenet(&train_at, &val_at, &table)
        .map_err(|error| error.to_string().replace(&format!("{}/", root.path().display()), ""))
}

#[test]
fn tiny_imagenet_has_the_same_classes_in_both_splits_and_in_its_table() {
    let one = |name: &'static str| (name, png(RED, 4, 4));
    let both = [one("n1/a.JPEG"), one("n2/b.JPEG")];
    let classes = "wnid,name\nn2,\"dog, hound\"\nn1,cat\n";
    assert_eq!(tiny(&both, &both, classes).unwrap().names, ["cat", "dog, hound"]);
    let cases = [
        (
            tiny(&both, &both[..1], classes),
            "val.tar.gz: expected images of n2, a class of train.tar.gz, found those of 1 others",
        ),
        (
            tiny(&both[1..], &both, classes),
            "train.tar.gz: expected images of n1, a class of val.tar.gz, found those of 1 others",
        ),
        (
            tiny(&both, &both, "wnid,name\nn1,cat\n"),
            "classes.csv: expected a row for n2, of which train.tar.gz has images, found none",
        ),
        (
            tiny(&both, &both, "wnid,name\nn1,cat\nn2,dog\nn3,cow\n"),
            "classes.csv: expected classes of train.tar.gz, found n3, of which there is no image",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found.unwrap_err(), expected);
    }
}

/// The same images in memory and on demand.
fn both_ways(root: &Path, side: usize) -> [LabeledImages; 2] {
    let folder = ImageFolder::open(&root.join("train")).unwrap();
    let mut count = 0;
    let pixels = Pixels::read(&folder, side, || count += 1).unwrap();
    assert_eq!(count, folder.len());
    [LabeledImages::InMemory(pixels), LabeledImages::OnDemand { folder, side }]
}

#[test]
fn images_in_memory_and_images_decoded_on_demand_are_the_same() {
    let root = tempfile::tempdir().unwrap();
    write_folder(root.path(), &train());
    let [held, files] = both_ways(root.path(), 8);
    let mean = held.mean(3).unwrap();
    assert_eq!(to_f64s(&mean), to_f64s(&files.mean(100).unwrap()));
    let crops = Crops::new(&mean, 5, 1.0 / 255.0);
    let examples = [2, 0, 1, 2];
    let each = [&held, &files].map(|images| {
        let (batch, labels) = images.batch(&crops, &examples, &mut seeded(1, "crops")).unwrap();
        let (center, _) = images.center(&crops, &examples).unwrap();
        let (ten, again) = images.ten(&crops, &examples).unwrap();
        assert_eq!((&labels, labels == again), (&vec![1, 0, 0, 1], true));
        [batch, center, ten].map(|crops| to_f64s(&crops))
    });
    assert_eq!(each[0], each[1]);
    assert_eq!((held.len(), held.side(), held.classes()), (files.len(), files.side(), files.classes()));
}

#[test]
fn images_of_the_right_size_keep_their_bytes_and_gray_ones_get_three_planes() {
    let root = tempfile::tempdir().unwrap();
    let gray = image::GrayImage::from_fn(8, 8, |x, y| image::Luma([(x * 8 + y) as u8]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    gray.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    write_folder(root.path(), &[("train/g/g.png", bytes.into_inner()), ("train/b/b.png", png(BLUE, 8, 8))]);
    let [held, _] = both_ways(root.path(), 8);
    let raw = Crops::new(&tensor::tensor_of(vec![0.0f32; 192], &[3, 8, 8]), 8, 1.0);
    let (images, labels) = held.center(&raw, &[0, 1]).unwrap();
    assert_eq!(labels, [0, 1]);
    let values = to_f64s(&images);
    let planes: Vec<&[f64]> = values.chunks(64).collect();
    assert!(planes[2].iter().all(|value| *value == 100.0) && planes[0].iter().all(|value| *value == 0.0));
    let expected: Vec<f64> = gray.as_raw().iter().map(|&byte| f64::from(byte)).collect();
    assert!(planes[3..].iter().all(|plane| *plane == expected));
}

#[test]
fn a_truncated_or_unlabeled_image_is_named_however_it_is_read() {
    let cases = [
        (
            "train/n2/cut.JPEG",
            jpeg(40)[..700].to_vec(),
            "expected a whole JPEG image, found: a JPEG image cut off after 700 bytes",
        ),
        ("train/z.png", png(RED, 9, 9), "expected an image with a label, found: none, in no class's folder"),
    ];
    for (name, bytes, expected) in cases {
        let root = tempfile::tempdir().unwrap();
        write_folder(root.path(), &[train(), vec![(name, bytes)]].concat());
        let folder = ImageFolder::open(&root.path().join("train")).unwrap();
        let expected = format!("{}: {expected}", root.path().join(name).display());
        assert_eq!(Pixels::read(&folder, 8, || ()).unwrap_err().to_string(), expected);
        let files = LabeledImages::OnDemand { folder, side: 8 };
        assert_eq!(files.mean(100).unwrap_err().to_string(), expected);
        let crops = Crops::new(&tensor::tensor_of(vec![0.0f32; 192], &[3, 8, 8]), 8, 1.0);
        let last = files.len() - 1;
        assert_eq!(files.center(&crops, &[0, last]).unwrap_err().to_string(), expected);
    }
}

#[test]
fn tiny_imagenet_has_a_hundred_classes_where_it_is_at_hand() {
    let files = ["train.tar.gz", "val.tar.gz", "classes.csv"].map(|file| format!("tiny-imagenet-100/{file}"));
    let Some(data) = test_support::data(&files.each_ref().map(String::as_str)) else { return };
    let [train, val, classes] = files.map(|file| data.join(file));
    let splits = Splits::tiny_imagenet(&train, &val, &classes).unwrap();
    assert_eq!((splits.train.len(), splits.val.len(), splits.names.len()), (40_000, 5_000, 100));
    assert_eq!(splits.names[0], "goldfish, Carassius auratus");
    let two = Pixels::read(&splits.val.select(&[0, 4999]), 64, || ()).unwrap();
    assert_eq!((two.len(), two.side()), (2, 64));
}
