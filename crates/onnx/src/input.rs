//! The graph's input: a batch of images of one size.

use crate::layout::Layout;
use crate::node::LARGEST_SIZE;
use crate::proto::ValueInfoProto;
use crate::proto::tensor_shape_proto::dimension::Value as Side;
use crate::proto::type_proto::Tensor as TensorType;
use core_net::{Misfit, in_memory};
use tensor::DType;

/// The images that a file's net reads.
#[derive(Debug)]
pub(crate) struct Images {
    /// **Shape** of one image.
    pub(crate) shape: Vec<usize>,
    /// The number of images, where the file fixes it.
    pub(crate) batch: Option<i64>,
    /// The scalars that the net computes in.
    pub(crate) dtype: DType,
}

/// Why an input is no batch of images.
#[derive(Debug)]
pub(crate) enum InputFault {
    DynamicSize { found: String },
    Mismatch { expected: String, found: String },
}

/// The images that this input asks for; height and width may be given from outside.
pub(crate) fn images(
    input: &ValueInfoProto,
    size: Option<[usize; 2]>,
    layout: Layout,
) -> Result<Images, InputFault> {
    let dtype = dtype(tensor(input).map_or(0, TensorType::elem_type))?;
    let sides = sides(input);
    let written = written(&sides);
    let [batch, image @ ..] = &*sides else {
        return Err(mismatch("an input with the batch first", format!("shape {written}")));
    };
    if image.is_empty() {
        return Err(mismatch("images of at least one side", format!("shape {written}")));
    }
    let batch = known(*batch).filter(|&batch| batch > 0);
    Ok(Images { shape: shape(image, size, layout, &written)?, batch, dtype })
}

fn tensor(input: &ValueInfoProto) -> Option<&TensorType> {
    input.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref())
}

fn sides(input: &ValueInfoProto) -> Vec<Option<&Side>> {
    let shape = tensor(input).and_then(|tensor| tensor.shape.as_ref());
    shape.map_or(vec![], |shape| shape.dim.iter().map(|side| side.value.as_ref()).collect())
}

/// The shape as the file says it, such as `[n, 3, 224, 224]`.
pub(crate) fn written_shape(input: &ValueInfoProto) -> String {
    written(&sides(input))
}

/// The sides, the batch's first, where they are fixed.
pub(crate) fn fixed_sides(input: &ValueInfoProto) -> Vec<Option<usize>> {
    let fixed = |side| known(side).and_then(|side| usize::try_from(side).ok()).filter(|&side| side > 0);
    sides(input).into_iter().map(fixed).collect()
}

fn mismatch(expected: impl Into<String>, found: impl Into<String>) -> InputFault {
    InputFault::Mismatch { expected: expected.into(), found: found.into() }
}

fn known(side: Option<&Side>) -> Option<i64> {
    match side {
        Some(Side::DimValue(value)) => Some(*value),
        _ => None,
    }
}

fn dtype(code: i32) -> Result<DType, InputFault> {
    match code {
        // Half-precision nets compute in f32.
        1 | 10 | 16 => Ok(DType::F32),
        11 => Ok(DType::F64),
        other => {
            Err(mismatch("an input of type float, double, float16 or bfloat16", format!("data type {other}")))
        }
    }
}

/// The sides of one image.
fn shape(
    image: &[Option<&Side>],
    size: Option<[usize; 2]>,
    layout: Layout,
    written: &str,
) -> Result<Vec<usize>, InputFault> {
    let from_outside = size.filter(|_| image.len() == 3);
    let mut shape = Vec::new();
    for (axis, side) in image.iter().enumerate() {
        let spatial = match layout {
            Layout::ChannelsFirst => axis.checked_sub(1),
            Layout::ChannelsLast => Some(axis),
        };
        let given = spatial.and_then(|spatial| from_outside?.get(spatial).copied());
        let side = match (known(*side).filter(|&side| side != 0), given) {
            (Some(fixed), Some(given)) if usize::try_from(fixed) != Ok(given) => {
                return Err(mismatch(format!("images of size {given} along axis {}", axis + 1), written));
            }
            (Some(fixed), _) => usize::try_from(fixed).ok(),
            (None, Some(given)) => Some(given),
            (None, None) => return Err(InputFault::DynamicSize { found: written.into() }),
        };
        let fits = side.filter(|side| (1..=LARGEST_SIZE).contains(side));
        shape.push(fits.ok_or_else(|| mismatch(format!("sides from 1 to {LARGEST_SIZE}"), written))?);
    }
    in_memory("an image", shape)
        .map_err(|Misfit { expected, got }| InputFault::Mismatch { expected, found: got })
}

fn written(sides: &[Option<&Side>]) -> String {
    let side = |side: Option<&Side>| match side {
        Some(Side::DimValue(value)) => value.to_string(),
        Some(Side::DimParam(name)) => name.clone(),
        None => "?".into(),
    };
    format!("[{}]", sides.iter().copied().map(side).collect::<Vec<_>>().join(", "))
}
