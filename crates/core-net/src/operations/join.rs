//! Operations that read several nodes.

use super::{Join, Operation, Reach, Shape, Step, misfit};
use tensor::{Tensor, add, concat, split};

impl Join {
    /// What each of the nodes read, whose shapes are those of one image, gets of the signal.
    pub fn split(self, signal: &Tensor, inputs: &[&[usize]]) -> Vec<Tensor> {
        match self {
            Join::Concat => split(signal, &inputs.iter().map(|input| input[0]).collect::<Vec<_>>()),
            Join::Add => vec![signal.clone(); inputs.len()],
        }
    }
}

impl Operation for Join {
    fn kind(&self) -> &'static str {
        match self {
            Join::Concat => "concat",
            Join::Add => "add",
        }
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        match self {
            Join::Concat => concatenated(inputs),
            Join::Add => match inputs.iter().find(|other| **other != inputs[0]) {
                Some(other) => misfit(format!("terms of one shape, {:?}", inputs[0]), format!("{other:?}")),
                None => Ok(inputs[0].to_vec()),
            },
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        match self {
            Join::Concat => concat(inputs),
            Join::Add => inputs[1..].iter().fold(inputs[0].clone(), |sum, term| add(&sum, term)),
        }
    }

    fn adjoint(&self, _: &Step) -> Tensor {
        unreachable!("a join has several inputs; its signal is split before any rule")
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn as_join(&self) -> Option<Join> {
        Some(*self)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        Some(match self {
            Join::Concat => 1.0,
            Join::Add => (inputs.len() as f64).sqrt(),
        })
    }
}

fn concatenated(inputs: &[&[usize]]) -> Shape {
    let Some((_, rest)) = inputs[0].split_first() else { return misfit("channels", "a single scalar") };
    match inputs.iter().find(|input| input.get(1..) != Some(rest)) {
        Some(other) => misfit(format!("[channels, ...] over {rest:?} from every node"), format!("{other:?}")),
        None => Ok([&[inputs.iter().map(|input| input[0]).sum()], rest].concat()),
    }
}
