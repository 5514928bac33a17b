//! A net of images with their channels last, as one of images with their channels first.

use crate::builder::{BuildError, Builder};
use crate::net::{Net, Node};
use crate::operations::{Affine, Op, Transpose};
use tensor::Tensor;

/// By axis of `[n, c, h, w]`, that of `[n, h, w, c]`.
const TO_FIRST: [usize; 4] = [0, 3, 1, 2];
/// And back.
const TO_LAST: [usize; 4] = [0, 2, 3, 1];

impl Net {
    /// The net of images `[channels, height, width]` that computes what this one does of images `[height, width, channels]`,
    /// and the names of the nodes beside the input whose activations changed places too.
    ///
    /// Where this net's first step is the Transpose to channels first, perhaps after functions of single scalars, it becomes the identity;
    /// what else reads the image reads it through a Transpose. `None` if images have no three sides.
    ///
    /// # Errors
    /// If the name of a node that has to be added is taken.
    pub fn with_channels_first(&self) -> Result<Option<(Net, Vec<String>)>, BuildError> {
        let &[height, width, channels] = &*self.nodes[0].shape else { return Ok(None) };
        let moved = self.moved();
        let images = Builder::new(&[channels, height, width]).build()?.with_input_name(&self.nodes[0].name);
        let mut builder = Builder::on(images);
        let last = format!("{}.channels_last", self.nodes[0].name);
        let reads_last =
            |&index: &usize| self.nodes[index].inputs.contains(&0) && !self.takes_moved(&moved, index);
        if (1..self.nodes.len()).any(|index| reads_last(&index)) {
            builder = builder.node(&last, Transpose(TO_LAST.to_vec()));
        }
        for (index, node) in self.nodes.iter().enumerate().skip(1) {
            let op = if moved[index] {
                moved_op(&node.op, &self.nodes[0].shape)
            } else if self.takes_moved(&moved, index) {
                Op::Identity
            } else {
                node.op.clone()
            };
            let name = |&input: &usize| match input {
                0 if reads_last(&index) => &*last,
                _ => &*self.nodes[input].name,
            };
            let inputs: Vec<&str> = node.inputs.iter().map(name).collect();
            builder = builder.join(&node.name, op, &inputs).stored_as(&node.stored_as);
        }
        let names = self.nodes.iter().zip(&moved).skip(1).filter(|(_, moved)| **moved);
        let names = names.map(|(node, _)| node.name.clone()).collect();
        Ok(Some((builder.build()?, names)))
    }

    /// Whether a node can read moved activations: it is moved itself, or the Transpose that moves them.
    fn takes_moved(&self, moved: &[bool], index: usize) -> bool {
        moved[index] || is_transpose(&self.nodes[index], &self.nodes[0].shape)
    }

    /// By node, whether its activation has its channels first once the image has: the image,
    /// and functions of single scalars of such nodes that only such nodes or the Transpose read.
    fn moved(&self) -> Vec<bool> {
        let mut moved = vec![true; self.nodes.len()];
        loop {
            let before = moved.clone();
            for (index, node) in self.nodes.iter().enumerate().skip(1) {
                let reads_moved = node.inputs.iter().all(|&input| moved[input]);
                let mut readers = (index..self.nodes.len())
                    .filter(|&reader| self.nodes[reader].inputs.contains(&index))
                    .peekable();
                let is_read = readers.peek().is_some();
                moved[index] = moved[index]
                    && reads_moved
                    && is_of_scalars(&node.op)
                    && is_read
                    && readers.all(|reader| self.takes_moved(&moved, reader));
            }
            if moved == before {
                return moved;
            }
        }
    }
}

fn is_transpose(node: &Node, image: &[usize]) -> bool {
    let to_first: Vec<usize> = TO_FIRST[1..].iter().map(|&axis| image[axis - 1]).collect();
    matches!(&node.op, Op::Transpose(Transpose(order)) if *order == TO_FIRST) && node.shape == to_first
}

fn is_of_scalars(op: &Op) -> bool {
    matches!(op, Op::ElementWise(_) | Op::Affine(_) | Op::Identity | Op::Dropout | Op::Add)
}

/// The operation on moved activations.
fn moved_op(op: &Op, image: &[usize]) -> Op {
    let Op::Affine(Affine { scale, shift }) = op else { return op.clone() };
    let (scale, shift) = (moved_constant(scale, image), moved_constant(shift, image));
    match (per_channel(&scale), per_channel(&shift)) {
        (Some(scale), Some(shift)) => Affine { scale, shift }.into(),
        _ => Affine { scale, shift }.into(),
    }
}

/// The constant, one scalar for each of the image's first axis or for each scalar, over the moved image.
fn moved_constant(constant: &Tensor, image: &[usize]) -> Tensor {
    let rows = if constant.rank() == 1 {
        let first = if constant.stride() == [0] { constant.narrow(0, 0, 1) } else { Ok(constant.clone()) };
        first.and_then(|first| first.reshape(((), 1, 1))?.broadcast_as(image))
    } else {
        Ok(constant.clone())
    };
    let moved = rows.and_then(|rows| rows.permute((2, 0, 1)));
    moved.expect("a constant of the image's shape")
}

/// The scalar of each channel, where all places of a map see the same one.
fn per_channel(constant: &Tensor) -> Option<Tensor> {
    let sides = constant.dims().iter().zip(constant.stride()).skip(1);
    let is_spread = sides.clone().all(|(&side, &stride)| side == 1 || stride == 0);
    let column = || constant.narrow(1, 0, 1)?.narrow(2, 0, 1)?.flatten_all();
    is_spread.then(|| column().expect("a map of at least one place"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ElementWise;
    use crate::random_net::random;
    use tensor::{Conv, DType, seeded, tensor_of, to_f64s, transpose};

    /// `(x − mean) / std` of images with channels last, then the Transpose and a convolution, as TensorFlow's files have it.
    fn file(first: impl Fn(Builder) -> Builder) -> Net {
        let weight = random(&mut seeded(1, "weight"), &[4, 3, 2, 2]);
        first(Builder::new(&[5, 6, 3]))
            .node("to_first", Transpose(TO_FIRST.to_vec()))
            .conv("conv", weight, None, Conv::default())
            .relu("relu")
            .build()
            .expect("it fits")
    }

    fn by_channel(values: [f64; 3]) -> Tensor {
        tensor_of(values.to_vec(), &[3]).broadcast_as((5, 6, 3)).expect("a broadcast")
    }

    #[track_caller]
    fn computes_the_same(net: &Net) -> Net {
        let (first, moved) = net.with_channels_first().expect("free names").expect("three sides");
        let images = random(&mut seeded(2, "images"), &[2, 5, 6, 3]);
        let trace = net.forward(&images);
        let found = first.forward(&transpose(&images, &TO_FIRST));
        for (index, node) in net.nodes().iter().enumerate() {
            let place = first.index_of(&node.name).expect("its node");
            let is_moved = index == 0 || moved.contains(&node.name);
            let activation = found.activation(place);
            let activation = if is_moved { transpose(activation, &TO_LAST) } else { activation.clone() };
            assert_eq!(to_f64s(&activation), to_f64s(trace.activation(index)), "{}", node.name);
        }
        first
    }

    #[test]
    fn the_transpose_at_the_front_vanishes_and_a_normalization_before_it_moves() {
        computes_the_same(&file(|builder| builder));
        let affine = |builder: Builder| {
            let normalize = Affine { scale: by_channel([2.0, 0.5, 1.0]), shift: by_channel([0.1, 0.2, 0.3]) };
            builder.node("normalize", normalize).node("clip", ElementWise::Clip { low: -0.5, high: 0.5 })
        };
        let net = computes_the_same(&file(affine));
        let Op::Affine(Affine { scale, .. }) = &net.nodes()[1].op else { panic!("a normalization") };
        assert_eq!(scale.dims(), [3]);
        assert!(matches!(net.nodes()[3].op, Op::Identity));
        assert_eq!(net.receptive_field(4).size, [2, 2]);
    }

    #[test]
    fn what_is_of_one_scalar_or_of_one_row_moves_too() {
        let rows = random(&mut seeded(3, "rows"), &[5]);
        let one = tensor_of(vec![0.5f64], &[1]).broadcast_as(5).expect("a broadcast");
        let net = computes_the_same(&file(|builder| {
            builder.affine("rows", rows.clone(), rows.clone()).affine("one", one.clone(), one.clone())
        }));
        let Op::Affine(Affine { scale, .. }) = &net.nodes()[2].op else { panic!("a product") };
        assert_eq!(scale.dims(), [3]);
    }

    #[test]
    fn what_reads_channels_last_reads_them_so() {
        let net = Builder::new(&[5, 6, 3]).relu("relu").flatten("flatten").build().expect("it fits");
        let first = computes_the_same(&net);
        assert_eq!(first.nodes()[1].name, "input.channels_last");
        let both = Builder::on(file(|builder| builder)).after("input").flatten("flatten").build();
        computes_the_same(&both.expect("it fits"));
    }

    #[test]
    fn a_row_has_no_layout() {
        let net = Builder::new(&[5]).relu("relu").build().expect("it fits").to_dtype(DType::F32);
        assert!(net.with_channels_first().expect("nothing to build").is_none());
    }
}
