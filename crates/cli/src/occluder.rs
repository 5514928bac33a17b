//! The options of the occluder.

use crate::model::Model;
use crate::pixels::{Pixels, side};
use anyhow::{Result, bail, ensure};
use clap::Args;
use occlusion::{Border, Fill, Occluder};

#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Occluder")]
pub struct OccluderOptions {
    /// Height and width of the occluder, in pixels of the net's input
    #[arg(long, value_name = "N or H,W", value_parser = side, default_value = "32")]
    patch: [usize; 2],
    /// Pixels from one position to the next, down and across
    #[arg(long, value_name = "N or H,W", value_parser = side, default_value = "8")]
    stride: [usize; 2],
    /// What it shows: gray (half of white, normalized as photographs are), mean (each channel's over the image), blur (the image, blurred), or a value of the net's input
    #[arg(long, value_name = "gray|mean|blur|V", value_parser = filling, default_value = "gray", allow_hyphen_values = true)]
    fill: FillName,
    /// Let it hang over the border, its center on every stride-th pixel; else it stays inside
    #[arg(long)]
    overhang: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum FillName {
    Gray,
    Mean,
    Blur,
    Value(f64),
}

impl OccluderOptions {
    /// The occluder for a net that reads images of this shape.
    ///
    /// # Errors
    /// When it has no room.
    pub fn occluder(&self, model: &Model, input: &[usize], pixels: &Pixels) -> Result<Occluder> {
        let path = model.path().display();
        let &[channels, h, w] = input else {
            bail!("{path}: expected a net that reads images, found an input of shape {input:?}")
        };
        let [height, width] = self.patch;
        ensure!(
            self.overhang || (height <= h && width <= w),
            "{path}: expected --patch within its input of {h} by {w} pixels, or --overhang, found {height} by {width}"
        );
        let border = if self.overhang { Border::Overhanging } else { Border::Inside };
        Ok(Occluder { size: self.patch, stride: self.stride, fill: self.fill(channels, pixels), border })
    }

    fn fill(&self, channels: usize, pixels: &Pixels) -> Fill {
        match self.fill {
            FillName::Gray => Fill::Channels(pixels.gray(channels)),
            FillName::Mean => Fill::Mean,
            // Wide enough that nothing as large as a third of the occluder is left.
            FillName::Blur => Fill::Blurred(self.patch[0].max(self.patch[1]) as f64 / 3.0),
            FillName::Value(value) => Fill::Value(value),
        }
    }
}

fn filling(text: &str) -> Result<FillName, String> {
    match text {
        "gray" => Ok(FillName::Gray),
        "mean" => Ok(FillName::Mean),
        "blur" => Ok(FillName::Blur),
        _ => {
            let value: Option<f64> = text.trim().parse().ok().filter(|value: &f64| value.is_finite());
            value.map(FillName::Value).ok_or(format!("expected gray, mean, blur or a number, found {text:?}"))
        }
    }
}
