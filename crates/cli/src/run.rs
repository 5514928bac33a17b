//! `glassbox run`: what a net says about images, or what a node of it computes.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use core_net::Net;
use datasets::{Batch, Labels, class_names};
use tensor::{DType, Tensor, to_f64s};

use crate::failure::WrongArguments;
use crate::images::{Images, report_skipped};
use crate::logits::{logits, probabilities, ranked};
use crate::model::Model;
use crate::npy;
use crate::output::print;
use crate::pixels::Pixels;

/// Images computed at a time.
const BATCH: usize = 8;

/// Classes shown for each image.
const SHOWN: usize = 5;

/// Name the five likeliest classes of images, or compute a node's activation
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Run {
    #[command(flatten)]
    model: Model,
    /// JPEG or PNG files, folders, .tar or .tar.gz archives, or .npy arrays (f32 or f64, NCHW, already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// Compute this node's activation instead of classes
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Write the activation, or else the net's output, as an array
    #[arg(short, long, value_name = "FILE.npy")]
    output: Option<PathBuf>,
    /// Names of the classes: a text file with one in a line, or a CSV file with a column `name`; with a column `file` too, the hits are counted
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox run model.onnx cat.jpg dog.png --resize 256 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225
  glassbox run model.onnx images.tar --labels labels.csv --scale 1 --bgr --mean 104,117,123 --crop 227
  glassbox run model.onnx batch.npy --node conv1 -o conv1.npy";

impl Run {
    pub fn run(self) -> Result<()> {
        self.check()?;
        let net = self.model.load()?;
        let node = self.node.as_deref().map(|name| self.model.node(&net, name)).transpose()?;
        let table = self.labels.as_deref().map(Table::read).transpose()?;
        let sources = self.open(&net, table.as_ref())?;
        let is_f64 = sources.iter().all(|source| source.dtype() == DType::F64);
        let dtype = if is_f64 { DType::F64 } else { DType::F32 };
        let net = net.up_to(node.unwrap_or(net.output())).to_dtype(dtype);
        if node.is_none() {
            check_classifier(&self.model, &net)?;
        }
        let mut report = Report { hits: Hits::default(), outputs: Vec::new() };
        for (path, source) in self.images.iter().zip(&sources) {
            let mut seen = 0;
            for batch in source.batches(BATCH)? {
                let batch = batch?;
                seen += batch.names.len();
                let output = net.output_of(&batch.images.to_dtype(dtype)?);
                let text = match node {
                    Some(_) => strongest(&net, &batch, &output),
                    None => report.hits.likeliest(&probabilities(&net, &output), &batch, table.as_ref()),
                };
                print(&text)?;
                if self.output.is_some() {
                    report.outputs.push(output);
                }
            }
            report_skipped(path, source.len(), seen)?;
        }
        self.finish(&report)
    }
}
