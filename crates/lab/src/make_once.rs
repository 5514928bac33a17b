//! A file that several runs need is made by one of them; the others wait, then read it.

use anyhow::Result;
use durable::{Lock, LockAttempt};
use indicatif::MultiProgress;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The files that one run is making.
#[derive(Debug, Default)]
pub(crate) struct MakeOnce {
    /// How many files it is making.
    making: AtomicUsize,
    bars: MultiProgress,
}

impl MakeOnce {
    /// Prints messages above these bars.
    pub fn new(bars: MultiProgress) -> MakeOnce {
        MakeOnce { making: AtomicUsize::new(0), bars }
    }

    /// Calls `make`, which makes the file `path` unless it exists, while no other run does.
    ///
    /// # Errors
    /// When the file's folder cannot be written, or `make` fails.
    pub fn make<T>(&self, path: &Path, make: impl FnOnce() -> Result<T>) -> Result<T> {
        let _lock = self.lock(path)?;
        self.making.fetch_add(1, Ordering::SeqCst);
        let made = make();
        self.making.fetch_sub(1, Ordering::SeqCst);
        made
    }

    /// [`MakeOnce::make`] unless the file is there: then only the lock file of a killed run is removed.
    pub fn make_unless(&self, is_there: bool, path: &Path, make: impl FnOnce() -> Result<()>) -> Result<()> {
        if is_there {
            Lock::remove_leftover(path);
            return Ok(());
        }
        self.make(path, make)
    }

    /// Writes the file `path` with the bytes that `contents` computes, unless it exists.
    pub fn write_once(&self, path: &Path, contents: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
        self.make_unless(path.exists(), path, || {
            // Another run may have written it by now.
            if !path.exists() {
                durable::write(path, &contents()?)?;
            }
            Ok(())
        })
    }

    /// The lock of `path`, once it is free; none where waiting could deadlock.
    fn lock(&self, path: &Path) -> Result<Option<Lock>> {
        let mut has_reported = false;
        loop {
            match Lock::try_acquire(path)? {
                LockAttempt::Acquired(lock) => return Ok(Some(lock)),
                // A thread that computes a part of one training may be given another one meanwhile.
                // Were it to wait, two runs could wait for each other; a file made twice has the same bytes.
                LockAttempt::HeldBy(_) if self.making.load(Ordering::SeqCst) > 0 => return Ok(None),
                LockAttempt::HeldBy(holder) => {
                    let line = format!("{}: {holder} is making it; waiting", path.display());
                    if !has_reported {
                        self.bars.suspend(|| eprintln!("{line}"));
                    }
                    has_reported = true;
                    Lock::wait_for_release(path)?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn a_file_that_two_runs_want_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net");
        let made = AtomicUsize::new(0);
        let run = || {
            MakeOnce::default().make(&path, || {
                if !path.exists() {
                    made.fetch_add(1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(50));
                    fs::write(&path, "whole")?;
                }
                Ok(())
            })
        };
        thread::scope(|scope| {
            let runs = [scope.spawn(run), scope.spawn(run), scope.spawn(run)];
            runs.into_iter().for_each(|run| run.join().unwrap().unwrap());
        });
        assert_eq!(made.into_inner(), 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_runs_that_each_want_what_the_other_is_making_both_end() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        let both_hold = std::sync::Barrier::new(2);
        let run = |first: &Path, second: &Path| {
            let make_once = MakeOnce::default();
            make_once.make(first, || {
                both_hold.wait();
                make_once.make(second, || Ok(()))?;
                both_hold.wait();
                Ok(())
            })
        };
        thread::scope(|scope| {
            let other = scope.spawn(|| run(&b, &a));
            run(&a, &b).unwrap();
            other.join().unwrap().unwrap();
        });
    }
}
