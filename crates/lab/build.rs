//! Tells the program which compiler built it: every manifest names it.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let compiler = env::var("RUSTC").expect("cargo names the compiler");
    let output = Command::new(compiler).arg("--version").output();
    let output = output.expect("the compiler runs");
    let version = String::from_utf8_lossy(&output.stdout);
    println!("cargo:rustc-env=GLASSBOX_RUSTC={}", version.trim());
}
