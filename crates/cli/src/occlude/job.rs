//! Occlusion maps as a job: some positions of one image in each part.

use super::partial_maps::{PartialMaps, joined};
use super::{EngineName, Occlude};
use crate::classes::probabilities;
use crate::images::{Images, report_skipped};
use crate::job::{F64Bits, Job, Origin, Part, PartStore, read, to_bytes};
use crate::npy;
use crate::output::{print, unfinished};
use crate::picture;
use crate::sensitivity::Sensitivity;
use anyhow::{Context, Result};
use core_net::{Net, Scores};
use occlusion::{Engine, Occluder, SensitivityTarget, Sweep};
use std::io::Write;
use std::path::PathBuf;
use tensor::Tensor;

/// Positions of the occluder in a part.
const POSITIONS: usize = 128;

/// Occlusion maps of all images, some positions after the other.
pub struct OccludeJob {
    pub occlude: Occlude,
    pub is_npy: bool,
    /// The node whose activity is mapped.
    pub node: usize,
    /// Names of the classes.
    pub names: Vec<String>,
    pub occluder: Occluder,
    /// Positions down and across.
    pub size: [usize; 2],
    pub sources: Vec<Source>,
}

/// Images of one argument, and the net in their type.
pub struct Source {
    pub path: PathBuf,
    pub images: Images,
    pub net: Net,
}

impl Job for OccludeJob {
    fn name(&self) -> &'static str {
        "occlude"
    }

    fn folder(&self) -> PathBuf {
        unfinished(&self.occlude.output)
    }

    fn origin(&self) -> Result<String> {
        let input = &self.sources[0].net.nodes()[0].shape;
        let origin = self.occlude.origin(Origin::new(self.name()))?.setting("is .npy", &self.is_npy);
        origin.setting("input", input).setting("node", &self.node).to_json()
    }

    fn stages(&self) -> Vec<usize> {
        let images: usize = self.sources.iter().map(|source| source.images.len()).sum();
        vec![images * self.parts_of_an_image()]
    }

    fn part(&self, part: Part, _: &PartStore) -> Result<Vec<u8>> {
        let (source, number) = self.place(part.index / self.parts_of_an_image());
        let Some((name, image)) = source.image(number)? else { return to_bytes(&None::<PartialMaps>) };
        let from = part.index % self.parts_of_an_image() * POSITIONS;
        let clean = probabilities(&Scores::from_graph(&source.net), &source.net.output_of(&image)).remove(0);
        let target = self.target(&source.net, &image);
        let sweep = Sweep::new(&source.net, &image, &self.occluder, target, self.engine());
        let mut sweep = sweep.over(from..self.positions().min(from + POSITIONS));
        while sweep.advance() {}
        let values = sweep.into_values();
        to_bytes(&Some(PartialMaps {
            name,
            watched_class: target.class,
            channel: target.channel,
            clean: F64Bits::all(&clean),
            activity: F64Bits::all(&values.activity),
            probability: F64Bits::all(&values.probability),
            class: values.class,
        }))
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let (mut arrays, mut pictures) = (vec![], vec![]);
        let mut first = 0;
        for source in &self.sources {
            let mut seen = 0;
            for number in 0..source.images.len() {
                let Some((name, found)) = self.found(parts, first + number)? else { continue };
                print(&found.described(&name, &source.net, &self.names))?;
                if self.is_npy {
                    arrays.push(found.array(source.images.dtype())?);
                } else {
                    let image = source.image(number)?.context("expected an image that was read before")?.1;
                    pictures.push(found.picture(&image, &self.occlude.pixels)?);
                }
                seen += 1;
            }
            report_skipped(&source.path, source.images.len(), seen)?;
            first += source.images.len();
        }
        let bytes = if self.is_npy {
            let maps = Tensor::cat(&arrays, 0)?;
            [npy::header(maps.dtype(), maps.dims()), npy::bytes(&maps)].concat()
        } else {
            picture::png(&pictures)?
        };
        parts.write_output(&self.occlude.output, |writer| Ok(writer.write_all(&bytes)?))
    }
}

impl OccludeJob {
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

    /// What is measured in an image.
    fn target(&self, net: &Net, image: &Tensor) -> SensitivityTarget {
        let strongest = SensitivityTarget::strongest(net, image, self.node);
        let class = self.occlude.class.unwrap_or(strongest.class);
        SensitivityTarget { class, channel: self.occlude.unit.unwrap_or(strongest.channel), node: self.node }
    }

    fn engine(&self) -> Engine {
        match self.occlude.engine {
            EngineName::Incremental if self.occlude.model.is_on_cpu() => Engine::Incremental,
            _ => Engine::Full,
        }
    }

    /// The name and the map of the image of this number, where it was not broken.
    fn found(&self, parts: &PartStore, image: usize) -> Result<Option<(String, Sensitivity<'_>)>> {
        let of_image = image * self.parts_of_an_image()..(image + 1) * self.parts_of_an_image();
        let all = of_image.map(|index| read::<Option<PartialMaps>>(parts, Part { stage: 0, index }));
        let Some(partial) = all.collect::<Result<Option<Vec<PartialMaps>>>>()? else { return Ok(None) };
        let first = &partial[0];
        let (name, clean) = (first.name.clone(), F64Bits::numbers(&first.clean));
        let target =
            SensitivityTarget { class: first.watched_class, channel: first.channel, node: self.node };
        let maps = joined(self.size, &partial);
        let (mapped, occluder) = (self.occlude.map, &self.occluder);
        Ok(Some((name, Sensitivity { mapped, occluder, target, clean, maps })))
    }
}

impl Source {
    /// The image of this number with its name, where it is not broken.
    ///
    /// **Shape** `[1, c, h, w]`
    fn image(&self, number: usize) -> Result<Option<(String, Tensor)>> {
        let batch = self.images.select(&[number]).batches(1)?.next().transpose()?;
        Ok(batch.map(|mut batch| (batch.names.remove(0), batch.images)))
    }
}
