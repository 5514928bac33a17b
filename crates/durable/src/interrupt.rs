//! Ctrl-C: one line, no half-written file, exit code 130.

use anyhow::Context;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the names of unfinished files end.
pub const UNFINISHED_SUFFIX: &str = "part";

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Temporary files and lock files of this process.
///
/// The one global of the crate: a signal reaches the process, not a run.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Makes Ctrl-C remove the unfinished files before it ends the program.
///
/// # Errors
/// When the operating system refuses the handler.
pub fn on_interrupt() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        for path in unfinished().iter() {
            // It may not exist yet, and nothing can be done about a file that cannot be removed.
            let _ = fs::remove_file(path);
        }
        if io::stderr().is_terminal() {
            // Over a progress bar.
            eprint!("\r\x1b[2K");
        }
        eprintln!("interrupted: nothing half-written; run again to resume");
        std::process::exit(INTERRUPTED);
    })
    .context("cannot listen for Ctrl-C")
}

/// The unfinished files; Ctrl-C waits while the guard lives.
pub fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
