//! `glassbox top`: the images that excite feature maps most.

mod patches;
mod ranking;

use crate::backward_options::{BackwardRuleOptions, maps};
use crate::class_table::Classes;
use crate::classes::scores;
use crate::images::{Images, check_pictures, report_skipped};
use crate::job::{Job, Origin, Part, PartStore, read_all, to_bytes};
use crate::model::Model;
use crate::output::{check_output, print, unfinished};
use crate::pixels::Pixels;
use crate::used::{Used, manifest_path};
use anyhow::{Result, bail};
use clap::Args;
use core_net::Net;
use deconv::FeatureMap;
use figures::{UnitBlock, UnitGrid, png};
use image::RgbImage;
use patches::{PatchAndProjection, SIDE, show};
use ranking::{PartRanking, Ranking};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Images ranked at a time.
const IMAGES: usize = 64;

/// Feature maps shown where none are named.
const MAPS: usize = 16;

/// Draw the images that excite feature maps most: patches beside projections
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Top {
    #[command(flatten)]
    model: Model,
    /// Pictures, folders, .tar or .tar.gz archives, or .npy arrays (NCHW, already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// The node whose feature maps are looked at
    #[arg(long, value_name = "NAME")]
    node: String,
    /// How many images for each map
    #[arg(long, value_name = "K", default_value = "9", value_parser = clap::value_parser!(u16).range(1..))]
    k: u16,
    /// The feature maps: numbers and ranges such as 0,3,8-11 [default: the first 16]
    #[arg(long, value_name = "LIST", value_parser = list)]
    units: Option<List>,
    #[command(flatten)]
    backward_options: BackwardRuleOptions,
    /// Names of the units where the node is the net's output: a text file with one in a line, or a CSV file with a column `name`
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The image grid: for each map a block with its number, patches on the left, projections on the right; until it is there, FILE.png.unfinished keeps what is found
    #[arg(short, long, value_name = "FILE.png")]
    output: PathBuf,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt      once for a net
  glassbox top model.onnx images.tar --node relu5 --units 0-8 -o relu5.png

Stdout has a line for each image: unit,rank,image,activation,y,x.
The same command goes on where an earlier one was interrupted.";

/// Feature maps, as the command line lists them.
#[derive(Clone, Debug)]
struct List(Vec<usize>);

/// The image grid of a node's feature maps, whose units may have names: first all images are ranked, then what excites each map is projected.
struct TopJob {
    top: Top,
    /// Up to the node.
    net: Net,
    units: Vec<usize>,
    names: Option<Classes>,
    images: Images,
    ranking: OnceLock<Ranking>,
}

/// The stage that ranks images, some in each part.
const RANKED: usize = 0;

/// The stage that shows feature maps, one in each part.
const SHOWN: usize = 1;

impl Top {
    pub fn job(mut self) -> Result<Box<dyn Job>> {
        check_output(&self.output, &["png"])?;
        self.pixels = self.pixels.with_card(self.model.card()?)?;
        let (net, node) = self.model.load_with_node(&self.node)?;
        let units = self.units(&net, node)?;
        let images = Images::open_all(&self.images, &self.model, &net, &self.pixels)?;
        check_pictures(&self.model, &net)?;
        self.backward_options.remark_on(&net, node);
        let names = self.names(&net, node)?;
        let net = net.up_to(node).to_dtype(images.dtype());
        Ok(Box::new(TopJob { top: self, net, units, names, images, ranking: OnceLock::new() }))
    }

    /// The names of a node's units, where they are classes.
    fn names(&self, net: &Net, node: usize) -> Result<Option<Classes>> {
        let scores = scores(&self.model, net)?;
        if node != net.output() && scores.logits_node() != Some(node) {
            return Ok(None);
        }
        let names = Classes::read(self.labels.as_deref(), None, self.model.card()?)?;
        names.check_names(scores.classes())?;
        Ok(Some(names))
    }

    /// The feature maps that were asked for.
    fn units(&self, net: &Net, node: usize) -> Result<Vec<usize>> {
        let (count, _) = maps(&self.model, net, node)?;
        let units = match &self.units {
            Some(List(units)) => units.clone(),
            None => (0..count.min(MAPS)).collect(),
        };
        if let Some(beyond) = units.iter().find(|&&unit| unit >= count) {
            let (path, name) = (self.model.path().display(), &self.node);
            bail!("{path}: expected --units below {count} at {name}, found {beyond}");
        }
        Ok(units)
    }
}

impl Job for TopJob {
    fn name(&self) -> &'static str {
        "top"
    }

    fn folder(&self) -> PathBuf {
        unfinished(&self.top.output)
    }

    fn origin(&self) -> Result<String> {
        let Top { model, images, node, k, units: _, backward_options, labels: _, pixels, output: _ } =
            &self.top;
        let origin = Origin::new(self.name()).model("model", model)?;
        let named = (1..).zip(images);
        let origin = named
            .into_iter()
            .try_fold(origin, |origin, (number, path)| origin.file(&format!("images {number}"), path))?;
        let names = self.names.iter().flat_map(|names| self.units.iter().map(|&unit| names.name(unit)));
        let origin = origin.setting("names", &names.collect::<Vec<_>>());
        let origin = origin.setting("node", node).setting("k", k).setting("units", &self.units);
        let origin = origin.setting("input", &self.net.nodes()[0].shape);
        origin.setting("way back", backward_options).setting("pixels", pixels).to_json()
    }

    fn stages(&self) -> Vec<usize> {
        vec![self.images.len().div_ceil(IMAGES), self.units.len()]
    }

    fn part(&self, part: Part, earlier: &PartStore) -> Result<Vec<u8>> {
        if part.stage == RANKED {
            let (range, k) = (self.images.part(part.index, IMAGES), self.top.k.into());
            return to_bytes(&PartRanking::new(&self.net, &self.images, range, &self.maps(), k)?);
        }
        let strongest = self.ranking(earlier)?.strongest(part.index);
        let (deconv, pixels) = (self.top.backward_options.deconv(), &self.top.pixels);
        let shown = strongest.iter().map(|place| show(&self.net, &self.images, place, deconv, pixels));
        to_bytes(&shown.collect::<Result<Vec<_>>>()?)
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let ranking = self.ranking(parts)?;
        let mut used = Used::new(&self.top.model, &self.top.pixels, &self.net);
        used.say();
        report_skipped(&self.top.images[0], self.images.len(), ranking.names.len())?;
        ranking.report_missing(&self.units, self.top.k.into());
        print(&ranking.table(&self.units)?)?;
        let shown: Vec<Vec<PatchAndProjection>> = read_all(self, parts, SHOWN).collect::<Result<_>>()?;
        let labels =
            (0..self.units.len()).map(|map| ranking.label(map, self.units[map], self.names.as_ref()));
        let grid = image_grid(labels.zip(&shown))?;
        parts.write_output(&self.top.output, |writer| Ok(writer.write_all(&grid)?))?;
        used.keep_of_job(self, parts, &manifest_path(&self.top.output))
    }
}

impl TopJob {
    fn maps(&self) -> Vec<FeatureMap> {
        self.units.iter().map(|&channel| FeatureMap { node: self.net.output(), channel }).collect()
    }

    /// The ranking of all images, once all parts of its stage are there.
    fn ranking(&self, parts: &PartStore) -> Result<&Ranking> {
        if let Some(ranking) = self.ranking.get() {
            return Ok(ranking);
        }
        let mut ranking = Ranking::new(&self.maps(), self.top.k.into());
        for ranked in read_all::<PartRanking>(self, parts, RANKED) {
            ranking.append(ranked?);
        }
        Ok(self.ranking.get_or_init(|| ranking))
    }
}

/// The image grid of labeled maps as a PNG file.
fn image_grid<'a>(maps: impl Iterator<Item = (String, &'a Vec<PatchAndProjection>)>) -> Result<Vec<u8>> {
    let pictures = |map: &[PatchAndProjection], of: fn(&PatchAndProjection) -> Result<RgbImage>| {
        map.iter().map(of).collect::<Result<Vec<_>>>()
    };
    let block = |(label, map): (String, &Vec<PatchAndProjection>)| {
        let patches = pictures(map, |each| each.patch.picture())?;
        Ok(UnitBlock { label, patches, projections: pictures(map, |each| each.projection.picture())? })
    };
    let blocks: Vec<UnitBlock> = maps.map(block).collect::<Result<_>>()?;
    png(&UnitGrid { side: SIDE }.picture(&blocks)?)
}

/// Numbers and ranges, both ends included, each number once.
fn list(text: &str) -> Result<List, String> {
    let mut units = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| {
            text.trim().parse::<usize>().map_err(|_| format!("expected a number, found {text:?}"))
        };
        units.extend(number(from)?..=number(to)?);
    }
    let mut seen = BTreeSet::new();
    units.retain(|&unit| seen.insert(unit));
    if units.is_empty() { Err(format!("expected feature maps, found {text:?}")) } else { Ok(List(units)) }
}
