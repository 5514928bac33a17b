//! MODEL: an ONNX file, or weights with the name of an architecture.

use crate::card::Card;
use crate::failure::WrongArguments;
use crate::output::ends_in;
use crate::pixels::side;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use core_net::{Net, Reading, description, zoo};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tensor::Device;

/// Near names that are offered for one that does not exist.
const OFFERED: usize = 5;

#[derive(Args, Debug)]
pub struct Model {
    /// The net: an .onnx file, or a .safetensors file with --arch
    #[arg(value_name = "MODEL")]
    path: PathBuf,
    /// The architecture that a .safetensors file fills: alexnet, alexnet_grouped, lenet, squeezenet1_0, squeezenet1_1, vgg16, zfnet, dense layers on 28×28 images such as fc100-100-10, or a description of the net that ends in .toml
    #[arg(long, value_name = "NAME")]
    arch: Option<String>,
    #[command(flatten)]
    form: Form,
    #[arg(skip)]
    card: OnceLock<Card>,
}

/// What else a model file may leave open, and where it is computed.
#[derive(Args, Clone, Debug)]
pub struct Form {
    /// How many classes that architecture tells apart [default: 10 for lenet, else 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    classes: Option<u32>,
    /// Height and width of the images, where an .onnx file leaves them open or an architecture of --arch takes any
    #[arg(long, value_name = "N or H,W", value_parser = side)]
    size: Option<[usize; 2]>,
    /// How the outputs are read [default: as the graph tells]
    #[arg(long, value_enum, value_name = "READING")]
    outputs: Option<ReadingName>,
    /// Where the layers with weights are computed
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
}

/// A reading of outputs, as the command line says it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReadingName {
    /// Probabilities of classes of which one is true, as they are
    Softmax,
    /// Independent probabilities, as they are; one number is the probability of class 1 of two
    Sigmoid,
    /// Logits of classes of which one is true: a softmax is applied
    Logits,
    /// Logits of independent classes: sigmoids are applied
    BinaryLogits,
    /// Numbers that are no scores of classes
    Plain,
}

impl From<ReadingName> for Reading {
    fn from(name: ReadingName) -> Reading {
        match name {
            ReadingName::Softmax => Reading::Softmax,
            ReadingName::Sigmoid => Reading::Sigmoid,
            ReadingName::Logits => Reading::Logits,
            ReadingName::BinaryLogits => Reading::BinaryLogits,
            ReadingName::Plain => Reading::Plain,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum DeviceName {
    /// The processor
    #[default]
    Cpu,
    /// A GPU, in a build with `--features cuda`
    Cuda,
}

impl DeviceName {
    fn open(self) -> Result<Device> {
        match self {
            DeviceName::Cpu => Ok(Device::Cpu),
            DeviceName::Cuda => lab::cuda(),
        }
    }
}

impl Model {
    pub fn new(path: PathBuf, arch: Option<String>, form: Form) -> Model {
        Model { path, arch, form, card: OnceLock::new() }
    }

    /// The net in the file, on the device.
    pub fn load(&self) -> Result<Net> {
        self.card()?;
        let device = self.form.device.open()?;
        Ok(self.read()?.to_device(&device))
    }

    fn read(&self) -> Result<Net> {
        if ends_in(&self.path, "safetensors") {
            return Ok(self.architecture()?.load(&self.path)?);
        }
        let path = self.path.display();
        if !ends_in(&self.path, "onnx") {
            bail!(WrongArguments(format!("{path}: expected a model that ends in .onnx or .safetensors")));
        }
        Ok(match self.form.size {
            Some(size) => onnx::read_sized(&self.path, size)?,
            None => onnx::read(&self.path)?,
        })
    }

    /// The index of the node of this name.
    pub fn node(&self, net: &Net, name: &str) -> Result<usize> {
        net.index_of(name).with_context(|| {
            let near = near(name, net.nodes().iter().map(|node| node.name.as_str()));
            format!(
                "{}: expected a node, found none named {name}; near it: {}; `glassbox inspect` lists all",
                self.path.display(),
                near.join(", ")
            )
        })
    }

    /// The card beside the file: what is known of the net; empty, where there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn card(&self) -> Result<&Card> {
        if self.card.get().is_none() {
            let card = Card::read(&self.card_path())?.unwrap_or_default();
            if let Some(reading) = &card.output.reading
                && ReadingName::from_str(reading, true).is_err()
            {
                bail!("{}: expected a reading of --outputs, found {reading:?}", self.card_path().display());
            }
            let _ = self.card.set(card);
        }
        self.card.get().context("a card was read")
    }

    /// Where the card lies: `model.onnx` has `model.onnx.glassbox.toml`.
    pub fn card_path(&self) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().display();
        self.path.with_file_name(format!("{name}.glassbox.toml"))
    }

    /// How the outputs are to be read, where the command line or the card says it.
    pub fn reading(&self) -> Option<Reading> {
        let on_card = || ReadingName::from_str(self.card().ok()?.output.reading.as_deref()?, true).ok();
        self.form.outputs.or_else(on_card).map(Reading::from)
    }

    /// The reading that the command line says, as a card says it.
    pub fn reading_name(&self) -> Option<String> {
        self.form.outputs?.to_possible_value().map(|value| value.get_name().to_owned())
    }

    /// Whether the layers with weights are computed on the processor.
    pub fn is_on_cpu(&self) -> bool {
        matches!(self.form.device, DeviceName::Cpu)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that describes the architecture, where there is one.
    pub fn description(&self) -> Option<&Path> {
        self.arch.as_deref().map(Path::new).filter(|path| ends_in(path, "toml"))
    }

    /// What else than its files the net follows from.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings = vec![("device", format!("{:?}", self.form.device))];
        let architecture = self.arch.clone().filter(|_| self.description().is_none());
        settings.extend(architecture.map(|name| ("arch", name)));
        settings.extend(self.form.classes.map(|classes| ("classes", classes.to_string())));
        settings.extend(self.reading().map(|reading| ("outputs", format!("{reading:?}"))));
        settings
    }

    /// The net that the weights are to fill.
    fn architecture(&self) -> Result<Net> {
        let Some(name) = &self.arch else {
            let path = self.path.display();
            bail!(WrongArguments(format!("{path}: expected --arch NAME with a .safetensors file")));
        };
        if let Some(path) = self.description() {
            return self.of_its_size(name, description::read(path)?);
        }
        let classes =
            self.form.classes.map_or(if name == "lenet" { 10 } else { 1000 }, |classes| classes as usize);
        if let Some(size) = self.form.size
            && let Some(net) = zoo::by_name_sized(name, classes, size)
        {
            return net.with_context(|| format!("--size: expected images large enough for {name}, found"));
        }
        let net = zoo::by_name(name, classes, None).or_else(|| fully_connected(name)).with_context(|| {
            WrongArguments(format!(
                "--arch: expected {}, fc100-100-10 or a file that ends in .toml, found {name}",
                zoo::names().join(", ")
            ))
        })?;
        self.of_its_size(name, net)
    }

    /// The net, if --size does not ask for images of another size than it has.
    fn of_its_size(&self, name: &str, net: Net) -> Result<Net> {
        let shape = &net.nodes()[0].shape;
        let has = |size: [usize; 2]| shape.get(1..) == Some(&size[..]);
        if let Some(size) = self.form.size.filter(|&size| !has(size)) {
            bail!(WrongArguments(format!(
                "--size: expected that of {name}'s images, {shape:?}, found {size:?}"
            )));
        }
        Ok(net)
    }
}

/// Dense layers for MNIST's images, of the widths in a name such as `fc100-100-10`.
fn fully_connected(name: &str) -> Option<Net> {
    let widths: Option<Vec<usize>> =
        name.strip_prefix("fc")?.split('-').map(|width| width.parse().ok()).collect();
    let widths = widths.filter(|widths| !widths.contains(&0))?;
    Some(zoo::fully_connected(&[1, 28, 28], &widths, 0))
}

/// The names most like `wanted`, the likest first.
fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_by_key(|name| strsim::damerau_levenshtein(wanted, name));
    names.truncate(OFFERED);
    names
}
