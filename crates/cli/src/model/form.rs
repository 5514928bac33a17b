//! What a model file may leave open, and where the net is computed.

use crate::card::Card;
use crate::pixels::side;
use anyhow::{Result, anyhow};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use core_net::Reading;
use onnx::Layout;
use tensor::Device;

/// What else a model file may leave open, and where it is computed.
#[derive(Args, Clone, Debug)]
pub struct Form {
    /// How many classes that architecture tells apart [default: 10 for lenet, else 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) classes: Option<u32>,
    /// Height and width of the images, where an .onnx file leaves them open or an architecture of --arch takes any
    #[arg(long, value_name = "N or H,W", value_parser = side)]
    pub(super) size: Option<[usize; 2]>,
    /// The output of an .onnx file that is used, by its name [default: the first]
    #[arg(long, value_name = "NAME")]
    pub(super) head: Option<String>,
    /// Where an .onnx file has an image's channels: first (nchw), last (nhwc), or where its graph says; .npy files of images have them where the file has them
    #[arg(long, value_enum, value_name = "LAYOUT")]
    pub(super) layout: Option<LayoutName>,
    /// What the names in a .safetensors file have more than the architecture's, at their beginning or after a dot: `module.`
    #[arg(long, value_name = "PREFIX")]
    pub(super) strip_prefix: Option<String>,
    /// How the outputs are read [default: as the graph tells]
    #[arg(long, value_enum, value_name = "READING")]
    pub(super) outputs: Option<ReadingName>,
    /// Where the layers with weights are computed
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
}

/// A reading of outputs, as the command line says it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ReadingName {
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

/// Where an image's channels stand, as the command line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LayoutName {
    /// As the file's graph says [default]
    Auto,
    /// Channels first: [n, channels, height, width]
    Nchw,
    /// Channels last: [n, height, width, channels]
    Nhwc,
}

impl LayoutName {
    /// The layout, where it is not to be found.
    pub(super) fn given(self) -> Option<Layout> {
        match self {
            LayoutName::Auto => None,
            LayoutName::Nchw => Some(Layout::ChannelsFirst),
            LayoutName::Nhwc => Some(Layout::ChannelsLast),
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

impl Form {
    pub(super) fn open_device(&self) -> Result<Device> {
        match self.device {
            DeviceName::Cpu => Ok(Device::Cpu),
            DeviceName::Cuda => lab::cuda(),
        }
    }

    /// The form with what the card says where the command line does not.
    pub(super) fn with_card(&self, card: &Card) -> Result<Form> {
        let layout = card.input.layout.as_deref().map(|name| {
            LayoutName::from_str(name, true)
                .map_err(|_| anyhow!("card: expected auto, nchw or nhwc as layout, found {name:?}"))
        });
        let mut form = self.clone();
        form.size = form.size.or(card.input.size);
        form.layout = form.layout.or(layout.transpose()?);
        form.classes = form.classes.or(card.model.classes);
        form.strip_prefix = form.strip_prefix.or_else(|| card.model.strip_prefix.clone());
        form.head = form.head.or_else(|| card.output.head.clone());
        Ok(form)
    }

    /// What the command line says, as a card says it.
    pub(super) fn write_on(&self, card: &mut Card) {
        let name = |value: Option<PossibleValue>| value.map(|value| value.get_name().to_owned());
        card.model.classes = self.classes;
        card.model.strip_prefix.clone_from(&self.strip_prefix);
        card.input.size = self.size;
        card.input.layout = self.layout.and_then(|layout| name(layout.to_possible_value()));
        card.output.head.clone_from(&self.head);
        card.output.reading = self.outputs.and_then(|reading| name(reading.to_possible_value()));
    }

    pub(super) fn is_on_cpu(&self) -> bool {
        matches!(self.device, DeviceName::Cpu)
    }

    /// What a net of this form follows from, with the name of its architecture.
    pub(super) fn settings(&self, architecture: Option<String>) -> Vec<(&'static str, String)> {
        let mut settings = vec![("device", format!("{:?}", self.device))];
        settings.extend(architecture.map(|name| ("arch", name)));
        settings.extend(self.classes.map(|classes| ("classes", classes.to_string())));
        settings.extend(self.head.clone().map(|name| ("head", name)));
        settings.extend(self.layout.map(|layout| ("layout", format!("{layout:?}"))));
        settings.extend(self.size.map(|size| ("size", format!("{size:?}"))));
        settings.extend(self.strip_prefix.clone().map(|prefix| ("strip prefix", prefix)));
        settings
    }
}
