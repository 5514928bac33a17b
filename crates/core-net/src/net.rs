//! A net is data: nodes in topological order, each an operation with the nodes it reads.

use crate::operations::Op;
use tensor::{DType, Device, Tensor};

/// One step of the computation.
#[derive(Clone, Debug)]
pub struct Node {
    /// Unique within the net.
    pub name: String,
    /// What it computes.
    pub op: Op,
    /// The nodes it reads, all of them earlier.
    pub inputs: Vec<usize>,
    /// **Shape** of one image's output, without the batch.
    pub shape: Vec<usize>,
    /// Prefix of its parameters' names in weight files; its name, unless set by [`Builder::stored_as`](crate::Builder::stored_as).
    pub stored_as: String,
}

/// Nodes in topological order; the first is the input, the last the output. Made by [`Builder`](crate::Builder).
#[derive(Clone, Debug)]
pub struct Net {
    pub(crate) nodes: Vec<Node>,
}

impl Net {
    /// The nodes, in the order they are computed.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The net with another name for its input.
    ///
    /// # Panics
    /// If another node has this name.
    pub fn with_input_name(mut self, name: &str) -> Net {
        let index = self.index_of(name).unwrap_or(0);
        assert_eq!(index, 0, "with_input_name: node {index} is called {name} already");
        name.clone_into(&mut self.nodes[0].name);
        self
    }

    /// The index of the node of this name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    /// A name that no node has: this one, or with a number behind it.
    ///
    /// # Panics
    /// Never: there is one more name than nodes.
    pub fn unused_name(&self, name: &str) -> String {
        let numbered = (0..self.nodes.len()).map(|number| format!("{name}{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| self.index_of(name).is_none()).expect("one name more than nodes")
    }

    /// The index of the last node.
    pub fn output(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Every parameter by its full name in weight files, such as `fc1.weight`, in the order of the nodes.
    pub fn parameters(&self) -> Vec<(String, &Tensor)> {
        let mut parameters = Vec::new();
        for node in &self.nodes {
            let named = |(part, tensor)| (format!("{}.{part}", node.stored_as), tensor);
            parameters.extend(node.op.parameters().into_iter().map(named));
        }
        parameters
    }

    /// Every parameter, to be replaced by another of its shape and scalar type, in the order of [`Net::parameters`].
    ///
    /// Shapes are not checked again: a pass over a parameter of another shape panics.
    pub fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.nodes.iter_mut().flat_map(|node| node.op.parameters_mut()).collect()
    }

    /// The parameters of one node, to be replaced as those of [`Net::parameters_mut`].
    ///
    /// # Panics
    /// If there is no such node.
    pub fn node_parameters_mut(&mut self, node: usize) -> Vec<&mut Tensor> {
        self.nodes[node].op.parameters_mut()
    }

    /// The same net with parameters and constants of this scalar type.
    ///
    /// # Panics
    /// If candle cannot cast to the type.
    pub fn to_dtype(&self, dtype: DType) -> Net {
        let mut net = self.clone();
        for tensor in net.nodes.iter_mut().flat_map(|node| node.op.tensors_mut()) {
            *tensor = tensor.to_dtype(dtype).expect("a cast in memory");
        }
        net
    }

    /// The same net with parameters and constants on this device: there the layers that have them are computed.
    ///
    /// # Panics
    /// If candle cannot copy to the device.
    pub fn to_device(&self, device: &Device) -> Net {
        let mut net = self.clone();
        for tensor in net.nodes.iter_mut().flat_map(|node| node.op.tensors_mut()) {
            *tensor = tensor.to_device(device).expect("a copy to the device");
        }
        net
    }

    /// The nodes up to and including this one, as a net of their own.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn up_to(&self, node: usize) -> Net {
        Net { nodes: self.nodes[..=node].to_vec() }
    }

    /// Only the nodes that this one needs, as a net of their own, in their order and itself last.
    ///
    /// The input stays, even where the node does not need it.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn needed_for(&self, node: usize) -> Net {
        let mut needed = vec![false; node + 1];
        (needed[0], needed[node]) = (true, true);
        for index in (1..=node).rev() {
            if needed[index] {
                self.nodes[index].inputs.iter().for_each(|&input| needed[input] = true);
            }
        }
        let place = |index: usize| needed[..index].iter().filter(|&&needed| needed).count();
        let kept = (0..=node).filter(|&index| needed[index]).map(|index| {
            let inputs = self.nodes[index].inputs.iter().map(|&input| place(input)).collect();
            Node { inputs, ..self.nodes[index].clone() }
        });
        Net { nodes: kept.collect() }
    }

    /// The nodes above this one, as a net of their own, whose image is this node's activation.
    ///
    /// Its parameters are the last of [`Net::parameters`].
    ///
    /// # Panics
    /// If there is no such node, or a node above it reads one below it.
    pub fn above(&self, node: usize) -> Net {
        let mut nodes = self.nodes[node..].to_vec();
        for above in &mut nodes[1..] {
            for input in &mut above.inputs {
                *input = input.checked_sub(node).unwrap_or_else(|| {
                    panic!("above {}: {} reads a node below it", self.nodes[node].name, above.name)
                });
            }
        }
        (nodes[0].op, nodes[0].inputs) = (Op::Input, vec![]);
        Net { nodes }
    }
}

#[cfg(test)]
mod tests {
    use crate::random_net::{random, random_net};
    use crate::{Builder, zoo};
    use tensor::{DType, seeded, to_f64s, uniform};

    #[test]
    fn what_is_above_a_node_computes_the_rest_of_the_net() {
        let net = zoo::fully_connected(&[1, 3, 4], &[6, 5, 4], 7);
        let trace = net.forward(&uniform(&mut seeded(8, "images"), &[2, 1, 3, 4], 1.0, DType::F32));
        for node in 0..net.nodes().len() {
            let above = net.above(node);
            let output = above.forward(trace.activation(node)).output().clone();
            assert_eq!(to_f64s(&output), to_f64s(trace.output()), "{}", net.nodes()[node].name);
            let (all, some) = (net.parameters(), above.parameters());
            let names = |parameters: &[(String, &tensor::Tensor)]| {
                parameters.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
            };
            assert_eq!(names(&some), names(&all[all.len() - some.len()..]));
        }
    }

    #[test]
    fn what_a_node_needs_computes_it_and_nothing_else() {
        let mut rng = seeded(9, "nets");
        for _ in 0..50 {
            let net = random_net(&mut rng, 5);
            let images = random(&mut rng, &[&[2], &*net.nodes()[0].shape].concat());
            let trace = net.forward(&images);
            for node in 0..net.nodes().len() {
                let needed = net.needed_for(node);
                assert_eq!(needed.nodes()[needed.output()].name, net.nodes()[node].name);
                assert_eq!(to_f64s(needed.forward(&images).output()), to_f64s(trace.activation(node)));
                let read = |index| needed.nodes().iter().any(|reader| reader.inputs.contains(&index));
                assert!((1..needed.output()).all(read));
            }
        }
    }

    #[test]
    #[should_panic(expected = "above left: sum reads a node below it")]
    fn a_net_is_not_cut_where_a_way_leads_past() {
        let net = Builder::new(&[3]).sigmoid("left").add("sum", &["input", "left"]).build().expect("it fits");
        let _ = net.above(1);
    }
}
