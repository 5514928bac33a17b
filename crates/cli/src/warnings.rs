//! What limits the result of an attack: a remark each, and warnings.csv beside it.

use crate::job::PartStore;
use crate::output::csv_table;
use crate::remarks::remark;
use adversarial::diagnosis::{Symptom, Warning};
use anyhow::Result;
use std::io::Write;
use std::path::Path;

/// Writes warnings.csv into the folder, only its header where there is nothing to say, and remarks each warning.
pub fn report(folder: &Path, parts: &PartStore, warnings: &[Warning], is_quick: bool) -> Result<()> {
    let rows = warnings
        .iter()
        .map(|warning| (warning.symptom.name(), warning.images, warning.of, sentence(warning, is_quick)));
    let table = csv_table(["warning", "images", "of", "sentence"], rows)?;
    parts.write_output(&folder.join("warnings.csv"), |writer| Ok(writer.write_all(&table)?))?;
    warnings.iter().for_each(|warning| remark(sentence(warning, is_quick)));
    Ok(())
}

/// A warning in the words of the commands.
pub fn sentence(warning: &Warning, is_quick: bool) -> String {
    let sentence = warning.to_string();
    match &warning.symptom {
        Symptom::UnreachedTarget { penalized, .. } if *penalized > 0 => {
            let aims = sentence.split(", where ").next().unwrap_or_default();
            let advice = if is_quick { "; rerun without --quick" } else { "" };
            format!("{aims}, which none of them reached: search gave up for {penalized} of them{advice}")
        }
        _ => sentence
            .replace("are read as their labels", "are classified as their labels")
            .replace("what the net never reads", "what the net never predicts")
            .replace("where none of them arrived", "which none of them reached"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_gave_up_says_what_to_do() {
        let symptom = Symptom::UnreachedTarget { classes: vec![3, 5], penalized: 2 };
        let warning = Warning { symptom, images: 2, of: 4 };
        let expected = "2 of 4 images aim at class 3, class 5, which none of them reached: \
            search gave up for 2 of them";
        assert_eq!(sentence(&warning, false), expected);
        assert_eq!(sentence(&warning, true), format!("{expected}; rerun without --quick"));
    }
}
