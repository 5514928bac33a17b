//! Files that appear whole, locks, and what a killed run left behind.

mod interrupt;
mod lock;
mod staged;

pub use interrupt::{install as on_interrupt, unfinished};
pub use lock::{Lock, LockAttempt};
pub use staged::{Staged, publish, sweep, write_for_now};
