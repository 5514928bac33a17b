//! Random small nets in f64, on which the tests of a method compare it with its slow twin: every operation, branches, odd sizes.

pub(crate) use crate::operations::random;
use crate::operations::{Op, examples};
use crate::{Builder, Net};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::Conv;

/// A net of `length` random pieces on a small image; some of them branch and join again.
pub fn random_net(rng: &mut ChaCha8Rng, length: usize) -> Net {
    let image = [rng.random_range(1..4), rng.random_range(4..12), rng.random_range(4..12)];
    let mut builder = Builder::new(&image);
    for piece in 0..length {
        builder = match rng.random_range(0..6) {
            0 => fork(builder, rng, piece),
            _ => with_random(builder, rng, &format!("{piece}")),
        };
    }
    if rng.random_range(0..3) == 0 {
        let inputs = builder.shape().iter().product();
        let (weight, bias) = (random(rng, &[3, inputs]), random(rng, &[3]));
        builder = builder.flatten("flatten").linear("linear", weight, bias);
        builder = with_random(builder, rng, "row");
    }
    builder.build().expect("random pieces that fit")
}

/// A region of at most three rows and columns of a map of this height and width.
#[cfg(test)]
pub(crate) fn random_region(rng: &mut ChaCha8Rng, [height, width]: [usize; 2]) -> crate::Region {
    let mut part = |length: usize| {
        let start = rng.random_range(0..length);
        start..rng.random_range(start..length.min(start + 3)) + 1
    };
    crate::Region::from_ranges(part(height), part(width))
}

/// Two branches from one node, added or concatenated.
fn fork(builder: Builder, rng: &mut ChaCha8Rng, piece: usize) -> Builder {
    let [source, left, right, join] =
        ["source", "left", "right", "join"].map(|side| format!("{piece}.{side}"));
    let channels = builder.shape()[0];
    let wide = Conv { padding: [1, 1, 1, 1], ..Conv::default() };
    let (narrow_weight, wide_weight) =
        (random(rng, &[channels, channels, 1, 1]), random(rng, &[channels, channels, 3, 3]));
    let builder = builder.identity(&source);
    let builder = builder.conv(&left, narrow_weight, random(rng, &[channels]), Conv::default());
    let builder = builder.after(&source).conv(&right, wide_weight, None, wide);
    match rng.random_range(0..3) {
        0 => builder.concat(&join, &[&left, &source, &right]),
        1 => builder.add(&join, &[&left, &right, &left]),
        _ => builder.add(&join, &[&source, &right]),
    }
}

/// One random operation that fits, of the kind of an example; often a convolution.
fn with_random(builder: Builder, rng: &mut ChaCha8Rng, name: &str) -> Builder {
    let filters = examples().iter().position(|example| matches!(example.op, Op::Conv(_)));
    loop {
        let any = rng.random_range(0..examples().len());
        let kind = &examples()[if rng.random_range(0..5) == 0 { filters.unwrap_or(any) } else { any }].op;
        let op = kind.operation().random(rng, builder.shape()).unwrap_or_else(|| kind.clone());
        let keeps_axes = |shape: Vec<usize>| shape.len() == builder.shape().len();
        if !op.is_join() && op.output_shape(&[builder.shape()]).is_ok_and(keeps_axes) {
            return builder.node(name, op);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use tensor::seeded;

    #[test]
    fn every_operation_is_drawn() {
        let mut rng = seeded(5, "nets");
        let drawn: BTreeSet<&str> = (0..500)
            .flat_map(|_| {
                random_net(&mut rng, 4).nodes().iter().map(|node| node.op.kind()).collect::<Vec<_>>()
            })
            .collect();
        for example in examples() {
            assert!(drawn.contains(example.op.kind()), "{}", example.op.kind());
        }
    }
}
