//! Real and generated image data, read strictly.
//!
//! MNIST (the data of SZ, Szegedy et al. 2013, *Intriguing properties of neural networks*) is read strictly from its four IDX files by [`Mnist::read`].
//! [`download`] fetches it and checks its SHA-256; [`sources`] lists the mirrors.
//! Where it is not available, [`Mnist::generate`] draws digits in its place.
//! The caller chooses between the three and prints the [`Source`], the provenance of the images.
//!
//! A digit is f32 in `[0, 1]`, its bytes divided by 255, and always part of a batch: `[n, 1, 28, 28]`.
//! Every random choice comes from a seed that the caller names.
//!
//! ```
//! use datasets::{Mnist, halves};
//!
//! let digits = Mnist::generate(1, 100, 20);
//! assert_eq!(digits.source.to_string(), "generated digits (seed 1)");
//! let [p1, p2] = halves(digits.train.len(), 2013).map(|half| digits.train.select(&half));
//! assert_eq!(p1.images.dims(), [50, 1, 28, 28]);
//! assert_eq!(p2.labels.len(), 50);
//! ```
//!
//! Photographs come from an [`ImageFolder`]: class folders, a flat folder, or the same as a tar archive, with the folders or a table of [`Labels`] as classes.
//! They are decoded a few at a time and brought to what a net expects by a [`Preprocessing`], in the same order whatever the number of threads:
//!
//! ```no_run
//! # use datasets::{BrokenImages, DataError, ImageFolder, Labels, Preprocessing};
//! let labels = Labels::read("labels.csv".as_ref())?;
//! let folder = ImageFolder::open("images.tar".as_ref())?.with_labels(&labels)?;
//! for batch in folder.batches(32, Preprocessing::SQUEEZENET1_0, BrokenImages::Refuse)? {
//!     let batch = batch?;
//!     println!("{:?}: {:?}", batch.names, batch.images);
//! }
//! # Ok::<(), DataError>(())
//! ```
//!
//! | paper | here |
//! |---|---|
//! | MNIST (SZ §2) | [`Mnist`] |
//! | P1, P2 (SZ §4.2, Tables 3 and 4) | [`halves`], [`LabeledDigits::select`] |
//! | ImageNet 2012 (ZF, Zeiler & Fergus 2013, §4) | [`ImageFolder`] |
//! | Caltech-101, Caltech-256 (ZF §5.2) | [`caltech`] |
//! | "15 or 30 images per class for training", "up to 50" for testing (ZF §5.2) | [`ImageFolder::fold`] |
//! | PASCAL VOC: objects present, "difficult" ones left out | [`Voc`], [`Voc::official`], [`Voc::showing`] |
//! | "dog images with frontal pose", "parts of the face" (ZF §4.3) | [`Parts`] |
//! | ImageNet 2012 in its official layout, Tiny-ImageNet (ZF §3) | [`Splits::imagenet`], [`Splits::tiny_imagenet`], [`LabeledImages`] |
//! | "subtracting the per-pixel mean (across all images) and then using 10 different sub-crops" (ZF §3) | [`Pixels::mean`], [`Crops`] |
//! | "resizing the smallest dimension to 256, cropping the center" (ZF §3) | [`Resize::ShortSide`], [`Preprocessing::crop`] |
//!
//! The feature `hub` adds MNIST as candle-datasets loads it: `Mnist::from_hub`, `Mnist::from_candle`.
#![warn(missing_docs)]

mod batches;
mod caltech;
mod content;
mod crops;
mod digits;
mod download;
mod error;
mod escaped;
mod faces;
mod folds;
mod halves;
mod hex;
#[cfg(feature = "hub")]
mod hub;
mod idx;
mod image_folder;
mod image_sets;
mod imagenet;
mod images;
mod labeled;
mod labeled_images;
mod labels;
mod mnist;
mod npy;
mod parts;
mod pixels;
mod preprocessing;
mod scenes;
mod source;
mod sources;
mod splits;
mod table;
mod voc;
mod voc_annotation;

pub use batches::{Batch, Batches};
pub use caltech::{Clutter, caltech};
pub use crops::Crops;
pub use download::download;
pub use error::DataError;
pub use escaped::escaped;
pub use faces::face;
pub use folds::{Fold, PerClass};
pub use halves::halves;
pub use idx::{read_idx_images, read_idx_labels};
pub use image_folder::ImageFolder;
pub use images::{
    BrokenImages, ExifOrientation, Images, Interpolation, Picture, PictureRemark, through_jpeg,
};
pub use labeled::LabeledDigits;
pub use labeled_images::LabeledImages;
pub use labels::{Labels, class_names};
pub use mnist::Mnist;
pub use npy::{NpyArray, is_npy, read_npy};
pub use parts::Parts;
pub use pixels::Pixels;
pub use preprocessing::{Arithmetic, Channels, Preprocessing, Resize};
pub use scenes::{scene, scene_classes};
pub use source::{Set, Source};
pub use sources::{Download, sources};
pub use splits::Splits;
pub use voc::{ClassPresence, Voc};
