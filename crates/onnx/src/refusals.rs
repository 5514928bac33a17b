//! What is not supported is refused by name, with the node, what was expected and what was found.

use crate::made::{integer, integers, model, net, node, ones, row, text, value};
use crate::proto::{AttributeProto, ModelProto, TensorProto};

fn refusal(model: &ModelProto) -> String {
    net(model).err().unwrap_or_else(|| "read".into())
}

/// Each operator and its inputs, with these attributes, is refused with this message behind its name.
fn are_refused(stored: &[TensorProto], cases: Vec<(&str, Vec<AttributeProto>, &str)>) {
    for (node_and_inputs, attributes, message) in cases {
        let (operator, inputs) = node_and_inputs.split_once(' ').expect("an operator and its inputs");
        let expected = format!("node the {operator} ({operator}): expected {message}");
        let node = node(operator, inputs, "y", attributes);
        assert_eq!(refusal(&model(vec![node], stored.to_vec())), expected);
    }
}

#[test]
fn an_operator_that_no_node_computes_is_named_with_its_node() {
    for operator in ["ConvTranspose", "LSTM", "If", "Resize", "InstanceNormalization"] {
        let model = model(vec![node(operator, "x", "y", vec![])], vec![]);
        assert_eq!(refusal(&model), format!("node the {operator}: operator {operator} is not supported"));
    }
    let mut foreign = node("Gelu", "x", "y", vec![]);
    foreign.domain = Some("com.microsoft".into());
    foreign.name = None;
    let message = refusal(&model(vec![foreign], vec![]));
    assert_eq!(message, "node y: operator com.microsoft::Gelu is not supported");
}

#[test]
fn windows_that_do_not_fit_are_refused() {
    let kernel = |sides: &[i64]| integers("kernel_shape", sides);
    let zero_stride = vec![kernel(&[2, 2]), integers("strides", &[0, 1])];
    let pads = integers("pads", &[-1, 0, 0, 0]);
    let three_channels =
        "weight [outputs, 2 / 1, height, width] with outputs divisible by 1, found [1, 3, 1, 1]";
    let auto_pad = "NOTSET, VALID, SAME_UPPER or SAME_LOWER as auto_pad, found \"SOME\"";
    let cases = vec![
        ("MaxPool x", vec![], "a kernel_shape, found none"),
        ("MaxPool x", vec![kernel(&[2; 3])], "2 integers from 1 to 65535 as kernel_shape, found [2, 2, 2]"),
        ("AveragePool x", zero_stride, "2 integers from 1 to 65535 as strides, found [0, 1]"),
        ("Conv x w", vec![pads], "4 integers from 0 to 65535 as pads, found [-1, 0, 0, 0]"),
        ("Conv x w", vec![kernel(&[3, 3])], "kernel_shape [2, 2], found [3, 3]"),
        ("Conv x w", vec![text("auto_pad", "SOME")], auto_pad),
        ("Conv x three", vec![], three_channels),
        ("Conv x w", vec![integer("group", -2)], "a positive group, found -2"),
    ];
    are_refused(&[ones("w", &[1, 2, 2, 2]), ones("three", &[1, 3, 1, 1])], cases);
}

#[test]
fn variants_with_another_meaning_are_refused() {
    let axis = |axis: i64| vec![integer("axis", axis)];
    let stored = [
        row("none", &[0; 8]),
        row("channels", &[0, 1, 0, 0, 0, 0, 0, 0]),
        row("rest", &[1, -1]),
        row("twelve", &[-1, 12]),
        row("one", &[1]),
    ];
    let channels = "widths from 0 to 65535 around height and width only, \
                    found [0, 1, 0, 0, 0, 0, 0, 0] around axes [0, 1, 2, 3]";
    let order = "an order of the axes 0 to 3 with the batch, 0, first, found [3, 2, 1, 0]";
    let mean = "a mean over height and width, found axes [1] of 4";
    let cast = "a cast between floating-point types, or of constants, found a cast to data type 7";
    let cases = vec![
        ("Flatten x", axis(2), "one row for each image, axis 1, found axis 2"),
        ("Concat x x", axis(2), "channels concatenated, axis 1, found axis 2"),
        ("Concat x x", axis(4), "an axis of 4, found axis 4"),
        ("Softmax x", axis(0), "an axis other than the batch's, found axis 0"),
        ("LRN x", vec![integer("size", 4)], "an odd size of at most 5, found size 4"),
        ("Pad x none", vec![text("mode", "reflect")], "mode constant, found mode reflect"),
        ("Pad x channels", vec![], channels),
        ("Reshape x rest", vec![], "a shape of [2, 4, 3] for each image, the batch first, found [1, -1]"),
        ("Reshape x twelve", vec![], "a shape of [2, 4, 3] for each image, the batch first, found [-1, 12]"),
        ("Transpose x", vec![], order),
        ("ReduceMean x", vec![integers("axes", &[1])], mean),
        ("Squeeze x one", vec![], "an axis of size 1, found axis 1"),
        ("Cast x", vec![integer("to", 7)], cast),
    ];
    are_refused(&stored, cases);
}

#[test]
fn constants_that_do_not_fit_are_refused() {
    let shapes = [("row", &[3, 1, 1][..]), ("batch", &[2, 2, 4, 3]), ("matrix", &[24, 1])];
    let vectors = [("one", &[1][..]), ("two", &[2]), ("three", &[3])];
    let stored: Vec<TensorProto> =
        shapes.into_iter().chain(vectors).map(|(name, dims)| ones(name, dims)).collect();
    let training = vec![integer("training_mode", 1)];
    let unknown = "inputs that the net's one input or an earlier node computes, or that are stored, found z";
    let in_training =
        "training_mode = 0, found training_mode = 1: exported in training mode; call .eval() first";
    let text_as_number = "a number as alpha, found an attribute alpha of another type";
    let cases = vec![
        ("Add x row", vec![], "a constant that fits [2, 4, 3] of every image, found [3, 1, 1]"),
        ("Mul batch x", vec![], "a constant that fits [2, 4, 3] of every image, found [2, 2, 4, 3]"),
        ("Mul x x", vec![], "an activation and a constant, found two activations"),
        ("Div one x", vec![], "a constant divisor, found an activation"),
        ("Conv x x", vec![], "a constant as input 1, found an activation, x"),
        ("Conv x", vec![], "2 inputs, found no input 1"),
        ("Gemm x matrix", vec![], "one row for each image, found [2, 4, 3] for each"),
        ("Relu one", vec![], "an activation, found constant floating-point numbers [1]"),
        ("Clip x two", vec![], "one number, found floating-point numbers [2]"),
        ("BatchNormalization x two two two three", vec![], "[2] as input 4, found [3]"),
        ("BatchNormalization x two two two two", training, in_training),
        ("Relu z", vec![], unknown),
        ("LeakyRelu x", vec![text("alpha", "0.1")], text_as_number),
    ];
    are_refused(&stored, cases);
}

#[test]
fn a_transposed_image_in_gemm_is_refused() {
    let rows = node("Flatten", "x", "r", vec![]);
    let gemm = node("Gemm", "r w", "y", vec![integer("transA", 1)]);
    let message = refusal(&model(vec![rows, gemm], vec![ones("w", &[24, 1])]));
    assert_eq!(message, "node the Gemm (Gemm): expected transA = 0, found transA = 1");
}

#[test]
fn opsets_before_9_and_after_21_are_refused_by_number() {
    for (version, read) in [(8, false), (9, true), (21, true), (22, false), (-1, false)] {
        let mut model = model(vec![node("Relu", "x", "y", vec![])], vec![]);
        model.opset_import[0].version = Some(version);
        let expected = format!("expected an opset from 9 to 21, found {version}");
        assert_eq!(refusal(&model), if read { "read".into() } else { expected });
    }
    let mut without = model(vec![], vec![]);
    without.opset_import.clear();
    assert_eq!(refusal(&without), "expected an opset from 9 to 21, found none");
}

#[test]
fn images_of_open_size_are_refused_with_the_way_out() {
    let mut open = model(vec![node("Relu", "x", "y", vec![])], vec![]);
    open.graph.as_mut().expect("a graph").input = vec![value("x", &[None, Some(2), None, None])];
    let expected = "expected images of a fixed size, found [open, 2, open, open] for input x: export";
    assert!(refusal(&open).starts_with(expected));
}

#[test]
fn inputs_that_are_no_images_are_refused() {
    let with = |sides: &[Option<i64>]| {
        let mut model = model(vec![node("Relu", "x", "y", vec![])], vec![]);
        model.graph.as_mut().expect("a graph").input = vec![value("x", sides)];
        refusal(&model)
    };
    assert_eq!(with(&[]), "expected an input with the batch first as input x, found shape []");
    assert_eq!(with(&[None]), "expected images of at least one side as input x, found shape [open]");
    let huge = with(&[None, Some(3), Some(1 << 40), Some(1)]);
    assert_eq!(huge, "expected sides from 1 to 65535 as input x, found [open, 3, 1099511627776, 1]");
    let mut none = model(vec![node("Relu", "x", "y", vec![])], vec![]);
    none.graph.as_mut().expect("a graph").input.clear();
    assert_eq!(refusal(&none), "expected an input for the images, found none");
}

#[test]
fn two_nodes_of_one_name_are_refused() {
    let relus = vec![node("Relu", "x", "a", vec![]), node("Relu", "a", "y", vec![])];
    assert_eq!(refusal(&model(relus, vec![])), "node the Relu: a node of this name already exists");
}

#[test]
fn a_value_computed_twice_is_refused() {
    let twice = vec![
        node("Relu", "x", "a", vec![]),
        node("Tanh", "x", "a", vec![]),
        node("Sigmoid", "a", "y", vec![]),
    ];
    let expected = "node the Tanh (Tanh): expected an output that nothing else computes, found a second a";
    assert_eq!(refusal(&model(twice, vec![])), expected);
}

#[test]
fn the_indices_of_a_max_pool_are_refused() {
    let mut pool = node("MaxPool", "x", "a", vec![integers("kernel_shape", &[1, 1])]);
    pool.output.push("indices".into());
    let message = refusal(&model(vec![pool, node("Relu", "indices", "y", vec![])], vec![]));
    let expected = "expected its first output to be read only, found indices is read";
    assert_eq!(message, format!("node the MaxPool (MaxPool): {expected}"));
}

#[test]
fn exports_in_training_mode_are_refused_at_every_opset() {
    let names = ["y", "mean", "variance", "saved_mean", "saved_variance"];
    for version in 9..=21 {
        let mut norm = node("BatchNormalization", "x s s s s", "y", vec![]);
        norm.output = names.map(String::from).to_vec();
        if version >= 14 {
            norm.output.truncate(3);
            norm.attribute = vec![integer("training_mode", 1)];
        }
        let mut norm = model(vec![norm], vec![ones("s", &[2])]);
        norm.opset_import[0].version = Some(version);
        let message = refusal(&norm);
        assert!(message.ends_with("exported in training mode; call .eval() first"), "{version}: {message}");
    }
    let mut dropout = node("Dropout", "x", "a", vec![]);
    dropout.output.push("mask".into());
    let message = refusal(&model(vec![dropout, node("Relu", "mask", "y", vec![])], vec![]));
    let mask = "its first output to be read only, found its mask, mask, is read: exported in training mode";
    assert!(message.contains(mask), "{message}");
}
