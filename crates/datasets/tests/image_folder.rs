//! Images come out of folders and archives in one order, with the labels of their folders or of a table.

mod photos;

use datasets::{BrokenImages, ImageFolder, Labels, Preprocessing, Resize, class_names};
use photos::{jpeg, png, tar, write_folder, write_gzip};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const RED: [u8; 3] = [200, 0, 0];
const BLUE: [u8; 3] = [0, 0, 200];

/// Two classes, a file that is no image, and one that another system left behind.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("cat/2.png", png(BLUE, 4, 3)),
        ("ant/deep/1.PNG", png(RED, 4, 3)),
        ("cat/10.JPEG", jpeg(16)),
        ("cat/notes.txt", b"no image".to_vec()),
        ("ant/._1.png", b"no image".to_vec()),
    ]
}

/// The same files as a folder, an archive and a compressed archive.
fn everywhere(files: &[(impl AsRef<Path>, Vec<u8>)]) -> (TempDir, [PathBuf; 3]) {
    let root = tempfile::tempdir().unwrap();
    let places = ["folder", "images.tar", "images.tar.gz"].map(|name| root.path().join(name));
    write_folder(&places[0], files);
    fs::write(&places[1], tar(files)).unwrap();
    write_gzip(&places[2], &tar(files));
    (root, places)
}

fn names(folder: &ImageFolder) -> Vec<&str> {
    folder.names().collect()
}

fn write(root: &Path, name: &str, text: &str) -> PathBuf {
    let path = root.join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_folder_is_sorted_and_an_archive_keeps_its_order() {
    let (_root, [folder, archive, compressed]) = everywhere(&files());
    assert_eq!(names(&ImageFolder::open(&folder).unwrap()), ["ant/deep/1.PNG", "cat/10.JPEG", "cat/2.png"]);
    for archive in [archive, compressed] {
        let archive = ImageFolder::open(&archive).unwrap();
        assert_eq!(names(&archive), ["cat/2.png", "ant/deep/1.PNG", "cat/10.JPEG"]);
    }
}

#[test]
fn every_image_comes_decoded_under_its_name_with_the_label_of_its_folder() {
    let (_root, places) = everywhere(&files());
    for place in places {
        let folder = ImageFolder::open(&place).unwrap();
        assert_eq!(folder.classes(), ["ant", "cat"]);
        let pictures: Vec<_> = folder.images(BrokenImages::Refuse).unwrap().map(Result::unwrap).collect();
        assert!(pictures.iter().map(|picture| picture.name.as_str()).eq(folder.names()));
        assert!(pictures.iter().map(|picture| picture.label).eq(folder.labels()));
        for picture in pictures.iter().filter(|picture| picture.image.width() == 4) {
            let (label, color) = if picture.name.starts_with("ant") { (0, RED) } else { (1, BLUE) };
            assert_eq!(picture.label, Some(label), "{}", picture.name);
            assert!(picture.image.pixels().all(|pixel| pixel.0 == color), "{}", picture.name);
        }
    }
}

#[test]
fn pictures_are_known_by_their_content_and_hidden_ones_left_out() {
    let files = [
        ("cat", png(RED, 4, 3)),
        ("deep/jpeg.txt", jpeg(16)),
        (".cache/x.png", png(RED, 4, 3)),
        (".x.png", png(RED, 4, 3)),
        ("notes.TXT", b"no image".to_vec()),
        ("t.csv", b"a,b".to_vec()),
        ("more.txt", Vec::new()),
        ("two\nlines.png", png(BLUE, 4, 3)),
    ];
    let (_root, places) = everywhere(&files);
    for place in places {
        let folder = ImageFolder::open(&place).unwrap();
        assert_eq!(names(&folder), ["cat", "deep/jpeg.txt", "two\\nlines.png"]);
        let passed_over = "3 files passed over, which are no pictures: 2 .txt, 1 .csv";
        assert_eq!(folder.passed_over().as_deref(), Some(passed_over));
        assert_eq!(folder.images(BrokenImages::Refuse).unwrap().map(Result::unwrap).count(), 3);
    }
}

#[test]
fn a_single_file_that_is_no_picture_is_called_what_it_is() {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes, found) in [
        ("page", &b"<!DOCTYPE html><p>"[..], "an HTML page, not the file"),
        (
            "x.npz",
            b"PK\x03\x04..",
            "a .npz archive of arrays or another .zip archive, expected one array: np.save(\"x.npy\", …)",
        ),
        ("a.txt", b"hello", "another kind of file"),
        ("empty", b"", "an empty file"),
    ] {
        fs::write(root.path().join(name), bytes).unwrap();
        let refusal = ImageFolder::open(&root.path().join(name)).expect_err(name).to_string();
        let expected = "expected a JPEG, PNG, WebP, BMP, TIFF or GIF image, or a folder or a tar archive of them, found: ";
        assert!(refusal.ends_with(&format!("{name}: {expected}{found}")), "{refusal}");
    }
}

#[test]
fn images_in_no_folder_have_no_label_until_a_table_gives_them() {
    let (root, places) = everywhere(&[("b.png", png(RED, 2, 2)), ("a.png", png(BLUE, 2, 2))]);
    let table =
        write(root.path(), "labels.csv", "index,synset,name,file\n2,n02,tench,a.png\n0,n00,dog,b.png\n");
    for place in places {
        let folder = ImageFolder::open(&place).unwrap();
        assert!(folder.labels().all(|label| label.is_none()) && folder.classes().is_empty());
        let labeled = folder.with_labels(&Labels::read(&table).unwrap()).unwrap();
        assert_eq!(labeled.classes(), ["dog", "1", "tench"]);
        for (name, label) in labeled.names().zip(labeled.labels()) {
            assert_eq!(label, Some(if name == "a.png" { 2 } else { 0 }));
        }
    }
}

#[test]
fn a_selection_reads_only_its_images() {
    let (_root, places) = everywhere(&files());
    for place in places {
        let folder = ImageFolder::open(&place).unwrap();
        let selected = folder.select(&[0, 2]);
        let pictures = selected.images(BrokenImages::Refuse).unwrap().map(|picture| picture.unwrap().name);
        let all = names(&folder);
        assert_eq!(pictures.collect::<Vec<_>>(), [all[0], all[2]]);
    }
}

#[test]
fn one_image_file_is_a_folder_of_one() {
    let (_root, [folder, ..]) = everywhere(&files());
    let one = ImageFolder::open(&folder.join("cat/2.png")).unwrap();
    assert_eq!(names(&one), ["2.png"]);
    assert_eq!(one.images(BrokenImages::Refuse).unwrap().count(), 1);
}

#[test]
fn batches_hold_n_images_and_the_last_one_the_rest() {
    let many: Vec<(String, Vec<u8>)> =
        (0..21u8).map(|i| (format!("{i:02}.png"), png([i, 0, 0], 3, 2))).collect();
    let (_root, places) = everywhere(&many);
    let bytes = Preprocessing { scale: 1.0, ..Preprocessing::default() };
    for place in places {
        let folder = ImageFolder::open(&place).unwrap();
        let batches: Vec<_> =
            folder.batches(9, bytes, BrokenImages::Refuse).unwrap().map(Result::unwrap).collect();
        assert_eq!(batches.iter().map(|batch| batch.images.dims()[0]).collect::<Vec<_>>(), [9, 9, 3]);
        assert_eq!(batches[0].images.dims(), [9, 3, 2, 3]);
        for (number, (batch, row)) in (0..21).map(|i| (i, (&batches[i / 9], i % 9))) {
            let first = tensor::to_f64s(&batch.images)[row * 18];
            assert_eq!((first, batch.names[row].as_str()), (number as f64, many[number].0.as_str()));
        }
    }
}

#[test]
fn a_broken_image_names_its_path_or_is_skipped_and_counted() {
    let cut = jpeg(40)[..700].to_vec();
    let flipped = [&png(RED, 9, 9)[..40], &[0; 30]].concat();
    let broken = [
        ("b/cut.jpg", cut, "a whole JPEG image, found: "),
        ("b/flipped.png", flipped, "a whole PNG image, found: "),
        ("b/empty.jpg", Vec::new(), "a JPEG, PNG, WebP, BMP, TIFF or GIF image, found: an empty file"),
        ("b/other.png", b"GIF89a".to_vec(), "a whole GIF image, found: "),
        (
            "b/pointer.png",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00".to_vec(),
            "a JPEG, PNG, WebP, BMP, TIFF or GIF image, found: a Git LFS pointer, not the file: run `git lfs pull`",
        ),
    ];
    for (name, bytes, expected) in broken {
        let (_root, places) =
            everywhere(&[("a/1.png", png(RED, 2, 2)), (name, bytes), ("c/2.png", png(BLUE, 2, 2))]);
        for place in places {
            let folder = ImageFolder::open(&place).unwrap();
            let mut images = folder.images(BrokenImages::Refuse).unwrap();
            let error = images.find_map(Result::err).expect("an error").to_string();
            let expected = format!("{}: expected {expected}", place.join(name).display());
            assert!(error.starts_with(&expected) && !error.contains('\n'), "{error}");
            let mut images = folder.images(BrokenImages::Skip).unwrap();
            let names: Vec<String> = images.by_ref().map(|picture| picture.unwrap().name).collect();
            assert_eq!((&names[..], images.skipped()), (&["a/1.png".into(), "c/2.png".into()][..], 1));
        }
    }
}

#[test]
fn an_image_or_an_archive_that_is_deleted_after_it_was_listed_is_named_and_never_skipped() {
    let (_root, [folder, archive, _]) = everywhere(&files());
    let [opened, packed] = [&folder, &archive].map(|place| ImageFolder::open(place).unwrap());
    let gone = folder.join("cat/2.png");
    fs::remove_file(&gone).unwrap();
    fs::remove_file(&archive).unwrap();
    let found =
        opened.images(BrokenImages::Skip).unwrap().find_map(Result::err).expect("an error").to_string();
    let expected = format!("{}: expected a file that can be read, found: No such file", gone.display());
    assert!(found.starts_with(&expected), "{found}");
    let found = packed.images(BrokenImages::Skip).err().expect("an error").to_string();
    assert!(found.starts_with(&archive.display().to_string()) && found.contains("No such file"), "{found}");
}

#[test]
fn an_image_smaller_than_the_crop_and_one_of_another_size_are_named() {
    let (_root, [folder, ..]) = everywhere(&[("a.png", png(RED, 30, 30)), ("b.png", png(RED, 30, 20))]);
    let open = ImageFolder::open(&folder).unwrap();
    let error = |preprocessing| {
        let batches = open.batches(2, preprocessing, BrokenImages::Refuse).unwrap();
        batches.map(|batch| batch.map(|_| ())).find_map(Result::err).expect("an error").to_string()
    };
    let path = folder.join("b.png").display().to_string();
    let crop = Preprocessing { crop: Some([25, 25]), ..Preprocessing::default() };
    assert_eq!(error(crop), format!("{path}: expected at least 25 by 25 pixels, found: 20 by 30"));
    let like = "expected 30 by 30 pixels like the images before it, found: 20 by 30";
    assert_eq!(error(Preprocessing::default()), format!("{path}: {like}"));
    let resize = Preprocessing { resize: Resize::ShortSide(25), ..crop };
    assert_eq!(open.batches(2, resize, BrokenImages::Refuse).unwrap().count(), 1);
}

#[test]
fn a_damaged_archive_an_empty_folder_and_a_missing_path_are_one_clear_error_each() {
    let (root, [folder, archive, compressed]) = everywhere(&files());
    let refusal = |path: &Path| {
        let message = ImageFolder::open(path).expect_err("should be refused").to_string();
        assert!(!message.contains('\n'));
        message.strip_prefix(&format!("{}: ", path.display())).expect(&message).to_owned()
    };
    let whole = fs::read(&archive).unwrap();
    // In the middle of a member, between two members, and before the end's empty blocks.
    let member_ends = 1024;
    for cut in [700, member_ends, whole.len() - 1024] {
        fs::write(&archive, &whole[..cut]).unwrap();
        let message = refusal(&archive);
        let expected = "bytes of a tar archive, found";
        assert!(message.starts_with("expected ") && message.contains(expected), "{message}");
        write_gzip(&compressed, &whole[..cut]);
        assert!(refusal(&compressed).starts_with("expected "));
    }
    write_gzip(&compressed, &whole);
    let gzip = fs::read(&compressed).unwrap();
    fs::write(&compressed, &gzip[..gzip.len() - 9]).unwrap();
    assert!(refusal(&compressed).starts_with("expected a whole tar archive, found: "));
    fs::write(&archive, vec![b'x'; 2000]).unwrap();
    assert!(refusal(&archive).starts_with("expected a whole tar archive, found: "));

    let none = "expected pictures (JPEG, PNG, WebP, BMP, TIFF or GIF), found none among 1 files (1 .txt)";
    fs::remove_dir_all(&folder).unwrap();
    write_folder(&folder, &[("readme.txt", Vec::new())]);
    assert_eq!(refusal(&folder), none);
    fs::write(&archive, tar(&[("readme.txt", Vec::new())])).unwrap();
    assert_eq!(refusal(&archive), none);
    assert!(refusal(&root.path().join("nowhere")).starts_with("expected a file that can be read, found: "));
}

#[test]
fn labels_may_be_names_which_are_numbered_as_they_sort() {
    let root = tempfile::tempdir().unwrap();
    let labels =
        Labels::read(&write(root.path(), "l.csv", "file,class\nx.png,dog\ny.png,ant\nz.png,dog\n")).unwrap();
    assert_eq!(labels.classes(), ["ant", "dog"]);
    let found = ["x.png", "y.png", "z.png", "w.png"].map(|file| labels.label(file));
    assert_eq!(found, [Some(1), Some(0), Some(1), None]);
}

#[test]
fn a_table_that_cannot_be_understood_is_refused_by_line_and_column() {
    let (root, [folder, ..]) = everywhere(&files());
    let cases = [
        ("name,label\na,1\n", "expected a column file, found the columns name, label"),
        ("file,kind\na,1\n", "expected a column name or class, found the columns file, kind"),
        ("file,label\na,1\nb,x\n", "expected a class's number, found \"x\" in line 3"),
        ("file,label\na,-1\n", "expected a class's number, found \"-1\" in line 2"),
        ("file,label\na,1\na,2\n", "expected one row for each file, found a again in line 3"),
        ("file,label\na,1,2\n", "expected comma-separated values, found CSV error"),
    ];
    for (text, expected) in cases {
        let path = write(root.path(), "labels.csv", text);
        let error = Labels::read(&path).expect_err(text).to_string();
        assert!(error.starts_with(&format!("{}: {expected}", path.display())), "{error}");
    }
    let path = write(root.path(), "labels.csv", "file,label\ncat/3.png,0\n");
    let error = ImageFolder::open(&folder).unwrap().with_labels(&Labels::read(&path).unwrap()).unwrap_err();
    let found = "found cat/3.png, which is not there";
    let expected = format!("{}: expected files of {}, {found}", path.display(), folder.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn class_names_stand_in_a_table_or_one_in_a_line() {
    let root = tempfile::tempdir().unwrap();
    let names = |name, text| class_names(&write(root.path(), name, text)).unwrap();
    assert_eq!(names("a.txt", "tench\ngreat white shark\n"), ["tench", "great white shark"]);
    assert_eq!(names("a.csv", "wnid,name\nn1,\"tench, Tinca\"\nn2,dog\n"), ["tench, Tinca", "dog"]);
    assert_eq!(names("b.csv", "name,index\nb,1\na,0\n"), ["a", "b"]);
}

#[test]
fn no_damage_to_an_image_is_more_than_an_error() {
    let whole = [
        jpeg(33),
        fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/images/ycck.jpg")).unwrap(),
        png(RED, 9, 9),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (kind, bytes) in whole.iter().enumerate() {
        // Every byte of the headers and some beyond, each set to the extremes and flipped.
        let damaged =
            (2..bytes.len().min(900)).flat_map(|at| [0, 0xff, bytes[at] ^ 0x55].map(|byte| (at, byte)));
        let files: Vec<(String, Vec<u8>)> = damaged
            .map(|(at, byte)| {
                (format!("{kind}-{at}-{byte}.jpg"), [&bytes[..at], &[byte], &bytes[at + 1..]].concat())
            })
            .collect();
        let archive = folder.path().join("damaged.tar");
        fs::write(&archive, tar(&files)).unwrap();
        let mut images = ImageFolder::open(&archive).unwrap().images(BrokenImages::Skip).unwrap();
        let read = images.by_ref().map(Result::unwrap).count();
        assert!(read + images.skipped() == files.len() && images.skipped() > 0);
    }
}
