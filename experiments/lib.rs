//! What several experiments of one paper share: its nets, trained as it says.
//!
//! The binaries are the experiments; `Cargo.toml` lists them by paper and artefact, and each paper's `PAPER` says what they show:
//!
//! ```
//! let artefact = |name| experiments::szegedy::PAPER.artefacts.iter().find(|artefact| artefact.name == name);
//! assert_eq!(artefact("fig7").expect("a figure of the paper").shows, "The distorted digits themselves");
//! ```

mod allocator;
mod filter_pictures;
pub mod szegedy;
pub mod zeiler_fergus;

pub use filter_pictures::{Contrast, filter_pictures};
