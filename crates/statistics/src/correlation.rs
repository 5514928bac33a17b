//! Pearson's correlation.

use tensor::dot;

/// Pearson's correlation of two series.
///
/// **Range** −1 to 1; 0 where a series does not vary.
///
/// # Panics
/// If the series differ in length.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "correlation: expected two series of one length");
    let [a, b] = [a, b].map(|values| {
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        values.iter().map(|value| value - mean).collect::<Vec<f64>>()
    });
    let lengths = dot(&a, &a).sqrt() * dot(&b, &b).sqrt();
    if lengths > 0.0 { (dot(&a, &b) / lengths).clamp(-1.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_1_and_the_rest_the_value_computed_by_hand() {
        let x = [1.0, 2.0, 3.0, 4.0];
        assert!((correlation(&x, &x.map(|x| 2.0 * x - 9.0)) - 1.0).abs() < 1e-15);
        assert!((correlation(&x, &x.map(|x| -x)) + 1.0).abs() < 1e-15);
        assert!((correlation(&x, &[1.0, 3.0, 2.0, 4.0]) - 0.8).abs() < 1e-15);
        assert_eq!(correlation(&x, &[5.0; 4]), 0.0);
    }
}
