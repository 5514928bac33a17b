//! MODEL: an ONNX file, or weights with the name of an architecture.

mod architecture;
mod facts;
mod form;

use crate::card::Card;
use crate::failure::WrongArguments;
use crate::output::ends_in;
use crate::remarks::remark;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use core_net::{Net, Node, Reading};
pub use facts::Facts;
pub use form::Form;
use form::{LayoutName, ReadingName};
pub use onnx::Layout;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tensor::Tensor;

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
    /// What the file says beside the net, once it is read.
    #[arg(skip)]
    facts: OnceLock<Facts>,
}

impl Model {
    pub fn new(path: PathBuf, arch: Option<String>, form: Form) -> Model {
        Model { path, arch, form, card: OnceLock::new(), facts: OnceLock::new() }
    }

    /// The net of the chosen output, on the device; of several outputs it is said which.
    pub fn load(&self) -> Result<Net> {
        let whole = self.load_whole()?;
        let head = self.head(&whole)?;
        Ok(headed(&whole, head))
    }

    /// The net of all outputs that are read, on the device.
    pub fn load_whole(&self) -> Result<Net> {
        let device = self.form.open_device()?;
        let (net, facts) = self.read()?;
        let _ = self.facts.set(facts);
        Ok(net.to_device(&device))
    }

    /// A net that has the node of this name, and the node's index: the net of the chosen output where it is in it, else what the node needs.
    pub fn load_with_node(&self, name: &str) -> Result<(Net, usize)> {
        let whole = self.load_whole()?;
        let node = self.node(&whole, name)?;
        if let Ok(head) = self.chosen(&whole) {
            let net = headed(&whole, head);
            if let Some(index) = net.index_of(&whole.nodes()[node].name) {
                self.say_outputs(&whole, head);
                return Ok((net, index));
            }
        }
        let net = whole.needed_for(node);
        let output = net.output();
        Ok((net, output))
    }

    fn read(&self) -> Result<(Net, Facts)> {
        let form = self.form()?;
        if ends_in(&self.path, "safetensors") {
            let net = architecture::filled(&self.path, self.arch()?, &form)?;
            let facts = Facts::of_architecture(&net);
            return Ok((net, facts));
        }
        let path = self.path.display();
        if !ends_in(&self.path, "onnx") {
            bail!(WrongArguments(format!("{path}: expected a model that ends in .onnx or .safetensors")));
        }
        facts::read_onnx(&self.path, form.size, form.layout.and_then(LayoutName::given))
    }

    /// The architecture, as the command line or the card names it.
    fn arch(&self) -> Result<Option<&str>> {
        Ok(self.arch.as_deref().or(self.card()?.model.arch.as_deref()))
    }

    /// What the command line leaves to the card, by the card.
    fn form(&self) -> Result<Form> {
        self.form.with_card(self.card()?).with_context(|| self.card_path().display().to_string())
    }

    /// The node of the chosen output, of several said on stderr.
    fn head(&self, net: &Net) -> Result<usize> {
        let head = self.chosen(net)?;
        self.say_outputs(net, head);
        Ok(head)
    }

    /// The node of the output that --head names, or of the file's first.
    fn chosen(&self, net: &Net) -> Result<usize> {
        let facts = self.facts();
        let form = self.form()?;
        let Some(name) = form.head.as_deref().or(facts.first_output.as_deref()) else {
            return Ok(net.output());
        };
        if let Some(output) = facts.outputs.iter().find(|output| output.name == name) {
            return self.node(net, &output.node);
        }
        let names = facts.output_names();
        let path = self.path.display();
        if let Some(unread) = facts.unread.iter().find(|unread| unread.name == name) {
            let others: Vec<&str> = facts.outputs.iter().map(|output| &*output.name).collect();
            let others = others.join(", ");
            bail!("{path}: output {name} is not read: {}; --head takes another: {others}", unread.reason);
        }
        bail!(WrongArguments(format!("{path}: --head: expected one of {}, found {name}", names.join(", "))))
    }

    fn say_outputs(&self, net: &Net, head: usize) {
        let facts = self.facts();
        if facts.outputs.len() + facts.unread.len() < 2 {
            return;
        }
        let head = &net.nodes()[head].name;
        let chosen = self.form().ok().and_then(|form| form.head);
        let used = facts.outputs.iter().position(|output| {
            output.node == *head && chosen.as_deref().is_none_or(|name| name == output.name)
        });
        let read = facts.outputs.iter().enumerate().map(|(index, output)| {
            let used = if used == Some(index) { " (used)" } else { "" };
            format!("{}{used}", output.name)
        });
        let unread =
            facts.unread.iter().map(|unread| format!("{} (not read: {})", unread.name, unread.reason));
        let outputs: Vec<String> = read.chain(unread).collect();
        remark(format!("outputs: {}; --head chooses another", outputs.join(", ")));
    }

    /// What the file says beside the net.
    ///
    /// # Panics
    /// If no net was loaded.
    pub fn facts(&self) -> &Facts {
        self.facts.get().expect("a net was loaded first")
    }

    /// Where the file has an image's channels; nets here have them first.
    pub fn layout(&self) -> Layout {
        self.facts.get().map_or(Layout::ChannelsFirst, |facts| facts.layout)
    }

    /// Images of the file's layout as the net here reads them.
    pub fn to_channels_first(&self, images: &Tensor) -> Tensor {
        match (self.layout(), images.rank()) {
            (Layout::ChannelsLast, 4) => tensor::transpose(images, &[0, 3, 1, 2]),
            _ => images.clone(),
        }
    }

    /// Images of the net here in the file's layout.
    pub fn images_in_file(&self, images: &Tensor) -> Tensor {
        match (self.layout(), images.rank()) {
            (Layout::ChannelsLast, 4) => tensor::transpose(images, &[0, 2, 3, 1]),
            _ => images.clone(),
        }
    }

    /// The shape of an image in the file's layout.
    pub fn shape_in_file(&self, shape: &[usize]) -> Vec<usize> {
        match (self.layout(), shape) {
            (Layout::ChannelsLast, &[channels, height, width]) => vec![height, width, channels],
            _ => shape.to_vec(),
        }
    }

    /// A node's activation as the file computes it.
    pub fn activation_in_file(&self, node: &Node, activation: &Tensor) -> Tensor {
        if self.is_moved(node) { self.images_in_file(activation) } else { activation.clone() }
    }

    /// The shape of a node's activation of one image as the file computes it.
    pub fn activation_shape_in_file(&self, node: &Node) -> Vec<usize> {
        if self.is_moved(node) { self.shape_in_file(&node.shape) } else { node.shape.clone() }
    }

    fn is_moved(&self, node: &Node) -> bool {
        self.facts.get().is_some_and(|facts| facts.moved.contains(&node.name))
    }

    /// The index of the node of this name, or whose parameters have this name in the file.
    pub fn node(&self, net: &Net, name: &str) -> Result<usize> {
        if let Some(index) = net.index_of(name) {
            return Ok(index);
        }
        let output =
            self.facts.get().and_then(|facts| facts.outputs.iter().find(|output| output.name == name));
        if let Some(index) = output.and_then(|output| net.index_of(&output.node)) {
            return Ok(index);
        }
        let parameters = self.facts.get().map(|facts| &facts.parameter_names);
        let layer = name.strip_suffix(".weight").unwrap_or(name);
        let called = |node: &&Node| {
            parameters.and_then(|names| names.get(&node.name)).is_some_and(|called| called == layer)
        };
        let nodes: Vec<&str> = net.nodes().iter().filter(called).map(|node| node.name.as_str()).collect();
        match nodes[..] {
            [] => {}
            [node] => return net.index_of(node).context("a node of the net"),
            _ => bail!(
                "{}: expected one node, found {} whose parameters are called {name}: {}",
                self.path.display(),
                nodes.len(),
                nodes.join(", ")
            ),
        }
        let names = net.nodes().iter().map(|node| node.name.as_str());
        let others = parameters.into_iter().flat_map(|names| {
            net.nodes().iter().filter_map(|node| names.get(&node.name)).map(String::as_str)
        });
        let near = near(name, names.chain(others));
        bail!(
            "{}: expected a node, found none named {name}; near it: {}; `glassbox inspect` lists all",
            self.path.display(),
            near.join(", ")
        )
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

    /// What the command line says of the net, on a card.
    pub fn write_on(&self, card: &mut Card) {
        // A description in TOML is a file that may be moved apart from the card.
        card.model.arch = self.arch.clone().filter(|_| self.description().is_none());
        self.form.write_on(card);
    }

    /// Whether the layers with weights are computed on the processor.
    pub fn is_on_cpu(&self) -> bool {
        self.form.is_on_cpu()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that describes the architecture, where there is one.
    pub fn description(&self) -> Option<&Path> {
        architecture::description(self.arch().ok()??)
    }

    /// What else than its files the net follows from.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let architecture = self.arch().ok().flatten().filter(|_| self.description().is_none());
        // A card that is no card is refused where the net is loaded.
        let form = self.form().unwrap_or_else(|_| self.form.clone());
        let mut settings = form.settings(architecture.map(String::from));
        settings.extend(self.reading().map(|reading| ("outputs", format!("{reading:?}"))));
        settings
    }
}

/// The net of one output.
fn headed(whole: &Net, head: usize) -> Net {
    if head == whole.output() && whole.needed_for(head).nodes().len() == whole.nodes().len() {
        return whole.clone();
    }
    whole.needed_for(head)
}

/// The names most like `wanted`, the likest first.
fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_by_key(|name| strsim::damerau_levenshtein(wanted, name));
    names.dedup();
    names.truncate(OFFERED);
    names
}
