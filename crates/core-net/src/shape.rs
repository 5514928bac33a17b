//! Which shapes fit which operation, and the shape that comes out: the one check of a net.

use crate::op::Op;
use tensor::{ContrastNorm, Conv, Fields, Pool, Tensor};

/// Why an operation cannot read what it is given.
#[derive(Debug)]
pub struct Misfit {
    /// What would fit.
    pub expected: String,
    /// What came.
    pub got: String,
}

type Shape = Result<Vec<usize>, Misfit>;

fn misfit<T>(expected: impl Into<String>, got: impl Into<String>) -> Result<T, Misfit> {
    Err(Misfit { expected: expected.into(), got: got.into() })
}

/// The largest activation of one image: a gigabyte of f32. A larger one is an error in the net.
const LARGEST_MAP: usize = 1 << 28;

/// The number of scalars in a tensor, unless no memory could hold it.
pub fn element_count(shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1usize, |count, &side| count.checked_mul(side))
}

/// The shape, if an activation of it is neither empty nor too large; `what` is its name in the error.
///
/// # Errors
/// If it is.
pub fn in_memory(what: &str, shape: Vec<usize>) -> Result<Vec<usize>, Misfit> {
    match element_count(&shape) {
        Some(1..=LARGEST_MAP) => Ok(shape),
        _ => misfit(format!("{what} of 1 to {LARGEST_MAP} scalars"), format!("{shape:?}")),
    }
}

impl Op {
    /// The shape of one image's output for inputs of these shapes.
    ///
    /// # Errors
    /// If the operation cannot read such inputs, or the output is empty or too large.
    pub fn output_shape(&self, inputs: &[&[usize]]) -> Result<Vec<usize>, Misfit> {
        in_memory("an activation", self.shape_of(inputs)?)
    }

    fn shape_of(&self, inputs: &[&[usize]]) -> Shape {
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
            Op::LocallyConnected { weight, bias, fields } => {
                locally_connected(input, weight, bias.as_ref(), fields)
            }
            Op::L2Pool { epsilon, .. } if *epsilon <= 0.0 => {
                misfit("a positive epsilon", epsilon.to_string())
            }
            Op::MaxPool(pool) | Op::MeanPool(pool, _) | Op::L2Pool { pool, .. } => pooled(input, pool),
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

fn locally_connected(input: &[usize], weight: &Tensor, bias: Option<&Tensor>, fields: &Fields) -> Shape {
    let [channels, height, width] = maps(input)?;
    let Some([down, across]) = fields.output_size([height, width]) else {
        return misfit(format!("fields that fit into {input:?}"), format!("{fields:?}"));
    };
    let (places, depth) = (down * across, channels * fields.size[0] * fields.size[1]);
    let output = match *weight.dims() {
        [p, maps, d] if p == places && d == depth && maps > 0 => vec![maps, down, across],
        ref other => return misfit(format!("weight [{places}, maps, {depth}]"), format!("{other:?}")),
    };
    match bias {
        Some(bias) if bias.dims() != output => {
            misfit(format!("bias {output:?}"), format!("{:?}", bias.dims()))
        }
        _ => Ok(output),
    }
}

fn pooled(input: &[usize], pool: &Pool) -> Shape {
    let [channels, height, width] = maps(input)?;
    match pool.output_size([height, width]).zip(pool.reached_size([height, width])) {
        Some(([h, w], reached)) => {
            in_memory("windows that reach over a plane", reached.into())?;
            Ok(vec![channels, h, w])
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Builder;
    use tensor::tensor_of;

    fn zeros(shape: &[usize]) -> Tensor {
        tensor_of(vec![0.0f32; shape.iter().product()], shape)
    }

    /// The shape that an operation makes of `[2, 6, 5]`, or what is wrong with it.
    fn made(op: Op) -> Result<Vec<usize>, String> {
        let net = Builder::new(&[2, 6, 5]).node("a", op).build().map_err(|error| error.to_string())?;
        Ok(net.nodes()[1].shape.clone())
    }

    #[test]
    fn filters_of_each_place_are_as_many_as_places_and_see_a_field_in_all_channels() {
        let local = |weight: &[usize], bias: Option<&[usize]>, size: usize| {
            let bias = bias.map(zeros);
            made(Op::LocallyConnected { weight: zeros(weight), bias, fields: Fields::square(size, 2) })
        };
        assert_eq!(local(&[4, 7, 18], Some(&[7, 2, 2]), 3), Ok(vec![7, 2, 2]));
        let fields = Fields::square(3, 0);
        let local_with_stride_0 =
            made(Op::LocallyConnected { weight: zeros(&[4, 7, 18]), bias: None, fields });
        let refused = [
            (local(&[5, 7, 18], None, 3), "weight [4, maps, 18], got [5, 7, 18]"),
            (local(&[4, 7, 18], Some(&[7]), 3), "bias [7, 2, 2], got [7]"),
            (
                local_with_stride_0,
                "fields that fit into [2, 6, 5], got Fields { size: [3, 3], stride: [0, 0]",
            ),
            (local(&[4, 7, 72], None, 6), "fields that fit into [2, 6, 5], got Fields { size: [6, 6]"),
        ];
        for (found, expected) in refused {
            let error = found.expect_err(expected);
            assert!(error.starts_with(&format!("node a: expected {expected}")), "{error}");
        }
    }

    #[test]
    fn windows_that_reach_far_beyond_the_image_are_refused_and_long_steps_are_not() {
        let rounding = tensor::Rounding::Ceil;
        assert_eq!(made(Op::MaxPool(Pool { rounding, ..Pool::square(3, 65_535) })), Ok(vec![2, 1, 1]));
        let far = made(Op::MaxPool(Pool { rounding, ..Pool::square(65_535, 65_535) })).expect_err("16 GiB");
        let expected = "windows that reach over a plane of 1 to 268435456 scalars, got [65535, 65535]";
        assert_eq!(far, format!("node a: expected {expected}"));
    }

    #[test]
    fn an_l2_pooling_has_a_pooling_s_shape_and_a_positive_epsilon() {
        let pool = Pool::square(2, 2);
        assert_eq!(made(Op::L2Pool { pool, epsilon: 0.1 }), Ok(vec![2, 3, 2]));
        let error = made(Op::L2Pool { pool, epsilon: 0.0 }).expect_err("no slope");
        assert_eq!(error, "node a: expected a positive epsilon, got 0");
    }
}
