//! Class folders as Caltech's official layouts have them, and random folds of their images.

mod photos;

use datasets::{BrokenImages, Clutter, ImageFolder, PerClass, Preprocessing, caltech};
use photos::{jpeg, png, tar, write_folder, write_gzip};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Classes with these numbers of images, below `wrapper`.
fn files(wrapper: &str, classes: &[(&str, usize)]) -> Vec<(String, Vec<u8>)> {
    let image =
        |class: &str, number| (format!("{wrapper}{class}/image_{number:04}.jpg"), jpeg(8 + number as u32));
    classes.iter().flat_map(|&(class, n)| (1..=n).map(move |number| image(class, number))).collect()
}

fn folder(classes: &[(&str, usize)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write_folder(root.path(), &files("", classes));
    root
}

fn refused(path: &Path) -> String {
    let error = caltech(path, Clutter::LeftOut).unwrap_err().to_string();
    error.strip_prefix(&path.display().to_string()).unwrap_or_else(|| panic!("{error}")).to_owned()
}

const CLASSES: [(&str, usize); 3] = [("BACKGROUND_Google", 2), ("Faces", 3), ("accordion", 2)];

#[test]
fn folders_and_archives_have_the_same_classes_and_the_clutter_is_one_on_request() {
    let folder = folder(&CLASSES);
    let archives = tempfile::tempdir().unwrap();
    let [plain, compressed] = ["images.tar", "101_ObjectCategories.tar.gz"].map(|n| archives.path().join(n));
    fs::write(&plain, tar(&files("", &CLASSES))).unwrap();
    write_gzip(&compressed, &tar(&files("101_ObjectCategories/", &CLASSES)));
    for path in [folder.path(), &plain, &compressed] {
        let objects = caltech(path, Clutter::LeftOut).unwrap();
        assert_eq!(objects.classes(), ["Faces", "accordion"]);
        assert_eq!(objects.labels().map(Option::unwrap).collect::<Vec<_>>(), [0, 0, 0, 1, 1]);
        let all = caltech(path, Clutter::Kept).unwrap();
        assert_eq!((all.classes().len(), all.len()), (3, 7));
        assert_eq!(objects.images(BrokenImages::Refuse).unwrap().flatten().count(), 5);
    }
}

#[test]
fn what_lies_deeper_in_a_class_of_caltech_256_belongs_to_it_and_other_files_do_not_count() {
    let root =
        folder(&[("056.dog", 2), ("056.dog/greg/vision309", 1), ("198.spider", 1), ("257.clutter", 4)]);
    fs::write(root.path().join("198.spider/RENAME2"), "mv").unwrap();
    let objects = caltech(root.path(), Clutter::LeftOut).unwrap();
    assert_eq!(objects.classes(), ["056.dog", "198.spider"]);
    assert_eq!(objects.by_class().iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
}

#[test]
fn an_empty_class_and_an_image_in_no_class_are_refused_by_name() {
    let empty = folder(&CLASSES);
    fs::create_dir_all(empty.path().join("anchor/deep")).unwrap();
    let expected = ": expected at least 1 images of the class anchor, found 0";
    assert_eq!(refused(empty.path()), expected);

    let mut archive = tar::Builder::new(Vec::new());
    archive.append_dir_all("101_ObjectCategories", empty.path()).unwrap();
    let path = empty.path().join("101.tar");
    fs::write(&path, archive.into_inner().unwrap()).unwrap();
    assert_eq!(refused(&path), expected);

    let stray = folder(&CLASSES);
    fs::write(stray.path().join("stray.png"), png([9, 9, 9], 4, 3)).unwrap();
    assert_eq!(refused(stray.path()), "/stray.png: expected the folder of a class around it, found: none");
}

#[test]
fn a_truncated_image_is_refused_by_name_when_it_is_read_and_the_others_are_not_lost() {
    let root = folder(&CLASSES);
    let broken = root.path().join("Faces/image_0002.jpg");
    let bytes = fs::read(&broken).unwrap();
    fs::write(&broken, &bytes[..bytes.len() / 2]).unwrap();
    let objects = caltech(root.path(), Clutter::LeftOut).unwrap();
    let mut batches = objects.batches(5, Preprocessing::default(), BrokenImages::Refuse).unwrap();
    let error = batches.next().unwrap().unwrap_err().to_string();
    assert!(error.starts_with(&broken.display().to_string()) && error.contains("cut off"), "{error}");
    assert_eq!(objects.images(BrokenImages::Skip).unwrap().count(), 4);
}

#[test]
fn a_fold_trains_on_so_many_of_each_class_and_tests_on_others() {
    let root = folder(&[("a", 7), ("b", 12), ("c", 5)]);
    let images = caltech(root.path(), Clutter::LeftOut).unwrap();
    let labels: Vec<usize> = images.labels().map(Option::unwrap).collect();
    let counts =
        |index: &[usize]| [0, 1, 2].map(|class| index.iter().filter(|&&i| labels[i] == class).count());
    let fold = |train, seed, number| images.fold(PerClass { train, test: 6 }, seed, number).unwrap();
    let four = fold(4, 1, 0);
    assert_eq!((counts(&four.train), counts(&four.test)), ([4; 3], [3, 6, 1]));
    assert!(four.train.iter().all(|image| !four.test.contains(image)));
    assert!(four.train.is_sorted() && four.test.is_sorted());
    assert_eq!(fold(4, 1, 0), four);
    assert_ne!(fold(4, 2, 0), four);
    assert_ne!(fold(4, 1, 1), four);
    let two = fold(2, 1, 0);
    assert!(two.train.iter().all(|image| four.train.contains(image)), "fewer are among more");
}

#[test]
fn a_class_with_too_few_images_is_refused_by_name_and_can_be_left_out() {
    let root = folder(&[("a", 7), ("b", 4), ("c", 5)]);
    let images = caltech(root.path(), Clutter::LeftOut).unwrap();
    let per_class = PerClass { train: 4, test: 50 };
    let error = images.fold(per_class, 1, 0).unwrap_err().to_string();
    let expected = "expected at least 5 images of the class b, found 4";
    assert_eq!(error, format!("{}: {expected}", root.path().display()));
    let others: ImageFolder = images.select_classes(|class| class != "b");
    assert_eq!(others.classes(), ["a", "c"]);
    assert_eq!(others.fold(per_class, 1, 0).unwrap().test.len(), 4);
}
