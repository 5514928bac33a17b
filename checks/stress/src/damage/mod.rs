//! Random damage to files: to bytes, to words, or to the fields of messages.

mod bytes;
mod messages;
mod text;

pub use bytes::{bytes, number, one_of, word};
pub use messages::messages;
pub use text::text;
