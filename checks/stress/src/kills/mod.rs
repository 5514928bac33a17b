//! Programs that are killed at random moments and run again: their output must be that of an undisturbed run.
//!
//! A job is first run without a kill; its output is the reference.
//! Then it is run in fresh folders, killed up to [`MAX_CONSECUTIVE_KILLS`] times, and run to its end;
//! its output must be the reference's, byte for byte but for times, without any other file.

mod inputs;
mod job;
mod killed_run;
mod statistics;

pub use inputs::make_inputs;
pub use job::{JOBS, Job};
pub use killed_run::MAX_CONSECUTIVE_KILLS;
pub use statistics::{KillStatistics, kill_repeatedly};
