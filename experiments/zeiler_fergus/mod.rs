//! Zeiler & Fergus 2013, *Visualizing and Understanding Convolutional Networks*: a trained net, photographs, and what excites its feature maps.

mod excitation;
mod listing;
mod squeezenet;

pub use excitation::{choose, maps_of, pictures, rank};
pub use listing::Listing;
pub use squeezenet::{PREPROCESSING, squeezenet};
