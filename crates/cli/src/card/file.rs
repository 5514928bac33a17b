//! The card: a TOML file beside the model.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::fmt::Write;
use std::path::Path;

/// What is known of a net; what is left out goes by the program's defaults.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Card {
    /// Where it comes from, for readers.
    pub from: Option<String>,
    pub model: ModelCard,
    pub input: InputCard,
    pub output: OutputCard,
}

/// What a file of weights leaves open; each key is an option of the command line.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelCard {
    pub arch: Option<String>,
    pub classes: Option<u32>,
    pub strip_prefix: Option<String>,
}

/// How pictures become the net's input; each key is an option of the command line.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InputCard {
    /// Height and width, where the file leaves them open.
    pub size: Option<[usize; 2]>,
    pub layout: Option<String>,
    pub resize: Option<u32>,
    pub crop: Option<[usize; 2]>,
    pub fit: Option<String>,
    pub interpolation: Option<String>,
    pub exif: Option<String>,
    /// A number or a fraction.
    pub scale: Option<String>,
    pub mean: Option<Vec<f64>>,
    pub std: Option<Vec<f64>>,
    /// `rgb` or `bgr`.
    pub channels: Option<String>,
}

/// What the outputs mean.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutputCard {
    /// The output that is read, of several.
    pub head: Option<String>,
    /// As `--outputs` says it.
    pub reading: Option<String>,
    /// The classes' names.
    pub labels: Vec<String>,
}

impl Card {
    /// The card in a file; none, where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, or is no card.
    pub fn read(path: &Path) -> Result<Option<Card>> {
        let Some(bytes) = crate::output::read_if_present(path)? else { return Ok(None) };
        let unreadable = || format!("{}: expected a card of `glassbox card`, found", path.display());
        let text = String::from_utf8(bytes).with_context(unreadable)?;
        let card: Card = toml::from_str(&text)
            .map_err(|error| anyhow::anyhow!("{} {}", unreadable(), error.message().replace('\n', " ")))?;
        Ok(Some(card))
    }

    /// This card, completed by another.
    pub fn or(self, other: Card) -> Card {
        let (a, b) = (self.input, other.input);
        // A fit, a size to resize to and a crop belong together.
        let fitted = a.fit.is_some() || a.resize.is_some() || a.crop.is_some();
        let fits = if fitted { (a.fit, a.resize, a.crop) } else { (b.fit, b.resize, b.crop) };
        let input = InputCard {
            size: a.size.or(b.size),
            layout: a.layout.or(b.layout),
            resize: fits.1,
            crop: fits.2,
            fit: fits.0,
            interpolation: a.interpolation.or(b.interpolation),
            exif: a.exif.or(b.exif),
            scale: a.scale.or(b.scale),
            mean: a.mean.or(b.mean),
            std: a.std.or(b.std),
            channels: a.channels.or(b.channels),
        };
        let (a, b) = (self.output, other.output);
        let labels = if a.labels.is_empty() { b.labels } else { a.labels };
        let output = OutputCard { head: a.head.or(b.head), reading: a.reading.or(b.reading), labels };
        let (a, b) = (self.model, other.model);
        let model = ModelCard {
            arch: a.arch.or(b.arch),
            classes: a.classes.or(b.classes),
            strip_prefix: a.strip_prefix.or(b.strip_prefix),
        };
        Card { from: self.from.or(other.from), model, input, output }
    }

    /// The file's text.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# Read by every command of glassbox; an option on the command line stands above it.\n",
        );
        text.push_str(&line("from", self.from.as_deref().map(quoted)));
        if self.model != ModelCard::default() {
            text.push_str("\n[model]\n");
            text.push_str(&line("arch", self.model.arch.as_deref().map(quoted)));
            text.push_str(&line("classes", self.model.classes.map(|classes| classes.to_string())));
            text.push_str(&line("strip_prefix", self.model.strip_prefix.as_deref().map(quoted)));
        }
        text.push_str("\n[input]\n");
        text.push_str(&self.input.lines());
        text.push_str("\n[output]\n");
        text.push_str(&line("head", self.output.head.as_deref().map(quoted)));
        text.push_str(&line("reading", self.output.reading.as_deref().map(quoted)));
        if !self.output.labels.is_empty() {
            text.push_str("labels = [\n");
            for name in &self.output.labels {
                let _ = writeln!(text, "    {},", quoted(name));
            }
            text.push_str("]\n");
        }
        text
    }

    /// The same without the list of names.
    pub fn summary(&self) -> String {
        let output = OutputCard { labels: vec![], ..self.output.clone() };
        let text = Card { output, ..self.clone() }.to_toml();
        let lines = text.lines().skip(1).filter(|line| line.contains(" = "));
        let mut lines: Vec<String> = lines.map(|line| format!("  {line}")).collect();
        if !self.output.labels.is_empty() {
            lines.push(format!("  names of {} classes", self.output.labels.len()));
        }
        lines.join("\n")
    }
}

impl InputCard {
    fn lines(&self) -> String {
        let pair = |sides: [usize; 2]| format!("{sides:?}");
        let numbers = |values: &Vec<f64>| format!("{values:?}");
        let text = |value: &Option<String>| value.as_deref().map(quoted);
        [
            line("size", self.size.map(pair)),
            line("layout", text(&self.layout)),
            line("fit", text(&self.fit)),
            line("resize", self.resize.map(|side| side.to_string())),
            line("crop", self.crop.map(pair)),
            line("interpolation", text(&self.interpolation)),
            line("exif", text(&self.exif)),
            line("channels", text(&self.channels)),
            line("scale", text(&self.scale)),
            line("mean", self.mean.as_ref().map(numbers)),
            line("std", self.std.as_ref().map(numbers)),
        ]
        .concat()
    }
}

fn line(key: &str, value: Option<String>) -> String {
    value.map_or(String::new(), |value| format!("{key} = {value}\n"))
}

/// As a TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", control as u32);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_comes_back_as_it_was_written_and_what_stands_first_wins() {
        let input = InputCard {
            resize: Some(256),
            mean: Some(vec![0.485, 0.5, 0.1]),
            scale: Some("1/255".into()),
            ..InputCard::default()
        };
        let labels = vec!["a \"quoted\\ name".to_owned(), "ü, ö\u{7}".into()];
        let output = OutputCard { labels, reading: Some("sigmoid".into()), head: None };
        let model = ModelCard { arch: Some("vgg16".into()), classes: Some(7), strip_prefix: None };
        let card = Card { from: Some("preset imagenet".into()), model, input, output };
        assert_eq!(toml::from_str::<Card>(&card.to_toml()).unwrap(), card);
        let other = Card {
            input: InputCard { resize: Some(9), mean: None, ..InputCard::default() },
            ..Card::default()
        };
        let both = other.or(card.clone());
        assert_eq!((both.input.resize, &both.input.mean), (Some(9), &card.input.mean));
        assert_eq!(Card::default().or(card.clone()), card);
    }
}
