//! What shapes must be; each operation checks those of its inputs and parameters with these.

/// Why an operation cannot read what it is given.
#[derive(Debug, thiserror::Error)]
#[error("expected {expected}, got {got}")]
pub struct Misfit {
    /// What would fit.
    pub expected: String,
    /// What came.
    pub got: String,
}

/// The shape of one image's output.
pub(crate) type Shape = Result<Vec<usize>, Misfit>;

pub(crate) fn misfit<T>(expected: impl Into<String>, got: impl Into<String>) -> Result<T, Misfit> {
    Err(Misfit { expected: expected.into(), got: got.into() })
}

/// The largest activation of one image: a gigabyte of f32. A larger one is an error in the net.
const LARGEST_MAP: usize = 1 << 28;

/// The number of scalars in a tensor, unless no memory could hold it.
pub fn element_count(shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1usize, |count, &side| count.checked_mul(side))
}

/// The shape, if an activation of it is neither empty nor too large; `what` is its name in the error.
///
/// # Errors
/// If it is.
pub fn in_memory(what: &str, shape: Vec<usize>) -> Result<Vec<usize>, Misfit> {
    match element_count(&shape) {
        Some(1..=LARGEST_MAP) => Ok(shape),
        _ => misfit(format!("{what} of 1 to {LARGEST_MAP} scalars"), format!("{shape:?}")),
    }
}

/// Feature maps `[channels, height, width]`.
pub(crate) fn maps(input: &[usize]) -> Result<[usize; 3], Misfit> {
    input.try_into().or_else(|_| misfit("feature maps [channels, height, width]", format!("{input:?}")))
}
