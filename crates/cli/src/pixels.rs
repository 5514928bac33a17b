//! How photographs become a net's input, as the command line says it.

mod card;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use datasets::{Arithmetic, BrokenImages, Channels, ExifOrientation, Interpolation, Preprocessing, Resize};

/// How pictures become the net's input: (byte · scale − mean) / std; arrays are taken as they are
///
/// Every option is `None` where the user did not give it; [`preprocessing`](Self::preprocessing) applies the defaults.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Preprocessing of photographs")]
pub struct Pixels {
    /// What is subtracted, one value or one for each channel in the net's order [default: 0]
    #[arg(long, value_name = "M,M,M", value_parser = channel_values, allow_hyphen_values = true)]
    mean: Option<ChannelValues>,
    /// What it is divided by, one value or one for each channel in the net's order [default: 1]
    #[arg(long, value_name = "S,S,S", value_parser = channel_divisors)]
    std: Option<ChannelValues>,
    /// What bytes from 0 to 255 are multiplied by first [default: 1/255]
    #[arg(long, value_name = "S", value_parser = divisor)]
    scale: Option<f32>,
    /// The net expects blue, green, red; `--bgr=false` overrides a card
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    bgr: Option<bool>,
    /// How pictures of another size get that of the net [default: they are refused, and with --resize `crop`]
    #[arg(long, value_enum)]
    fit: Option<Fit>,
    /// Resize the shorter side to so many pixels (with --fit squash and pad both sides), then crop the center to --crop, or else to what the net reads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    resize: Option<u32>,
    /// Crop the center: one side or H,W
    #[arg(long, value_name = "N", value_parser = side)]
    crop: Option<[usize; 2]>,
    /// How pixels between pixels are computed, as by Pillow [default: bilinear]
    #[arg(long, value_enum)]
    interpolation: Option<InterpolationName>,
    /// Whether pictures are turned upright as their camera noted [default: apply, unlike PIL.Image.open and torchvision's ImageFolder]
    #[arg(long, value_enum)]
    exif: Option<Exif>,
    /// Leave out images that cannot be read, and say how many, instead of giving up
    #[arg(long)]
    skip_broken: bool,
}

/// One value for all channels, or three.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ChannelValues {
    /// The same for every channel.
    One(f32),
    /// Each channel's own.
    Three([f32; 3]),
}

/// How pictures of another size get that of the net.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fit {
    /// Resized until one side fits and the other sticks out, which is cropped on both sides
    Crop,
    /// Stretched to the net's height and width
    Squash,
    /// Resized until it fits in, with black around it (letterbox)
    Pad,
}

/// How pixels between pixels are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InterpolationName {
    /// The pixel that lies there
    Nearest,
    /// Linear, over all pixels that fall onto one
    Bilinear,
    /// Cubic, over all pixels that fall onto one
    Bicubic,
    /// A windowed sinc, over all pixels that fall onto one
    Lanczos,
}

/// Whether pictures are turned upright as their camera noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Exif {
    /// They are turned
    Apply,
    /// They stay as they lie in the file
    Ignore,
}

impl ChannelValues {
    fn three(self) -> [f32; 3] {
        match self {
            ChannelValues::One(value) => [value; 3],
            ChannelValues::Three(values) => values,
        }
    }
}

impl Pixels {
    /// The preprocessing for a net that reads images of this shape.
    pub fn preprocessing(&self, input: &[usize]) -> Preprocessing {
        let to = self.crop.unwrap_or([input[1], input[2]]);
        let both = self.resize.map_or(to, |side| [side as usize; 2]);
        let fit = self.fit.or(self.resize.map(|_| Fit::Crop));
        Preprocessing {
            resize: match (fit, self.resize) {
                (None, _) => Resize::Keep,
                (Some(Fit::Crop), Some(side)) => Resize::ShortSide(side as usize),
                (Some(Fit::Crop), None) => Resize::Cover(to),
                (Some(Fit::Squash), _) => Resize::Exactly(both),
                (Some(Fit::Pad), _) => Resize::Pad(both),
            },
            crop: self.crop.or(fit.map(|_| to)),
            channels: match input[0] {
                1 => Channels::Gray,
                _ if self.bgr == Some(true) => Channels::Bgr,
                _ => Channels::Rgb,
            },
            scale: self.scale(),
            mean: self.mean(),
            std: self.std(),
            arithmetic: self.arithmetic(),
        }
    }

    fn scale(&self) -> f32 {
        self.scale.unwrap_or(1.0 / 255.0)
    }

    fn mean(&self) -> [f32; 3] {
        self.mean.map_or([0.0; 3], ChannelValues::three)
    }

    fn std(&self) -> [f32; 3] {
        self.std.map_or([1.0; 3], ChannelValues::three)
    }

    fn arithmetic(&self) -> Arithmetic {
        let interpolation = match self.interpolation.unwrap_or(InterpolationName::Bilinear) {
            InterpolationName::Nearest => Interpolation::Nearest,
            InterpolationName::Bilinear => Interpolation::Bilinear,
            InterpolationName::Bicubic => Interpolation::Bicubic,
            InterpolationName::Lanczos => Interpolation::Lanczos,
        };
        let exif = match self.exif.unwrap_or(Exif::Apply) {
            Exif::Apply => ExifOrientation::Apply,
            Exif::Ignore => ExifOrientation::Ignore,
        };
        Arithmetic::Pillow { interpolation, exif }
    }

    /// # Errors
    /// When there are three values for a net of another number of channels.
    pub fn check(&self, input: &[usize]) -> Result<()> {
        for (option, values) in [("--mean", self.mean), ("--std", self.std)] {
            let three = matches!(values, Some(ChannelValues::Three(_)));
            let channels = match input {
                [1, _, _] => "single channel".into(),
                [other, _, _] => format!("{other} channels"),
                _ => continue,
            };
            ensure!(
                !three || input[0] == 3,
                "{option}: expected one value for the net's {channels}, found 3"
            );
        }
        Ok(())
    }

    /// Options that bring a picture of this height and width to the net's, for messages.
    pub fn hint(&self, input: &[usize], stored: [usize; 2]) -> Option<String> {
        let [height, width] = [input[1], input[2]];
        let works = |options: &Pixels| options.preprocessing(input).brings(stored, [height, width]);
        let kept = self.crop.filter(|&crop| crop == [height, width]);
        let without = if kept == self.crop { "" } else { ", without --crop," };
        let resized = (height.min(width)..=height.max(width)).map(|side| {
            let options = Pixels { resize: Some(side as u32), crop: kept, ..self.clone() };
            (format!("--resize {side}"), options)
        });
        let fits = [(Fit::Crop, "crop"), (Fit::Pad, "pad")].map(|(fit, name)| {
            let options = Pixels { fit: Some(fit), resize: None, crop: kept, ..self.clone() };
            let without = if self.resize.is_some() { " without --resize" } else { "" };
            (format!("--fit {name}{without}"), options)
        });
        let found = resized.chain(fits).find(|(_, options)| works(options));
        found.map(|(option, _)| format!("{option}{without} brings it there"))
    }

    /// `scale` and `shift` of each channel, by which `scale · pixel + shift` normalizes a pixel in `[0, 1]`.
    ///
    /// Exactly 1 and 0 where no option says otherwise.
    pub fn normalization(&self) -> ([f64; 3], [f64; 3]) {
        let scale = if self.scale() == 1.0 / 255.0 { 1.0 } else { 255.0 * f64::from(self.scale()) };
        let [mean, std] = [self.mean(), self.std()];
        let per_channel =
            [0, 1, 2].map(|c| (scale / f64::from(std[c]), -f64::from(mean[c]) / f64::from(std[c])));
        (per_channel.map(|(scale, _)| scale), per_channel.map(|(_, shift)| shift))
    }

    /// Half of white, normalized, for each of so many channels.
    pub fn gray(&self, channels: usize) -> Vec<f64> {
        let (scale, shift) = self.normalization();
        (0..channels).map(|c| 0.5 * scale[c.min(2)] + shift[c.min(2)]).collect()
    }

    /// Whether an option says how pixels are normalized.
    pub fn says_normalization(&self) -> bool {
        self.mean.is_some() || self.std.is_some() || self.scale.is_some()
    }

    /// What becomes of broken images.
    pub fn broken(&self) -> BrokenImages {
        if self.skip_broken { BrokenImages::Skip } else { BrokenImages::Refuse }
    }
}

/// One number for all channels, or three.
fn channel_values(text: &str) -> Result<ChannelValues, String> {
    let numbers: Vec<f32> = text.split(',').map(number).collect::<Result<_, _>>()?;
    match numbers[..] {
        [one] => Ok(ChannelValues::One(one)),
        [a, b, c] => Ok(ChannelValues::Three([a, b, c])),
        _ => Err(format!("expected one number or three, found {}", numbers.len())),
    }
}

fn channel_divisors(text: &str) -> Result<ChannelValues, String> {
    let numbers = channel_values(text)?;
    let are_positive = numbers.three().iter().all(|&number| number > 0.0);
    if are_positive { Ok(numbers) } else { Err("expected numbers above 0".into()) }
}

/// A number or a fraction such as 1/255, above 0.
fn divisor(text: &str) -> Result<f32, String> {
    let value = match text.split_once('/') {
        Some((over, under)) => number(over)? / number(under)?,
        None => number(text)?,
    };
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err("expected a number above 0".into()) }
}

fn number(text: &str) -> Result<f32, String> {
    let number: Result<f32, _> = text.trim().parse();
    number.ok().filter(|number| number.is_finite()).ok_or(format!("expected a number, found {text:?}"))
}

/// One side for both, or height and width.
pub fn side(text: &str) -> Result<[usize; 2], String> {
    let sides: Option<Vec<usize>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
    match sides.as_deref() {
        Some(&[side]) if side > 0 => Ok([side, side]),
        Some(&[height, width]) if height > 0 && width > 0 => Ok([height, width]),
        _ => Err(format!("expected N or H,W, found {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        pixels: Pixels,
    }

    fn typed(options: &str) -> Pixels {
        Line::try_parse_from(std::iter::once("x").chain(options.split_whitespace())).expect("options").pixels
    }

    #[test]
    fn every_hint_works_when_it_is_typed() {
        let sides = [1, 7, 20, 28, 64, 96, 160, 300];
        let sizes = || sides.iter().flat_map(|&h| sides.iter().map(move |&w| [h, w]));
        for given in ["", "--resize 96", "--fit squash --resize 20", "--crop 20", "--crop 28,64"] {
            for (net, stored) in sizes().flat_map(|net| sizes().map(move |stored| (net, stored))) {
                let input = [3, net[0], net[1]];
                let hint = typed(given).hint(&input, stored).expect("there is always --fit pad");
                let mut options: Vec<&str> = given.split_whitespace().collect();
                let mut remove = |name: &str| {
                    if let Some(at) = options.iter().position(|option| *option == name) {
                        options.drain(at..at + 2);
                    }
                };
                let new = hint.split([',']).next().unwrap_or_default();
                let new = new.split(" without").next().unwrap_or_default();
                let new = new.trim_end_matches(" brings it there");
                remove(new.split(' ').next().unwrap_or_default());
                ["--resize", "--crop"]
                    .iter()
                    .filter(|name| hint.contains(&format!("without {name}")))
                    .for_each(|name| remove(name));
                let pixels = typed(&format!("{} {new}", options.join(" ")));
                let brought = pixels.preprocessing(&input).brings(stored, net);
                assert!(brought, "{given}: {stored:?} to {net:?}: {hint}");
            }
        }
    }

    #[test]
    fn three_values_for_one_channel_are_refused_and_one_is_for_all() {
        let refusal = typed("--mean 0.1,0.2,0.3").check(&[1, 28, 28]).expect_err("gray").to_string();
        assert_eq!(refusal, "--mean: expected one value for the net's single channel, found 3");
        assert!(typed("--mean 0.1 --std 2").check(&[1, 28, 28]).is_ok());
        assert_eq!(typed("--mean 0.1").preprocessing(&[3, 8, 8]).mean, [0.1; 3]);
    }
}
