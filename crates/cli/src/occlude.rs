//! `glassbox occlude`: occlusion sensitivity maps.

mod job;
mod partial_maps;

use crate::backward_options;
use crate::classes::check_classifier;
use crate::failure::WrongArguments;
use crate::images::Images;
use crate::job::{Job, Origin};
use crate::model::Model;
use crate::occluder::OccluderOptions;
use crate::output::{check_output, ends_in};
use crate::pixels::Pixels;
use crate::sensitivity::MapKind;
use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use core_net::Net;
use datasets::class_names;
use job::{OccludeJob, Source};
use std::path::PathBuf;

/// Map what a net looks at: what is left when an occluder hides a part of the image (Zeiler & Fergus 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Occlude {
    #[command(flatten)]
    model: Model,
    /// JPEG or PNG files, folders, .tar or .tar.gz archives, or .npy arrays (f32 or f64, NCHW, already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// What is mapped
    #[arg(long, value_enum, default_value_t)]
    map: MapKind,
    /// The class whose probability is mapped [default: the one that the net finds in each image]
    #[arg(long, value_name = "K")]
    class: Option<usize>,
    /// The node whose activity is mapped [default: the last with maps of more than one place]
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Its feature map [default: the one of the largest activation in each image]
    #[arg(long, value_name = "K")]
    unit: Option<usize>,
    #[command(flatten)]
    occluder: OccluderOptions,
    /// How the occluded images are computed; the maps are the same
    #[arg(long, value_enum, default_value_t)]
    engine: EngineName,
    /// Names of the classes: a text file with one in a line, or a CSV file with a column `name`
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The maps as an array [images, rows, columns], or over the images, side by side; until they are there, FILE.unfinished keeps what is found
    #[arg(short, long, value_name = "FILE.png|FILE.npy")]
    output: PathBuf,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox occlude model.onnx cat.jpg -o cat.png --resize 256 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225
  glassbox occlude model.onnx batch.npy --map activity --node conv5 --unit 7 --patch 48 --stride 4 -o conv5.npy

A map has a value for each position of the occluder, row by row; a picture shows it where the occluder's center was.
Bright is high, so what the net looks at is dark: probabilities from 0 on, activities from their least.
Of classes, the most frequent is the darkest.
The same command goes on where an earlier one was interrupted.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum EngineName {
    /// Of each layer only what the occluder reaches
    #[default]
    Incremental,
    /// Every occluded image anew
    Full,
}

impl Occlude {
    pub fn job(self) -> Result<Box<dyn Job>> {
        self.check()?;
        let is_npy = ends_in(&self.output, "npy");
        let net = self.model.load()?;
        check_classifier(&self.model, &net)?;
        let input = &net.nodes()[0].shape;
        ensure!(
            is_npy || matches!(input[..], [1 | 3, _, _]),
            "{}: expected an output that ends in .npy for images of shape {input:?}, which cannot be drawn, found .png",
            self.output.display()
        );
        let node = self.watched_node(&net)?;
        self.check_class(&net)?;
        let names = self.labels.as_deref().map(class_names).transpose()?.unwrap_or_default();
        let occluder = self.occluder.occluder(&self.model, input, &self.pixels)?;
        let size = occluder.positions([input[1], input[2]]);
        let source = |path: &PathBuf| {
            let images = Images::open(path, &net, &self.pixels)?;
            Ok(Source { path: path.clone(), net: net.to_dtype(images.dtype()), images })
        };
        let sources = self.images.iter().map(source).collect::<Result<_>>()?;
        Ok(Box::new(OccludeJob { occlude: self, is_npy, node, names, occluder, size, sources }))
    }

    fn check_class(&self, net: &Net) -> Result<()> {
        let (path, classes) = (self.model.path().display(), net.nodes()[net.output()].shape[0]);
        let class = self.class.unwrap_or(0);
        ensure!(class < classes, "{path}: expected --class below {classes}, found {class}");
        Ok(())
    }

    /// # Errors
    /// When arguments do not belong together.
    fn check(&self) -> Result<()> {
        check_output(&self.output, &["png", "npy"])?;
        if self.map != MapKind::Activity && (self.node.is_some() || self.unit.is_some()) {
            bail!(WrongArguments("--node, --unit: expected --map activity with them".into()));
        }
        if self.map != MapKind::Class && self.class.is_some() {
            bail!(WrongArguments("--class: expected --map class with it".into()));
        }
        Ok(())
    }

    /// The node whose activity is mapped.
    fn watched_node(&self, net: &Net) -> Result<usize> {
        if self.map != MapKind::Activity {
            return Ok(net.output());
        }
        let has_places = |&node: &usize| matches!(net.nodes()[node].shape[..], [_, h, w] if h * w > 1);
        let node = match &self.node {
            Some(name) => self.model.node(net, name)?,
            None => (0..net.nodes().len()).rev().find(has_places).unwrap_or(0),
        };
        let (units, _) = backward_options::maps(&self.model, net, node)?;
        let (path, name, unit) =
            (self.model.path().display(), &net.nodes()[node].name, self.unit.unwrap_or(0));
        ensure!(unit < units, "{path}: expected --unit below {units} at {name}, found {unit}");
        Ok(node)
    }

    /// What the maps follow from, but for what the net says.
    fn origin(&self, origin: Origin) -> Result<Origin> {
        // Of `node` the index is told, which may follow from the net.
        let Occlude { model, images, map, class, node: _, unit, occluder, engine, labels, output: _, pixels } =
            self;
        let mut origin = origin.model("model", model)?;
        for (number, path) in (1..).zip(images) {
            origin = origin.file(&format!("images {number}"), path)?;
        }
        if let Some(path) = labels {
            origin = origin.file("labels", path)?;
        }
        let origin = origin.setting("map", map).setting("engine", engine);
        let origin = origin.setting("class", class).setting("unit", unit);
        Ok(origin.setting("occluder", occluder).setting("pixels", pixels))
    }
}
