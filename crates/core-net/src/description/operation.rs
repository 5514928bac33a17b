//! The operations as TOML describes them.

use crate::op::Op;
use crate::shape::{Misfit, element_count};
use serde::Deserialize;
use tensor::{ContrastNorm, Conv, Fields, PaddingInMean, Pool, ResponseNorm, Rounding, Tensor, tensor_of};

/// The most scalars of one parameter, 4 GiB of f32: more is an error in the description.
const LARGEST_PARAMETER: usize = 1 << 30;

/// The operations and their keys.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Described {
    Conv(Convolution),
    LocallyConnected(Local),
    Linear {
        outputs: u32,
    },
    MaxPool(Windows),
    MeanPool(Windows),
    /// The mean counts the padding.
    MeanPoolWithPadding(Windows),
    L2Pool(Lengths),
    GlobalMeanPool {},
    ResponseNorm {
        size: u16,
        alpha: f64,
        beta: f64,
        kappa: f64,
    },
    ContrastNorm {
        size: u16,
        deviation: f64,
    },
    Relu {},
    Sigmoid {},
    Tanh {},
    LeakyRelu {
        slope: f64,
    },
    Clip {
        low: f64,
        high: f64,
    },
    Softmax {},
    LogSoftmax {},
    Dropout {},
    Identity {},
    Pad {
        padding: Padding,
        #[serde(default)]
        value: f64,
    },
    Flatten {},
    Reshape {
        shape: Vec<u32>,
    },
    Transpose {
        order: Vec<usize>,
    },
    Concat {},
    Add {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Convolution {
    filters: u32,
    kernel: Size,
    #[serde(default)]
    stride: Size,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    dilation: Size,
    groups: Option<u32>,
    bias: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Windows {
    kernel: Size,
    stride: Size,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    dilation: Size,
    #[serde(default)]
    ceil: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Local {
    maps: u32,
    size: Size,
    #[serde(default)]
    stride: Size,
    bias: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lengths {
    kernel: Size,
    stride: Size,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    dilation: Size,
    #[serde(default)]
    ceil: bool,
    epsilon: f64,
}

/// Rows and columns, of 16 bits: no sum or product of a few of them overflows.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(super) enum Size {
    Both(u16),
    Each([u16; 2]),
}

/// Rows and columns at the borders.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(super) enum Padding {
    All(u16),
    RowsColumns([u16; 2]),
    Sides([u16; 4]),
}

impl Default for Size {
    fn default() -> Self {
        Size::Both(1)
    }
}

impl Default for Padding {
    fn default() -> Self {
        Padding::All(0)
    }
}

impl From<Size> for [usize; 2] {
    fn from(size: Size) -> Self {
        match size {
            Size::Both(side) => [side.into(); 2],
            Size::Each(sides) => sides.map(usize::from),
        }
    }
}

impl From<Padding> for [usize; 4] {
    fn from(padding: Padding) -> Self {
        match padding {
            Padding::All(side) => [side.into(); 4],
            Padding::RowsColumns([rows, columns]) => [rows, columns, rows, columns].map(usize::from),
            Padding::Sides(sides) => sides.map(usize::from),
        }
    }
}

impl From<Windows> for Pool {
    fn from(windows: Windows) -> Self {
        Pool {
            kernel: windows.kernel.into(),
            stride: windows.stride.into(),
            padding: windows.padding.into(),
            dilation: windows.dilation.into(),
            rounding: if windows.ceil { Rounding::Ceil } else { Rounding::Floor },
        }
    }
}

impl From<Lengths> for Op {
    fn from(Lengths { kernel, stride, padding, dilation, ceil, epsilon }: Lengths) -> Self {
        Op::L2Pool { pool: Windows { kernel, stride, padding, dilation, ceil }.into(), epsilon }
    }
}

impl Local {
    /// Filters for no place where the fields do not fit; the builder then says so.
    fn on(&self, input: &[usize]) -> Result<Op, Misfit> {
        let fields = Fields { size: self.size.into(), stride: self.stride.into() };
        let channels = input.first().copied().unwrap_or(0);
        let map = input.get(1..3).map_or([0; 2], |map| [map[0], map[1]]);
        let [down, across] = fields.output_size(map).unwrap_or([0; 2]);
        let (depth, maps) = (channels * fields.size[0] * fields.size[1], self.maps as usize);
        let bias = self.bias.unwrap_or(true).then(|| zeros(&[maps, down, across])).transpose()?;
        Ok(Op::LocallyConnected { weight: zeros(&[down * across, maps, depth])?, bias, fields })
    }
}

impl Convolution {
    fn on(&self, channels: usize) -> Result<Op, Misfit> {
        let (filters, groups) = (self.filters as usize, self.groups.unwrap_or(1) as usize);
        let [height, width] = self.kernel.into();
        Ok(Op::Conv {
            weight: zeros(&[filters, channels.checked_div(groups).unwrap_or(0), height, width])?,
            bias: self.bias.unwrap_or(true).then(|| zeros(&[filters])).transpose()?,
            conv: Conv {
                stride: self.stride.into(),
                padding: self.padding.into(),
                dilation: self.dilation.into(),
                groups,
            },
        })
    }
}

impl Described {
    /// The operation on an input of this shape, parameters 0; or the parameter that is too large.
    pub(super) fn op(self, input: &[usize]) -> Result<Op, Misfit> {
        Ok(match self {
            Described::LocallyConnected(fields) => fields.on(input)?,
            Described::L2Pool(lengths) => lengths.into(),
            Described::Conv(filters) => filters.on(input.first().copied().unwrap_or(0))?,
            Described::Linear { outputs } => {
                let outputs = outputs as usize;
                Op::Linear { weight: zeros(&[outputs, input.iter().product()])?, bias: zeros(&[outputs])? }
            }
            Described::MaxPool(windows) => Op::MaxPool(windows.into()),
            Described::MeanPool(windows) => Op::MeanPool(windows.into(), PaddingInMean::Pixels),
            Described::MeanPoolWithPadding(windows) => Op::MeanPool(windows.into(), PaddingInMean::Padding),
            Described::GlobalMeanPool {} => Op::GlobalMeanPool,
            Described::ResponseNorm { size, alpha, beta, kappa } => {
                Op::ResponseNorm(ResponseNorm { size: size.into(), alpha, beta, kappa })
            }
            Described::ContrastNorm { size, deviation } => {
                Op::ContrastNorm(ContrastNorm { size: size.into(), deviation })
            }
            Described::Relu {} => Op::Relu,
            Described::Sigmoid {} => Op::Sigmoid,
            Described::Tanh {} => Op::Tanh,
            Described::LeakyRelu { slope } => Op::LeakyRelu(slope),
            Described::Clip { low, high } => Op::Clip { low, high },
            Described::Softmax {} => Op::Softmax,
            Described::LogSoftmax {} => Op::LogSoftmax,
            Described::Dropout {} => Op::Dropout,
            Described::Identity {} => Op::Identity,
            Described::Pad { padding, value } => Op::Pad { padding: padding.into(), value },
            Described::Flatten {} => Op::Flatten,
            Described::Reshape { shape } => {
                Op::Reshape(shape.into_iter().map(|side| side as usize).collect())
            }
            Described::Transpose { order } => Op::Transpose(order),
            Described::Concat {} => Op::Concat,
            Described::Add {} => Op::Add,
        })
    }
}

/// One zero, seen at every place: a description takes no memory until weights fill it.
fn zeros(shape: &[usize]) -> Result<Tensor, Misfit> {
    if element_count(shape).is_none_or(|count| count > LARGEST_PARAMETER) {
        let expected = format!("parameters of at most {LARGEST_PARAMETER} scalars");
        return Err(Misfit { expected, got: format!("{shape:?}") });
    }
    Ok(tensor_of(vec![0.0f32], &[]).broadcast_as(shape).expect("a scalar fits every shape"))
}
