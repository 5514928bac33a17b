//! `glassbox project`: what in an image a unit responds to.

use crate::backward_options::{BackwardRuleOptions, maps};
use crate::classes::scores;
use crate::images::{Images, report_skipped};
use crate::model::Model;
use crate::npy;
use crate::output::{check_output, ends_in, print, write_file};
use crate::picture;
use crate::pixels::Pixels;
use crate::remarks::remark;
use crate::used::Used;
use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use core_net::{Net, Scores, Trace};
use deconv::{Seed, SeedValue, Unit, strongest};
use std::io::Write;
use std::path::PathBuf;
use tensor::{Tensor, to_f64s};

/// Images computed at a time.
const BATCH: usize = 4;

/// Carry a unit's activation back to the pixels that it comes from
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Project {
    #[command(flatten)]
    model: Model,
    /// A picture, or a .npy array (f32 or f64, NCHW, already normalized) of any number of images
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// The node whose activation is projected
    #[arg(long, value_name = "NAME")]
    node: String,
    /// Its feature map, or its unit where it has no maps [default: the whole activation]
    #[arg(long, value_name = "K")]
    unit: Option<usize>,
    /// Row and column in the feature map [default: where it is strongest]
    #[arg(long, value_name = "Y,X", value_parser = place, requires = "unit")]
    at: Option<[usize; 2]>,
    #[command(flatten)]
    backward_options: BackwardRuleOptions,
    /// The signal at the unit: the projection is multiplied by it [default: one for a unit of the net's scores (its output, or its logits), else activation]
    #[arg(long, value_enum)]
    seed: Option<SeedName>,
    /// The projection: a .png picture, zero gray, or a .npy array of the image's shape
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    pixels: Pixels,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeedName {
    /// Its activation, as Zeiler & Fergus do: a negative one turns all signs, so that deconvnet and guided follow the evidence against the unit
    Activation,
    /// 1: with --rule gradient, the derivative of the unit's activation
    One,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt      once for a net
  glassbox project model.onnx cat.jpg --node relu5 --unit 17 -o relu5-17.png
  glassbox project model.onnx cat.jpg --node logits --unit 281 --rule gradient --seed one -o derivative.npy
  glassbox project model.onnx batch.npy --node relu3 --unit 4 --at 6,2 --unpool overwrite -o projection.npy";

impl Project {
    pub fn run(mut self) -> Result<()> {
        check_output(&self.output, &["png", "npy"])?;
        let is_npy = ends_in(&self.output, "npy");
        self.pixels = self.pixels.with_card(self.model.card()?)?;
        let (net, node) = self.model.load_with_node(&self.node)?;
        self.check_unit(&net, node)?;
        let seed = self.seed_value(&scores(&self.model, &net)?, &net, node);
        self.backward_options.remark_on(&net, node);
        let images = Images::open(&self.image, &self.model, &net, &self.pixels)?;
        let channels = net.nodes()[0].shape.clone();
        ensure!(
            is_npy || matches!(channels[..], [1 | 3, _, _]),
            "{}: expected an output that ends in .npy: no picture has the shape {channels:?}",
            self.output.display()
        );
        let mut used = Used::new(&self.model, &self.pixels, &net);
        let net = net.up_to(node).to_dtype(images.dtype());
        let mut projections = Vec::new();
        for batch in images.batches(BATCH)? {
            let batch = batch?;
            let trace = net.forward(&batch.images);
            used.say();
            for image in 0..batch.names.len() {
                let name = &batch.names[image];
                let projection = self.project(&net, &trace.image(image), name, seed)?;
                ensure!(
                    to_f64s(&projection).iter().all(|pixel| !pixel.is_nan()),
                    "{name}: expected numbers, found NaN in the projection: a weight or a pixel is NaN or infinite"
                );
                projections.push(projection);
            }
        }
        report_skipped(&self.image, images.len(), projections.len())?;
        if is_npy {
            let projections = self.model.images_in_file(&Tensor::cat(&projections, 0)?);
            npy::write(&self.output, &projections)?;
            return used.keep(&self.output);
        }
        let preprocessing = self.pixels.preprocessing(&channels);
        let picture = |projection: &Tensor| Ok(preprocessing.contrast(&projection.squeeze(0)?));
        let pictures = projections.iter().map(picture).collect::<Result<Vec<_>>>()?;
        let png = picture::png(&pictures)?;
        write_file(&self.output, |writer| Ok(writer.write_all(&png)?))?;
        used.keep(&self.output)
    }

    /// # Errors
    /// When the node has no such unit or place.
    fn check_unit(&self, net: &Net, node: usize) -> Result<()> {
        let (units, map) = maps(&self.model, net, node)?;
        let (path, name) = (self.model.path().display(), &self.node);
        if let Some(unit) = self.unit {
            ensure!(unit < units, "{path}: expected --unit below {units} at {name}, found {unit}");
        }
        match (self.at, map) {
            (Some([y, x]), Some([h, w])) => {
                ensure!(y < h && x < w, "{path}: expected --at below {h},{w} at {name}, found {y},{x}");
            }
            (Some(_), None) => {
                bail!("{path}: expected no --at at {name}, which has no feature maps, found one")
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// The signal at the unit: as the command line says, else 1 for one of the net's scores, whose sign says nothing.
    fn seed_value(&self, scores: &Scores, net: &Net, node: usize) -> SeedValue {
        let is_score = node == net.output() || scores.logits_node() == Some(node);
        match self.seed {
            Some(SeedName::One) => SeedValue::One,
            None if is_score && self.unit.is_some() => SeedValue::One,
            Some(SeedName::Activation) | None => SeedValue::Activation,
        }
    }

    /// The projection for the one image of a trace; which unit it is of, and what it is multiplied by, stands on stdout.
    fn project(&self, net: &Net, trace: &Trace, name: &str, seed: SeedValue) -> Result<Tensor> {
        let node = net.output();
        let deconv = self.backward_options.deconv();
        let factor = match seed {
            SeedValue::Activation => "times the activation (--seed activation)",
            SeedValue::One => "times 1 (--seed one)",
        };
        let Some(channel) = self.unit else {
            print(&format!("{name}: all of {}, {factor}\n", self.node))?;
            return Ok(deconv.project_value(net, trace, node, Seed::Layer, seed));
        };
        let unit = self.at.map_or(strongest(trace, node, 0, channel).0, |at| Unit { channel, at });
        let (place, activation) = described(trace.output(), unit);
        print(&format!("{name}: {} {place}, activation {activation:.6}, {factor}\n", self.node))?;
        if seed == SeedValue::Activation && activation <= 0.0 {
            let effect = if activation < 0.0 {
                "all signs are turned, and deconvnet and guided follow the evidence against the unit"
            } else {
                "the projection is 0 everywhere"
            };
            remark(format!(
                "{name}: {} {place} has the activation {activation:.6}: {effect}; --seed one",
                self.node
            ));
        }
        Ok(deconv.project_value(net, trace, node, Seed::Units(&[unit]), seed))
    }
}

/// A unit as the command line names it, and the activation that it has in the one image.
fn described(activation: &Tensor, Unit { channel, at: [y, x] }: Unit) -> (String, f64) {
    let scalars = to_f64s(activation);
    match *activation.dims() {
        [.., height, width] if activation.rank() == 4 => {
            (format!("--unit {channel} --at {y},{x}"), scalars[(channel * height + y) * width + x])
        }
        _ => (format!("--unit {channel}"), scalars[channel]),
    }
}

/// Row and column.
fn place(text: &str) -> Result<[usize; 2], String> {
    let place =
        text.split_once(',').and_then(|(y, x)| Some([y.trim().parse().ok()?, x.trim().parse().ok()?]));
    place.ok_or(format!("expected Y,X, found {text:?}"))
}
