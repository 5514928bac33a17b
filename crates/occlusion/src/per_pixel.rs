//! The attribution of each pixel.

use crate::occluder::Occluder;
use ndarray::Array2;

/// For each pixel, by how much a quantity falls, on average, where the occluder hides the pixel: Captum's `Occlusion`.
///
/// ```text
/// attribution(y, x) = Σ (clean − value(i)) / number of these i, over the positions i that hide y, x
/// ```
///
/// **Shape** `image`, height and width; a value for each position, row by row. A pixel that is never hidden has 0.
///
/// # Panics
/// If there is not a value for each position.
pub fn per_pixel(occluder: &Occluder, image: [usize; 2], clean: f64, values: &[f64]) -> Array2<f64> {
    let regions = occluder.regions(image);
    assert_eq!(regions.len(), values.len(), "per_pixel: a value for each position");
    let (mut sum, mut count) = (Array2::<f64>::zeros(image), Array2::<f64>::zeros(image));
    for (region, value) in regions.iter().zip(values) {
        let pixels = || region.rows().flat_map(|y| region.columns().map(move |x| [y, x]));
        pixels().for_each(|pixel| sum[pixel] += clean - value);
        pixels().for_each(|pixel| count[pixel] += 1.0);
    }
    sum / count.mapv(|count| count.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Border, Fill};
    use ndarray::array;

    #[test]
    fn a_pixel_has_the_mean_drop_of_the_positions_that_hide_it() {
        let occluder =
            Occluder { size: [1, 2], stride: [1, 1], fill: Fill::Value(0.0), border: Border::Inside };
        let found = per_pixel(&occluder, [1, 3], 10.0, &[7.0, 9.0]);
        assert_eq!(found, array![[3.0, 2.0, 1.0]]);
        let skipping = Occluder { size: [1, 1], stride: [1, 2], ..occluder };
        assert_eq!(per_pixel(&skipping, [1, 3], 1.0, &[0.0, 2.0]), array![[1.0, 0.0, -1.0]]);
    }
}
