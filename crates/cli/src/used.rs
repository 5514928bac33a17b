//! What a command uses: one line on stderr, and a manifest beside its output.

use crate::job::{Job, MADE_WITH, PartStore, file};
use crate::model::{Layout, Model};
use crate::output::write_file;
use crate::pixels::Pixels;
use crate::remarks::remarks;
use anyhow::Result;
use core_net::{Net, Scores};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// How a command reads its pictures and the net's outputs.
pub struct Used<'a> {
    model: &'a Model,
    line: String,
    said: bool,
}

impl<'a> Used<'a> {
    pub fn new(model: &'a Model, pixels: &Pixels, net: &Net) -> Used<'a> {
        let card = if model.card_path().exists() { "card and options" } else { "options" };
        let layout = match model.layout() {
            Layout::ChannelsFirst => "",
            Layout::ChannelsLast => ", channels last (NHWC)",
        };
        let pictures = pixels.described(&net.nodes()[0].shape);
        let line = format!("pictures {pictures}; arrays unchanged{layout} ({card})");
        Used { model, line, said: false }
    }

    /// With the reading of outputs, where they are read.
    pub fn scores(mut self, scores: Option<&Scores>) -> Used<'a> {
        if let Some(scores) = scores {
            let source = if self.model.reading().is_some() { "as was said" } else { "from the graph" };
            self.line = format!("{}; outputs: {scores} ({source})", self.line);
        }
        self
    }

    /// Prints the line, the first time.
    pub fn say(&mut self) {
        if !std::mem::replace(&mut self.said, true) {
            eprintln!("{}: {}", self.model.path().display(), self.line);
        }
    }

    /// Writes the manifest of an output beside it.
    pub fn keep(&self, output: &Path) -> Result<()> {
        let text = self.manifest(&Value::Null)?;
        write_file(&manifest_path(output), |writer| Ok(writer.write_all(text.as_bytes())?))
    }

    /// Writes the manifest of a job's output to a file, with all that its results follow from.
    pub fn keep_of_job(&self, job: &dyn Job, parts: &PartStore, manifest: &Path) -> Result<()> {
        let text = self.manifest(&serde_json::from_str(&job.origin()?)?)?;
        parts.write_output(manifest, |writer| Ok(writer.write_all(text.as_bytes())?))
    }

    /// The program, the model, what was used, what the results follow from, and what was remarked.
    fn manifest(&self, origin: &Value) -> Result<String> {
        let manifest = json!({
            "made_with": MADE_WITH,
            "model": file(self.model.path())?,
            "used": self.line,
            "origin": origin,
            "remarks": remarks(),
        });
        Ok(serde_json::to_string_pretty(&manifest)? + "\n")
    }
}

/// Where the manifest of an output lies: `map.png` has `map.png.manifest.json`.
pub fn manifest_path(output: &Path) -> PathBuf {
    let name = output.file_name().unwrap_or_default().display();
    output.with_file_name(format!("{name}.manifest.json"))
}
