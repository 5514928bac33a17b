//! How photographs become a net's input, as the command line says it.

mod card;

use clap::Args;
use datasets::{BrokenImages, Channels, Preprocessing, Resize};

/// How JPEG and PNG images become the net's input: (byte · scale − mean) / std; arrays are taken as they are
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Preprocessing of photographs")]
pub struct Pixels {
    /// What is subtracted, one value or one for each channel in the net's order [default: 0]
    #[arg(long, value_name = "M,M,M", value_parser = three, allow_hyphen_values = true)]
    mean: Option<[f32; 3]>,
    /// What it is divided by, one value or one for each channel in the net's order [default: 1]
    #[arg(long, value_name = "S,S,S", value_parser = three_divisors)]
    std: Option<[f32; 3]>,
    /// What bytes from 0 to 255 are multiplied by first [default: 1/255]
    #[arg(long, value_name = "S", value_parser = divisor)]
    scale: Option<f32>,
    /// The net expects blue, green, red; `--bgr=false` overrides a card
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "true|false", require_equals = true)]
    bgr: Option<bool>,
    /// Resize the shorter side to so many pixels, then crop the center to --crop, or else to what the net reads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    resize: Option<u32>,
    /// Crop the center: one side or H,W
    #[arg(long, value_name = "N", value_parser = side)]
    crop: Option<[usize; 2]>,
    /// Leave out images that cannot be read, and say how many, instead of giving up
    #[arg(long)]
    skip_broken: bool,
}

impl Pixels {
    /// The preprocessing for a net that reads images of this shape.
    pub fn preprocessing(&self, input: &[usize]) -> Preprocessing {
        let net_size = [input[1], input[2]];
        Preprocessing {
            resize: self.resize.map_or(Resize::Keep, |side| Resize::ShortSide(side as usize)),
            crop: self.crop.or(self.resize.map(|_| net_size)),
            channels: match input[0] {
                1 => Channels::Gray,
                _ if self.bgr == Some(true) => Channels::Bgr,
                _ => Channels::Rgb,
            },
            scale: self.scale(),
            mean: self.mean.unwrap_or([0.0; 3]),
            std: self.std.unwrap_or([1.0; 3]),
        }
    }

    /// `scale` and `shift` of each channel, by which `scale · pixel + shift` normalizes a pixel in `[0, 1]`.
    ///
    /// Exactly 1 and 0 where no option says otherwise.
    pub fn normalization(&self) -> ([f64; 3], [f64; 3]) {
        let scale = if self.scale() == 1.0 / 255.0 { 1.0 } else { 255.0 * f64::from(self.scale()) };
        let [mean, std] = [self.mean.unwrap_or([0.0; 3]), self.std.unwrap_or([1.0; 3])];
        let per_channel =
            [0, 1, 2].map(|c| (scale / f64::from(std[c]), -f64::from(mean[c]) / f64::from(std[c])));
        (per_channel.map(|(scale, _)| scale), per_channel.map(|(_, shift)| shift))
    }

    /// What bytes are multiplied by.
    fn scale(&self) -> f32 {
        self.scale.unwrap_or(1.0 / 255.0)
    }

    /// Half of white, normalized, for each of so many channels.
    pub fn gray(&self, channels: usize) -> Vec<f64> {
        let (scale, shift) = self.normalization();
        (0..channels).map(|c| 0.5 * scale[c.min(2)] + shift[c.min(2)]).collect()
    }

    /// What becomes of broken images.
    pub fn broken(&self) -> BrokenImages {
        if self.skip_broken { BrokenImages::Skip } else { BrokenImages::Refuse }
    }
}

/// One number for all channels, or three.
fn three(text: &str) -> Result<[f32; 3], String> {
    let numbers: Vec<f32> = text.split(',').map(number).collect::<Result<_, _>>()?;
    match numbers[..] {
        [one] => Ok([one; 3]),
        [a, b, c] => Ok([a, b, c]),
        _ => Err(format!("expected one number or three, found {}", numbers.len())),
    }
}

fn three_divisors(text: &str) -> Result<[f32; 3], String> {
    let numbers = three(text)?;
    let are_positive = numbers.iter().all(|&number| number > 0.0);
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
