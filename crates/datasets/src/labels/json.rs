//! Names of classes in JSON, as common libraries write them.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The keys of a list of names, or of names by number, in a larger file.
const KEYS: [&str; 6] = ["id2label", "categories", "label_names", "labels", "classes", "names"];

/// The names by number, from one of:
///
/// - a list `["tench", …]`;
/// - names by number, `{"0": "tench", …}`, or with a synset before, `{"0": ["n01440764", "tench"], …}`;
/// - numbers by name, `{"cat": 0, "dog": 1}`;
/// - an object that has one of these as `id2label` or under another usual key.
///
/// # Errors
/// When it is none of these, or a number is missing or there twice: what was found.
pub(super) fn names(text: &str) -> Result<Vec<String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    let Value::Object(top) = &value else { return listed(&value) };
    match KEYS.iter().find_map(|key| top.get(*key)).filter(|value| !value.is_number()) {
        Some(Value::Object(names)) => numbered(names),
        Some(list) => listed(list),
        None => numbered(top),
    }
}

fn listed(value: &Value) -> Result<Vec<String>, String> {
    let Value::Array(names) = value else { return Err(format!("{value}")) };
    names.iter().map(|name| name_of(name).ok_or_else(|| format!("{name} in a list of names"))).collect()
}

fn numbered(object: &Map<String, Value>) -> Result<Vec<String>, String> {
    let mut names = BTreeMap::new();
    for (key, value) in object {
        let (number, name) = match (key.trim().parse::<u64>(), value.as_u64()) {
            (Ok(number), _) => {
                (number, name_of(value).ok_or_else(|| format!("{value} as the name of {key}"))?)
            }
            (Err(_), Some(number)) => (number, key.clone()),
            (Err(_), None) => return Err(format!("the key {key:?}")),
        };
        if names.insert(number, name).is_some() {
            return Err(format!("the number {number} twice"));
        }
    }
    if let Some((expected, _)) = (0u64..).zip(names.keys()).find(|(expected, number)| expected != *number) {
        return Err(format!("no class {expected} among {}", names.len()));
    }
    Ok(names.into_values().collect())
}

/// A text, or the last one of a list: the name behind the synset.
fn name_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(texts) => texts.last()?,
        text => text,
    };
    text.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_common_libraries_give_the_same_names() {
        for text in [
            r#"["tench", "goldfish"]"#,
            r#"{"1": "goldfish", "0": "tench"}"#,
            r#"{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}"#,
            r#"{"tench": 0, "goldfish": 1}"#,
            r#"{"model_type": "vit", "num_labels": 2, "id2label": {"0": "tench", "1": "goldfish"}, "label2id": {"tench": 0}}"#,
            r#"{"categories": ["tench", "goldfish"], "resize_size": [232]}"#,
        ] {
            assert_eq!(names(text).as_deref(), Ok(&["tench".to_owned(), "goldfish".into()][..]), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_missing_or_twice_is_named() {
        for (text, found) in [
            (r#"{"0": "a", "2": "c"}"#, "no class 1 among 2"),
            (r#"{"a": 1, "b": 1}"#, "the number 1 twice"),
            (r#"{"0": 7}"#, "7 as the name of 0"),
            (r#"{"a": "b"}"#, "the key \"a\""),
            (r"[1]", "1 in a list of names"),
            ("3", "3"),
        ] {
            assert_eq!(names(text), Err(found.into()), "{text}");
        }
        assert!(names("{").expect_err("cut").starts_with("no JSON: "));
    }
}
