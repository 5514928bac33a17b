//! Paths of the programs under test.

use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::path::PathBuf;

/// Path of a program from the same build as the running one.
///
/// # Errors
/// When it was not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let running = std::env::current_exe().context("the running program's path")?;
    let folder = running.ancestors().skip(1).find(|folder| folder.file_name() != Some(OsStr::new("deps")));
    let path = folder.context("the running program's folder")?.join(name);
    let path = path.with_extension(std::env::consts::EXE_EXTENSION);
    ensure!(
        path.is_file(),
        "{}: expected a program, found none; `cargo build --workspace --bins` makes it",
        path.display()
    );
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_was_not_built_is_an_error_that_says_how_to_build_it() {
        let error = program("no-such-program").unwrap_err().to_string();
        assert!(error.contains("no-such-program: expected a program, found none; `cargo build"), "{error}");
        assert!(!error.contains("deps"), "{error}");
    }
}
