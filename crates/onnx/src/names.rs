//! A node of the net goes by the name of the file's node, or by its output's name.

use crate::made::{integer, integers, model, net, node, ones, row};
use crate::proto::ModelProto;

fn names(model: &ModelProto) -> Vec<String> {
    net(model).expect("supported").nodes().iter().map(|node| node.name.clone()).collect()
}

#[test]
fn a_node_without_a_name_goes_by_its_output_s() {
    let mut relu = node("Relu", "x", "y", vec![]);
    assert_eq!(names(&model(vec![relu.clone()], vec![])), ["x", "the Relu"]);
    relu.name = None;
    assert_eq!(names(&model(vec![relu], vec![])), ["x", "y"]);
}

#[test]
fn an_input_and_a_node_may_be_called_input() {
    let mut relu = node("Relu", "x", "y", vec![]);
    relu.name = Some("input".into());
    assert_eq!(names(&model(vec![relu], vec![])), ["x", "input"]);
}

#[test]
fn what_is_folded_leaves_no_node_and_what_the_output_does_not_need_is_left_out() {
    let nodes = vec![
        node("Tanh", "x", "unused", vec![]),
        node("Shape", "x", "sides", vec![]),
        node("Gather", "sides first", "batch", vec![]),
        node("Concat", "batch rest", "target", vec![integer("axis", 0)]),
        node("Reshape", "x target", "y", vec![]),
    ];
    let model = model(nodes, vec![row("first", &[0]), row("rest", &[-1])]);
    assert_eq!(names(&model), ["x", "the Reshape"]);
}

#[test]
fn a_product_with_its_bias_takes_the_sum_s_name() {
    let nodes = |reader: &str| {
        vec![
            node("Flatten", "x", "r", vec![]),
            node("MatMul", "r w", "p", vec![]),
            node(reader, "p b", "y", vec![]),
        ]
    };
    let tensors = || vec![ones("w", &[24, 3]), ones("b", &[3])];
    assert_eq!(names(&model(nodes("Add"), tensors())), ["x", "the Flatten", "the Add"]);
    assert_eq!(names(&model(nodes("Sub"), tensors())), ["x", "the Flatten", "the MatMul", "the Sub"]);
}

#[test]
fn a_node_that_takes_several_steps_gives_its_name_to_the_last() {
    let mean = node("ReduceMean", "x", "y", vec![integers("axes", &[2, 3]), integer("keepdims", 0)]);
    assert_eq!(names(&model(vec![mean], vec![])), ["x", "the ReduceMean.mean", "the ReduceMean"]);
    let softmax = node("Softmax", "x", "y", vec![]);
    let steps = ["x", "the Softmax.first", "the Softmax.softmax", "the Softmax"];
    assert_eq!(names(&model(vec![softmax], vec![])), steps);
}

#[test]
fn of_several_outputs_the_first_is_the_net_s() {
    let mut two = model(vec![node("Relu", "x", "y", vec![]), node("Tanh", "y", "z", vec![])], vec![]);
    two.graph.as_mut().expect("a graph").output.push(super::made::value("z", &[]));
    assert_eq!(names(&two), ["x", "the Relu"]);
}
