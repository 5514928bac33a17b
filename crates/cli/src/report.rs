//! `glassbox report`: a site in which a net can be explored.
//!
//! Each stage writes what it finds to the site, file by file, and passes over what an earlier attempt has written:
//!
//! ```text
//! images   what the net makes of each image                     image_activations.rs
//! units    their strongest images, projected three ways         units.rs, top_images.rs, unit_file.rs
//! occlude  what of each image the net looks at                  occlusion_maps.rs
//! twins    the change that the net reads as another class       twins.rs, image_file.rs
//! ```
//!
//! `page/` is what shows it; `page.rs` names its files.

mod image_activations;
mod image_file;
mod index;
mod layers;
mod occlusion_maps;
mod origin;
mod page;
mod picture;
mod probability;
mod script;
mod site;
mod subject;
mod top_images;
mod twins;
mod unit;
mod unit_file;
mod units;

use crate::class_table::Classes;
use crate::images::Images;
use crate::model::Model;
use crate::output::print;
use crate::pixels::Pixels;
use crate::remarks::remark;
use anyhow::Result;
use clap::Args;
use origin::Origin;
use site::Site;
use std::path::PathBuf;
use subject::Subject;

/// Build a site in which a net can be explored: its units, what excites them, and what it makes of images
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Report {
    #[command(flatten)]
    model: Model,
    /// Pictures, folders, .tar or .tar.gz archives, or .npy arrays (NCHW, already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// The site's folder; a site that was interrupted is gone on with
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Names of the classes: a text file with one in a line, or a CSV file with a column `name`
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// What the images show: a CSV file with columns `file` and `index` or `label` [default: --labels, where it has them]
    #[arg(long, value_name = "FILE.csv")]
    truth: Option<PathBuf>,
    /// At most so many of the images, evenly spread
    #[arg(long, value_name = "N", value_parser = positive)]
    limit: Option<usize>,
    /// The layers whose units are shown, by their nodes' names [default: after the rectifiers of all weights, at most 24]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    layers: Vec<String>,
    /// At most so many units of each layer, the first ones
    #[arg(long, value_name = "N", value_parser = positive)]
    units: Option<usize>,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Example:
  glassbox card model.onnx --preset imagenet --labels classes.txt      once for a net
  glassbox report model.onnx images.tar -o site

Then open site/index.html in a browser: it needs no server and no network.
The same command goes on where an earlier one was interrupted.

Without --layers, a layer is shown after its rectifier; where only a sum or a concatenation reads it, these are shown in its place;
the logits are shown as they are, or as the maps whose means they are.
Occlusion maps are made of nets that tell classes apart, adversarial examples where one of these is true.";

impl Report {
    pub fn run(mut self) -> Result<()> {
        self.pixels = self.pixels.with_card(self.model.card()?)?;
        let net = self.model.load()?;
        let layers = layers::chosen(&self.model, &net, &self.layers, self.units.unwrap_or(usize::MAX))?;
        let images = Images::open_all(&self.images, &self.model, &net, &self.pixels)?;
        let images = match self.limit {
            Some(limit) => images.spread(limit),
            None => images,
        };
        let subject = Subject::new(&self.model, &self.pixels, &net, (&self.images[0], images), layers)?;
        let classes = Classes::read(self.labels.as_deref(), self.truth.as_deref(), self.model.card()?)?;
        if subject.is_classifier() {
            classes.check_names(Some(subject.classes))?;
        }
        classes.check(&subject.images.names(), subject.classes)?;
        let origin = Origin::new(&self, &subject)?;
        let site = Site::open(&self.output, &origin.to_json()?)?;
        if !site.is_whole() {
            self.build(&site, &subject, &classes, &origin)?;
        }
        site.finish()?;
        let [layers, units] = [subject.layers.len(), subject.units()];
        print(&format!("{}: {layers} layers, {units} units\n", self.output.join("index.html").display()))
    }

    fn build(&self, site: &Site, subject: &Subject, classes: &Classes, origin: &Origin) -> Result<()> {
        self.remarks(subject).into_iter().for_each(remark);
        let all = image_activations::compute(site, subject)?;
        classes.report_unlabeled(&all.names);
        units::draw(site, subject, &all.images)?;
        if subject.is_classifier() {
            occlusion_maps::compute(site, subject, &all.images)?;
        }
        image_file::write(site, subject, &all.images)?;
        index::write(site, subject, origin, classes, &all)
    }

    /// What the site leaves out.
    fn remarks(&self, subject: &Subject) -> Vec<String> {
        let mut remarks = vec![];
        if self.layers.is_empty() {
            remarks.extend(layers::left_out(&subject.net, &subject.layers));
        }
        if subject.is_classifier() && !subject.has_exclusive_classes() {
            remarks.push("The classes are independent: an image may have several, and there are no adversarial examples.".into());
        }
        if !subject.is_classifier() {
            remarks.push(
                "The net tells no classes apart: there are no predictions, occlusion maps and adversarial examples.".into(),
            );
        }
        remarks
    }
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&number| number > 0).ok_or(format!("expected a number above 0, found {text:?}"))
}
