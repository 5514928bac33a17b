//! How far arrays are from those of a reference.

/// The largest difference, in units of the largest magnitude of the reference.
pub fn relative_error(ours: &[f64], reference: &[f64]) -> f64 {
    assert_eq!(ours.len(), reference.len());
    let largest = reference.iter().fold(f64::MIN_POSITIVE, |most, v| most.max(v.abs()));
    ours.iter().zip(reference).map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
}
