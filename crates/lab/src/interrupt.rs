//! Ctrl-C: one line, no half-written file, exit code 130.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// The files that are being written under a temporary name.
///
/// The one global of the crate: a signal reaches the process, not a run.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// From here on Ctrl-C removes the unfinished files and ends the program.
///
/// # Errors
///
/// When the operating system refuses the handler.
pub(crate) fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        for path in unfinished().iter() {
            // It may not exist yet; and nothing can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(path);
        }
        eprintln!("interrupted: nothing half-written; run again to resume");
        std::process::exit(INTERRUPTED);
    })
    .context("cannot listen for Ctrl-C")
}

/// The unfinished files; Ctrl-C waits while the guard lives.
pub(crate) fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
