//! Which shapes fit which operation, and the shape that comes out: the one check of a net.

use crate::op::Op;
use tensor::{ContrastNorm, Conv, Pool, Tensor};

/// Why an operation cannot read what it is given.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub expected: String,
    pub got: String,
}

type Shape = Result<Vec<usize>, Misfit>;

fn misfit<T>(expected: impl Into<String>, got: impl Into<String>) -> Result<T, Misfit> {
    Err(Misfit { expected: expected.into(), got: got.into() })
}

impl Op {
    /// The shape of one image's output for inputs of these shapes.
    pub(crate) fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let Some(&input) = inputs.first() else { return misfit("a node to read", "none") };
        match self {
            Op::Input => misfit("the input as first node only", "another one"),
            Op::Concat => concatenated(inputs),
            Op::Add => match inputs.iter().find(|other| **other != input) {
                Some(other) => misfit(format!("terms of one shape, {input:?}"), format!("{other:?}")),
                None => Ok(input.to_vec()),
            },
            _ if inputs.len() > 1 => misfit("one node to read", inputs.len().to_string()),
            Op::Flatten => Ok(vec![input.iter().product()]),
            Op::Linear { weight, bias } => dense(input, weight, bias),
            Op::Conv { weight, bias, conv } => convolved(input, weight, bias.as_ref(), conv),
            Op::MaxPool(pool) | Op::MeanPool(pool, _) => pooled(input, pool),
            Op::Affine { scale, shift } => scaled(input, scale, shift),
            Op::Pad { padding, .. } => padded(input, *padding),
            Op::Reshape(shape) => reshaped(input, shape),
            Op::Transpose(axes) => transposed(input, axes),
            Op::GlobalMeanPool => maps(input).map(|[channels, ..]| vec![channels, 1, 1]),
            Op::ResponseNorm(norm) if norm.size == 0 => misfit("a window of channels", format!("{norm:?}")),
            Op::ContrastNorm(ContrastNorm { size, deviation }) if size % 2 == 0 || *deviation <= 0.0 => {
                misfit("an odd window with a positive deviation", format!("{size} with {deviation}"))
            }
            Op::ResponseNorm(_) | Op::ContrastNorm(_) => maps(input).map(Vec::from),
            Op::Softmax | Op::LogSoftmax if input.is_empty() => misfit("channels", "a single scalar"),
            Op::Softmax
            | Op::LogSoftmax
            | Op::Dropout
            | Op::Identity
            | Op::Relu
            | Op::Sigmoid
            | Op::Tanh
            | Op::LeakyRelu(_)
            | Op::Clip { .. } => Ok(input.to_vec()),
        }
    }
}

/// Feature maps `[channels, height, width]`.
fn maps(input: &[usize]) -> Result<[usize; 3], Misfit> {
    input.try_into().or_else(|_| misfit("feature maps [channels, height, width]", format!("{input:?}")))
}

fn dense(input: &[usize], weight: &Tensor, bias: &Tensor) -> Shape {
    match (weight.dims(), bias.dims(), input) {
        (&[outputs, i], &[b], &[n]) if outputs == b && i == n => Ok(vec![outputs]),
        (weight, bias, _) => misfit(
            format!("weight [outputs, inputs] and bias [outputs] for input {input:?}"),
            format!("weight {weight:?} and bias {bias:?}"),
        ),
    }
}

fn convolved(input: &[usize], weight: &Tensor, bias: Option<&Tensor>, conv: &Conv) -> Shape {
    let [channels, height, width] = maps(input)?;
    if conv.stride.contains(&0) || conv.dilation.contains(&0) {
        return misfit("a stride and a dilation of at least 1", format!("{conv:?}"));
    }
    let groups = conv.groups;
    let divided = |n: usize| groups > 0 && n > 0 && n.is_multiple_of(groups);
    let outputs = match *weight.dims() {
        [o, c, _, _] if divided(o) && divided(channels) && c == channels / groups => o,
        _ => {
            let expected = format!(
                "weight [outputs, {channels} / {groups}, height, width] with outputs divisible by {groups}"
            );
            return misfit(expected, format!("{:?}", weight.dims()));
        }
    };
    if let Some(bias) = bias.filter(|bias| bias.dims() != [outputs]) {
        return misfit(format!("bias [{outputs}]"), format!("{:?}", bias.dims()));
    }
    let kernel = [weight.dims()[2], weight.dims()[3]];
    match conv.output_size([height, width], kernel) {
        Some([h, w]) => Ok(vec![outputs, h, w]),
        None => misfit(format!("a filter that fits into {input:?}"), format!("{kernel:?} with {conv:?}")),
    }
}

fn pooled(input: &[usize], pool: &Pool) -> Shape {
    let [channels, height, width] = maps(input)?;
    match pool.output_size([height, width]) {
        Some([h, w]) => Ok(vec![channels, h, w]),
        None => misfit(format!("a window that fits into {input:?}"), format!("{pool:?}")),
    }
}

fn scaled(input: &[usize], scale: &Tensor, shift: &Tensor) -> Shape {
    let fits = |dims: &[usize]| dims == input || (!input.is_empty() && dims == &input[..1]);
    if fits(scale.dims()) && scale.dims() == shift.dims() {
        return Ok(input.to_vec());
    }
    let expected = format!("scale and shift both {:?} or both {input:?}", &input[..input.len().min(1)]);
    misfit(expected, format!("scale {:?} and shift {:?}", scale.dims(), shift.dims()))
}

fn padded(input: &[usize], [top, left, bottom, right]: [usize; 4]) -> Shape {
    let [channels, height, width] = maps(input)?;
    Ok(vec![channels, top + height + bottom, left + width + right])
}

fn reshaped(input: &[usize], shape: &[usize]) -> Shape {
    let scalars: usize = input.iter().product();
    if shape.iter().product::<usize>() == scalars {
        return Ok(shape.to_vec());
    }
    misfit(format!("a shape of {scalars} scalars for input {input:?}"), format!("{shape:?}"))
}

fn transposed(input: &[usize], axes: &[usize]) -> Shape {
    let mut sorted = axes.to_vec();
    sorted.sort_unstable();
    if axes.first() == Some(&0) && sorted.iter().copied().eq(0..=input.len()) {
        return Ok(axes[1..].iter().map(|axis| input[axis - 1]).collect());
    }
    misfit(format!("an order of the axes 0 to {} with the batch, 0, first", input.len()), format!("{axes:?}"))
}

fn concatenated(inputs: &[&[usize]]) -> Shape {
    let Some((_, rest)) = inputs[0].split_first() else { return misfit("channels", "a single scalar") };
    let mut channels = 0;
    for input in inputs {
        match input.split_first() {
            Some((c, other)) if other == rest => channels += c,
            _ => {
                return misfit(
                    format!("[channels, ...] over {rest:?} from every node"),
                    format!("{input:?}"),
                );
            }
        }
    }
    Ok([&[channels], rest].concat())
}
