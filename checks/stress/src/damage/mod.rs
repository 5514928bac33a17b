//! What a file may suffer, by bytes, by words, or by the fields of its messages.

mod bytes;
mod messages;
mod text;

pub use bytes::{bytes, number, one_of};
pub use messages::messages;
pub use text::text;
