//! What limits the result of an attack, in the manifest.

use adversarial::diagnosis::{Evidence, diagnose};
use lab::Run;

/// Remarks on what limits the outcomes for this subject; none where nothing does.
pub fn warn(run: &Run, subject: &str, evidence: &Evidence) {
    for warning in diagnose(evidence) {
        run.remark(&format!("warning, {subject}, {}", warning.symptom.name()), &warning.to_string());
    }
}
