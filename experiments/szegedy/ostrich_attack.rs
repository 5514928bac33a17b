//! Photographs, distorted until a trained net classifies them as ostriches.

use super::warnings::warn;
use crate::zeiler_fergus::{SampledImages, VERSIONS, Version};
use adversarial::diagnosis::Evidence;
use adversarial::{Attack, Attempt, Outcome, distortions, min_distortion};
use anyhow::{Context, Result};
use core_net::Net;
use core_net::operations::Affine;
use datasets::{Preprocessing, Resize, through_jpeg};
use lab::{Run, Table, Tensors};
use tensor::{DType, Tensor, gather, tensor_of, to_f64s};

/// *Struthio camelus*, the target class of all images.
pub const OSTRICH: usize = 9;
/// Images attacked between two steps of the bar; an interrupted run goes on after the last of them.
const BLOCK: usize = 8;

/// Photographs as pixels in `[0, 1]`, and the nets as functions of them.
pub struct Photographs {
    /// The images.
    pub sample: SampledImages,
    /// **Shape** `[n, 3, h, w]`, f32.
    pub pixels: Tensor,
    /// Of each version of SqueezeNet.
    pub nets: Vec<Net>,
}

impl Photographs {
    /// The chosen images for these nets, which are in the order of [`VERSIONS`].
    ///
    /// # Errors
    /// When an image cannot be read any more.
    pub fn new(sample: SampledImages, nets: &[Net]) -> Result<Self> {
        // All versions crop alike, and so they have the pixels in common.
        let pixels = sample.inputs(&unnormalized(&VERSIONS[0]))?;
        let nets = nets.iter().zip(&VERSIONS).map(|(net, version)| of_pixels(net, version)).collect();
        Ok(Self { sample, pixels, nets })
    }

    /// The smallest distortions with which this version classifies the images as ostriches, with warnings in the manifest about misleading results.
    ///
    /// # Errors
    /// As [`Run::cached_tensors`].
    pub fn attack(&self, run: &Run, version: usize, attack: &Attack) -> Result<Vec<Outcome>> {
        let (name, net) = (VERSIONS[version].name, &self.nets[version]);
        run.stage(&format!("attack {name}"));
        let progress = run.progress(&format!("attack {name}"), self.sample.labels.len());
        let files = self.sample.files();
        let mut outcomes = Vec::new();
        for files in files.chunks(run.batch(BLOCK)) {
            let block: Vec<usize> = (outcomes.len()..outcomes.len() + files.len()).collect();
            let images = gather(&self.pixels, &block);
            let settings = (files, OSTRICH, format!("{attack:?}"));
            let kept = run.cached_tensors(&format!("ostriches {name}"), &settings, net, || {
                Ok(tensors(&min_distortion(net, &images, &vec![OSTRICH; files.len()], attack)))
            })?;
            outcomes.extend(outcomes_of(&kept).context("a file that another program wrote")?);
            progress.inc(files.len());
        }
        self.warn(run, version, attack, &outcomes);
        Ok(outcomes)
    }

    fn warn(&self, run: &Run, version: usize, attack: &Attack, outcomes: &[Outcome]) {
        let evidence = Evidence {
            net: &self.nets[version],
            attack,
            images: &self.pixels,
            labels: Some(&self.sample.labels),
            targets: &vec![OSTRICH; outcomes.len()],
            outcomes,
        };
        warn(run, VERSIONS[version].name, &evidence);
    }

    /// Number of images that a version classifies as ostriches, and number misclassified.
    fn read(&self, version: usize, images: &Tensor) -> [usize; 2] {
        let read = self.nets[version].predict(images);
        let ostriches = read.iter().filter(|&&class| class == OSTRICH).count();
        let misclassified =
            read.iter().zip(&self.sample.labels).filter(|(read, label)| read != label).count();
        [ostriches, misclassified]
    }

    /// Records the row of these images: the errors of each version, and the distance to the photographs.
    pub fn record(&self, table: &mut Table, row: &str, images: &Tensor) {
        let n = self.sample.labels.len();
        for (version, Version { name, .. }) in VERSIONS.iter().enumerate() {
            let [ostriches, misclassified] = self.read(version, images);
            table.rate(row, &format!("read as ostriches by {name}"), ostriches, n);
            table.rate(row, &format!("misread by {name}"), misclassified, n);
        }
        let [images, pixels] =
            [images, &self.pixels].map(|x| x.to_dtype(DType::F64).expect("a cast in memory"));
        table.mean(row, "average distortion", &distortions(&images, &pixels));
    }
}

/// How a distorted image is encoded before another net classifies it.
#[derive(Clone, Copy, Debug)]
pub enum Encoding {
    /// As it is, in f32.
    AsFound,
    /// Every pixel rounded to a byte.
    Rounded,
    /// Written as a JPEG file of this quality and read back.
    Jpeg(u8),
}

impl Encoding {
    /// The images, encoded and decoded.
    pub fn apply(self, images: &Tensor) -> Result<Tensor> {
        let bytes = Preprocessing {
            resize: Resize::Keep,
            crop: None,
            ..VERSIONS[0].preprocessing.without_normalization()
        };
        let each = |index: usize| {
            let picture = bytes.picture(&gather(images, &[index]).squeeze(0)?);
            let picture =
                if let Encoding::Jpeg(quality) = self { through_jpeg(&picture, quality) } else { picture };
            bytes.apply(&picture).context("an image of any size")
        };
        match self {
            Encoding::AsFound => Ok(images.to_dtype(DType::F32)?),
            Encoding::Rounded | Encoding::Jpeg(_) => {
                Ok(Tensor::cat(&(0..images.dims()[0]).map(each).collect::<Result<Vec<_>>>()?, 0)?)
            }
        }
    }

    /// As rows of tables call it.
    pub fn name(self) -> String {
        match self {
            Encoding::AsFound => "as found".into(),
            Encoding::Rounded => "rounded to bytes".into(),
            Encoding::Jpeg(quality) => format!("JPEG {quality}"),
        }
    }
}

/// The images of the outcomes as a batch, f32.
pub fn images(outcomes: &[Outcome], shape: &[usize]) -> Tensor {
    let pixels =
        outcomes.iter().flat_map(|outcome| outcome.attempt().image.iter().map(|&pixel| pixel as f32));
    tensor_of(pixels.collect(), shape)
}

fn unnormalized(version: &Version) -> Version {
    let mut unnormalized = *version;
    unnormalized.preprocessing = version.preprocessing.without_normalization();
    unnormalized
}

fn of_pixels(net: &Net, version: &Version) -> Net {
    let channel = |values: Vec<f64>| tensor_of(values.into_iter().map(|v| v as f32).collect(), &[3]);
    let [scale, shift] = version.preprocessing.normalization().map(channel);
    net.with_preprocessing("normalize", Affine { scale, shift })
        .expect("a name that SqueezeNet does not have")
}

/// The outcomes as tensors: images in f32, all other numbers in f64.
fn tensors(outcomes: &[Outcome]) -> Tensors {
    let size = outcomes[0].attempt().image.len();
    let images = images(outcomes, &[outcomes.len(), size]);
    let numbers = outcomes.iter().flat_map(|outcome| {
        let Attempt { distortion, c, evaluations, .. } = *outcome.attempt();
        [f64::from(outcome.is_found()), distortion, c, evaluations as f64]
    });
    let numbers = tensor_of(numbers.collect::<Vec<f64>>(), &[outcomes.len(), 4]);
    [("images".to_owned(), images), ("numbers".to_owned(), numbers)].into()
}

fn outcomes_of(kept: &Tensors) -> Option<Vec<Outcome>> {
    let (images, numbers) = (kept.get("images")?, kept.get("numbers")?);
    let (pixels, size) = (to_f64s(images), *images.dims().last()?);
    let outcome = |(image, numbers): (&[f64], &[f64])| {
        let &[found, distortion, c, evaluations] = numbers else { return None };
        let attempt = Attempt { image: image.to_vec(), distortion, c, evaluations: evaluations as usize };
        Some(if found == 1.0 { Outcome::Found(attempt) } else { Outcome::NotFound(attempt) })
    };
    pixels.chunks_exact(size).zip(to_f64s(numbers).chunks_exact(4)).map(outcome).collect()
}
