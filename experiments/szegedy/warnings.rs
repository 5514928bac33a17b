//! Warnings about an attack's result, in the manifest.

use adversarial::diagnosis::{Evidence, diagnose};
use lab::Run;

/// Adds a remark with the warnings about these outcomes, if there are any.
pub fn warn(run: &Run, subject: &str, evidence: &Evidence) {
    for warning in diagnose(evidence) {
        run.remark(&format!("warning, {subject}, {}", warning.symptom.name()), &warning.to_string());
    }
}
