//! `glassbox occlude`: what a net looks at.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use core_net::Net;
use datasets::class_names;
use occlusion::{Engine, Occluder, SensitivityMaps, Sweep, Watched};
use tensor::Tensor;

use crate::classes::{check_classifier, probabilities};
use crate::failure::WrongArguments;
use crate::images::{Images, report_skipped};
use crate::model::Model;
use crate::npy;
use crate::occluder::Hidden;
use crate::output::{print, progress};
use crate::picture;
use crate::pixels::Pixels;
use crate::sensitivity::{Mapped, Sensitivity};
use crate::way_back::maps;

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
    map: Mapped,
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
    hidden: Hidden,
    /// How the occluded images are computed; the maps are the same
    #[arg(long, value_enum, default_value_t)]
    engine: EngineName,
    /// Names of the classes: a text file with one in a line, or a CSV file with a column `name`
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The maps as an array [images, rows, columns], or over the images, side by side
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
Of classes, the most frequent is the darkest.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum EngineName {
    /// Of each layer only what the occluder reaches
    #[default]
    Incremental,
    /// Every occluded image anew
    Full,
}

impl Occlude {
    pub fn run(self) -> Result<()> {
        let is_npy = self.check()?;
        let net = self.model.load()?;
        check_classifier(&self.model, &net)?;
        let input = &net.nodes()[0].shape;
        ensure!(
            is_npy || matches!(input[..], [1 | 3, _, _]),
            "{}: expected an output that ends in .npy for images of shape {input:?}, which cannot be drawn, found .png",
            self.output.display()
        );
        let node = self.watched_node(&net)?;
        let names = self.labels.as_deref().map(class_names).transpose()?.unwrap_or_default();
        let occluder = self.hidden.occluder(&self.model, input, &self.pixels)?;
        let open = |path: &PathBuf| Images::open(path, &net, &self.pixels);
        let sources: Vec<Images> = self.images.iter().map(open).collect::<Result<_>>()?;
        let (mut arrays, mut pictures) = (vec![], vec![]);
        for (path, source) in self.images.iter().zip(&sources) {
            let net = net.to_dtype(source.dtype());
            let mut seen = 0;
            for batch in source.batches(1)? {
                let batch = batch?;
                let found = self.sensitivity(&net, node, &batch.images, &occluder)?;
                print(&found.described(&batch.names[0], &net, &names))?;
                if is_npy {
                    arrays.push(found.array(batch.images.dtype())?);
                } else {
                    pictures.push(found.picture(&batch.images, &self.pixels)?);
                }
                seen += 1;
            }
            report_skipped(path, source.len(), seen)?;
        }
        if is_npy {
            npy::write(&self.output, &Tensor::cat(&arrays, 0)?)
        } else {
            picture::write(&self.output, &pictures)
        }
    }

    /// Whether an array is to be written, or else a picture.
    ///
    /// # Errors
    /// When arguments do not belong together.
    fn check(&self) -> Result<bool> {
        let is_png = self.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        if !is_png && !npy::is_npy(&self.output) {
            bail!(WrongArguments(format!(
                "{}: expected an output that ends in .png or .npy",
                self.output.display()
            )));
        }
        if self.map != Mapped::Activity && (self.node.is_some() || self.unit.is_some()) {
            bail!(WrongArguments("--node, --unit: expected --map activity with them".into()));
        }
        if self.map != Mapped::Class && self.class.is_some() {
            bail!(WrongArguments("--class: expected --map class with it".into()));
        }
        Ok(!is_png)
    }

    /// The node whose activity is mapped.
    fn watched_node(&self, net: &Net) -> Result<usize> {
        if self.map != Mapped::Activity {
            return Ok(net.output());
        }
        let has_places = |&node: &usize| matches!(net.nodes()[node].shape[..], [_, h, w] if h * w > 1);
        let node = match &self.node {
            Some(name) => self.model.node(net, name)?,
            None => (0..net.nodes().len()).rev().find(has_places).unwrap_or(0),
        };
        let (units, _) = maps(&self.model, net, node)?;
        let (path, name, unit) =
            (self.model.path().display(), &net.nodes()[node].name, self.unit.unwrap_or(0));
        ensure!(unit < units, "{path}: expected --unit below {units} at {name}, found {unit}");
        Ok(node)
    }

    /// The map of one image.
    fn sensitivity<'a>(
        &self,
        net: &Net,
        node: usize,
        image: &Tensor,
        occluder: &'a Occluder,
    ) -> Result<Sensitivity<'a>> {
        let clean = probabilities(net, &net.output_of(image)).remove(0);
        let strongest = Watched::strongest(net, image, node);
        let class = self.class.unwrap_or(strongest.class);
        let (path, classes) = (self.model.path().display(), clean.len());
        ensure!(class < classes, "{path}: expected --class below {classes}, found {class}");
        let watched = Watched { class, channel: self.unit.unwrap_or(strongest.channel), node };
        let maps = self.sweep(net, image, occluder, watched);
        Ok(Sensitivity { mapped: self.map, occluder, watched, clean, maps })
    }

    fn sweep(&self, net: &Net, image: &Tensor, occluder: &Occluder, watched: Watched) -> SensitivityMaps {
        let engine = match self.engine {
            EngineName::Incremental if self.model.is_on_cpu() => Engine::Incremental,
            _ => Engine::Full,
        };
        let mut sweep = Sweep::new(net, image, occluder, watched, engine);
        let bar = progress("occlude", sweep.positions());
        while sweep.advance() {
            bar.set_position(sweep.done() as u64);
        }
        bar.finish_and_clear();
        sweep.into_maps()
    }
}
