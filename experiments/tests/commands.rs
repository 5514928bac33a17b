//! `cargo reproduce` and the README's tables, as their user meets them.

use std::fs;
use std::process::{Command, Output};

fn run(binary: &str, arguments: &[&str], folder: &std::path::Path) -> Output {
    Command::new(binary).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn an_unknown_experiment_ends_with_2_and_the_list_of_the_known() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["szegedy/table99", "--smoke"][..], &[]] {
        let output = run(env!("CARGO_BIN_EXE_reproduce"), arguments, folder.path());
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(error.contains("found szegedy/table99"), !arguments.is_empty(), "{error}");
        let known = include_str!("../Cargo.toml")
            .lines()
            .filter(|l| l.starts_with("path") && l.contains('/'))
            .count();
        let listed = error.split_once("Experiments:\n").map_or(0, |(_, list)| list.lines().count());
        assert_eq!(listed, known, "{error}");
    }
}

#[test]
fn a_page_that_is_out_of_date_fails_the_check_until_it_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let table = "row,column,value,low,high,n,paper,verdict,note\na,b,1,,,,,,\n";
    fs::write(folder.path().join("table.csv"), table).unwrap();
    let page = "<!-- begin table.csv -->\n<!-- end table.csv -->\n";
    fs::write(folder.path().join("README.md"), page).unwrap();
    fs::create_dir(folder.path().join("results")).unwrap();
    fs::write(folder.path().join("results/README.md"), "No table.\n").unwrap();
    let readme = |arguments: &[&str]| run(env!("CARGO_BIN_EXE_readme"), arguments, folder.path());
    assert_eq!(readme(&["--check"]).status.code(), Some(1));
    assert_eq!(readme(&[]).status.code(), Some(0));
    assert_eq!(readme(&["--check"]).status.code(), Some(0));
    assert_eq!(readme(&["--fast"]).status.code(), Some(2));
}
