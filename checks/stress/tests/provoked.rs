//! The trials notice every way in which a reader can fail, and go on behind it.

#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn every_provoked_failure_is_counted_with_its_seed_and_what_it_said() {
    let trials = ["--only", "provoked", "--tries", "40"];
    let output =
        Command::new(env!("CARGO_BIN_EXE_stress-mutations")).args(trials).output().expect("it starts");
    let [said, error] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"));
    assert!(!output.status.success() && error.contains("that were neither"), "{said}\n{error}");
    let ways = [
        "a provoked panic",
        "expected the file first, found: refused",
        "memory allocation of 536870912 bytes failed",
        "overflowed its stack",
    ];
    for way in ways {
        let line = said.lines().find(|line| line.contains(way));
        assert!(line.is_some_and(|line| line.starts_with("provoked failures: seed ")), "{way}:\n{said}");
    }
}
