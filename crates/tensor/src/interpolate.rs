//! Values between the pixels of a plane.

use crate::real::Real;

/// The value at a place `[row, column]` of a plane, by bilinear interpolation; pixels beyond the border count as `fill`.
///
/// **Shape** plane row-major `[h, w]`.
/// **Range/units** The middle of the first pixel is `[0, 0]`.
///
/// `between(a, b, share)` interpolates two values, whichever of the equal formulas the caller rounds by.
#[inline]
pub fn bilinear<P: Copy + Into<T>, T: Real>(
    plane: &[P],
    [h, w]: [usize; 2],
    [y, x]: [T; 2],
    fill: T,
    between: impl Fn(T, T, T) -> T,
) -> T {
    let [top, left] = [y.floor(), x.floor()];
    let [down, right] = [y - top, x - left];
    let [top, left] = [top, left].map(|at| Into::<f64>::into(at) as i64);
    let at = |row: i64, column: i64| {
        let inside = (0..h as i64).contains(&row) && (0..w as i64).contains(&column);
        if inside { plane[row as usize * w + column as usize].into() } else { fill }
    };
    let along = |row: i64| between(at(row, left), at(row, left + 1), right);
    between(along(top), along(top + 1), down)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_between_four_pixels_and_beyond_the_border() {
        let plane = [0.0f32, 1.0, 2.0, 3.0, 4.0, 5.0];
        let value = |place: [f64; 2]| bilinear(&plane, [2, 3], place, 8.0, |a, b, share| a + (b - a) * share);
        assert_eq!([value([0.0, 0.0]), value([1.0, 2.0])], [0.0, 5.0]);
        assert_eq!([value([0.5, 0.5]), value([0.25, 1.5])], [2.0, 2.25]);
        assert_eq!([value([0.0, 2.5]), value([-0.5, 1.0]), value([-7.0, 0.0])], [5.0, 4.5, 8.0]);
    }
}
