//! What several experiments of one paper share: its nets, trained as it says.
//!
//! The binaries are the experiments; `Cargo.toml` lists them by paper and artefact.

mod filter_pictures;
pub mod szegedy;
pub mod zeiler_fergus;

pub use filter_pictures::{Contrast, filter_pictures};
