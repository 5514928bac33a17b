//! Borders around an image: padding with a constant, and cropping, its adjoint.

use crate::by_type;
use crate::planes::{dims, share};
use crate::slices::{tensor_of, with_slice};
use candle_core::{Tensor, WithDType};

/// The images with rows and columns of `value` around them.
///
/// **Shape** x `[n, c, h, w]`, padding `[top, left, bottom, right]`; the result is `[n, c, top + h + bottom, left + w + right]`.
///
/// # Panics
/// If x has another rank, or no pixel.
pub fn pad(x: &Tensor, padding: [usize; 4], value: f64) -> Tensor {
    let [n, c, h, w] = dims("pad", x);
    let [top, left, bottom, right] = padding;
    let (height, width) = (top + h + bottom, left + w + right);
    assert!(h * w > 0, "pad: no pixel in {:?}", x.dims());
    by_type!(x, T => {
        let value = <T as WithDType>::from_f64(value);
        let mut y = vec![T::default(); n * c * height * width];
        with_slice::<T, _>(x, |x| share(&mut y, height * width, |first, y| {
            let planes = y.chunks_exact_mut(height * width).zip(x[first * h * w..].chunks_exact(h * w));
            for (y, x) in planes {
                y.fill(value);
                let rows = y.chunks_exact_mut(width).skip(top).zip(x.chunks_exact(w));
                rows.for_each(|(y, x)| y[left..left + w].copy_from_slice(x));
            }
        }));
        tensor_of(y, &[n, c, height, width])
    })
}

/// The adjoint of [`pad`]: the signal inside the borders.
///
/// # Panics
/// If the signal is not larger than its borders.
pub fn pad_gradient(signal: &Tensor, padding: [usize; 4]) -> Tensor {
    let [_, _, height, width] = dims("pad_gradient", signal);
    let [top, left, bottom, right] = padding;
    let fits = top + bottom < height && left + right < width;
    assert!(fits, "pad_gradient: {padding:?} of {:?}", signal.dims());
    crop(signal, top, left, [height - top - bottom, width - left - right])
}

/// The window of `size` whose first pixel is at row `top` and column `left`.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, size…]`.
///
/// # Panics
/// If the window has no pixel or reaches beyond the image.
pub fn crop(x: &Tensor, top: usize, left: usize, size: [usize; 2]) -> Tensor {
    let [n, c, h, w] = dims("crop", x);
    let [height, width] = size;
    let inside = top + height <= h && left + width <= w;
    assert!(inside && height * width > 0, "crop: {size:?} at {top}, {left} of {:?}", x.dims());
    by_type!(x, T => {
        let mut y = vec![T::default(); n * c * height * width];
        with_slice::<T, _>(x, |x| share(&mut y, height * width, |first, y| {
            for (y, x) in y.chunks_exact_mut(height * width).zip(x[first * h * w..].chunks_exact(h * w)) {
                let rows = y.chunks_exact_mut(width).zip(x.chunks_exact(w).skip(top));
                rows.for_each(|(y, x)| y.copy_from_slice(&x[left..left + width]));
            }
        }));
        tensor_of(y, &[n, c, height, width])
    })
}
