//! What limits the result of an attack: a line each on stderr, and warnings.csv beside it.

use crate::job::PartStore;
use crate::output::csv_table;
use adversarial::diagnosis::Warning;
use anyhow::Result;
use std::io::Write;
use std::path::Path;

/// Writes warnings.csv into the folder, only its header where there is nothing to say, and prints each warning.
pub fn report(folder: &Path, parts: &PartStore, warnings: &[Warning]) -> Result<()> {
    let rows = warnings
        .iter()
        .map(|warning| (warning.symptom.name(), warning.images, warning.of, warning.to_string()));
    let table = csv_table(["warning", "images", "of", "sentence"], rows)?;
    parts.write_output(&folder.join("warnings.csv"), |writer| Ok(writer.write_all(&table)?))?;
    warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    Ok(())
}
