//! `glassbox norms`: how far each layer can stretch a change of its input.

use crate::classes::scores;
use crate::model::Model;
use crate::output::{check_output, print, progress, write_file};
use crate::pixels::Pixels;
use adversarial::norms::{Boundary, Norm, lipschitz_bounds, operation_norm};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use core_net::{Net, Reading};
use lab::aligned;
use std::f64::consts::SQRT_2;
use std::fmt::Write as _;
use std::path::PathBuf;
use tensor::{Device, to_f64s};

/// Bound how far each layer, and so the net, can stretch a change of the image: operator norms (Szegedy et al. 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Norms {
    #[command(flatten)]
    model: Model,
    /// What a convolution reads beyond the border
    #[arg(long, value_enum, default_value_t)]
    boundary: BoundaryName,
    /// The norms as a CSV file
    #[arg(short, long, value_name = "FILE.csv")]
    output: Option<PathBuf>,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet      once for a net
  glassbox norms model.onnx --size 224,224
  glassbox norms squeezenet1_0.safetensors --arch squeezenet1_0 --size 227 --boundary circular -o norms.csv

The norm is of each layer's own input, all of a join's together; of what is not linear it is the smallest Lipschitz constant.
It is left out where only its upper bound is known, and the bound is inf where there is none.
The reshaped norm is that of the filters as a matrix, a row for each: often taken for the operator norm, and not it.
At the end stands how far the output moves at most when the image moves by 1 (root of the sum of squares): the upper bounds
multiplied along the net, for the image as the net reads it, and for pixels from 0 to 1 as the card or the options of
preprocessing say. As a certificate such a bound is weak: it counts the worst case of every layer at once.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum BoundaryName {
    /// Zeros, as the net computes it
    #[default]
    Zero,
    /// The opposite border, as in the paper's formula
    Circular,
}

const COLUMNS: [&str; 5] = ["node", "kind", "norm", "upper_bound", "reshaped_norm"];

impl Norms {
    pub fn run(self) -> Result<()> {
        if let Some(path) = &self.output {
            check_output(path, &["csv"])?;
        }
        let net = self.model.load()?.to_device(&Device::Cpu);
        self.check_weights(&net)?;
        let norms = self.norms(&net);
        let bound = lipschitz_bounds(&net, &norms)[net.output()];
        if let Some(path) = &self.output {
            let rows = rows(&net, &norms, |number| number.to_string());
            write_file(path, |file| {
                let mut writer = csv::Writer::from_writer(file);
                rows.iter().try_for_each(|row| writer.write_record(row))?;
                Ok(writer.flush()?)
            })?;
        }
        let table = aligned(&rows(&net, &norms, shown));
        print(&format!("{table}\n{}", self.bounds(&net, bound)?))
    }

    /// What the bound means, for the image as the net reads it and for pixels.
    fn bounds(&self, net: &Net, bound: f64) -> Result<String> {
        let channels = net.nodes()[0].shape[0].min(3);
        let (scale, _) = self.pixels.with_card(self.model.card()?)?.normalization();
        let steepest = scale[..channels].iter().fold(0.0, |most: f64, scale| most.max(scale.abs()));
        let of_pixels = bound * steepest;
        let mut text =
            format!("the output moves by at most {} times the image as the net reads it\n", shown(bound));
        let _ =
            writeln!(text, "the output moves by at most {} times the pixels from 0 to 1", shown(of_pixels));
        if scores(&self.model, net)?.reading() == Reading::Logits {
            let radius = shown(1.0 / (SQRT_2 * of_pixels));
            let _ = writeln!(
                text,
                "so no change of the pixels smaller than {radius} times the lead of the largest logit changes the class: a certificate too weak to be of use where this is far below 1/255"
            );
        }
        Ok(text)
    }

    /// # Errors
    /// When a weight is not finite.
    fn check_weights(&self, net: &Net) -> Result<()> {
        for (name, tensor) in net.parameters() {
            if let Some(strange) = to_f64s(tensor).into_iter().find(|weight| !weight.is_finite()) {
                let path = self.model.path().display();
                bail!("{path}: expected finite weights, found {strange:?} in {name}");
            }
        }
        Ok(())
    }

    /// The norm of each node.
    fn norms(&self, net: &Net) -> Vec<Norm> {
        let boundary = match self.boundary {
            BoundaryName::Zero => Boundary::Zero,
            BoundaryName::Circular => Boundary::Circular,
        };
        let bar = progress("norms", net.nodes().len());
        let norm = |node| {
            let norm = operation_norm(net, node, boundary);
            bar.inc(1);
            norm
        };
        let norms = (0..net.nodes().len()).map(norm).collect();
        bar.finish_and_clear();
        norms
    }
}

/// The columns' names, and a row for each node but the input.
fn rows(net: &Net, norms: &[Norm], text: impl Fn(f64) -> String) -> Vec<[String; 5]> {
    let row = |(node, norm): (&core_net::Node, &Norm)| {
        let [own, reshaped] = [norm.norm, norm.reshaped].map(|number| number.map_or(String::new(), &text));
        [node.name.clone(), node.op.kind().into(), own, text(norm.upper_bound), reshaped]
    };
    let each = net.nodes().iter().zip(norms).skip(1).map(row);
    [COLUMNS.map(String::from)].into_iter().chain(each).collect()
}

/// A number for a reader.
fn shown(number: f64) -> String {
    if number != 0.0 && (number.abs() < 1e-3 || number.abs() >= 1e6) && number.is_finite() {
        format!("{number:.4e}")
    } else {
        format!("{number:.4}")
    }
}
