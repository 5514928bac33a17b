//! Labeled images in memory as bytes, a quarter of the size of f32.

use crate::images::{ImageFile, Window, decode};
use crate::{BrokenImages, DataError, ImageFolder, Preprocessing, Resize};
use image::RgbImage;
use tensor::{Tensor, tensor_of};

/// Labeled square images, each three planes of bytes: red, green, blue.
///
/// 40,000 images of 64 × 64 take 492 MB.
#[derive(Clone, Debug)]
pub struct Pixels {
    /// `[n, 3, side, side]`.
    bytes: Vec<u8>,
    side: usize,
    labels: Vec<usize>,
    classes: Vec<String>,
}

impl Pixels {
    /// The images of these bytes, with their labels and the names of the classes.
    ///
    /// **Shape** bytes `[n, 3, side, side]`, red, green, blue.
    ///
    /// # Panics
    /// When there are not so many bytes for each label, or a label has no class.
    pub fn new(bytes: Vec<u8>, side: usize, labels: Vec<usize>, classes: Vec<String>) -> Pixels {
        let expected = labels.len() * 3 * side * side;
        assert_eq!(bytes.len(), expected, "pixels: bytes of {} images of side {side}", labels.len());
        if let Some(label) = labels.iter().find(|&&label| label >= classes.len()) {
            panic!("pixels: expected labels below {}, got {label}", classes.len());
        }
        Pixels { bytes, side, labels, classes }
    }

    /// All images of a folder or archive, in its order: the short side resized to `side` and the center square cut out.
    ///
    /// Images that have that size already stay as they are, and gray ones get three equal planes.
    /// They are decoded in parallel; `decoded` is called after each.
    ///
    /// # Errors
    /// When an image cannot be read or decoded or has no label: the message names it.
    pub fn read(folder: &ImageFolder, side: usize, mut decoded: impl FnMut()) -> Result<Pixels, DataError> {
        let squares = squares(folder, side)?.map(|square| square.inspect(|_| decoded()));
        Pixels::from_squares(folder, side, folder.len(), squares)
    }

    /// These `n` images of a folder.
    pub(crate) fn from_squares(
        folder: &ImageFolder,
        side: usize,
        n: usize,
        squares: impl Iterator<Item = Result<Square, DataError>>,
    ) -> Result<Pixels, DataError> {
        let mut bytes = Vec::with_capacity(n * 3 * side * side);
        let mut labels = Vec::with_capacity(n);
        for square in squares {
            let Square { planes, label } = square?;
            bytes.extend(planes);
            labels.push(label);
        }
        Ok(Pixels::new(bytes, side, labels, folder.classes().to_vec()))
    }

    /// The images at `index`, in that order; an index may occur twice.
    ///
    /// # Panics
    /// When an index is not below [`len`](Self::len).
    pub fn select(&self, index: &[usize]) -> Pixels {
        let bytes = index.iter().map(|&image| self.planes(image)).collect::<Vec<_>>().concat();
        let labels = index.iter().map(|&image| self.labels[image]).collect();
        Pixels { bytes, side: self.side, labels, classes: self.classes.clone() }
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The height and width of every image.
    pub fn side(&self) -> usize {
        self.side
    }

    /// All bytes, image by image.
    ///
    /// **Shape** `[n, 3, side, side]`, red, green, blue.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The images' labels.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The names of the classes, by label.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The mean of each pixel over all images; the sums are whole numbers, so their order does not matter.
    ///
    /// **Shape** `[3, side, side]`, f32.
    /// **Range** 0 to 255.
    /// **Paper** ZF §3: "subtracting the per-pixel mean (across all images)".
    ///
    /// # Panics
    /// When there is no image.
    pub fn mean(&self) -> Tensor {
        let mut sums = Sums::new(self.side);
        (0..self.len()).for_each(|image| sums.add(self.planes(image)));
        sums.mean()
    }

    /// The three planes of one image.
    ///
    /// # Panics
    /// When there is no such image.
    pub(crate) fn planes(&self, image: usize) -> &[u8] {
        let size = 3 * self.side * self.side;
        assert!(image < self.len(), "pixels: expected an image below {}, got {image}", self.len());
        &self.bytes[image * size..][..size]
    }
}

/// One decoded image.
pub(crate) struct Square {
    /// `[3, side, side]`.
    pub planes: Vec<u8>,
    pub label: usize,
}

/// The images of a folder one after the other, decoded in parallel.
pub(crate) fn squares(folder: &ImageFolder, side: usize) -> Result<Window<Square>, DataError> {
    Ok(Window::new(folder.files()?, BrokenImages::Refuse, move |file| square(file, side)))
}

/// The central square of an image whose short side was resized to `side`.
pub(crate) fn square(file: ImageFile, side: usize) -> Result<Square, DataError> {
    let path = file.path.clone();
    let Some(label) = file.label else {
        let [expected, found] = ["an image with a label", "none, in no class's folder"].map(String::from);
        return Err(DataError::Image { path, expected, found });
    };
    let to_square =
        Preprocessing { resize: Resize::ShortSide(side), crop: Some([side; 2]), ..Preprocessing::default() };
    let square =
        to_square.shaped(decode(file)?.image.into()).map_err(|found| to_square.broken(path, found))?;
    Ok(Square { planes: planes(&square.into_rgb()), label })
}

/// All red, then all green, then all blue.
fn planes(image: &RgbImage) -> Vec<u8> {
    (0..3).flat_map(|channel| image.pixels().map(move |pixel| pixel.0[channel])).collect()
}

/// The sum of each pixel over the images added so far.
pub(crate) struct Sums {
    by_pixel: Vec<u64>,
    side: usize,
    count: u64,
}

impl Sums {
    pub fn new(side: usize) -> Sums {
        Sums { by_pixel: vec![0; 3 * side * side], side, count: 0 }
    }

    pub fn add(&mut self, planes: &[u8]) {
        self.count += 1;
        for (sum, &byte) in self.by_pixel.iter_mut().zip(planes) {
            *sum += u64::from(byte);
        }
    }

    /// **Shape** `[3, side, side]`, f32.
    pub fn mean(&self) -> Tensor {
        assert!(self.count > 0, "mean: expected an image, got none");
        let mean = |&sum: &u64| (sum as f64 / self.count as f64) as f32;
        tensor_of(self.by_pixel.iter().map(mean).collect(), &[3, self.side, self.side])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    /// Image i has its channel c filled with 10 i + c, but for its first pixel, 100.
    fn three() -> Pixels {
        let plane = |i: u8, c: u8| [vec![100], vec![10 * i + c; 3]].concat();
        let bytes = (0..3).flat_map(|i| (0..3).flat_map(move |c| plane(i, c))).collect();
        Pixels::new(bytes, 2, vec![1, 0, 1], vec!["a".into(), "b".into()])
    }

    #[test]
    fn the_mean_is_that_of_each_pixel_of_each_channel() {
        let mean = three().mean();
        assert_eq!(mean.dims(), [3, 2, 2]);
        let planes = [10.0, 11.0, 12.0].map(|value| [100.0, value, value, value]);
        assert_eq!(to_f64s(&mean), planes.concat());
    }

    #[test]
    fn a_selection_has_its_images_and_labels_in_the_order_asked_for() {
        let chosen = three().select(&[2, 0, 2]);
        assert_eq!(chosen.labels(), [1, 1, 1]);
        assert_eq!([0, 1, 2].map(|image| chosen.planes(image)[1]), [20, 0, 20]);
        assert_eq!(chosen.classes(), three().classes());
    }

    #[test]
    #[should_panic(expected = "expected labels below 1, got 1")]
    fn a_label_without_a_class_panics() {
        Pixels::new(vec![0; 3], 1, vec![1], vec!["a".into()]);
    }
}
