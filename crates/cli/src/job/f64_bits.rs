//! Floating-point numbers as bits: JSON has neither infinity nor NaN.

use serde::{Deserialize, Serialize};

/// A number that is serialized by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(from = "u64", into = "u64")]
pub struct F64Bits(pub f64);

impl From<u64> for F64Bits {
    fn from(bits: u64) -> F64Bits {
        F64Bits(f64::from_bits(bits))
    }
}

impl From<F64Bits> for u64 {
    fn from(F64Bits(number): F64Bits) -> u64 {
        number.to_bits()
    }
}

impl F64Bits {
    pub fn all(numbers: &[f64]) -> Vec<F64Bits> {
        numbers.iter().copied().map(F64Bits).collect()
    }

    pub fn numbers(all: &[F64Bits]) -> Vec<f64> {
        all.iter().map(|&F64Bits(number)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back_to_the_last_bit() {
        let numbers = [0.1, -0.0, f64::INFINITY, f64::MIN_POSITIVE / 3.0, -f64::NAN, 1e300];
        let text = serde_json::to_string(&F64Bits::all(&numbers)).unwrap();
        let back = F64Bits::numbers(&serde_json::from_str::<Vec<F64Bits>>(&text).unwrap());
        let bits = |number: &f64| number.to_bits();
        assert!(back.iter().map(bits).eq(numbers.iter().map(bits)), "{back:?}");
    }
}
