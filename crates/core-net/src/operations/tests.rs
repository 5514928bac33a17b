//! What the tests of several operations share, and what holds of each.

use super::*;
use crate::random_net::random;
use crate::{Builder, Net};
use std::path::Path;
use tensor::{seeded, tensor_of, to_f64s};

pub(crate) fn zeros(shape: &[usize]) -> Tensor {
    tensor_of(vec![0.0f32; shape.iter().product()], shape)
}

/// The shape that an operation makes of `[2, 6, 5]`, or what is wrong with it.
pub(super) fn output_of(op: impl Into<Op>) -> Result<Vec<usize>, String> {
    let net = Builder::new(&[2, 6, 5]).node("a", op).build().map_err(|error| error.to_string())?;
    Ok(net.nodes()[1].shape.clone())
}

impl Example {
    /// The operation alone in a net; a join reads the image and its hyperbolic tangent.
    pub(crate) fn net(&self) -> Net {
        let builder = Builder::new(&self.input);
        let builder = if self.op.is_join() {
            builder.node("other", ElementWise::Tanh).join("op", self.op.clone(), &["input", "other", "input"])
        } else {
            builder.node("op", self.op.clone())
        };
        builder.build().expect("an example that fits")
    }
}

#[test]
fn every_operation_has_examples() {
    assert!(Op::examples().iter().all(|examples| !examples.is_empty()));
}

#[test]
fn a_description_leads_to_the_operation_of_its_name_and_settings() {
    let net = crate::description::parse(&every_operation(), Path::new("net.toml")).expect("a net");
    let described = examples().iter().enumerate().filter(|(_, example)| !matches!(example.op, Op::Affine(_)));
    for (index, example) in described {
        let op = &net.nodes()[net.index_of(&index.to_string()).expect("a node for each example")].op;
        assert_eq!((op.kind(), op.to_string()), (example.op.kind(), example.op.to_string()));
        let sizes =
            |op: &Op| op.parameters().iter().map(|(_, tensor)| tensor.dims().to_vec()).collect::<Vec<_>>();
        assert_eq!(sizes(op), sizes(&example.op));
    }
}

#[test]
fn every_adjoint_is_linear_in_the_signal_and_has_the_shape_of_what_was_read() {
    let mut rng = seeded(3, "signals");
    for example in examples().iter().filter(|example| !example.op.is_join()) {
        let input = random(&mut rng, &[&[2], &*example.input].concat());
        let (output, switches) = example.op.operation().forward_with_switches(&[&input]);
        let [a, b] = [(); 2].map(|()| random(&mut rng, output.dims()));
        let adjoint = |signal: &Tensor| {
            let (op, input, output, switches) = (&example.op, &input, &output, switches.as_ref());
            Step { op, input, output, switches, signal }.adjoint()
        };
        let [both, first, second] = [&(&a + &b).expect("a sum"), &a, &b].map(adjoint);
        assert_eq!(both.dims(), input.dims(), "{example:?}");
        let sums = to_f64s(&first).into_iter().zip(to_f64s(&second)).map(|(a, b)| a + b);
        assert!(to_f64s(&both).iter().zip(sums).all(|(a, b)| (a - b).abs() < 1e-12), "{example:?}");
    }
}

#[test]
fn an_operation_with_parameters_has_a_gradient_for_each_and_can_have_them_replaced() {
    for example in examples() {
        let mut op = example.op.clone();
        let parameters = op.parameters().len();
        assert_eq!(op.parameters_mut().len(), parameters, "{example:?}");
        assert!(op.tensors_mut().len() >= parameters, "{example:?}");
        let images = random(&mut seeded(4, "images"), &[&[2], &*example.input].concat());
        let output = example.net().forward(&images).output().clone();
        let sizes = |tensors: Vec<Tensor>| tensors.iter().map(|t| t.dims().to_vec()).collect::<Vec<_>>();
        let gradients = op.operation().parameter_gradients(&images, &output);
        let parameters = op.parameters().into_iter().map(|(_, tensor)| tensor.clone()).collect();
        assert_eq!(sizes(gradients), sizes(parameters), "{example:?}");
    }
}
