//! Options of pixels from the card and for it, and in words.

use super::{ChannelValues, Fit, Pixels, divisor};
use crate::card::{Card, InputCard};
use crate::remarks::remark;
use anyhow::{Context, Result, anyhow, ensure};
use clap::ValueEnum;

/// Means above this are those of bytes, or of nothing that pictures hold.
const MEAN_OF_BYTES: f32 = 2.0;

impl Pixels {
    /// The options, completed by the card; what may mislead is remarked.
    ///
    /// # Errors
    /// When the card has a value that no option takes.
    pub fn with_card(&self, card: &Card) -> Result<Pixels> {
        let input = &card.input;
        let mut pixels = self.clone();
        let three = |key: &str, values: &Option<Vec<f64>>| -> Result<Option<ChannelValues>> {
            let Some(values) = values else { return Ok(None) };
            let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
            ensure!(
                key == "mean" || values.iter().all(|&value| value > 0.0),
                "card: expected {key} above 0, found {values:?}"
            );
            match values[..] {
                [one] => Ok(Some(ChannelValues::One(one))),
                [a, b, c] => Ok(Some(ChannelValues::Three([a, b, c]))),
                _ => anyhow::bail!("card: expected one number or three as {key}, found {}", values.len()),
            }
        };
        pixels.mean = pixels.mean.or(three("mean", &input.mean)?);
        pixels.std = pixels.std.or(three("std", &input.std)?);
        let scale = input.scale.as_deref().map(divisor).transpose();
        pixels.scale = pixels.scale.or(scale.map_err(anyhow::Error::msg).context("card: scale")?);
        let bgr = input.channels.as_deref().map(|channels| match channels {
            "bgr" => Ok(true),
            "rgb" => Ok(false),
            other => Err(anyhow::anyhow!("card: expected rgb or bgr as channels, found {other:?}")),
        });
        pixels.bgr = pixels.bgr.or(bgr.transpose()?);
        if self.resize.is_none() && self.crop.is_none() && self.fit.is_none() {
            (pixels.resize, pixels.crop) = (input.resize, input.crop);
            pixels.fit = value("fit", input.fit.as_deref())?;
        }
        pixels.interpolation =
            pixels.interpolation.or(value("interpolation", input.interpolation.as_deref())?);
        pixels.exif = pixels.exif.or(value("exif", input.exif.as_deref())?);
        pixels.remark_doubtful();
        Ok(pixels)
    }

    /// Remarks what fits no usual preprocessing.
    fn remark_doubtful(&self) {
        let largest = 255.0 * self.scale();
        let given = [("--mean", self.mean.map(|_| self.mean())), ("--std", self.std.map(|_| self.std()))];
        let given = given.into_iter().filter_map(|(option, values)| Some((option, values?)));
        let (mut of_bytes, mut of_units) = (vec![], vec![]);
        for (option, values) in given {
            let is_of_bytes = values.iter().any(|value| value.abs() > MEAN_OF_BYTES);
            let fractions =
                values.iter().all(|value| value.abs() < 1.0) && values.iter().any(|value| *value != 0.0);
            let text = format!("{option} {}", listed(&values));
            if is_of_bytes {
                of_bytes.push(text);
            } else if fractions {
                of_units.push(text);
            }
        }
        if largest <= MEAN_OF_BYTES && !of_bytes.is_empty() {
            let what = of_bytes.join(" and ");
            remark(format!(
                "{what}: these are values of bytes, but pixels are 0 to {largest}: add --scale 1, or use `glassbox card --preset caffe`"
            ));
        }
        if largest > MEAN_OF_BYTES && of_bytes.is_empty() && !of_units.is_empty() {
            let what = of_units.join(" and ");
            remark(format!(
                "{what}: these are values of pixels from 0 to 1, but pixels are 0 to {largest}: leave --scale out, or use `glassbox card --preset imagenet`"
            ));
        }
    }

    /// The options as a card, for a net that reads images of this shape.
    pub fn card(&self, _: &[usize]) -> Card {
        let number = |value: f32| value.to_string().parse().unwrap_or(f64::from(value));
        let numbers = |values: ChannelValues| match values {
            ChannelValues::One(value) => vec![number(value)],
            ChannelValues::Three(values) => values.map(number).to_vec(),
        };
        let scale = |scale: f32| {
            let inverse = (1.0 / scale).round();
            if (1.0 / inverse) == scale && inverse > 1.0 { format!("1/{inverse}") } else { scale.to_string() }
        };
        let input = InputCard {
            resize: self.resize,
            crop: self.crop,
            fit: self.fit.as_ref().and_then(name),
            interpolation: self.interpolation.as_ref().and_then(name),
            exif: self.exif.as_ref().and_then(name),
            scale: self.scale.map(scale),
            mean: self.mean.map(numbers),
            std: self.std.map(numbers),
            channels: self.bgr.map(|bgr| if bgr { "bgr".into() } else { "rgb".into() }),
            ..InputCard::default()
        };
        Card { input, ..Card::default() }
    }

    /// `resize 256, crop 224×224, (b·0.003922 − 0.485,0.456,0.406) / 0.229,0.224,0.225, rgb`
    pub fn described(&self, input: &[usize]) -> String {
        let [h, w] = self.crop.unwrap_or([1, 2].map(|axis| input.get(axis).copied().unwrap_or(1)));
        let resize = self.resize.map(|side| format!("resize {side}, ")).unwrap_or_default();
        let fit = match (self.fit, self.resize, self.crop) {
            (None, None, None) => "as they are".to_owned(),
            (None | Some(Fit::Crop), _, _) => format!("{resize}crop {h}×{w}"),
            (Some(Fit::Squash), _, _) => format!("{resize}squash to {h}×{w}"),
            (Some(Fit::Pad), _, _) => format!("{resize}pad to {h}×{w}"),
        };
        let interpolation =
            self.interpolation.as_ref().and_then(name).map(|name| format!(", {name}")).unwrap_or_default();
        let scale =
            if self.scale() == 1.0 / 255.0 { "byte/255".into() } else { format!("byte·{}", self.scale()) };
        let values = match (self.mean, self.std) {
            (None, None) => scale,
            (Some(_), None) => format!("{scale} - {}", listed(&self.mean())),
            (_, Some(_)) => format!("({scale} - {}) / {}", listed(&self.mean()), listed(&self.std())),
        };
        let order = match (input.first(), self.bgr) {
            (Some(1), _) => "gray",
            (_, Some(true)) => "bgr",
            _ => "rgb",
        };
        format!("{fit}{interpolation}, {values}, {order}")
    }
}

/// The choice of a card.
fn value<T: ValueEnum>(key: &str, text: Option<&str>) -> Result<Option<T>> {
    let Some(text) = text else { return Ok(None) };
    let named = T::from_str(text, false).map(Some);
    named.map_err(|_| {
        let known: Vec<String> = T::value_variants().iter().filter_map(name).collect();
        anyhow!("card: expected one of {} as {key}, found {text:?}", known.join(", "))
    })
}

/// What the command line calls a choice.
fn name<T: ValueEnum>(choice: &T) -> Option<String> {
    choice.to_possible_value().map(|value| value.get_name().to_owned())
}

/// Three values, or the one that they all are.
fn listed(values: &[f32; 3]) -> String {
    let [a, b, c] = values;
    if a == b && b == c { a.to_string() } else { format!("{a},{b},{c}") }
}
