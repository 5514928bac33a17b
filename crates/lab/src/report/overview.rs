//! What was run and how much of it agrees, as a table in Markdown.

use super::Paper;
use super::evidence::{self, Evidence};
use super::summary::VERDICTS;
use crate::layout::Layout;
use anyhow::Result;
use std::path::Path;

/// A row for each artefact.
pub(crate) fn overview(results: &Path, papers: &[Paper]) -> Result<String> {
    let mut layout = Layout::default();
    for paper in papers {
        for Evidence { artefact, run, .. } in evidence::read_paper(results, paper)? {
            let row = format!("{}, {}", paper.authors(), artefact.title);
            let place = format!("{}/{}", paper.name, artefact.name);
            layout.put(&row, "what it shows", artefact.shows.to_owned());
            layout.put(&row, "`cargo reproduce …`", format!("`{place}`"));
            let Some(run) = run else {
                layout.put(&row, "data", "no results yet".to_owned());
                continue;
            };
            layout.put(&row, "data", run.manifest.data_names());
            for (verdict, column) in VERDICTS {
                let count = run.count(verdict);
                layout.put(&row, column, if count > 0 { count.to_string() } else { "–".to_owned() });
            }
            layout.put(&row, "time", run.time());
        }
    }
    Ok(layout.markdown())
}
