//! What limits the result of an attack: a line each on stderr, and warnings.csv beside it.

use std::io::Write;
use std::path::Path;

use adversarial::diagnosis::Warning;
use anyhow::Result;

use crate::job::PartStore;

const COLUMNS: [&str; 4] = ["warning", "images", "of", "sentence"];

/// Writes warnings.csv into the folder, only its header where there is nothing to say, and prints each warning.
pub fn report(folder: &Path, parts: &PartStore, warnings: &[Warning]) -> Result<()> {
    let table = table(warnings)?;
    parts.write_output(&folder.join("warnings.csv"), |writer| Ok(writer.write_all(&table)?))?;
    warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    Ok(())
}

/// The lines of warnings.csv.
fn table(warnings: &[Warning]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for warning in warnings {
        table.serialize((warning.symptom.name(), warning.images, warning.of, warning.to_string()))?;
    }
    Ok(table.into_inner()?)
}
