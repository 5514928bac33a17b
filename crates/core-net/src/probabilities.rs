//! Class probabilities.

use crate::net::Net;
use crate::operations::Op;
use tensor::{DType, Tensor, softmax};

impl Net {
    /// The probability of every class for each image, from the net's output: its softmax, unless that is the net's last operation.
    ///
    /// **Shape** output `[n, classes]`, or `[n, classes, 1, 1]`; the result is `[n, classes]`, in f64.
    ///
    /// # Panics
    /// If the output is not a batch.
    pub fn probabilities(&self, output: &Tensor) -> Tensor {
        let rows = output.flatten_from(1).and_then(|rows| rows.to_dtype(DType::F64));
        let rows = rows.expect("a batch, cast in memory");
        if matches!(self.nodes[self.output()].op, Op::Softmax) { rows } else { softmax(&rows) }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Builder, Op};
    use tensor::{tensor_of, to_f64s};

    #[test]
    fn logits_their_softmax_and_its_logarithm_say_the_same() {
        let image = tensor_of(vec![0.0f64, 2.0f64.ln(), 5.0f64.ln()], &[1, 3, 1, 1]);
        let start = || Builder::new(&[3, 1, 1]);
        for net in [
            start().identity("logits"),
            start().node("softmax", Op::Softmax),
            start().node("log", Op::LogSoftmax),
        ] {
            let net = net.build().expect("it fits");
            let found = net.probabilities(net.forward(&image).output());
            assert_eq!(found.dims(), [1, 3]);
            let expected = [0.125, 0.25, 0.625];
            assert!(to_f64s(&found).iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        }
    }
}
