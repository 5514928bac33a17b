//! Ctrl-C: one line, no half-written file, exit code 130.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

/// How the names of unfinished files end.
pub const UNFINISHED_SUFFIX: &str = "part";

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// The files that are being written under a temporary name, and the folders where others write such files.
///
/// The one global of the crate: a signal reaches the process, not a run.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Makes Ctrl-C remove the unfinished files before it ends the program.
///
/// # Errors
///
/// When the operating system refuses the handler.
pub fn on_interrupt() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        unfinished().iter().for_each(|path| remove(path));
        if io::stderr().is_terminal() {
            // Over a progress bar.
            eprint!("\r\x1b[2K");
        }
        eprintln!("interrupted: nothing half-written; run again to resume");
        std::process::exit(INTERRUPTED);
    })
    .context("cannot listen for Ctrl-C")
}

/// Removes a file, or what is unfinished in a folder.
///
/// It may not exist yet; and nothing can be done about a file that cannot be removed.
fn remove(path: &Path) {
    let Ok(entries) = fs::read_dir(path) else {
        let _ = fs::remove_file(path);
        return;
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let unfinished = paths.filter(|path| path.extension() == Some(OsStr::new(UNFINISHED_SUFFIX)));
    unfinished.for_each(|path| {
        let _ = fs::remove_file(path);
    });
}

/// The unfinished files; Ctrl-C waits while the guard lives.
pub fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_folder_only_the_unfinished_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let [whole, part] = ["images.gz", "a1b2.part"].map(|name| folder.path().join(name));
        fs::write(&whole, "").unwrap();
        fs::write(&part, "").unwrap();
        remove(folder.path());
        assert!(whole.exists() && !part.exists());
        remove(&whole);
        assert!(!whole.exists());
    }
}
