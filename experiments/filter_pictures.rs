//! Pictures of the filters of a layer that looks at colors.

use datasets::Preprocessing;
use figures::Block;
use tensor::{Tensor, tensor_of, to_f64s};

/// Which weight is black or white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contrast {
    /// The strongest of each filter.
    Own,
    /// The strongest of all filters: those that dominate stand out.
    Common,
}

/// A picture of each filter; gray is 0.
///
/// **Shape** weight `[filters, 3, h, w]`
///
/// # Panics
/// If the filters have another shape.
pub fn filter_pictures(weight: &Tensor, contrast: Contrast) -> Block {
    let &[_, 3, height, width] = weight.dims() else {
        panic!("filter_pictures: expected filters [n, 3, h, w], got {:?}", weight.dims());
    };
    let weight = to_f64s(weight);
    let strongest = |weights: &[f64]| weights.iter().map(|w| w.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let of_all = strongest(&weight);
    let picture = |filter: &[f64]| {
        let white = if contrast == Contrast::Own { strongest(filter) } else { of_all };
        let pixels = filter.iter().map(|w| (0.5 + 0.5 * w / white) as f32).collect();
        Preprocessing::default().picture(&tensor_of(pixels, &[3, height, width]))
    };
    weight.chunks_exact(3 * height * width).map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_gray_and_the_strongest_weight_white_or_black() {
        let weight = tensor_of(vec![1.0f32, 0.0, -1.0, 0.5, -4.0, 0.0], &[2, 3, 1, 1]);
        let colors = |contrast| {
            let pictures = filter_pictures(&weight, contrast);
            pictures.iter().map(|picture| picture.get_pixel(0, 0).0).collect::<Vec<_>>()
        };
        assert_eq!(colors(Contrast::Own), [[255, 127, 0], [143, 0, 127]]);
        assert_eq!(colors(Contrast::Common), [[159, 127, 96], [143, 0, 127]]);
    }
}
