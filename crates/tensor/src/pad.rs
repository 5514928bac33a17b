//! Borders around an image: padding with a constant, and cropping, its adjoint.

use crate::by_type;
use crate::planes::dims;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;

/// The images with rows and columns of `value` around them.
///
/// **Shape** x `[n, c, h, w]`, padding `[top, left, bottom, right]`; the result is `[n, c, top + h + bottom, left + w + right]`.
///
/// # Panics
/// If x has another rank.
pub fn pad(x: &Tensor, padding: [usize; 4], value: f64) -> Tensor {
    let [n, c, h, w] = dims("pad", x);
    let [top, left, bottom, right] = padding;
    let (height, width) = (top + h + bottom, left + w + right);
    by_type!(x, T => {
        let mut y = vec![<T as candle_core::WithDType>::from_f64(value); n * c * height * width];
        with_slice::<T, _>(x, |x| {
            let planes = y.chunks_exact_mut((height * width).max(1)).zip(x.chunks_exact((h * w).max(1)));
            for (y, x) in planes {
                let rows = y.chunks_exact_mut(width).skip(top).zip(x.chunks_exact(w));
                rows.for_each(|(y, x)| y[left..left + w].copy_from_slice(x));
            }
        });
        tensor_of(y, &[n, c, height, width])
    })
}

/// The adjoint of [`pad`]: the signal inside the borders.
///
/// # Panics
/// If the signal is smaller than its borders.
pub fn pad_gradient(signal: &Tensor, padding: [usize; 4]) -> Tensor {
    let [_, _, height, width] = dims("pad_gradient", signal);
    let [top, left, bottom, right] = padding;
    assert!(
        top + bottom <= height && left + right <= width,
        "pad_gradient: {padding:?} of {:?}",
        signal.dims()
    );
    crop(signal, top, left, [height - top - bottom, width - left - right])
}

/// The window of `size` whose first pixel is at row `top` and column `left`.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, size…]`.
///
/// # Panics
/// If the window reaches beyond the image.
pub fn crop(x: &Tensor, top: usize, left: usize, size: [usize; 2]) -> Tensor {
    let [n, c, h, w] = dims("crop", x);
    let [height, width] = size;
    assert!(top + height <= h && left + width <= w, "crop: {size:?} at {top}, {left} of {:?}", x.dims());
    by_type!(x, T => {
        let mut y = Vec::with_capacity(n * c * height * width);
        with_slice::<T, _>(x, |x| {
            for plane in x.chunks_exact((h * w).max(1)) {
                let rows = plane.chunks_exact(w).skip(top).take(height);
                rows.for_each(|row| y.extend_from_slice(&row[left..left + width]));
            }
        });
        tensor_of(y, &[n, c, height, width])
    })
}
