//! A net with an operation before it, such as the normalization of its images.

use crate::builder::{BuildError, Builder};
use crate::net::Net;
use crate::operations::Op;

impl Net {
    /// The net that computes `net(op(x))`: the operation, called `name`, is read by all that read the input.
    ///
    /// With `input = scale · pixel + shift` as the operation it becomes a function of pixels.
    ///
    /// # Errors
    /// When the name is taken, or the operation changes the image's shape or does not fit it.
    pub fn with_preprocessing(&self, name: &str, op: impl Into<Op>) -> Result<Net, BuildError> {
        let mut builder = Builder::new(&self.nodes[0].shape).node(name, op);
        for node in &self.nodes[1..] {
            let read = |&index: &usize| if index == 0 { name } else { &*self.nodes[index].name };
            let inputs: Vec<&str> = node.inputs.iter().map(read).collect();
            builder = builder.join(&node.name, node.op.clone(), &inputs).stored_as(&node.stored_as);
        }
        builder.build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::Affine;
    use crate::random_net::{random, random_net};
    use tensor::{DType, affine, seeded, tensor_of, to_f64s};

    #[test]
    fn the_operation_comes_first_whatever_the_net_and_parameters_keep_their_names() {
        let mut rng = seeded(1, "nets");
        for _ in 0..20 {
            let net = random_net(&mut rng, 4);
            let shape = &net.nodes()[0].shape;
            let pixels = random(&mut rng, &[&[2], &shape[..]].concat());
            let values = |v: f64| tensor_of(vec![v; shape[0]], &shape[..1]).to_dtype(DType::F64).unwrap();
            let [scale, shift] = [2.5, -0.5].map(values);
            let op = Affine { scale: scale.clone(), shift: shift.clone() };
            let preprocessed = net.with_preprocessing("normalize", op).unwrap();
            let expected = net.forward(&affine(&pixels, &scale, &shift));
            assert_eq!(to_f64s(preprocessed.forward(&pixels).output()), to_f64s(expected.output()));
            let names = |net: &Net| net.parameters().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
            assert_eq!(names(&preprocessed), names(&net));
        }
    }

    #[test]
    fn a_taken_name_and_another_shape_are_refused() {
        let net = Builder::new(&[1, 2, 2]).flatten("flatten").build().unwrap();
        assert!(net.with_preprocessing("flatten", Op::Identity).is_err());
        let net = crate::zoo::untrained("lenet", 10, [28, 28], 1);
        assert!(net.with_preprocessing("pool", Op::GlobalMeanPool).is_err());
    }
}
