//! Images with their labels.

use tensor::{Device, Tensor};

/// Images with their labels.
#[derive(Clone, Debug)]
pub struct LabeledDigits {
    /// The images.
    ///
    /// **Shape** `[n, 1, 28, 28]`, f32.
    /// **Range** `[0, 1]`: pixels / 255.
    pub images: Tensor,
    /// The digit shown in each image, 0 to 9.
    pub labels: Vec<usize>,
}

impl LabeledDigits {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The images and labels at `index`, in that order; an index may occur twice.
    ///
    /// # Panics
    /// When an index is not below [`len`](Self::len).
    pub fn select(&self, index: &[usize]) -> LabeledDigits {
        if let Some(out) = index.iter().find(|&&i| i >= self.len()) {
            panic!("select: expected indices below {}, got {out}", self.len());
        }
        let rows: Vec<u32> = index.iter().map(|&i| i as u32).collect();
        let rows = Tensor::from_vec(rows, index.len(), &Device::Cpu);
        let images = rows.and_then(|rows| self.images.index_select(&rows, 0));
        LabeledDigits {
            images: images.expect("the indices are in range"),
            labels: index.iter().map(|&i| self.labels[i]).collect(),
        }
    }

    /// Images from bytes, 784 for each label.
    pub(crate) fn from_pixels(pixels: &[u8], labels: Vec<u8>) -> LabeledDigits {
        LabeledDigits { images: images(pixels), labels: labels.into_iter().map(usize::from).collect() }
    }
}

/// The images in `pixels`, 784 bytes each.
///
/// **Shape** `[n, 1, 28, 28]`. **Range** `[0, 1]`.
pub(crate) fn images(pixels: &[u8]) -> Tensor {
    let values: Vec<f32> = pixels.iter().map(|&p| f32::from(p) / 255.0).collect();
    let shape = (pixels.len() / 784, 1, 28, 28);
    Tensor::from_vec(values, shape, &Device::Cpu).expect("784 pixels an image")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> LabeledDigits {
        let pixels: Vec<u8> = (0..3u8).flat_map(|i| [i * 51; 784]).collect();
        LabeledDigits::from_pixels(&pixels, vec![7, 8, 9])
    }

    #[test]
    fn select_takes_images_and_labels_in_the_order_asked_for() {
        let chosen = three().select(&[2, 0, 2]);
        assert_eq!(chosen.labels, [9, 7, 9]);
        assert_eq!(chosen.images.dims(), [3, 1, 28, 28]);
        let pixels = chosen.images.flatten_all().unwrap().to_vec1::<f32>();
        let pixels = pixels.unwrap();
        assert_eq!([pixels[0], pixels[784], pixels[2351]], [0.4, 0.0, 0.4]);
    }

    #[test]
    fn selecting_nothing_gives_an_empty_set_with_image_shape() {
        let none = three().select(&[]);
        assert!(none.is_empty());
        assert_eq!(none.images.dims(), [0, 1, 28, 28]);
    }

    #[test]
    #[should_panic(expected = "expected indices below 3, got 3")]
    fn an_index_out_of_range_panics() {
        three().select(&[0, 3]);
    }
}
