//! Zeiler & Fergus 2013, *Visualizing and Understanding Convolutional Networks*: trained nets, photographs, and what excites, hides from and moves their feature maps.

mod claims;
mod correspondence_of_parts;
mod excitation;
mod hidden_parts;
mod invariance;
mod listing;
mod squeezenet;

pub use claims::claims;
pub use correspondence_of_parts::{Finding, examine, records};
pub use excitation::{choose, maps_of, pictures, rank};
pub use hidden_parts::{Hidden, HiddenParts, LAYERS, PARTS};
pub use listing::Listing;
pub use squeezenet::{PREPROCESSING, VERSIONS, Version, squeezenet};
