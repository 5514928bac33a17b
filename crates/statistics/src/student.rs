//! Student's interval of the mean of a few values.

/// Student's t at 97.5 % for 1, 2, 3 and 4 degrees of freedom.
const T: [f64; 4] = [12.706, 4.303, 3.182, 2.776];

/// The mean of a few values, and half the width of Student's 95 % interval of it; of more than five values, the interval is that of five.
///
/// # Panics
/// If there are fewer than two values.
pub fn student(values: &[f64]) -> (f64, f64) {
    assert!(values.len() > 1, "student: expected two values or more, got {}", values.len());
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let t = T[(values.len() - 2).min(T.len() - 1)];
    (mean, t * (variance / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_width_is_t_standard_errors() {
        let (mean, half) = student(&[4.0, 3.6, 3.8]);
        assert!((mean - 3.8).abs() < 1e-12 && (half - 4.303 * 0.2 / 3f64.sqrt()).abs() < 1e-12);
    }
}
