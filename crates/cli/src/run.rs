//! `glassbox run`: what a net says about images, or what a node of it computes.

use crate::class_table::Classes;
use crate::classes::{check_scores, probabilities, ranked, scores};
use crate::images::{Images, ensure_some, say_skipped};
use crate::model::Model;
use crate::npy::NpyWriter;
use crate::output::{check_output, print};
use crate::pixels::Pixels;
use crate::used::Used;
use anyhow::Result;
use clap::Args;
use core_net::{Net, Scores};
use datasets::Batch;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, to_f64s};

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
    /// Pictures, folders, .tar or .tar.gz archives, or .npy arrays (NCHW, already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// Compute this node's activation instead of classes
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Write the activation, or else the net's output, as an array
    #[arg(short, long, value_name = "FILE.npy")]
    output: Option<PathBuf>,
    /// Names of the classes: a text file with one in a line, a CSV file with a column `name`, or a JSON class index; with a column `file` too, the hits are counted
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt      once for a net
  glassbox run model.onnx cat.jpg dog.png
  glassbox run model.onnx images.tar --labels labels.csv
  glassbox run model.onnx batch.npy --node conv1 -o conv1.npy

How the outputs are read stands on stderr: probabilities or logits of classes of which one is true, independent
probabilities, or plain numbers; --outputs and the card change it. An array is written as the net computes it.";

impl Run {
    pub fn run(mut self) -> Result<()> {
        if let Some(output) = &self.output {
            check_output(output, &["npy"])?;
        }
        self.pixels = self.pixels.with_card(self.model.card()?)?;
        let (whole, node) = match &self.node {
            Some(name) => self.model.load_with_node(name).map(|(net, node)| (net, Some(node)))?,
            None => (self.model.load()?, None),
        };
        let classes = Classes::read(self.labels.as_deref(), None, self.model.card()?)?;
        let open = |path: &PathBuf| Images::open(path, &self.model, &whole, &self.pixels);
        let sources: Vec<Images> = self.images.iter().map(open).collect::<Result<_>>()?;
        let is_f64 = sources.iter().all(|source| source.dtype() == DType::F64);
        let dtype = if is_f64 { DType::F64 } else { DType::F32 };
        let net = whole.up_to(node.unwrap_or(whole.output())).to_dtype(dtype);
        let scores = scores(&self.model, &net)?;
        if node.is_none() {
            classes.check_names(scores.classes())?;
        }
        let used = Used::new(&self.model, &self.pixels, &net).scores(node.is_none().then_some(&scores));
        let images = sources.iter().map(Images::len).sum();
        let shape = self.model.activation_shape_in_file(&net.nodes()[net.output()]);
        let array =
            self.output.as_ref().map(|path| NpyWriter::new(path, dtype, &shape, images)).transpose()?;
        let mut report = Report { classes, scores, dtype, used, array, hits: Hits::default(), names: vec![] };
        let mut all = 0;
        for (path, source) in self.images.iter().zip(&sources) {
            let seen = self.compute(&net, source, &mut report)?;
            all += seen;
            say_skipped(path, source.len(), seen);
        }
        let expected = sources.iter().map(Images::len).sum();
        ensure_some(&self.images[0], expected, all)?;
        report.finish(self.output.as_deref())
    }

    /// Computes all images of a source; how many there were.
    fn compute(&self, net: &Net, source: &Images, report: &mut Report) -> Result<usize> {
        let mut seen = 0;
        for batch in source.batches(BATCH)? {
            let batch = batch?;
            seen += batch.names.len();
            let output = net.output_of(&batch.images.to_dtype(report.dtype)?);
            report.used.say();
            let text = if self.node.is_some() || report.scores.classes().is_none() {
                numbers(net, &batch, &output, self.node.is_none())
            } else {
                check_scores(&self.model, &report.scores, &batch.names, &output)?;
                report.likeliest(&probabilities(&report.scores, &output), &batch)
            };
            print(&text)?;
            if let Some(array) = &mut report.array {
                array.append(&self.model.activation_in_file(&net.nodes()[net.output()], &output))?;
            }
            report.names.extend(batch.names);
        }
        Ok(seen)
    }
}

/// A line for each image: where the activation is largest; of few plain numbers, all.
fn numbers(net: &Net, batch: &Batch, activation: &Tensor, is_output: bool) -> String {
    let node = &net.nodes()[net.output()];
    let size: usize = node.shape.iter().product();
    let scalars = to_f64s(activation);
    let mut text = String::new();
    for (image, values) in batch.names.iter().zip(scalars.chunks_exact(size)) {
        let name = &node.name;
        if is_output && size <= SHOWN {
            let values: Vec<String> = values.iter().map(|value| format!("{value:.6}")).collect();
            let _ = writeln!(text, "{image}: {name} is {}", values.join(", "));
            continue;
        }
        let best = (1..size).fold(0, |best, i| if values[i] > values[best] { i } else { best });
        let (value, place) = (values[best], place(&node.shape, best));
        let _ = writeln!(text, "{image}: {name} is largest, {value:.6}, at {place}");
    }
    text
}

/// A unit in the words of `glassbox project`, from its flat index.
fn place(shape: &[usize], index: usize) -> String {
    match *shape {
        [_, height, width] => {
            let (unit, y, x) = (index / (height * width), index / width % height, index % width);
            format!("--unit {unit} --at {y},{x}")
        }
        _ => format!("--unit {index}"),
    }
}

/// What has been computed so far.
struct Report<'a> {
    classes: Classes,
    scores: Scores,
    dtype: DType,
    used: Used<'a>,
    /// What is written.
    array: Option<NpyWriter>,
    hits: Hits,
    names: Vec<String>,
}

impl Report<'_> {
    /// The likeliest classes of each image of a batch.
    fn likeliest(&mut self, probabilities: &[Vec<f64>], batch: &Batch) -> String {
        let mut text = String::new();
        for (image, probabilities) in batch.names.iter().zip(probabilities) {
            let mut classes = ranked(probabilities);
            classes.truncate(SHOWN);
            let _ = writeln!(text, "{image}");
            for &class in &classes {
                let name = self.classes.name(class).map(|name| format!("  {name}")).unwrap_or_default();
                let _ = writeln!(text, "  {:6.2} %  {class:4}{name}", 100.0 * probabilities[class]);
            }
            if let Some(label) = self.classes.label_of(image) {
                self.hits.count(&classes, label);
            }
        }
        text
    }

    fn finish(self, output: Option<&Path>) -> Result<()> {
        print(&self.hits.to_string())?;
        self.classes.report_unlabeled(&self.names);
        if let (Some(array), Some(path)) = (self.array, output) {
            array.finish()?;
            self.used.keep(path)?;
        }
        Ok(())
    }
}

/// How many images were read as what they are.
#[derive(Default)]
struct Hits {
    labeled: usize,
    first: usize,
    shown: usize,
}

impl Hits {
    fn count(&mut self, classes: &[usize], label: usize) {
        self.labeled += 1;
        self.first += usize::from(classes.first() == Some(&label));
        self.shown += usize::from(classes.contains(&label));
    }
}

impl fmt::Display for Hits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.labeled == 0 {
            return Ok(());
        }
        let percent = |hits: usize| 100.0 * hits as f64 / self.labeled as f64;
        let (first, shown) = (percent(self.first), percent(self.shown));
        writeln!(f, "{} labeled images: {first:.1} % top-1, {shown:.1} % top-{SHOWN}", self.labeled)
    }
}
