//! Remarks: what may mislead about an answer, said once on stderr and kept for manifests.

use std::sync::Mutex;

/// All remarks of this run, in their order.
static REMARKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Says on stderr what may mislead, unless it was said before.
pub fn remark(text: impl Into<String>) {
    let text = text.into();
    let mut remarks = REMARKS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !remarks.contains(&text) {
        eprintln!("remark: {text}");
        remarks.push(text);
    }
}

/// Forgets what was said of an earlier job of this process.
pub fn begin() {
    REMARKS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
}

/// What was said so far.
pub fn remarks() -> Vec<String> {
    REMARKS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}
