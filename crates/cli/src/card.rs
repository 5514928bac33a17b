//! `glassbox card`: what is to be known of a net once, in a file beside it.
//!
//! ```text
//! the file, read and written        file.rs
//! usual preprocessings by name      presets.rs
//! those that other libraries write  metadata.rs
//! ```

mod file;
mod metadata;
mod presets;

use crate::classes::scores;
use crate::failure::WrongArguments;
use crate::model::Model;
use crate::output::{print, write_file};
use crate::pixels::Pixels;
use anyhow::{Result, bail, ensure};
use clap::Args;
use core_net::Net;
use datasets::class_names;
pub use file::{Card, InputCard, OutputCard};
use presets::Preset;
use std::io::Write;
use std::path::PathBuf;

/// Write down once how pictures become a net's input and what its outputs mean: MODEL.glassbox.toml, which every command reads
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct WriteCard {
    #[command(flatten)]
    model: Model,
    /// A usual preprocessing
    #[arg(long, value_enum, conflicts_with = "from")]
    preset: Option<Preset>,
    /// Preprocessing and names from a JSON file: torchvision's weights metadata, timm's pretrained_cfg or config.json, Hugging Face's preprocessor_config.json
    #[arg(long, value_name = "FILE.json")]
    from: Option<PathBuf>,
    /// Names of the classes: a text file with one in a line, a CSV file with a column `name`, or a JSON class index
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt
  glassbox card model.onnx --from preprocessor_config.json
  glassbox card model.onnx --mean 0.5 --std 0.5 --outputs sigmoid
  glassbox card model.onnx                                        shows what is known

Then `glassbox run model.onnx cat.jpg` needs no more options; an option that is typed stands above the card.
A card that is there is completed: what is not named stays.

Presets, for bytes b of 0 to 255:
  imagenet    b/255, minus 0.485,0.456,0.406, divided by 0.229,0.224,0.225; shorter side resized to 8/7 of the net's, center cropped
  caffe       b minus 103.939,116.779,123.68, blue first; shorter side resized to 8/7 of the net's, center cropped
  keras-tf    b/127.5 - 1; squashed to the net's size, nearest pixel
  keras-caffe b minus 103.939,116.779,123.68, blue first; squashed to the net's size, nearest pixel
  unit        b/255; shorter side resized, center cropped
  raw         b; shorter side resized, center cropped";

impl WriteCard {
    pub fn run(self) -> Result<()> {
        let net = self.model.load()?;
        let known = self.model.card()?.clone();
        let mut kept = known.clone();
        if self.preset.is_some() || self.from.is_some() {
            // Nothing of another preprocessing may stay beside this one.
            kept.from = None;
            kept.input = InputCard {
                size: known.input.size,
                layout: known.input.layout.clone(),
                ..InputCard::default()
            };
        }
        let card = self.card(&net)?.or(kept);
        self.check(&net, &card)?;
        // What is doubtful about it is remarked.
        self.pixels.with_card(&card)?;
        let path = self.model.card_path();
        if card != known {
            write_file(&path, |file| Ok(file.write_all(card.to_toml().as_bytes())?))?;
        }
        let (scores, shown) = (scores(&self.model, &net)?, path.display());
        let written =
            if card == Card::default() { "no card".into() } else { format!("{shown}:\n{}", card.summary()) };
        print(&format!("{written}\noutputs: {scores}\n"))
    }

    /// What the command line says.
    fn card(&self, net: &Net) -> Result<Card> {
        let shape = &net.nodes()[0].shape;
        let sides = shape.get(1..).unwrap_or_default();
        let side = sides.iter().min().copied().unwrap_or(1);
        let is_square = sides.iter().all(|&other| other == side);
        let mut card = self.pixels.card(shape);
        self.model.write_on(&mut card);
        if let Some(preset) = self.preset {
            ensure!(
                matches!(shape[..], [1 | 3, _, _]),
                "--preset: expected a net that reads pictures, found an input of shape {shape:?}"
            );
            card = card.or(preset.card(shape[0], side, is_square));
        }
        if let Some(path) = &self.from {
            card = card.or(metadata::read(path, side)?);
        }
        if let Some(path) = &self.labels {
            card.output.labels = class_names(path)?;
            ensure!(
                !card.output.labels.is_empty(),
                "{}: expected names of classes, found none",
                path.display()
            );
        }
        Ok(card)
    }

    /// # Errors
    /// When the card is not of such a net.
    fn check(&self, net: &Net, card: &Card) -> Result<()> {
        let channels = net.nodes()[0].shape[0];
        for (option, values) in [("mean", &card.input.mean), ("std", &card.input.std)] {
            let count = values.as_ref().map_or(1, Vec::len);
            ensure!(
                count == 1 || count == channels,
                "{}: expected one value of {option} or one for each of {channels} channels, found {count}",
                self.model.path().display()
            );
        }
        let (names, classes) = (card.output.labels.len(), scores(&self.model, net)?.classes());
        if names > 0 && classes.is_some_and(|classes| classes != names) {
            let classes = classes.unwrap_or_default();
            bail!(WrongArguments(format!(
                "--labels: expected a name for each of {classes} classes, found {names}"
            )));
        }
        Ok(())
    }
}
