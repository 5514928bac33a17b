//! Fill of an occluder: the values of the hidden pixels.

use tensor::{Tensor, tensor_of, to_f64s};

/// The values of the hidden pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// One value in every channel.
    Value(f64),
    /// One value for each channel: a gray, where the net's input is normalized by channel.
    Channels(Vec<f64>),
    /// Each channel's mean over the image.
    Mean,
    /// The image itself under a Gaussian of this standard deviation, in pixels: it hides what is small, and no edge is added.
    Blurred(f64),
}

impl Fill {
    /// The image as an occluder of its size would show it.
    ///
    /// **Shape** of the image, `[1, c, h, w]`.
    ///
    /// # Panics
    /// If there are not as many values as channels, or the deviation is not positive.
    pub fn over(&self, image: &Tensor) -> Tensor {
        let &[1, c, h, w] = image.dims() else { panic!("fill: expected one image, got {:?}", image.dims()) };
        if let Fill::Channels(values) = self {
            assert_eq!(values.len(), c, "fill: a value for each channel");
        }
        let pixels = to_f64s(image);
        let fill = |(channel, plane): (usize, &[f64])| match self {
            Fill::Value(value) => vec![*value; h * w],
            Fill::Channels(values) => vec![values[channel]; h * w],
            Fill::Mean => vec![plane.iter().sum::<f64>() / (h * w) as f64; h * w],
            Fill::Blurred(deviation) => blurred(plane, [h, w], *deviation),
        };
        let filled: Vec<f64> = pixels.chunks_exact(h * w).enumerate().flat_map(fill).collect();
        tensor_of(filled, image.dims()).to_dtype(image.dtype()).expect("a cast in memory")
    }
}

/// Rows, then columns; at the borders the weights inside the image are scaled to a sum of 1.
fn blurred(plane: &[f64], [h, w]: [usize; 2], deviation: f64) -> Vec<f64> {
    assert!(deviation > 0.0, "fill: expected a positive deviation, got {deviation}");
    let across: Vec<f64> = plane.chunks_exact(w).flat_map(|row| smoothed(row, deviation)).collect();
    let column = |x: usize| (0..h).map(|y| across[y * w + x]).collect::<Vec<f64>>();
    let down: Vec<Vec<f64>> = (0..w).map(|x| smoothed(&column(x), deviation)).collect();
    (0..h * w).map(|at| down[at % w][at / w]).collect()
}

fn smoothed(line: &[f64], deviation: f64) -> Vec<f64> {
    let reach = (3.0 * deviation).ceil() as usize;
    let weight = |distance: usize| (-0.5 * (distance as f64 / deviation).powi(2)).exp();
    let at = |place: usize| {
        let near = place.saturating_sub(reach)..(place + reach + 1).min(line.len());
        let terms = near.map(|other| (weight(place.abs_diff(other)), line[other]));
        let (sum, total) = terms.fold((0.0, 0.0), |(sum, total), (w, v)| (sum + w * v, total + w));
        sum / total
    };
    (0..line.len()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Tensor {
        tensor_of(vec![1.0f64, 3.0, 5.0, 7.0, 0.0, 0.0, 0.0, 8.0], &[1, 2, 2, 2])
    }

    #[test]
    fn a_fill_shows_its_values_or_the_channels_means() {
        assert_eq!(to_f64s(&Fill::Value(0.5).over(&image())), [0.5; 8]);
        assert_eq!(to_f64s(&Fill::Channels(vec![1.0, 2.0]).over(&image())), [1., 1., 1., 1., 2., 2., 2., 2.]);
        assert_eq!(to_f64s(&Fill::Mean.over(&image())), [4., 4., 4., 4., 2., 2., 2., 2.]);
    }

    #[test]
    fn a_blur_keeps_a_flat_image_and_widens_a_point_as_a_gaussian() {
        let flat = tensor_of(vec![2.0f64; 35], &[1, 1, 5, 7]);
        assert!(to_f64s(&Fill::Blurred(1.5).over(&flat)).iter().all(|v| (v - 2.0).abs() < 1e-12));
        let mut point = vec![0.0f64; 21 * 21];
        point[10 * 21 + 10] = 1.0;
        let blurred = to_f64s(&Fill::Blurred(1.0).over(&tensor_of(point, &[1, 1, 21, 21])));
        let ratio = blurred[10 * 21 + 12] / blurred[10 * 21 + 10];
        assert!((ratio - (-2.0f64).exp()).abs() < 1e-12, "{ratio}");
        assert!((blurred.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    #[should_panic(expected = "a value for each channel")]
    fn a_fill_of_other_channels_panics() {
        Fill::Channels(vec![0.0]).over(&image());
    }
}
