//! Labeled training images, in memory or in files, with one interface.

use crate::pixels::{Sums, square, squares};
use crate::{Crops, DataError, ImageFolder, Pixels};
use rand_chacha::ChaCha8Rng;
use std::borrow::Cow;
use tensor::Tensor;

/// Labeled square images, in memory or decoded on demand.
///
/// Several threads may call it; each call works in its own thread alone.
#[derive(Clone, Debug)]
pub enum LabeledImages {
    /// All bytes are in memory.
    InMemory(Pixels),
    /// Only names and places are.
    OnDemand {
        /// The files; of a compressed archive, each image is read from the archive's beginning on.
        folder: ImageFolder,
        /// To what the short side is resized before the center square is cut out.
        side: usize,
    },
}

impl LabeledImages {
    /// How many images there are.
    pub fn len(&self) -> usize {
        match self {
            LabeledImages::InMemory(pixels) => pixels.len(),
            LabeledImages::OnDemand { folder, .. } => folder.len(),
        }
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The height and width of every image.
    pub fn side(&self) -> usize {
        match self {
            LabeledImages::InMemory(pixels) => pixels.side(),
            LabeledImages::OnDemand { side, .. } => *side,
        }
    }

    /// The names of the classes, by label.
    pub fn classes(&self) -> &[String] {
        match self {
            LabeledImages::InMemory(pixels) => pixels.classes(),
            LabeledImages::OnDemand { folder, .. } => folder.classes(),
        }
    }

    /// A random crop of each image at these indices, and the labels: a training batch.
    ///
    /// **Shape** `[n, 3, side, side]`, f32, as [`Crops::random`].
    ///
    /// # Errors
    /// When an image cannot be read or decoded, or has no label: the message names it.
    pub fn batch(
        &self,
        crops: &Crops,
        examples: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> Result<(Tensor, Vec<usize>), DataError> {
        let (pixels, index) = self.at(examples)?;
        Ok((crops.random(&pixels, &index, rng), labels(&pixels, &index)))
    }

    /// The central crop of each image at these indices, and the labels.
    ///
    /// **Shape** `[n, 3, side, side]`, f32, as [`Crops::center`].
    ///
    /// # Errors
    /// As [`batch`](Self::batch).
    pub fn center(&self, crops: &Crops, examples: &[usize]) -> Result<(Tensor, Vec<usize>), DataError> {
        let (pixels, index) = self.at(examples)?;
        Ok((crops.center(&pixels, &index), labels(&pixels, &index)))
    }

    /// Ten crops of each image at these indices, and the n labels.
    ///
    /// **Shape** `[10 n, 3, side, side]`, f32, as [`Crops::ten`].
    ///
    /// # Errors
    /// As [`batch`](Self::batch).
    pub fn ten(&self, crops: &Crops, examples: &[usize]) -> Result<(Tensor, Vec<usize>), DataError> {
        let (pixels, index) = self.at(examples)?;
        Ok((crops.ten(&pixels, &index), labels(&pixels, &index)))
    }

    /// The mean of each pixel over `n` images at equal distances, or over all where there are no more.
    ///
    /// Files are decoded in parallel, in one pass.
    ///
    /// **Shape** `[3, side, side]`, f32.
    /// **Range** 0 to 255.
    ///
    /// # Errors
    /// As [`batch`](Self::batch).
    ///
    /// # Panics
    /// When n is 0 or there is no image.
    pub fn mean(&self, n: usize) -> Result<Tensor, DataError> {
        let mut sums = Sums::new(self.side());
        let n = n.min(self.len());
        let spread: Vec<usize> = (0..n).map(|i| i * self.len() / n).collect();
        match self {
            LabeledImages::InMemory(pixels) => spread.iter().for_each(|&i| sums.add(pixels.planes(i))),
            LabeledImages::OnDemand { folder, side } => {
                for square in squares(&folder.select(&spread), *side)? {
                    sums.add(&square?.planes);
                }
            }
        }
        Ok(sums.mean())
    }

    /// Images that hold those asked for, and where among them these are.
    fn at(&self, examples: &[usize]) -> Result<(Cow<'_, Pixels>, Vec<usize>), DataError> {
        match self {
            LabeledImages::InMemory(pixels) => Ok((Cow::Borrowed(pixels), examples.to_vec())),
            LabeledImages::OnDemand { folder, side } => {
                let squares = examples.iter().map(|&example| square(folder.file(example)?, *side));
                let pixels = Pixels::from_squares(folder, *side, examples.len(), squares)?;
                Ok((Cow::Owned(pixels), (0..examples.len()).collect()))
            }
        }
    }
}

fn labels(pixels: &Pixels, index: &[usize]) -> Vec<usize> {
    index.iter().map(|&image| pixels.labels()[image]).collect()
}
