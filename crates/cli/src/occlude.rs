//! `glassbox occlude`: occlusion sensitivity maps.

mod explained;
mod job;
mod partial_maps;
mod sensitivity;
mod source;

use crate::backward_options;
use crate::class_table::Classes;
use crate::classes::{check_classifier, scores};
use crate::failure::WrongArguments;
use crate::images::Images;
use crate::job::{Job, Origin};
use crate::model::Model;
use crate::occluder::OccluderOptions;
use crate::output::{check_output, ends_in};
use crate::pixels::Pixels;
use crate::target::resolve;
use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use core_net::{Net, Places, Scores, Target, Units};
pub use explained::Scale;
use job::{Asked, OccludeJob, OutputKind};
use source::Source;
use std::path::PathBuf;

/// Map what a net looks at: class probability with that part covered, for each part of the image (Zeiler & Fergus 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Occlude {
    #[command(flatten)]
    model: Model,
    /// Pictures, folders, .tar or .tar.gz archives, or .npy arrays (NCHW, already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// What is mapped
    #[arg(long, value_enum, default_value_t)]
    map: MapKind,
    /// What is explained: top (the class that the net finds in each image), a class by its number or its name in --labels, A-B (the logit of class A minus that of B), NODE:K (unit or feature map K of a node, such as an output), NODE:K@Y,X (one place of it), NODE:K@MASK.png (where the mask is bright) [default: top]
    #[arg(long, value_name = "T", conflicts_with = "class")]
    target: Option<String>,
    /// The class that is explained, by its number: the same as --target K
    #[arg(long, value_name = "K")]
    class: Option<usize>,
    /// How a class is measured; --scale takes these words too [default: probability; log-odds in a picture where the class's probability without the occluder is above 0.99]
    #[arg(long, value_enum, value_name = "SCALE")]
    score_scale: Option<Scale>,
    /// Attribute to each pixel by how much the value falls, on average, where it is covered, as Captum's Occlusion does; an array is then [images, height, width]
    #[arg(long)]
    per_pixel: bool,
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
    /// The maps as an array [images, rows, columns]; as pictures beside the images, with a color bar; or a table: image, class, name, scale, the value before, the least value, row and column of the top-left corner there. Until it is there, FILE.unfinished keeps what is found
    #[arg(short, long, value_name = "FILE.png|.npy|.csv|.json")]
    output: PathBuf,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt      once for a net
  glassbox occlude model.onnx cat.jpg -o cat.png
  glassbox occlude model.onnx cat.jpg --target 281 --scale log-odds --per-pixel -o cat.npy
  glassbox occlude model.onnx batch.npy --map activity --node conv5 --unit 7 --patch 48 --stride 4 --fill mean -o conv5.npy

A map has a value for each position of the occluder, row by row; a picture shows it where the occluder's center was.
Positions are those of Captum's Occlusion: every stride-th pixel, and a last one that is cut off at the border where they do not divide.
In pictures bright means important: where the value is least with that part covered, or the fall largest.
The same command goes on where an earlier one was interrupted.";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum MapKind {
    /// The score of a class, or another --target
    #[default]
    Class,
    /// The summed activation of a feature map; the net need not tell classes apart
    Activity,
    /// The number of the most probable class
    Argmax,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum EngineName {
    /// Of each layer only what the occluder reaches
    #[default]
    Incremental,
    /// Every occluded image anew
    Full,
}

impl Occlude {
    pub fn job(mut self) -> Result<Box<dyn Job>> {
        let output = self.check()?;
        self.pixels = self.pixels.with_card(self.model.card()?)?;
        let net = self.load()?;
        let scores = scores(&self.model, &net)?;
        let names = Classes::read(self.labels.as_deref(), None, self.model.card()?)?;
        names.check_names(scores.classes())?;
        let asked = self.asked(&net, &scores, &names)?;
        let input = &net.nodes()[0].shape;
        ensure!(
            output != OutputKind::Png || matches!(input[..], [1 | 3, _, _]),
            "{}: expected an output that ends in .npy, .csv or .json for images of shape {input:?}, which cannot be drawn, found .png",
            self.output.display()
        );
        let logits = scores.logits(&net);
        self.check_scale(&asked, &scores, logits.is_some())?;
        let occluder = self.occluder.occluder(&self.model, input, &self.pixels)?;
        let image = [input[1], input[2]];
        let size = occluder.positions(image);
        let source = |path: &PathBuf| {
            let images = Images::open(path, &self.model, &net, &self.pixels)?;
            self.occluder.check_gray(path, &images, &self.pixels)?;
            let (path, dtype, scores) = (path.clone(), images.dtype(), scores.clone());
            let logits = logits.as_ref().map(|logits| logits.to_dtype(dtype));
            Ok(Source { path, net: net.to_dtype(dtype), logits, scores, images })
        };
        let sources = self.images.iter().map(source).collect::<Result<_>>()?;
        Ok(Box::new(OccludeJob { occlude: self, output, asked, names, occluder, image, size, sources }))
    }

    /// The net of the chosen output, or one that has the node that is named.
    fn load(&self) -> Result<Net> {
        let in_target = self.target.as_deref().and_then(|text| text.rsplit_once(':')).map(|(name, _)| name);
        if let Some(name) = self.node.as_deref().or(in_target)
            && self.model.node(&self.model.load_whole()?, name).is_ok()
        {
            return Ok(self.model.load_with_node(name)?.0);
        }
        self.model.load()
    }

    /// What is measured.
    fn asked(&self, net: &Net, scores: &Scores, names: &Classes) -> Result<Asked> {
        let path = self.model.path().display();
        match (self.map, &self.target, self.class) {
            (MapKind::Activity, ..) => self.watched(net),
            (MapKind::Argmax, ..) => {
                check_classifier(&self.model, net)?;
                ensure!(
                    scores.are_exclusive(),
                    "{path}: expected classes of which one is true, found {scores}"
                );
                Ok(Asked::Argmax)
            }
            (MapKind::Class, Some(text), _) => {
                Ok(Asked::Target(resolve(text, &self.model, net, scores, names)?))
            }
            (MapKind::Class, None, Some(class)) => {
                let classes = check_classifier(&self.model, net)?.classes().unwrap_or(0);
                ensure!(class < classes, "{path}: expected --class below {classes}, found {class}");
                Ok(Asked::Target(Target::Class(class)))
            }
            (MapKind::Class, None, None) if scores.classes().is_some() => Ok(Asked::Target(Target::Top)),
            (MapKind::Class, None, None) => {
                let output = &net.nodes()[net.output()];
                ensure!(
                    output.shape.iter().product::<usize>() == 1,
                    "{path}: expected a net that ends in one number for each class, found {scores}, an output of shape {:?}; \
                     --target {}:K explains one of them, --map activity a feature map",
                    output.shape,
                    output.name
                );
                let units = Units { node: net.output(), channel: 0, places: Places::All };
                Ok(Asked::Target(Target::Units(units)))
            }
        }
    }

    /// The kind of the output.
    ///
    /// # Errors
    /// When arguments do not belong together.
    fn check(&self) -> Result<OutputKind> {
        check_output(&self.output, &["png", "npy", "csv", "json"])?;
        let kinds = [("png", OutputKind::Png), ("npy", OutputKind::Npy), ("csv", OutputKind::Csv)];
        let kind = kinds.into_iter().find(|(ending, _)| ends_in(&self.output, ending));
        let kind = kind.map_or(OutputKind::Json, |(_, kind)| kind);
        let is_table = matches!(kind, OutputKind::Csv | OutputKind::Json);
        let classes = self.map == MapKind::Class;
        for (is_wrong, text) in [
            (
                self.map != MapKind::Activity && (self.node.is_some() || self.unit.is_some()),
                "--node, --unit: expected --map activity with them",
            ),
            (!classes && self.class.is_some(), "--class: expected --map class with it"),
            (!classes && self.target.is_some(), "--target: expected --map class with it"),
            (!classes && self.score_scale.is_some(), "--scale: expected --map class with it"),
            (self.per_pixel && self.map == MapKind::Argmax, "--per-pixel: expected --map class or activity"),
            (self.per_pixel && is_table, "--per-pixel: expected an output that ends in .png or .npy"),
            (
                is_table && self.map == MapKind::Argmax,
                "--map argmax: expected an output that ends in .png or .npy",
            ),
        ] {
            if is_wrong {
                bail!(WrongArguments(text.into()));
            }
        }
        Ok(kind)
    }

    /// # Errors
    /// When what is asked for has no such scale.
    fn check_scale(&self, asked: &Asked, scores: &Scores, has_logits: bool) -> Result<()> {
        let path = self.model.path().display();
        let is_class = matches!(asked, Asked::Target(Target::Top | Target::Class(_)));
        ensure!(
            is_class || self.score_scale.is_none(),
            "{path}: expected no --scale with a target that is no class, found one"
        );
        let needs_logits = matches!(self.score_scale, Some(Scale::Logit | Scale::LogOdds))
            || matches!(asked, Asked::Target(Target::Difference(..)));
        ensure!(
            has_logits || !needs_logits,
            "{path}: expected logits, or a softmax or sigmoid that the file computes, found {scores}"
        );
        Ok(())
    }

    /// The feature map whose activity is mapped, or the node of which each image has its own.
    fn watched(&self, net: &Net) -> Result<Asked> {
        let has_places = |&node: &usize| matches!(net.nodes()[node].shape[..], [_, h, w] if h * w > 1);
        let node = match &self.node {
            Some(name) => self.model.node(net, name)?,
            None => (0..net.nodes().len()).rev().find(has_places).unwrap_or(0),
        };
        let (units, _) = backward_options::maps(&self.model, net, node)?;
        let (path, name) = (self.model.path().display(), &net.nodes()[node].name);
        let Some(channel) = self.unit else { return Ok(Asked::Strongest(node)) };
        ensure!(channel < units, "{path}: expected --unit below {units} at {name}, found {channel}");
        Ok(Asked::Target(Target::Units(Units { node, channel, places: Places::All })))
    }

    /// What the maps follow from, but for what the net says.
    fn origin(&self, origin: Origin) -> Result<Origin> {
        // What is asked for is told by the job, as it may follow from the net.
        let Occlude { model, images, map, score_scale, per_pixel, occluder, engine, labels, pixels, .. } =
            self;
        let mut origin = origin.model("model", model)?;
        for (number, path) in (1..).zip(images) {
            origin = origin.file(&format!("images {number}"), path)?;
        }
        if let Some(path) = labels {
            origin = origin.file("labels", path)?;
        }
        let origin = origin.setting("map", map).setting("engine", engine).setting("scale", score_scale);
        let origin = origin.setting("per pixel", per_pixel);
        Ok(origin.setting("occluder", occluder).setting("pixels", pixels))
    }
}
