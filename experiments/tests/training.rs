//! Trainings as a user meets them: killed and gone on with, and on images of one's own.

use datasets::Preprocessing;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::Duration;

const TABLE2: &str = env!("CARGO_BIN_EXE_zeiler-fergus-table2");

/// Table 2 at smoke size in this folder; on drawn scenes where no data is named.
fn table2(folder: &Path, data: Option<&Path>) -> Command {
    let mut command = Command::new(TABLE2);
    command.current_dir(folder).arg("--smoke").env("GLASSBOX_OFFLINE", "1").env_remove("GLASSBOX_DATA");
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    command
}

fn read(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn is_there(folder: &Path, part: &str) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().contains(part))
}

#[test]
fn a_training_that_was_killed_goes_on_and_ends_in_the_same_table() {
    let [through, killed] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    read(&table2(through.path(), None).output().expect("it starts"));
    let mut child = table2(killed.path(), None).spawn().expect("it starts");
    let checkpoints = killed.path().join("checkpoints");
    while !is_there(&checkpoints, "alexnet-64-") {
        assert!(child.try_wait().expect("a child").is_none(), "it ended before its first epoch");
        sleep(Duration::from_millis(1));
    }
    child.kill().expect("it runs");
    child.wait().expect("it was killed");
    read(&table2(killed.path(), None).output().expect("it starts"));
    let table = "results/smoke/generated/zeiler_fergus/table2/table.csv";
    let [through, killed] =
        [through, killed].map(|folder| fs::read(folder.path().join(table)).expect("a table"));
    assert_eq!(through, killed);
}

/// Writes a scene as a file, whatever its ending: the first bytes say what it is.
fn draw(path: &Path, number: usize) {
    let (image, _) = datasets::scene(1, number, 64);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    let picture = Preprocessing::default().picture(&image.squeeze(0).expect("a batch of one"));
    picture.save_with_format(path, image::ImageFormat::Png).expect("written");
}

/// ImageNet's official layout with two classes, six images to train on and four to judge by.
fn imagenet(root: &Path) {
    for number in 0..10 {
        let (class, split) =
            (["n01440764", "n01443537"][number % 2], if number < 6 { "train" } else { "val" });
        draw(&root.join(split).join(class).join(format!("{class}_{number}.JPEG")), number);
    }
}

#[test]
fn nets_for_large_images_are_trained_on_the_official_layout_of_imagenet() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("imagenet");
    imagenet(&data);
    let output = read(&table2(folder.path(), Some(&data)).output().expect("it starts"));
    assert!(output.contains("6 training and 4 validation images of 2 classes, 256 × 256 pixels"), "{output}");
}

#[test]
fn an_image_that_is_cut_off_is_named_in_one_line_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("imagenet");
    imagenet(&data);
    let image = data.join("train/n01440764/n01440764_2.JPEG");
    let whole = fs::read(&image).expect("an image");
    fs::write(&image, &whole[..whole.len() / 2]).expect("written");
    let output = table2(folder.path(), Some(&data)).output().expect("it starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("error: ") && error.contains("n01440764_2.JPEG"), "{error}");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert!(!is_there(&folder.path().join("results/smoke/zeiler_fergus/table2"), "table"));
}
