//! The two scalar types, f32 and f64, and what the kernels need of them.

use candle_core::WithDType;
use pulp::Simd;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// f32 or f64: a candle scalar that the kernels can load into vector registers.
pub trait Real:
    WithDType
    + Default
    + From<f32>
    + Into<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// One register full of scalars.
    type Vector<S: Simd>: Copy;

    /// The exponential: a few units in the last place, the same bits on every machine, and vectorizable.
    fn exp(self) -> Self;

    /// The natural logarithm.
    fn ln(self) -> Self;

    /// `self * a + b` with one rounding.
    fn mul_add(self, a: Self, b: Self) -> Self;

    /// The hyperbolic tangent.
    fn tanh(self) -> Self;

    /// The square root.
    fn sqrt(self) -> Self;

    /// The greatest whole number that is not above this one.
    fn floor(self) -> Self;

    /// `self` to the power of `exponent`.
    fn powf(self, exponent: Self) -> Self;

    /// Whether this is not a number.
    fn is_nan(self) -> bool;

    /// All lanes equal to `value`.
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;

    /// `a * b + c` with one rounding.
    fn fused<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>, c: Self::Vector<S>)
    -> Self::Vector<S>;

    /// `a + b` in the first `count` lanes, `a` in the others.
    fn add_first<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>, count: usize) -> Self::Vector<S>;

    /// The slice as whole registers; its length must be a multiple of the lanes.
    fn registers<S: Simd>(slice: &[Self]) -> &[Self::Vector<S>];

    /// The slice as whole registers, to be written.
    fn registers_mut<S: Simd>(slice: &mut [Self]) -> &mut [Self::Vector<S>];
}

/// `2^k · exp(r)` by Cody and Waite's reduction: `x = k ln 2 + r`, a polynomial in `r`, and `k` added to the exponent bits.
macro_rules! exponential {
    ($x:expr, $real:ty, $bits:ty, limits $low:expr, $high:expr, ln2 $ln2_high:expr, $ln2_low:expr,
     magic $magic:expr, mantissa $mantissa:expr, bias $bias:expr, coefficients $coefficients:expr) => {{
        // Adding 1.5 · 2^mantissa leaves the rounded integer in the low bits of the sum.
        let magic: $real = $magic;
        let x: $real = $x.clamp($low, $high);
        let shifted = x * (std::f64::consts::LOG2_E as $real) + magic;
        let k = shifted - magic;
        let r = (x - k * $ln2_high) - k * $ln2_low;
        let mut sum: $real = 0.0;
        for coefficient in $coefficients {
            sum = sum * r + coefficient;
        }
        let exponent = shifted.to_bits().wrapping_add($bias) << $mantissa;
        sum * <$real>::from_bits(exponent)
    }};
}

/// Functions as the type itself has them.
macro_rules! of_the_type {
    ($real:ty: $($function:ident($($argument:ident),*)),*) => {$(
        #[inline(always)]
        fn $function(self $(, $argument: Self)*) -> Self {
            <$real>::$function(self $(, $argument)*)
        }
    )*};
}

impl Real for f32 {
    type Vector<S: Simd> = S::f32s;

    #[inline(always)]
    fn exp(self) -> Self {
        exponential!(self, f32, u32, limits -87.0, 88.0,
            ln2 0.693_359_4, -2.121_944_4e-4,
            magic 12_582_912.0, mantissa 23, bias 127,
            coefficients [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0])
    }

    of_the_type!(f32: ln(), tanh(), sqrt(), floor(), powf(exponent), mul_add(a, b));

    #[inline(always)]
    fn is_nan(self) -> bool {
        f32::is_nan(self)
    }

    #[inline(always)]
    fn splat<S: Simd>(simd: S, value: Self) -> S::f32s {
        simd.splat_f32s(value)
    }

    #[inline(always)]
    fn fused<S: Simd>(simd: S, a: S::f32s, b: S::f32s, c: S::f32s) -> S::f32s {
        simd.mul_add_f32s(a, b, c)
    }

    #[inline(always)]
    fn add_first<S: Simd>(simd: S, a: S::f32s, b: S::f32s, count: usize) -> S::f32s {
        let first = simd.mask_between_m32s(0, count as u32).mask();
        simd.select_f32s(first, simd.add_f32s(a, b), a)
    }

    #[inline(always)]
    fn registers<S: Simd>(slice: &[Self]) -> &[S::f32s] {
        S::as_simd_f32s(slice).0
    }

    #[inline(always)]
    fn registers_mut<S: Simd>(slice: &mut [Self]) -> &mut [S::f32s] {
        S::as_mut_simd_f32s(slice).0
    }
}

impl Real for f64 {
    type Vector<S: Simd> = S::f64s;

    #[inline(always)]
    fn exp(self) -> Self {
        exponential!(self, f64, u64, limits -708.0, 709.0,
            ln2 0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10,
            magic 6_755_399_441_055_744.0, mantissa 52, bias 1023,
            coefficients [1.0 / 6_227_020_800.0, 1.0 / 479_001_600.0, 1.0 / 39_916_800.0, 1.0 / 3_628_800.0,
                1.0 / 362_880.0, 1.0 / 40_320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0])
    }

    of_the_type!(f64: ln(), tanh(), sqrt(), floor(), powf(exponent), mul_add(a, b));

    #[inline(always)]
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }

    #[inline(always)]
    fn splat<S: Simd>(simd: S, value: Self) -> S::f64s {
        simd.splat_f64s(value)
    }

    #[inline(always)]
    fn fused<S: Simd>(simd: S, a: S::f64s, b: S::f64s, c: S::f64s) -> S::f64s {
        simd.mul_add_f64s(a, b, c)
    }

    #[inline(always)]
    fn add_first<S: Simd>(simd: S, a: S::f64s, b: S::f64s, count: usize) -> S::f64s {
        let first = simd.mask_between_m64s(0, count as u64).mask();
        simd.select_f64s(first, simd.add_f64s(a, b), a)
    }

    #[inline(always)]
    fn registers<S: Simd>(slice: &[Self]) -> &[S::f64s] {
        S::as_simd_f64s(slice).0
    }

    #[inline(always)]
    fn registers_mut<S: Simd>(slice: &mut [Self]) -> &mut [S::f64s] {
        S::as_mut_simd_f64s(slice).0
    }
}

/// The quotient, and 0 where the divisor is 0.
#[inline(always)]
pub(crate) fn ratio<T: Real>(value: T, divisor: T) -> T {
    if divisor == T::default() { T::default() } else { value / divisor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_exact_to_a_few_units_in_the_last_place() {
        for step in -7000..7000 {
            let x = f64::from(step) * 0.1 + 0.0371;
            let relative = Real::exp(x) / f64::exp(x) - 1.0;
            assert!(relative.abs() < 1e-15, "exp({x}): {relative:e}");
        }
        for step in -860..870 {
            let x = step as f32 * 0.1 + 0.037;
            let relative = f64::from(Real::exp(x)) / f64::exp(f64::from(x)) - 1.0;
            assert!(relative.abs() < 3e-7, "exp({x}): {relative:e}");
        }
    }
}
