//! The layout that a file's graph says.

use crate::input;
use crate::layout::Layout;
use crate::proto::{GraphProto, NodeProto, ValueInfoProto};

/// How many channels pictures have.
const OF_PICTURES: [usize; 3] = [1, 3, 4];

/// The layout that the input's shape and the first operations say; `None` where the shape looks like channels last, or like both, and no operation says one.
///
/// Convolutions, pools and normalizations read channels first; before those, a Transpose to that order says that they came last.
pub(crate) fn found(graph: &GraphProto, images: &ValueInfoProto) -> Option<Layout> {
    let &[_, first, _, last] = &*input::fixed_sides(images) else { return Some(Layout::ChannelsFirst) };
    let has_pictures = |side: Option<usize>| side.is_some_and(|side| OF_PICTURES.contains(&side));
    let [is_first, is_last] = [first, last].map(has_pictures);
    match first_reader(graph, images.name()) {
        Some(Layout::ChannelsLast) if is_last || !is_first => Some(Layout::ChannelsLast),
        None if is_last && !is_first => None,
        // Colors at both ends: a picture of three or four rows or columns.
        None if is_last && first > Some(1) && last > Some(1) => None,
        _ => Some(Layout::ChannelsFirst),
    }
}

/// What the first operations that know channels say, where they agree.
fn first_reader(graph: &GraphProto, images: &str) -> Option<Layout> {
    let mut said = None;
    let mut values = vec![images];
    for node in &graph.node {
        if !node.input.iter().any(|name| values.contains(&name.as_str())) {
            continue;
        }
        match reads(node) {
            Some(Reads::Scalars) => values.extend(node.output.iter().map(String::as_str)),
            Some(Reads::Channels(layout)) if said.is_none_or(|said| said == layout) => said = Some(layout),
            Some(Reads::Channels(_)) => return None,
            None => {}
        }
    }
    said
}

/// What an operation takes its input for.
enum Reads {
    /// Each scalar alone, whatever its place.
    Scalars,
    Channels(Layout),
}

/// `None` where the operation says nothing of channels.
fn reads(node: &NodeProto) -> Option<Reads> {
    Some(match node.op_type() {
        "Cast" | "Identity" | "Add" | "Sub" | "Mul" | "Div" | "Relu" | "Clip" | "Tanh" | "Sigmoid"
        | "LeakyRelu" | "Dropout" => Reads::Scalars,
        "Conv"
        | "MaxPool"
        | "AveragePool"
        | "GlobalAveragePool"
        | "GlobalMaxPool"
        | "BatchNormalization"
        | "InstanceNormalization"
        | "LRN" => Reads::Channels(Layout::ChannelsFirst),
        "Transpose" => {
            let order = node.attribute.iter().find(|attribute| attribute.name() == "perm")?;
            if order.ints != [0, 3, 1, 2] {
                return None;
            }
            Reads::Channels(Layout::ChannelsLast)
        }
        _ => return None,
    })
}
