//! A site that the program built, read back.
#![allow(dead_code)] // Each test file uses its part.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The files below a folder: their names with slashes, and their bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    paths(folder).into_iter().map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}

/// When each file below a folder was last written.
pub fn times(folder: &Path) -> BTreeMap<String, SystemTime> {
    let time = |path: PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    paths(folder).into_iter().map(|(name, path)| (name, time(path))).collect()
}

fn paths(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = self::paths(&path).into_iter();
            paths.extend(below.map(|(below, path)| (format!("{name}/{below}"), path)));
        } else {
            paths.push((name, path));
        }
    }
    paths
}

/// The data in a script that calls `explorer.CALL(number, …, {…});` with these numbers.
#[track_caller]
pub fn data(site: &Path, name: &str, call: &str) -> Value {
    let text = fs::read_to_string(site.join("data").join(name)).unwrap();
    let data = text.strip_prefix(&format!("explorer.{call}")).and_then(|rest| rest.strip_suffix(");\n"));
    serde_json::from_str(data.unwrap_or_else(|| panic!("{name}: expected explorer.{call}…, found {text}")))
        .unwrap()
}

/// Members of an object, as a list.
pub fn fields<const N: usize>(object: &Value, names: [&str; N]) -> Value {
    names.iter().map(|name| object[*name].clone()).collect()
}

#[track_caller]
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("expected a number, found {value}"))
}

#[track_caller]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("expected a list, found {value}"))
}

#[track_caller]
pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

#[track_caller]
pub fn bytes(value: &Value) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(value.as_str().expect("text")).expect("base64")
}

/// Whether a number was rounded to this one's first digits.
pub fn is_close(rounded: f64, exact: f64) -> bool {
    (rounded - exact).abs() <= 1e-4 * exact.abs()
}
