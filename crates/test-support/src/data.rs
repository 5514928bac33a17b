//! Data and reference cases where they are at hand; where they are absent, a line says what was not checked.

use ndarray::ArrayD;
use ndarray_npy::ReadableElement;
use std::env;
use std::io::{Write, stderr};
use std::panic::Location;
use std::path::{Path, PathBuf};

/// `$GLASSBOX_DATA`, or `../shared/data` beside the checkout; none where that is not a folder.
pub fn data_folder() -> Option<PathBuf> {
    Some(data_path()).filter(|folder| folder.is_dir())
}

fn data_path() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    env::var_os("GLASSBOX_DATA").map_or_else(beside, PathBuf::from)
}

/// The folder of all data sets, if it has these files or folders; else a line on standard error.
///
/// # Panics
/// If one is missing and `GLASSBOX_REQUIRE_DATA` is 1.
#[track_caller]
pub fn data(needed: &[&str]) -> Option<PathBuf> {
    require(data_path(), needed)
}

/// The folder of all reference cases, `golden` beside the data, if it has these files or folders; else a line on standard error.
///
/// # Panics
/// If one is missing and `GLASSBOX_REQUIRE_DATA` is 1.
#[track_caller]
pub fn golden(needed: &[&str]) -> Option<PathBuf> {
    require(data_path().join("../golden"), needed)
}

#[track_caller]
fn require(folder: PathBuf, needed: &[&str]) -> Option<PathBuf> {
    let Some(missing) = needed.iter().map(|name| folder.join(name)).find(|path| !path.exists()) else {
        return Some(folder);
    };
    let line = not_checked(&missing.display().to_string());
    assert!(env::var_os("GLASSBOX_REQUIRE_DATA").is_none_or(|value| value != "1"), "{line}");
    None
}

/// Says on standard error that the calling test checks nothing, because it needs something that is absent; returns the line.
///
/// The line appears although the test passes: it is written to the handle, where `eprintln!` would be captured.
///
/// # Panics
/// If standard error cannot be written.
#[track_caller]
pub fn not_checked(needs: &str) -> String {
    let thread = std::thread::current();
    let (file, test) = (Location::caller().file(), thread.name().unwrap_or_default());
    let line = format!("not checked: {file}: {test}: needs {needs}");
    // On a line of its own, for the names or dots of other tests may stand before it.
    stderr().write_all(format!("\n{line}\n").as_bytes()).expect("standard error can be written");
    line
}

/// A NumPy array in a file.
///
/// # Panics
/// If the file is absent, or not an array of this type.
pub fn read_npy<T: ReadableElement>(path: &Path) -> ArrayD<T> {
    ndarray_npy::read_npy(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_has_what_is_needed_is_found() {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(require(here.clone(), &["src", "src/data.rs"]), Some(here));
    }

    /// Runs itself in processes whose data folder is nowhere.
    #[test]
    fn what_is_missing_is_said_although_the_test_passes_and_fails_it_where_data_is_required() {
        if data_path() == Path::new("/nowhere") {
            return assert_eq!(golden(&["case"]), None);
        }
        let name = std::thread::current().name().expect("libtest names its threads").to_owned();
        for (required, passes) in [("", true), ("0", true), ("1", false)] {
            let mut test = std::process::Command::new(env::current_exe().expect("this program"));
            let test = test.args([&name, "--test-threads=2"]).env("GLASSBOX_REQUIRE_DATA", required);
            let output = test.env("GLASSBOX_DATA", "/nowhere").output().expect("it runs");
            assert_eq!(output.status.success(), passes, "{required}: {output:?}");
            let text = String::from_utf8([output.stderr, output.stdout].concat()).expect("text");
            let expected = format!(
                "not checked: crates/test-support/src/data.rs: {name}: needs /nowhere/../golden/case"
            );
            assert!(text.lines().any(|line| line == expected), "{required}: {text}");
        }
    }
}
