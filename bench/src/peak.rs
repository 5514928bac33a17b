//! The peak of the machine: fused multiply-adds in registers.

use pulp::{Arch, Simd, WithSimd};
use std::hint::black_box;
use std::marker::PhantomData;
use tensor::Real;

/// Fused multiply-adds on one thread without a load or a store, and how many floating-point operations they were, two each.
pub fn multiply_adds<T: Real>(rounds: usize) -> usize {
    Arch::new().dispatch(InRegisters::<T> { rounds, scalar: PhantomData })
}

struct InRegisters<T> {
    rounds: usize,
    scalar: PhantomData<T>,
}

/// Independent sums: enough to hide the latency of each, few enough for 16 registers.
const SUMS: usize = 12;

/// Multiply-adds on each sum in a round.
const DEPTH: usize = 100;

impl<T: Real> WithSimd for InRegisters<T> {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        let factor = T::splat(simd, black_box(T::from(0.5)));
        let term = T::splat(simd, black_box(T::from(1.0)));
        let mut sums = [term; SUMS];
        for _ in 0..self.rounds {
            for _ in 0..DEPTH {
                for sum in &mut sums {
                    *sum = T::fused(simd, *sum, factor, term);
                }
            }
        }
        black_box(sums);
        let lanes = size_of::<T::Vector<S>>() / size_of::<T>();
        2 * lanes * SUMS * DEPTH * self.rounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_grow_with_the_rounds_and_a_register_holds_twice_as_many_f32() {
        let [once, thrice] = [1, 3].map(multiply_adds::<f64>);
        assert_eq!((once % (2 * SUMS * DEPTH), thrice), (0, 3 * once));
        assert_eq!(multiply_adds::<f32>(1), 2 * once);
    }
}
