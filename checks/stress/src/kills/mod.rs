//! Programs that are killed at random moments and run again: in the end nothing may tell that they were.
//!
//! A job is run once without a break; what it leaves is the reference.
//! Then it is run in fresh folders, killed up to [`MOST_IN_A_ROW`] times, and run to its end;
//! whatever it left must be the reference's, byte for byte but for times, and nothing besides.

mod course;
mod inputs;
mod job;
mod tally;

pub use course::MOST_IN_A_ROW;
pub use inputs::make_inputs;
pub use job::{JOBS, Job};
pub use tally::{Tally, tally};
