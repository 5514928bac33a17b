//! Preprocessing and names as other libraries write them in JSON.

use super::{Card, InputCard, OutputCard};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use std::path::Path;

/// The card in a file of torchvision, timm or Hugging Face, for a net whose shorter side is this.
///
/// # Errors
/// When it is no JSON, or says nothing of preprocessing or names.
pub fn read(path: &Path, side: usize) -> Result<Card> {
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).with_context(|| format!("{shown}: expected a JSON file, found"))?;
    let value: Value =
        serde_json::from_str(&text).with_context(|| format!("{shown}: expected JSON, found"))?;
    let Value::Object(top) = value else {
        anyhow::bail!("{shown}: expected a JSON object, found another value")
    };
    let mut keys = top.clone();
    for group in ["pretrained_cfg", "default_cfg", "transforms", "meta"] {
        if let Some(Value::Object(members)) = top.get(group) {
            keys.extend(members.clone());
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let input = input(&keys, side);
    let output = OutputCard { labels: names(&keys), ..OutputCard::default() };
    ensure!(
        input != InputCard::default() || !output.labels.is_empty(),
        "{shown}: expected torchvision's weights metadata, timm's pretrained_cfg or Hugging Face's preprocessor_config.json, found the keys {}",
        keys.keys().cloned().collect::<Vec<_>>().join(", ")
    );
    Ok(Card { from: Some(name), input, output, ..Card::default() })
}

fn input(keys: &Map<String, Value>, side: usize) -> InputCard {
    let mut input = InputCard::default();
    let off = |key: &str| keys.get(key) == Some(&Value::Bool(false));
    for (to, names) in [(&mut input.mean, ["mean", "image_mean"]), (&mut input.std, ["std", "image_std"])] {
        *to = names.iter().find_map(|name| numbers(keys.get(*name)?)).filter(|_| !off("do_normalize"));
    }
    if let Some(factor) = keys.get("rescale_factor").and_then(Value::as_f64) {
        let inverse = 1.0 / factor;
        let scale = if (inverse - inverse.round()).abs() < 1e-6 * inverse {
            format!("1/{}", inverse.round())
        } else {
            factor.to_string()
        };
        input.scale = Some(if off("do_rescale") { "1".into() } else { scale });
    } else if input.mean.is_some() {
        input.scale = Some("1/255".into());
    }
    input.interpolation = ["interpolation", "resample"].iter().find_map(|key| interpolation(keys.get(*key)?));
    fit(keys, side, &mut input);
    input
}

/// Sides to resize and to crop to.
fn fit(keys: &Map<String, Value>, side: usize, input: &mut InputCard) {
    let of =
        |name: &str| keys.get(name).filter(|_| keys.get(&format!("do_{name}")) != Some(&Value::Bool(false)));
    let crops = keys.get("do_center_crop") != Some(&Value::Bool(false));
    let crop_side = of("crop_size").filter(|_| crops).and_then(shorter);
    let share = keys.get("crop_pct").and_then(Value::as_f64).filter(|share| *share > 0.0);
    let resize = keys
        .get("resize_size")
        .or(keys.get("size").filter(|_| keys.get("do_resize") != Some(&Value::Bool(false))));
    let squashes = keys.get("crop_mode").and_then(Value::as_str) == Some("squash")
        || keys.get("size").is_some_and(|size| size.get("height").is_some() && crop_side.is_none());
    if squashes {
        input.fit = Some("squash".into());
    } else if let Some(share) = share {
        input.resize = Some((side as f64 / share).floor() as u32);
    } else if let Some(shorter) = resize.and_then(shorter) {
        input.resize = Some(shorter as u32);
    }
    if let (Some(cropped), Some(_)) = (crop_side, input.resize)
        && cropped != side
    {
        input.crop = Some([cropped; 2]);
    }
}

/// The shorter side in a number, a list, or an object of sides.
fn shorter(value: &Value) -> Option<usize> {
    let number = |value: &Value| value.as_u64().and_then(|side| usize::try_from(side).ok());
    match value {
        Value::Array(sides) => sides.iter().filter_map(number).min(),
        Value::Object(sides) => sides.values().filter_map(number).min(),
        other => number(other),
    }
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

/// By name, or by Pillow's number.
fn interpolation(value: &Value) -> Option<String> {
    let name = match value {
        Value::Number(number) => match number.as_u64()? {
            0 => "nearest",
            1 => "lanczos",
            2 => "bilinear",
            3 => "bicubic",
            _ => return None,
        },
        Value::String(name) => {
            let name = name.to_lowercase();
            return ["nearest", "lanczos", "bilinear", "bicubic"]
                .iter()
                .find(|known| name.contains(**known))
                .map(|known| (*known).into());
        }
        _ => return None,
    };
    Some(name.into())
}

fn names(keys: &Map<String, Value>) -> Vec<String> {
    let listed = ["categories", "label_names", "labels"].iter().find_map(|key| {
        keys.get(*key)?
            .as_array()?
            .iter()
            .map(|name| name.as_str().map(String::from))
            .collect::<Option<Vec<_>>>()
    });
    let numbered = || {
        let by_number = keys.get("id2label")?.as_object()?;
        (0..by_number.len())
            .map(|class| Some(by_number.get(&class.to_string())?.as_str()?.to_owned()))
            .collect()
    };
    listed.or_else(numbered).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(text: &str, side: usize) -> Card {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, text).unwrap();
        read(&path, side).unwrap()
    }

    #[test]
    fn the_files_of_three_libraries_say_what_they_mean() {
        let hugging_face = r#"{"do_center_crop": true, "crop_size": {"height": 224, "width": 224}, "do_resize": true,
            "size": {"shortest_edge": 256}, "resample": 3, "do_rescale": true, "rescale_factor": 0.00392156862745098,
            "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]}"#;
        let input = card(hugging_face, 224).input;
        assert_eq!(
            (input.resize, input.crop, input.interpolation.as_deref()),
            (Some(256), None, Some("bicubic"))
        );
        assert_eq!((input.scale.as_deref(), input.mean), (Some("1/255"), Some(vec![0.5; 3])));

        let vit = r#"{"do_resize": true, "size": {"height": 224, "width": 224}, "resample": 2, "do_normalize": false,
            "image_mean": [0.5], "image_std": [0.5]}"#;
        let input = card(vit, 224).input;
        assert_eq!(
            (input.fit.as_deref(), input.mean, input.interpolation.as_deref()),
            (Some("squash"), None, Some("bilinear"))
        );

        let timm = r#"{"architecture": "x", "label_names": ["a", "b"], "pretrained_cfg": {"input_size": [3, 288, 288],
            "interpolation": "bicubic", "crop_pct": 0.95, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}"#;
        let found = card(timm, 288);
        assert_eq!((found.input.resize, found.output.labels), (Some(303), vec!["a".to_owned(), "b".into()]));

        let torchvision = r#"{"categories": ["tench", "goldfish"], "resize_size": [232], "crop_size": [224],
            "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "interpolation": "InterpolationMode.BILINEAR"}"#;
        let found = card(torchvision, 224);
        assert_eq!((found.input.resize, found.input.interpolation.as_deref()), (Some(232), Some("bilinear")));
        assert_eq!(found.output.labels, ["tench", "goldfish"]);
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        std::fs::write(&path, "{\"name\": 3}").unwrap();
        assert!(read(&path, 224).unwrap_err().to_string().contains("found the keys name"));
    }
}
