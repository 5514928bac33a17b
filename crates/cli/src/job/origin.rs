//! The origin of a job: all inputs of its results.

use crate::model::Model;
use anyhow::Result;
use lab::digest_of;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::Path;

/// The program that makes them.
pub const MADE_WITH: &str = concat!("glassbox ", env!("CARGO_PKG_VERSION"));

/// A file or a folder.
#[derive(Debug, Serialize)]
pub struct File {
    pub name: String,
    pub sha256: String,
}

pub fn file(path: &Path) -> Result<File> {
    let (name, sha256) = digest_of(path)?;
    Ok(File { name, sha256 })
}

/// Everything by its name.
#[derive(Debug, Serialize)]
pub struct Origin {
    made_with: &'static str,
    command: &'static str,
    files: BTreeMap<String, File>,
    settings: BTreeMap<String, String>,
}

impl Origin {
    pub fn new(command: &'static str) -> Origin {
        Origin { made_with: MADE_WITH, command, files: BTreeMap::new(), settings: BTreeMap::new() }
    }

    pub fn file(mut self, what: &str, path: &Path) -> Result<Origin> {
        self.files.insert(what.to_owned(), file(path)?);
        Ok(self)
    }

    pub fn model(mut self, what: &str, model: &Model) -> Result<Origin> {
        for (setting, value) in model.settings() {
            self = self.setting(&format!("{what} {setting}"), &value);
        }
        if let Some(path) = model.description() {
            self = self.file(&format!("{what} architecture"), path)?;
        }
        self.file(what, model.path())
    }

    pub fn setting(mut self, what: &str, value: &dyn Debug) -> Origin {
        self.settings.insert(what.to_owned(), format!("{value:?}"));
        self
    }

    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// What differs between two origins in JSON, by its names.
pub fn differing(one: &str, other: &str) -> Vec<String> {
    let [one, other] = [one, other].map(named);
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|&name| one.get(name) != other.get(name)).cloned().collect()
}

/// Files and settings by their names, beside all else.
fn named(json: &str) -> Map<String, Value> {
    let mut named = serde_json::from_str::<Map<String, Value>>(json).unwrap_or_default();
    for group in ["files", "settings"] {
        if let Some(Value::Object(members)) = named.remove(group) {
            named.extend(members);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let origin = |seed: usize| Origin::new("attack").setting("seed", &seed).setting("quick", &true);
        let [one, other] = [1, 2].map(|seed| origin(seed).to_json().unwrap());
        assert_eq!(differing(&one, &one), [""; 0]);
        assert_eq!(differing(&one, &other), ["seed"]);
        let more = origin(1).setting("broken", &"Skip").to_json().unwrap();
        assert_eq!(differing(&one, &more), ["broken"]);
        assert_eq!(differing(&one, "no JSON"), ["command", "made_with", "quick", "seed"]);
    }
}
