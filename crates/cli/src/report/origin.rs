//! The origin of a site: all its inputs.

use super::Report;
use super::subject::Subject;
use crate::job::{File, MADE_WITH, file};
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The format of the site's data.
pub const FORMAT: u32 = 1;

#[derive(Serialize)]
pub struct Origin {
    format: u32,
    made_with: &'static str,
    model: File,
    pub images: File,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more_images: Vec<File>,
    /// Tables that names and labels, or the architecture, come from.
    tables: BTreeMap<&'static str, File>,
    settings: BTreeMap<&'static str, String>,
}

impl Origin {
    pub fn new(report: &Report, subject: &Subject) -> Result<Origin> {
        let [labels, truth] = [&report.labels, &report.truth].map(Option::as_deref);
        let tables = [("labels", labels), ("truth", truth), ("architecture", report.model.description())];
        let given = |(what, path): (&'static str, Option<&Path>)| path.map(|path| Ok((what, file(path)?)));
        Ok(Origin {
            format: FORMAT,
            made_with: MADE_WITH,
            model: file(report.model.path())?,
            images: file(&report.images[0])?,
            more_images: report.images[1..].iter().map(|path| file(path)).collect::<Result<_>>()?,
            tables: tables.into_iter().filter_map(given).collect::<Result<_>>()?,
            settings: settings(report, subject),
        })
    }

    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// What the images are called.
    pub fn images_name(&self) -> String {
        let (first, more) = (&self.images.name, self.more_images.len());
        if more == 0 { first.clone() } else { format!("{first} and {more} more") }
    }

    /// The model's name, without its ending.
    pub fn title(&self) -> &str {
        Path::new(&self.model.name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(&self.model.name)
    }
}

fn settings(report: &Report, subject: &Subject) -> BTreeMap<&'static str, String> {
    let names = subject.layers.iter().map(|layer| subject.net.nodes()[layer.node].name.as_str());
    let mut settings = BTreeMap::from([
        ("preprocessing", format!("{:?}", subject.preprocessing())),
        ("broken", format!("{:?}", report.pixels.broken())),
        ("input", format!("{:?}", subject.input())),
        ("layers", names.collect::<Vec<_>>().join(",")),
        ("scalars", format!("{:?}", subject.images.dtype())),
    ]);
    let given = [("limit", report.limit), ("units", report.units)];
    settings.extend(given.into_iter().filter_map(|(what, number)| Some((what, number?.to_string()))));
    settings.extend(report.model.settings());
    settings
}
