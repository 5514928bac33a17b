//! Occlusion maps as a job: some positions of one image in each part.

use super::explained::{Explained, Scale};
use super::partial_maps::{PartialMap, joined};
use super::sensitivity::{Names, Sensitivity, Summary};
use super::source::Source;
use super::{EngineName, Occlude};
use crate::class_table::Classes;
use crate::classes::{SATURATED, probabilities};
use crate::images::{ensure_some, say_skipped};
use crate::job::{F64Bits, Job, Origin, Part, PartStore, read, to_bytes};
use crate::npy;
use crate::occluder::OccluderOptions;
use crate::output::{csv_table, print, unfinished};
use crate::picture;
use crate::remarks::remark;
use crate::used::{Used, manifest_path};
use anyhow::{Context, Result, ensure};
use core_net::{Places, Target, Units};
use ndarray::Array2;
use occlusion::{Engine, Occluder, SensitivityTarget};
use std::io::Write;
use std::path::PathBuf;
use tensor::Tensor;

/// Positions of the occluder in a part.
const POSITIONS: usize = 128;

/// Occlusion maps of all images, some positions after the other.
pub struct OccludeJob {
    pub occlude: Occlude,
    pub output: OutputKind,
    pub asked: Asked,
    /// Names of the classes.
    pub names: Classes,
    pub occluder: Occluder,
    /// Height and width of an image.
    pub image: [usize; 2],
    /// Positions down and across.
    pub size: [usize; 2],
    pub sources: Vec<Source>,
}

/// The kind of the output, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    Png,
    Npy,
    Csv,
    Json,
}

/// What is to be measured.
#[derive(Debug)]
pub enum Asked {
    Target(Target),
    /// The feature map of this node with the largest activation in each image.
    Strongest(usize),
    /// The number of the most probable class.
    Argmax,
}

impl Job for OccludeJob {
    fn name(&self) -> &'static str {
        "occlude"
    }

    fn folder(&self) -> PathBuf {
        unfinished(&self.occlude.output)
    }

    fn origin(&self) -> Result<String> {
        let origin = self.occlude.origin(Origin::new(self.name()))?.setting("output", &self.output);
        origin.setting("input", &self.image).setting("target", &self.asked).to_json()
    }

    fn stages(&self) -> Vec<usize> {
        let images: usize = self.sources.iter().map(|source| source.images.len()).sum();
        vec![images * self.parts_of_an_image()]
    }

    fn part(&self, part: Part, _: &PartStore) -> Result<Vec<u8>> {
        let (source, number) = self.place(part.index / self.parts_of_an_image());
        let Some((name, image)) = source.image(number)? else { return to_bytes(&None::<PartialMap>) };
        let from = part.index % self.parts_of_an_image() * POSITIONS;
        let positions = from..self.positions().min(from + POSITIONS);
        let (explained, probability) = self.explained(source, &image);
        let (before, values) = explained.measure(source, &image, &self.occluder, positions, self.engine());
        ensure!(
            !before.is_nan(),
            "{name}: expected a number without the occluder, found NaN: a weight or a pixel is NaN or infinite"
        );
        let (number, scale) = match explained {
            Explained::Class(class, scale) => (class, Some(scale)),
            Explained::Units(Units { channel, .. }) => (channel, None),
            Explained::Difference(..) | Explained::Argmax => (0, None),
        };
        let (probability, before) = (F64Bits(probability), F64Bits(before));
        to_bytes(&Some(PartialMap {
            name,
            number,
            scale,
            probability,
            before,
            values: F64Bits::all(&values),
        }))
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let source = &self.sources[0];
        let used = Used::new(&self.occlude.model, &self.occlude.pixels, &source.net);
        let mut used = used.scores(Some(&source.scores));
        used.say();
        print(&format!("{}\n", OccluderOptions::described(&self.occluder, self.image)))?;
        let mut results = Results::default();
        let mut first = 0;
        for source in &self.sources {
            let mut seen = 0;
            for number in 0..source.images.len() {
                let Some(found) = self.found(parts, first + number)? else { continue };
                self.add(&mut results, source, number, &found)?;
                seen += 1;
            }
            say_skipped(&source.path, source.images.len(), seen);
            first += source.images.len();
        }
        ensure_some(&self.sources[0].path, first, results.images)?;
        self.report(&results);
        let bytes = self.bytes(&results)?;
        parts.write_output(&self.occlude.output, |writer| Ok(writer.write_all(&bytes)?))?;
        used.keep_of_job(self, parts, &manifest_path(&self.occlude.output))
    }
}

/// What is written of all images.
#[derive(Default)]
struct Results {
    arrays: Vec<Tensor>,
    pictures: Vec<image::RgbImage>,
    rows: Vec<Summary>,
    /// Images, those of a saturated probability, and those with values that are no numbers.
    images: usize,
    saturated: usize,
    nans: usize,
}

impl OccludeJob {
    /// Adds an image, and says on stdout what was found.
    fn add(&self, results: &mut Results, source: &Source, number: usize, found: &Sensitivity) -> Result<()> {
        let names = Names { net: &source.net, classes: &self.names };
        print(&found.described(names))?;
        results.images += 1;
        results.nans += usize::from(found.nans() > 0);
        results.saturated += usize::from(found.probability > SATURATED);
        match self.output {
            OutputKind::Npy => results.arrays.push(found.array(source.images.dtype())?),
            OutputKind::Csv | OutputKind::Json => results.rows.push(found.summary(names)),
            OutputKind::Png => {
                let image = source.image(number)?.context("expected an image that was read before")?.1;
                results.pictures.push(found.picture(&image, &self.occlude.pixels, names)?);
            }
        }
        Ok(())
    }

    /// Says what may mislead.
    fn report(&self, results: &Results) {
        let Results { images, saturated, nans, .. } = *results;
        if nans > 0 {
            remark(format!("{nans} of {images} images have positions where the net gives no number (NaN)"));
        }
        let is_shown = matches!(self.occlude.score_scale, None | Some(Scale::Probability | Scale::Drop));
        if saturated > 0 && is_shown {
            let what = match (self.output, self.occlude.score_scale, self.sources[0].logits.is_some()) {
                (OutputKind::Png, None, true) => {
                    "their pictures show log-odds; --scale probability shows probabilities"
                }
                (_, _, true) => "--scale log-odds tells differences there",
                (_, _, false) => "differences there are small",
            };
            remark(format!(
                "{saturated} of {images} images have a class probability above {SATURATED}, near its end: {what}"
            ));
        }
    }

    /// The output's bytes.
    fn bytes(&self, results: &Results) -> Result<Vec<u8>> {
        match self.output {
            OutputKind::Npy => {
                let maps = Tensor::cat(&results.arrays, 0)?;
                Ok([npy::header(maps.dtype(), maps.dims()), npy::bytes(&maps)].concat())
            }
            OutputKind::Png => picture::figures(&results.pictures),
            OutputKind::Csv => csv_table(Summary::COLUMNS, results.rows.iter().map(Summary::row)),
            OutputKind::Json => Ok([serde_json::to_vec_pretty(&results.rows)?, b"\n".to_vec()].concat()),
        }
    }

    fn positions(&self) -> usize {
        self.size[0] * self.size[1]
    }

    fn parts_of_an_image(&self) -> usize {
        self.positions().div_ceil(POSITIONS)
    }

    /// Where the image of this number lies.
    fn place(&self, mut image: usize) -> (&Source, usize) {
        for source in &self.sources {
            if image < source.images.len() {
                return (source, image);
            }
            image -= source.images.len();
        }
        panic!("expected an image of one of the sources, got {image} beyond them")
    }

    /// What is measured in an image, and the class's probability without the occluder, NaN where it is no class.
    fn explained(&self, source: &Source, image: &Tensor) -> (Explained, f64) {
        let target = match &self.asked {
            Asked::Target(target) => target.clone(),
            &Asked::Strongest(node) => {
                let net = source.net.up_to(node);
                let channel = SensitivityTarget::strongest(&net, image, node).channel;
                Target::Units(Units { node, channel, places: Places::All })
            }
            Asked::Argmax => return (Explained::Argmax, f64::NAN),
        };
        let class = match target {
            Target::Units(units) => return (Explained::Units(units), f64::NAN),
            Target::Difference(one, other) => return (Explained::Difference(one, other), f64::NAN),
            Target::Top | Target::Class(_) => {
                let clean = probabilities(&source.scores, &source.net.output_of(image)).remove(0);
                let class = target.class(&clean).expect("a class");
                (class, clean[class])
            }
        };
        let is_saturated = class.1 > SATURATED && self.output == OutputKind::Png && source.logits.is_some();
        let usual = if is_saturated { Scale::LogOdds } else { Scale::Probability };
        (Explained::Class(class.0, self.occlude.score_scale.unwrap_or(usual)), class.1)
    }

    fn engine(&self) -> Engine {
        match self.occlude.engine {
            EngineName::Incremental if self.occlude.model.is_on_cpu() => Engine::Incremental,
            _ => Engine::Full,
        }
    }

    /// The map of the image of this number, where it was not broken.
    fn found(&self, parts: &PartStore, image: usize) -> Result<Option<Sensitivity<'_>>> {
        let of_image = image * self.parts_of_an_image()..(image + 1) * self.parts_of_an_image();
        let all = of_image.map(|index| read::<Option<PartialMap>>(parts, Part { stage: 0, index }));
        let Some(partial) = all.collect::<Result<Option<Vec<PartialMap>>>>()? else { return Ok(None) };
        let PartialMap { name, number, scale, probability, before, .. } = &partial[0];
        let explained = match (&self.asked, scale) {
            (_, Some(scale)) => Explained::Class(*number, *scale),
            (Asked::Target(Target::Units(units)), _) => Explained::Units(units.clone()),
            (&Asked::Strongest(node), _) => {
                Explained::Units(Units { node, channel: *number, places: Places::All })
            }
            (&Asked::Target(Target::Difference(one, other)), _) => Explained::Difference(one, other),
            (Asked::Argmax | Asked::Target(_), None) => Explained::Argmax,
        };
        let values =
            Array2::from_shape_vec(self.size, joined(&partial)).context("a value for each position")?;
        Ok(Some(Sensitivity {
            image: name.clone(),
            size: self.image,
            explained,
            occluder: &self.occluder,
            probability: probability.0,
            before: before.0,
            values,
            per_pixel: self.occlude.per_pixel,
        }))
    }
}
