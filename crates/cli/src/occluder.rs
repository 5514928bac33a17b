//! The options of the occluder.

use crate::images::Images;
use crate::model::Model;
use crate::pixels::{Pixels, side};
use crate::remarks::remark;
use anyhow::{Result, bail, ensure};
use clap::Args;
use occlusion::{Border, Fill, Occluder};
use std::path::Path;
use tensor::to_f64s;

#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Occluder")]
pub struct OccluderOptions {
    /// Height and width of the occluder, in pixels of the net's input [default: about a seventh of its shorter side, 32 of 224]
    #[arg(long, value_name = "N or H,W", value_parser = side)]
    patch: Option<[usize; 2]>,
    /// Pixels from one position to the next, down and across [default: a quarter of the patch, 8 of 32]; the last position is cut off at the border where they do not divide
    #[arg(long, value_name = "N or H,W", value_parser = side)]
    stride: Option<[usize; 2]>,
    /// What it shows: gray (half of white, normalized as photographs are), mean (each channel's over the image), blur (the image, blurred), or a value of the net's input
    #[arg(long, value_name = "gray|mean|blur|V", value_parser = filling, default_value = "gray", allow_hyphen_values = true)]
    fill: FillName,
    /// Let it hang over the border, its center on every stride-th pixel; else it begins at the border
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
    /// When it has no room, or no other place than one that covers all.
    pub fn occluder(&self, model: &Model, input: &[usize], pixels: &Pixels) -> Result<Occluder> {
        let path = model.path().display();
        let &[channels, h, w] = input else {
            bail!("{path}: expected a net that reads images, found an input of shape {input:?}")
        };
        let [height, width] = self.patch.unwrap_or([((h.min(w) + 3) / 7).max(1); 2]);
        ensure!(
            self.overhang || (height <= h && width <= w),
            "{path}: expected --patch within its input of {h} by {w} pixels, or --overhang, found {height} by {width}"
        );
        let size = [height, width];
        let stride = self.stride.unwrap_or(size.map(|side| (side / 4).max(1)));
        let border = if self.overhang { Border::Overhanging } else { Border::Covering };
        let occluder = Occluder { size, stride, fill: self.fill([height, width], channels, pixels), border };
        ensure!(
            occluder.positions([h, w]) != [1, 1],
            "{path}: expected --patch and --stride with more than one position on its input of {h} by {w} pixels, \
             found {height} by {width} every {} by {}, which covers all or moves nowhere",
            stride[0],
            stride[1]
        );
        let uncovered = occluder.uncovered([h, w]);
        if uncovered > 0 {
            remark(format!(
                "--stride is larger than --patch: {uncovered} of {} pixels are hidden at no position",
                h * w
            ));
        }
        Ok(occluder)
    }

    /// Where gray is to hide parts of arrays of which it is not known how they were normalized: that they could be pixels from 0 to 1.
    ///
    /// # Errors
    /// When they could not.
    pub fn check_gray(&self, path: &Path, images: &Images, pixels: &Pixels) -> Result<()> {
        if self.fill != FillName::Gray || pixels.says_normalization() {
            return Ok(());
        }
        let ends = |[low, high]: [f64; 2], value: f64| [low.min(value), high.max(value)];
        let [low, high] = images.arrays().flat_map(to_f64s).fold([f64::INFINITY, f64::NEG_INFINITY], ends);
        ensure!(
            images.arrays().next().is_none() || low >= 0.0 && high <= 1.0,
            "{}: expected --mean and --std, by which gray is known, or --fill mean, or --fill V, \
             found an array of {low:.4} to {high:.4}, which are no pixels from 0 to 1",
            path.display()
        );
        Ok(())
    }

    /// The occluder in one line.
    pub fn described(occluder: &Occluder, image: [usize; 2]) -> String {
        let [rows, columns] = occluder.positions(image);
        let Occluder { size: [h, w], stride: [down, across], .. } = *occluder;
        let divides = |axis: usize| {
            image[axis].saturating_sub(occluder.size[axis]).is_multiple_of(occluder.stride[axis])
        };
        let cut = !divides(0) || !divides(1);
        let border = match occluder.border {
            Border::Covering if cut => ", the last cut off at the border",
            Border::Covering | Border::Inside => "",
            Border::Overhanging => ", its center on each, hanging over the border",
        };
        format!(
            "occluder: {h} by {w} pixels every {down} by {across}, {rows} by {columns} positions{border}; {}",
            described_fill(&occluder.fill)
        )
    }

    fn fill(&self, size: [usize; 2], channels: usize, pixels: &Pixels) -> Fill {
        match self.fill {
            FillName::Gray => Fill::Channels(pixels.gray(channels)),
            FillName::Mean => Fill::Mean,
            // Wide enough that nothing as large as a third of the occluder is left.
            FillName::Blur => Fill::Blurred(size[0].max(size[1]) as f64 / 3.0),
            FillName::Value(value) => Fill::Value(value),
        }
    }
}

/// The fill in words.
fn described_fill(fill: &Fill) -> String {
    match fill {
        Fill::Channels(gray) => {
            let listed = |gray: &[f64]| gray.iter().map(|v| format!("{v:.4}")).collect::<Vec<_>>().join(", ");
            let equal = gray.iter().all(|value| *value == gray[0]);
            let shown = if equal { &gray[..1] } else { &gray[..] };
            format!("fill: gray, {} in the net's input", listed(shown))
        }
        Fill::Mean => "fill: each channel's mean over the image".into(),
        Fill::Blurred(deviation) => format!("fill: the image, blurred over {deviation:.1} pixels"),
        Fill::Value(value) => format!("fill: {value} in the net's input"),
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
