//! A file as a whole: all outputs, the layout of its images, and the names of its parameters.

use crate::error::OnnxError;
use crate::input;
use crate::layout::Layout;
use crate::layout_search;
use crate::proto::{ModelProto, ValueInfoProto};
use crate::read::{File, Plan, bytes_of, decoded};
use core_net::Net;
use std::collections::HashMap;
use std::path::Path;

/// The net of an ONNX file with all its outputs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Model {
    /// The nodes of all outputs that are read, in the file's order; images are `[channels, height, width]`.
    pub net: Net,
    /// What the file reads, the images first.
    pub inputs: Vec<Input>,
    /// The outputs that are read, in the file's order.
    pub outputs: Vec<Output>,
    /// The file's first output, read or not.
    pub first_output: Option<String>,
    /// The outputs that are not, and why.
    pub unread: Vec<UnreadOutput>,
    /// Where the file has an image's channels.
    pub layout: Layout,
    /// The nodes, beside the input, whose activations are `[channels, height, width]` here and channels last in the file.
    pub moved: Vec<String>,
    /// By node, what the file calls its parameters, without `.weight`.
    pub parameter_names: HashMap<String, String>,
}

/// An input of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its shape as the file says it, such as `[n, 3, 224, 224]`.
    pub shape: String,
}

/// An output of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name in the file.
    pub name: String,
    /// The index of the node that computes it.
    pub node: usize,
}

/// An output that no node of a net computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadOutput {
    /// Its name in the file.
    pub name: String,
    /// Why, without the file's name.
    pub reason: String,
}

/// The net of all outputs of an ONNX file.
///
/// Height and width may be given where the file leaves them open, and the layout where the graph does not say it.
///
/// # Errors
/// As [`read`](crate::read) where no output is read; [`OnnxError::Layout`] where the images' layout is neither known nor given.
pub fn read_model(path: &Path, size: Option<[usize; 2]>, layout: Option<Layout>) -> Result<Model, OnnxError> {
    let proto = decoded(bytes_of(path)?, path)?;
    model(&proto, path, size, layout)
}

pub(crate) fn model(
    proto: &ModelProto,
    path: &Path,
    size: Option<[usize; 2]>,
    layout: Option<Layout>,
) -> Result<Model, OnnxError> {
    let file = File::new(proto, path)?;
    let images = file.images()?;
    let shape = || input::written_shape(images);
    let layout = layout.or_else(|| layout_search::found(file.graph, images)).ok_or_else(|| {
        OnnxError::Layout { path: path.into(), input: images.name().into(), found: shape() }
    })?;
    let (names, unread, (net, plan)) = readable(file, size, layout)?;
    let (net, moved) = match layout {
        Layout::ChannelsFirst => (net, vec![]),
        Layout::ChannelsLast => net
            .with_channels_first()
            .map_err(|source| OnnxError::Build { path: path.into(), source })?
            .ok_or_else(|| file.error("images [n, height, width, channels]", shape()))?,
    };
    let node = |name: &String| net.index_of(name).expect("a node of the plan");
    let outputs = names.iter().zip(&plan.outputs);
    let outputs = outputs.map(|(&name, computed)| Output { name: name.into(), node: node(computed) });
    let input =
        |input: &ValueInfoProto| Input { name: input.name().into(), shape: input::written_shape(input) };
    Ok(Model {
        outputs: outputs.collect(),
        inputs: file.inputs().map(input).collect(),
        first_output: file.graph.output.first().map(|output| output.name().into()),
        net,
        unread,
        layout,
        moved,
        parameter_names: plan.parameters,
    })
}

/// The names of the outputs that make one net, the reasons why others do not, and that net.
type Readable<'a> = (Vec<&'a str>, Vec<UnreadOutput>, (Net, Plan));

fn readable(file: File<'_>, size: Option<[usize; 2]>, layout: Layout) -> Result<Readable<'_>, OnnxError> {
    let all: Vec<&str> = file.graph.output.iter().map(ValueInfoProto::name).collect();
    if all.is_empty() {
        return Err(file.error("an output", "none"));
    }
    if let Ok(net) = file.net_of(size, layout, &all) {
        return Ok((all, vec![], net));
    }
    // One after the other, each with those before it: the order of the file decides where two exclude each other.
    let (mut names, mut unread, mut last, mut refusal) = (vec![], vec![], None, None);
    for name in all {
        names.push(name);
        match file.net_of(size, layout, &names) {
            Ok(net) => last = Some(net),
            Err(error) => {
                names.pop();
                unread.push(UnreadOutput { name: name.into(), reason: without_path(&error, file.path) });
                refusal.get_or_insert(error);
            }
        }
    }
    match (last, refusal) {
        (Some(net), _) => Ok((names, unread, net)),
        (None, Some(error)) => Err(error),
        (None, None) => unreachable!("an output is read or refused"),
    }
}

fn without_path(error: &OnnxError, path: &Path) -> String {
    let text = error.to_string();
    let path = format!("{}: ", path.display());
    text.strip_prefix(&path).map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{integers, model as made, node, ones, value};
    use crate::proto::{NodeProto, TensorProto};
    use core_net::Op;
    use tensor::{DType, seeded, to_f64s, transpose, uniform};

    /// The whole of a made model whose outputs are these.
    fn whole(mut proto: ModelProto, outputs: &[&str], layout: Option<Layout>) -> Result<Model, String> {
        let graph = proto.graph.as_mut().expect("a graph");
        graph.output = outputs.iter().map(|name| value(name, &[])).collect();
        model(&proto, Path::new("model.onnx"), None, layout).map_err(|error| error.to_string())
    }

    fn with_input(nodes: Vec<NodeProto>, stored: Vec<TensorProto>, sides: &[i64]) -> ModelProto {
        let mut proto = made(nodes, stored);
        let sides: Vec<Option<i64>> = [None].into_iter().chain(sides.iter().copied().map(Some)).collect();
        proto.graph.as_mut().expect("a graph").input = vec![value("x", &sides)];
        proto
    }

    #[test]
    fn all_outputs_are_read_and_each_computes_what_it_computes_alone() {
        let first = Some(Layout::ChannelsFirst);
        let nodes = vec![
            node("Flatten", "x", "row", vec![]),
            node("MatMul", "row w", "product", vec![]),
            node("Add", "product b", "sum", vec![]),
            node("Tanh", "product", "tanh", vec![]),
        ];
        let stored = vec![ones("w", &[24, 3]), ones("b", &[3])];
        let found = whole(made(nodes.clone(), stored.clone()), &["sum", "tanh"], first).expect("both");
        let images = uniform(&mut seeded(1, "images"), &[2, 2, 4, 3], 0.1, DType::F32);
        for (output, name) in found.outputs.iter().zip(["sum", "tanh"]) {
            let alone = whole(made(nodes.clone(), stored.clone()), &[name], first).expect("one").net;
            let needed = found.net.needed_for(output.node);
            let [a, b] = [&needed, &alone].map(|net| to_f64s(net.forward(&images).output()));
            assert!(
                output.name == name && a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6),
                "{a:?} {b:?}"
            );
        }
        assert!(found.unread.is_empty());
        assert_eq!(found.inputs, [Input { name: "x".into(), shape: "[open, 2, 4, 3]".into() }]);
    }

    #[test]
    fn outputs_that_are_not_read_are_listed_with_the_reason() {
        let first = Some(Layout::ChannelsFirst);
        let nodes = || vec![node("Erf", "x", "erf", vec![]), node("Relu", "x", "relu", vec![])];
        let found = whole(made(nodes(), vec![]), &["erf", "relu"], first).expect("one of them");
        let reason = "node the Erf: operator Erf is not supported";
        assert_eq!(found.unread, [UnreadOutput { name: "erf".into(), reason: reason.into() }]);
        assert_eq!((&*found.outputs[0].name, found.first_output.as_deref()), ("relu", Some("erf")));
        let error = whole(made(nodes(), vec![]), &["erf"], first).expect_err("none of them");
        assert_eq!(error, format!("model.onnx: {reason}"));
        // Two nodes of one name: the first output stays.
        let twins = vec![node("Relu", "x", "a", vec![]), node("Relu", "x", "b", vec![])];
        let found = whole(made(twins, vec![]), &["a", "b"], first).expect("one of them");
        assert!(found.unread[0].reason.contains("a node of this name already exists"));
    }

    #[test]
    fn the_layout_is_known_from_the_shape_and_the_first_operations_or_asked_for() {
        let to_first = || node("Transpose", "x", "t", vec![integers("perm", &[0, 3, 1, 2])]);
        let with = |nodes: Vec<NodeProto>, sides: &[i64], last: &str| {
            whole(with_input(nodes, vec![ones("w", &[2, 3, 1, 1])], sides), &[last], None)
        };
        let relu = || node("Relu", "x", "y", vec![]);
        let conv = |x: &str| node("Conv", &format!("{x} w"), "c", vec![]);
        let layout = |found: Result<Model, String>| found.map(|model| model.layout).map_err(|_| ());
        let [first, last] = [Layout::ChannelsFirst, Layout::ChannelsLast];
        assert_eq!(layout(with(vec![to_first(), conv("t")], &[5, 6, 3], "c")), Ok(last));
        assert_eq!(layout(with(vec![to_first(), conv("t")], &[3, 3, 3], "c")), Ok(last));
        assert_eq!(layout(with(vec![conv("x")], &[3, 5, 3], "c")), Ok(first));
        assert_eq!(layout(with(vec![conv("x")], &[3, 5, 6], "c")), Ok(first));
        assert_eq!(layout(with(vec![relu()], &[3, 5, 6], "y")), Ok(first));
        assert_eq!(layout(with(vec![relu()], &[7, 5, 6], "y")), Ok(first));
        assert_eq!(layout(with(vec![relu()], &[5, 6, 3], "y")), Err(()));
        assert_eq!(layout(with(vec![relu()], &[3, 5, 3], "y")), Err(()));
        assert_eq!(layout(with(vec![relu()], &[1, 4, 4], "y")), Ok(first));
        assert_eq!(layout(with(vec![to_first()], &[3, 5, 6], "t")), Ok(first));
        let message = with(vec![relu()], &[5, 6, 3], "y").expect_err("no operation says");
        assert!(message.contains("x [open, 5, 6, 3] has an image's channels last"), "{message}");
        let rows = vec![node("Flatten", "x", "r", vec![])];
        let asked = whole(with_input(rows, vec![], &[5, 6, 3]), &["r"], Some(last)).expect("as it is said");
        let images = uniform(&mut seeded(1, "images"), &[2, 5, 6, 3], 1.0, DType::F32);
        let found = asked.net.forward(&transpose(&images, &[0, 3, 1, 2]));
        assert_eq!(to_f64s(found.output()), to_f64s(&images));
        assert!(matches!(asked.net.nodes()[1].op, Op::Transpose(_)));
    }

    #[test]
    fn parameters_are_named_through_what_exporters_do_to_them() {
        let nodes = vec![
            node("Conv", "x onnx::Conv_1 stem.conv.bias", "c", vec![]),
            node("BatchNormalization", "c bn.weight bn.bias bn.mean bn.var", "n", vec![]),
            node("Flatten", "n", "row", vec![]),
            node("Transpose", "fc.weight", "turned", vec![integers("perm", &[1, 0])]),
            node("MatMul", "row turned", "product", vec![]),
            node("Add", "product onnx::Add_7", "sum", vec![]),
            node("Mul", "sum onnx::Mul_8", "y", vec![]),
        ];
        let mut stored: Vec<TensorProto> =
            ["bn.weight", "bn.bias", "bn.mean", "bn.var"].map(|name| ones(name, &[2])).into();
        stored.push(ones("onnx::Conv_1", &[2, 2, 1, 1]));
        stored.push(ones("stem.conv.bias", &[2]));
        stored.push(ones("fc.weight", &[3, 24]));
        stored.push(ones("onnx::Add_7", &[3]));
        stored.push(ones("onnx::Mul_8", &[1]));
        let found = whole(made(nodes, stored), &["y"], None).expect("supported").parameter_names;
        let mut found: Vec<(String, String)> = found.into_iter().collect();
        found.sort();
        let expected = [("the Add", "fc"), ("the BatchNormalization", "bn"), ("the Conv", "stem.conv")];
        assert_eq!(found, expected.map(|(node, name)| (node.into(), name.into())));
    }
}
