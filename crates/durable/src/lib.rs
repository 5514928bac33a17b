//! Files that appear whole or not at all, locks, and what is left of a killed run.
//!
//! A file is written under a temporary name, locked as long as it is open, and renamed when it is whole.
//! So every reader finds the old file or the new one, and a temporary file without a lock was left by a killed process.
//! A lock is an operating system's lock on a file that holds the number of the process: it ends with the process, however that ends.
//!
//! ```
//! use durable::{Lock, LockAttempt, StagedFile, publish};
//!
//! let table = std::env::temp_dir().join(format!("durable-{}/table.csv", std::process::id()));
//! let LockAttempt::Acquired(lock) = Lock::try_acquire(&table)? else { panic!("another run makes it") };
//! let file = StagedFile::with_contents(&table, b"row,value\n")?;
//! assert!(!table.exists());
//! publish(&[file])?;
//! assert_eq!(std::fs::read(&table).unwrap(), b"row,value\n");
//! # drop(lock);
//! # std::fs::remove_dir_all(table.parent().unwrap()).unwrap();
//! # Ok::<(), durable::Error>(())
//! ```
//!
//! | to | call | synchronized with the disk |
//! |---|---|---|
//! | replace results that belong together | [`StagedFile::with_contents`], then [`publish`] | contents and names |
//! | replace one file | [`write()`] | contents and name |
//! | write a stream | [`StagedFile::new`] as a [`Write`](std::io::Write), then [`publish`] or [`publish_unsynced`] | as told |
//! | replace one file that can be made again | [`write_unsynced`] | no |
//! | let one process at a time make a file or a folder | [`Lock::try_acquire`], [`Lock::try_acquire_in`] | no |
//! | remove what killed processes left | [`remove_leftovers`], [`Lock::remove_leftover`] | no |
//! | leave nothing half-written on Ctrl-C | [`on_interrupt`] | no |
#![warn(missing_docs)]

mod error;
mod file_lock;
mod folder;
mod interrupt;
mod lock;
mod staged_file;

pub use error::Error;
pub use interrupt::on_interrupt;
pub use lock::{FOLDER_LOCK, Lock, LockAttempt};
pub use staged_file::{StagedFile, publish, publish_unsynced, remove_leftovers, write, write_unsynced};
