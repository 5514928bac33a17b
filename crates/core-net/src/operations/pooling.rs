//! Pooling: one number for each window.

use super::{
    Cropping, Description, Op, Operation, Padding, Reach, Region, Shape, Size, Step, Window, by, in_memory,
    maps, misfit,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde::de::Error;
use tensor::{
    PaddingInMean, Pool, Rounding, Tensor, Unpool, l2_pool, l2_pool_gradient, max_pool,
    max_pool_with_switches, mean_pool, mean_pool_gradient, unpool,
};

/// One number for each window of each feature map.
#[derive(Clone, Copy, Debug)]
pub struct Pooling {
    /// How the windows slide.
    pub pool: Pool,
    /// What is computed of a window.
    pub statistic: Statistic,
}

/// What a pooling computes of a window.
#[derive(Clone, Copy, Debug)]
pub enum Statistic {
    /// The largest value; where it was is the trace's switch.
    Max,
    /// The mean, of the pixels alone or also of the padding.
    Mean(PaddingInMean),
    /// The length, `√(ε + Σ x²)`.
    L2 {
        /// ε, positive: the length of nothing has no slope without it.
        epsilon: f64,
    },
}

impl Operation for Pooling {
    fn kind(&self) -> &'static str {
        match self.statistic {
            Statistic::Max => "max_pool",
            Statistic::Mean(PaddingInMean::Pixels) => "mean_pool",
            Statistic::Mean(PaddingInMean::Padding) => "mean_pool_with_padding",
            Statistic::L2 { .. } => "l2_pool",
        }
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        match self.statistic {
            Statistic::L2 { epsilon } if epsilon <= 0.0 => {
                return misfit("a positive epsilon", epsilon.to_string());
            }
            Statistic::L2 { .. } | Statistic::Max | Statistic::Mean(_) => {}
        }
        let [channels, height, width] = maps(inputs[0])?;
        match self.pool.output_size([height, width]).zip(self.pool.reached_size([height, width])) {
            Some(([h, w], reached)) => {
                in_memory("windows that reach over a plane", reached.into())?;
                Ok(vec![channels, h, w])
            }
            None => misfit(format!("a window that fits into {:?}", inputs[0]), format!("{:?}", self.pool)),
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        match self.statistic {
            Statistic::Max => max_pool(inputs[0], &self.pool),
            Statistic::Mean(counted) => mean_pool(inputs[0], &self.pool, counted),
            Statistic::L2 { epsilon } => l2_pool(inputs[0], &self.pool, epsilon),
        }
    }

    fn forward_with_switches(&self, inputs: &[&Tensor]) -> (Tensor, Option<Tensor>) {
        if !matches!(self.statistic, Statistic::Max) {
            return (self.forward(inputs), None);
        }
        let (output, switches) = max_pool_with_switches(inputs[0], &self.pool);
        (output, Some(switches))
    }

    /// A maximum's signal goes to its switch, where those of several windows sum; in a length each pixel has its share.
    fn adjoint(&self, step: &Step) -> Tensor {
        let (signal, map) = (step.signal, step.input_map());
        match self.statistic {
            Statistic::Max => unpool(signal, step.the_switches(), map, Unpool::Sum),
            Statistic::Mean(counted) => mean_pool_gradient(signal, map, &self.pool, counted),
            Statistic::L2 { .. } => l2_pool_gradient(signal, step.input, step.output, &self.pool),
        }
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn reach(&self) -> Reach {
        let Pool { kernel, stride, padding, dilation, .. } = self.pool;
        Reach::Window(Window { kernel, stride, padding, dilation })
    }

    fn crop(&self, _: Region, _: [usize; 2], padding: [usize; 4]) -> Cropping {
        Cropping::Anywhere(Self { pool: Pool { padding, ..self.pool }, ..*self }.into())
    }

    /// `max pool 3×3 /2×2`
    fn summary(&self) -> String {
        let name = match self.statistic {
            Statistic::Max => "max pool",
            Statistic::Mean(_) => "mean pool",
            Statistic::L2 { .. } => "L2 pool",
        };
        format!("{name} {} /{}", by(self.pool.kernel), by(self.pool.stride))
    }

    fn descriptions() -> Vec<Description> {
        let keys = "kernel = [3, 2], stride = 2, padding = [1, 0, 1, 1], ceil = true";
        let with_epsilon = format!("{keys}, epsilon = 0.01");
        vec![
            Description::new("max_pool", &[keys, "kernel = 2, stride = 1, dilation = 2"], |keys, _| {
                Ok(keys.try_into::<Keys>()?.pooling(Statistic::Max))
            }),
            Description::new("mean_pool", &[keys], |keys, _| {
                Ok(keys.try_into::<Keys>()?.pooling(Statistic::Mean(PaddingInMean::Pixels)))
            }),
            Description::new("mean_pool_with_padding", &[keys], |keys, _| {
                Ok(keys.try_into::<Keys>()?.pooling(Statistic::Mean(PaddingInMean::Padding)))
            }),
            Description::new("l2_pool", &[&with_epsilon], |mut keys, _| {
                let epsilon = keys.remove("epsilon");
                let keys: Keys = keys.try_into()?;
                let epsilon = epsilon.ok_or_else(|| toml::de::Error::missing_field("epsilon"))?;
                Ok(keys.pooling(Statistic::L2 { epsilon: epsilon.try_into()? }))
            }),
        ]
    }

    fn random(&self, rng: &mut ChaCha8Rng, _: &[usize]) -> Option<Op> {
        let kernel: [usize; 2] = std::array::from_fn(|_| rng.random_range(1..4));
        let pool = Pool {
            kernel,
            stride: std::array::from_fn(|_| rng.random_range(1..4)),
            padding: std::array::from_fn(|side| rng.random_range(0..=kernel[side % 2] / 2)),
            dilation: std::array::from_fn(|_| rng.random_range(1..3)),
            rounding: if rng.random() { Rounding::Floor } else { Rounding::Ceil },
        };
        Some(Self { pool, ..*self }.into())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    kernel: Size,
    stride: Size,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    dilation: Size,
    #[serde(default)]
    ceil: bool,
}

impl Keys {
    fn pooling(self, statistic: Statistic) -> Op {
        let pool = Pool {
            kernel: self.kernel.into(),
            stride: self.stride.into(),
            padding: self.padding.into(),
            dilation: self.dilation.into(),
            rounding: if self.ceil { Rounding::Ceil } else { Rounding::Floor },
        };
        Pooling { pool, statistic }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::tests::output_of;

    #[test]
    fn windows_that_reach_far_beyond_the_image_are_refused_and_long_steps_are_not() {
        let max = |size, step| {
            let pool = Pool { rounding: Rounding::Ceil, ..Pool::square(size, step) };
            output_of(Pooling { pool, statistic: Statistic::Max })
        };
        assert_eq!(max(3, 65_535), Ok(vec![2, 1, 1]));
        let far = max(65_535, 65_535).expect_err("16 GiB");
        let expected = "windows that reach over a plane of 1 to 268435456 scalars, got [65535, 65535]";
        assert_eq!(far, format!("node a: expected {expected}"));
    }

    #[test]
    fn an_l2_pooling_has_a_pooling_s_shape_and_a_positive_epsilon() {
        let pool = Pool::square(2, 2);
        let l2 = |epsilon| output_of(Pooling { pool, statistic: Statistic::L2 { epsilon } });
        assert_eq!(l2(0.1), Ok(vec![2, 3, 2]));
        assert_eq!(l2(0.0).expect_err("no slope"), "node a: expected a positive epsilon, got 0");
    }
}
