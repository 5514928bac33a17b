//! Numbers that are kept bit by bit: JSON knows neither infinity nor what is no number.

use serde::{Deserialize, Serialize};

/// A number that comes back as it was.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(from = "u64", into = "u64")]
pub struct Exact(pub f64);

impl From<u64> for Exact {
    fn from(bits: u64) -> Exact {
        Exact(f64::from_bits(bits))
    }
}

impl From<Exact> for u64 {
    fn from(Exact(number): Exact) -> u64 {
        number.to_bits()
    }
}

impl Exact {
    pub fn all(numbers: &[f64]) -> Vec<Exact> {
        numbers.iter().copied().map(Exact).collect()
    }

    pub fn numbers(all: &[Exact]) -> Vec<f64> {
        all.iter().map(|&Exact(number)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back_to_the_last_bit() {
        let numbers = [0.1, -0.0, f64::INFINITY, f64::MIN_POSITIVE / 3.0, -f64::NAN, 1e300];
        let text = serde_json::to_string(&Exact::all(&numbers)).unwrap();
        let back = Exact::numbers(&serde_json::from_str::<Vec<Exact>>(&text).unwrap());
        let bits = |number: &f64| number.to_bits();
        assert!(back.iter().map(bits).eq(numbers.iter().map(bits)), "{back:?}");
    }
}
