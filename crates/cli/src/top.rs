//! `glassbox top`: what excites feature maps most.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::Args;
use core_net::Net;
use deconv::{Map, Projection, Strongest, Top as Ranking, Unit};
use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};
use lab::Sheet;
use tensor::Tensor;

use crate::failure::WrongArguments;
use crate::images::{Images, report_skipped};
use crate::model::Model;
use crate::output::{print, progress, write_file};
use crate::pixels::Pixels;
use crate::way_back::{WayBack, maps};

/// Images computed at a time.
const BATCH: usize = 4;

/// Feature maps shown where none are named.
const MAPS: usize = 16;

/// Pixels along the side of a patch on the sheet.
const SIDE: usize = 64;

/// Draw the images that excite feature maps most: patches beside projections
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Top {
    #[command(flatten)]
    model: Model,
    /// A folder, a .tar or .tar.gz archive, or a .npy array (f32 or f64, NCHW, already normalized)
    #[arg(value_name = "IMAGES")]
    images: PathBuf,
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
    way_back: WayBack,
    /// The sheet: patches on the left, projections on the right, a block for each map
    #[arg(short, long, value_name = "FILE.png")]
    output: PathBuf,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Example:
  glassbox top model.onnx images.tar --node relu5 --units 0-8 -o relu5.png --resize 256

Stdout has a line for each image: unit,rank,image,activation,y,x.";

/// Feature maps, as the command line lists them.
#[derive(Clone, Debug)]
struct List(Vec<usize>);

/// A patch of an image, and what in it excites a map.
struct Shown {
    patch: RgbImage,
    projection: RgbImage,
}

impl Top {
    pub fn run(self) -> Result<()> {
        let is_png = self.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        if !is_png {
            bail!(WrongArguments(format!("{}: expected an output that ends in .png", self.output.display())));
        }
        let net = self.model.load()?;
        let node = self.model.node(&net, &self.node)?;
        let units = self.units(&net, node)?;
        let images = Images::open(&self.images, &net, &self.pixels)?;
        let shape = &net.nodes()[0].shape;
        ensure!(
            matches!(shape[..], [1 | 3, _, _]),
            "{}: expected a net that reads pictures, found an input of shape {shape:?}",
            self.model.path().display()
        );
        let net = net.up_to(node).to_dtype(images.dtype());
        let (ranking, names) = self.rank(&net, &images, &units)?;
        print(&table(&units, &ranking, &names)?)?;
        let shown = self.project(&net, &images, &ranking, units.len())?;
        self.draw(shown)
    }
}

impl Top {
    /// The feature maps that were asked for.
    fn units(&self, net: &Net, node: usize) -> Result<Vec<usize>> {
        let (count, _) = maps(&self.model, net, node)?;
        let units = match &self.units {
            Some(List(units)) => units.clone(),
            None => (0..count.min(MAPS)).collect(),
        };
        let beyond = units.iter().find(|&&unit| unit >= count);
        let (path, name) = (self.model.path().display(), &self.node);
        ensure!(
            beyond.is_none(),
            "{path}: expected --units below {count} at {name}, found {}",
            beyond.unwrap_or(&0)
        );
        Ok(units)
    }

    /// One pass over all images: their ranking, and their names.
    fn rank(&self, net: &Net, images: &Images, units: &[usize]) -> Result<(Ranking, Vec<String>)> {
        let maps: Vec<Map> = units.iter().map(|&channel| Map { node: net.output(), channel }).collect();
        let mut ranking = Ranking::new(&maps, self.k.into());
        let mut names = Vec::new();
        let bar = progress("rank", images.len());
        for batch in images.batches(BATCH)? {
            let batch = batch?;
            ranking.see(&net.forward(&batch.images));
            bar.inc(batch.names.len() as u64);
            names.extend(batch.names);
        }
        bar.finish_and_clear();
        report_skipped(&self.images, images.len(), names.len())?;
        Ok((ranking, names))
    }

    /// A second pass over the images: for each map, the strongest image first, what excites it.
    fn project(&self, net: &Net, images: &Images, ranking: &Ranking, maps: usize) -> Result<Vec<Block>> {
        let wanted = wanted(ranking, maps);
        let mut blocks: Vec<Block> = (0..maps).map(|_| Block::new()).collect();
        let bar = progress("project", images.len());
        let mut index = 0;
        for batch in images.batches(BATCH)? {
            let batch = batch?;
            for row in 0..batch.names.len() {
                let places = wanted.get(&(index + row)).map_or(&[][..], Vec::as_slice);
                let shown = self.show(net, &batch.images.narrow(0, row, 1)?, places)?;
                for (place, shown) in places.iter().zip(shown) {
                    blocks[place.map].insert(place.rank, shown);
                }
            }
            index += batch.names.len();
            bar.inc(batch.names.len() as u64);
        }
        bar.finish_and_clear();
        Ok(blocks)
    }

    /// What excites maps at these places of one image.
    fn show(&self, net: &Net, image: &Tensor, places: &[Place]) -> Result<Vec<Shown>> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let units: Vec<(usize, Unit)> = places.iter().map(|place| (0, place.unit)).collect();
        let trace = net.forward(image);
        let projections = self.way_back.deconv().project_units(net, &trace, net.output(), &units);
        let preprocessing = self.pixels.preprocessing(&image.dims()[1..]);
        let picture = preprocessing.picture(&image.squeeze(0)?);
        let shown = |Projection { pixels, region }: Projection| {
            let [x, y, w, h] = [region.left, region.top, region.width, region.height].map(|side| side as u32);
            let projection = preprocessing.contrast(&pixels.squeeze(0)?);
            let patch = crop_imm(&picture, x, y, w, h).to_image();
            Ok(Shown { patch: reduced(patch), projection: reduced(projection) })
        };
        projections.into_iter().map(shown).collect()
    }

    fn draw(&self, blocks: Vec<Block>) -> Result<()> {
        let columns = (blocks.len() as f64).sqrt().ceil() as usize;
        let halves =
            |block: Block| block.into_values().map(|Shown { patch, projection }| (patch, projection)).unzip();
        let (patches, projections): (Vec<Vec<RgbImage>>, Vec<Vec<RgbImage>>) =
            blocks.into_iter().map(halves).unzip();
        let sheet = Sheet { columns, side: SIDE }.png(&patches, &projections)?;
        write_file(&self.output, |writer| Ok(writer.write_all(&sheet)?))
    }
}

/// Where a map of the sheet is to be shown in an image.
struct Place {
    /// The block on the sheet.
    map: usize,
    rank: usize,
    unit: Unit,
}

/// What excites a map most, by rank.
type Block = BTreeMap<usize, Shown>;

/// The places that are to be shown, by the image's number.
fn wanted(ranking: &Ranking, maps: usize) -> BTreeMap<usize, Vec<Place>> {
    let mut wanted: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
    for map in 0..maps {
        for (rank, strongest) in ranking.strongest(map).iter().enumerate() {
            wanted.entry(strongest.image).or_default().push(Place { map, rank, unit: strongest.unit });
        }
    }
    wanted
}

/// The picture in no more pixels than the sheet has for it, in its own proportions.
fn reduced(picture: RgbImage) -> RgbImage {
    let side = SIDE as u32;
    let longer = picture.width().max(picture.height());
    if longer <= side {
        return picture;
    }
    let [width, height] = [picture.width(), picture.height()].map(|each| (each * side / longer).max(1));
    resize(&picture, width, height, FilterType::Triangle)
}

/// The ranking in comma-separated values.
fn table(units: &[usize], ranking: &Ranking, names: &[String]) -> Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["unit", "rank", "image", "activation", "y", "x"])?;
    for (map, unit) in units.iter().enumerate() {
        for (rank, Strongest { image, unit: place, activation }) in (1..).zip(ranking.strongest(map)) {
            let [y, x] = place.at.map(|side| side.to_string());
            let [unit, rank] = [unit.to_string(), rank.to_string()];
            let activation = activation.to_string();
            table.write_record([&unit, &rank, &names[*image], &activation, &y, &x])?;
        }
    }
    Ok(String::from_utf8(table.into_inner()?)?)
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
