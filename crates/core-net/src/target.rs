//! What is explained: one number that a net computes of each image.

use crate::net::Net;
use crate::shape::{Misfit, misfit};
use tensor::{Tensor, tensor_of, to_f64s};

/// One number that a net computes of each image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The class of the largest score, which each image has its own of.
    Top,
    /// This class.
    Class(usize),
    /// The logit of the first class minus that of the second.
    Difference(usize, usize),
    /// A sum of activations of one node.
    Units(Units),
}

/// Units of one channel of a node, whose activations are summed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    /// The node.
    pub node: usize,
    /// The feature map; of a node without space, the unit.
    pub channel: usize,
    /// Where in the map.
    pub places: Places,
}

/// Places of a feature map by their index in it, `y · width + x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Places {
    /// The whole map.
    All,
    /// These.
    Some(Vec<usize>),
}

impl Target {
    /// The class that is meant for an image of these scores; `None` where the target is no class.
    pub fn class(&self, scores: &[f64]) -> Option<usize> {
        match *self {
            Target::Top => {
                Some((1..scores.len()).fold(0, |best, i| if scores[i] > scores[best] { i } else { best }))
            }
            Target::Class(class) => Some(class),
            Target::Difference(..) | Target::Units(_) => None,
        }
    }

    /// # Errors
    /// If there is no such class, node, channel or place.
    pub fn check(&self, net: &Net, classes: Option<usize>) -> Result<(), Misfit> {
        let class = |class: usize| match classes {
            None => misfit("a net that tells classes apart", "plain numbers"),
            Some(classes) if class >= classes => {
                misfit(format!("a class below {classes}"), class.to_string())
            }
            Some(_) => Ok(()),
        };
        match self {
            Target::Top => class(0),
            Target::Class(one) => class(*one),
            Target::Difference(one, other) if one == other => misfit("two classes", format!("{one} twice")),
            Target::Difference(one, other) => class(*one).and_then(|()| class(*other)),
            Target::Units(units) => units.check(net),
        }
    }
}

impl Units {
    /// The sum of the units' activations for each image.
    ///
    /// **Shape** activation `[n, channels, …]`
    ///
    /// # Panics
    /// If there is no such channel or place.
    pub fn sums(&self, activation: &Tensor) -> Vec<f64> {
        let map = activation.narrow(1, self.channel, 1).expect("one of the channels");
        let scalars = to_f64s(&map);
        let size = scalars.len() / activation.dims()[0].max(1);
        let sum = |map: &[f64]| match &self.places {
            Places::All => map.iter().sum(),
            Places::Some(places) => places.iter().map(|&place| map[place]).sum(),
        };
        scalars.chunks_exact(size).map(sum).collect()
    }

    /// The derivative of [`Units::sums`]: 1 at the units, 0 elsewhere, of the activation's shape and type.
    ///
    /// # Panics
    /// As [`Units::sums`].
    pub fn signal(&self, activation: &Tensor) -> Tensor {
        let (n, channels) = (activation.dims()[0], activation.dims()[1]);
        let size: usize = activation.dims()[2..].iter().product();
        let mut ones = vec![0.0; activation.elem_count()];
        for image in 0..n {
            let map = &mut ones[(image * channels + self.channel) * size..][..size];
            match &self.places {
                Places::All => map.fill(1.0),
                Places::Some(places) => places.iter().for_each(|&place| map[place] += 1.0),
            }
        }
        tensor_of(ones, activation.dims()).to_dtype(activation.dtype()).expect("a cast in memory")
    }

    fn check(&self, net: &Net) -> Result<(), Misfit> {
        let Some(node) = net.nodes().get(self.node) else { return misfit("a node of the net", "none") };
        let [channels, rest @ ..] = &node.shape[..] else { return misfit("a node of channels", "a scalar") };
        if self.channel >= *channels {
            return misfit(format!("a unit below {channels} at {}", node.name), self.channel.to_string());
        }
        let size: usize = rest.iter().product();
        match &self.places {
            Places::Some(places) if places.is_empty() => misfit("a place at least", "none"),
            Places::Some(places) => match places.iter().find(|&&place| place >= size) {
                Some(place) => misfit(format!("places below {size} at {}", node.name), place.to_string()),
                None => Ok(()),
            },
            Places::All => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gradient, pull_back, zoo};
    use tensor::{DType, seeded, uniform};
    use test_support::gradient_error;

    #[test]
    fn the_signal_is_the_derivative_of_the_sum() {
        let net = zoo::untrained("lenet", 10, [28, 28], 1).to_dtype(DType::F64);
        let images = uniform(&mut seeded(4, "images"), &[1, 1, 28, 28], 1.0, DType::F64);
        let trace = net.forward(&images);
        let pool = net.index_of("pool2").expect("a node");
        for places in [Places::All, Places::Some(vec![3]), Places::Some(vec![0, 5, 5])] {
            let units = Units { node: pool, channel: 2, places };
            let signal = units.signal(trace.activation(pool));
            let pulled = pull_back(&net, &trace, pool, signal, gradient);
            let value = |x: &Tensor| units.sums(net.forward(x).activation(pool))[0];
            assert!(gradient_error(&pulled, &images, value) < 1e-6, "{units:?}");
        }
    }

    #[test]
    fn what_does_not_exist_is_refused_by_name() {
        let net = zoo::untrained("lenet", 10, [28, 28], 1);
        let pool = net.index_of("pool2").expect("a node");
        let units = |channel, places| Target::Units(Units { node: pool, channel, places });
        let refused = |target: Target| target.check(&net, Some(10)).expect_err("none").to_string();
        assert_eq!(refused(Target::Class(10)), "expected a class below 10, got 10");
        assert_eq!(refused(Target::Difference(3, 3)), "expected two classes, got 3 twice");
        assert!(refused(units(999, Places::All)).contains("at pool2, got 999"));
        assert!(refused(units(0, Places::Some(vec![9999]))).contains("at pool2, got 9999"));
        assert!(Target::Top.check(&net, None).is_err());
        assert_eq!(Target::Top.class(&[0.1, 0.7, 0.7]), Some(1));
    }
}
