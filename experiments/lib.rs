//! What several experiments of one paper share: its nets, trained as it says.
//!
//! The binaries are the experiments; `Cargo.toml` lists them by paper and artefact.

pub mod szegedy;
pub mod zeiler_fergus;
