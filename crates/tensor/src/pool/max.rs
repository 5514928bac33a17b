//! Max pooling.

use super::Pool;
use super::fold::Folder;
use crate::by_type;
use crate::device::{self, done, is_elsewhere};
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

/// The largest value of each window; a window that holds a NaN gives NaN.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, oh, ow]`.
///
/// # Panics
/// If the window does not fit.
pub fn max_pool(x: &Tensor, pool: &Pool) -> Tensor {
    let [n, c, h, w] = dims("max_pool", x);
    let axes = pool.windows("max_pool", [h, w]);
    let [oh, ow] = axes.map(|axis| axis.output);
    if is_elsewhere(&[x]) {
        return done("max_pool", device::max_pool_with_switches(x, pool, [oh, ow])).0;
    }
    by_type!(x, T => {
        let mut y = vec![T::default(); n * c * oh * ow];
        with_slice::<T, _>(x, |x| share(&mut y, oh * ow, |first, y| {
            let mut folder = Folder::new(axes, T::from(f32::NEG_INFINITY));
            let planes = x[first * h * w..].chunks_exact(h * w).zip(y.chunks_exact_mut(oh * ow));
            Arch::new().dispatch(#[inline(always)] || for (x, y) in planes {
                folder.fold(x, y, larger);
            });
        }));
        tensor_of(y, &[n, c, oh, ow])
    })
}

#[inline(always)]
fn larger<T: Real>(best: T, value: T) -> T {
    if stays(best, value) { best } else { value }
}

/// Whether the maximum so far remains beside a later value: it is no smaller, or not a number.
#[inline(always)]
pub(super) fn stays<T: Real>(best: T, value: T) -> bool {
    best >= value || best.is_nan()
}
