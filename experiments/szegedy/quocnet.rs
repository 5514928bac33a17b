//! QuocNet at reduced size: stacks of untied receptive fields, L2 pooling and contrast normalization, trained without labels.

use anyhow::Result;
use core_net::operations::{LocallyConnected, Pooling, Statistic};
use core_net::{Builder, Net};
use lab::{Run, Size};
use tensor::{ContrastNorm, DType, Fields, Pool, Tensor, normal, seeded, tensor_of};
use training::ReconstructionIca;

/// One stack of the net, and how its filters are learned.
#[derive(Clone, Copy, Debug)]
struct Stack {
    fields: Fields,
    maps: usize,
    /// Rows and columns of places that a pooling looks at.
    pool: usize,
    norm: ContrastNorm,
    /// λ of the cost.
    sparsity: f64,
    /// Added to the variance of each direction before whitening, in units of the mean variance.
    whitening: f64,
}

/// QuocNet.
///
/// Unlike the paper (Le et al. 2012, §3), whose net has three stacks, 200 × 200 pixels, fields of 18 × 18 and a billion weights,
/// this one has two stacks on 64 × 64 pixels, and poolings that do not overlap.
#[derive(Clone, Debug)]
pub struct QuocNet {
    stacks: Vec<Stack>,
    unlabeled: usize,
    steps: usize,
}

/// ε of the poolings and of the cost.
const EPSILON: f64 = 1e-4;

/// Height and width of the images.
pub const SIDE: usize = 64;

impl QuocNet {
    /// As large as the run.
    pub fn new(run: &Run) -> Self {
        let (maps, unlabeled, steps) = match run.size() {
            Size::Smoke => ([2, 2], 60, 5),
            Size::Default => ([32, 32], 20_000, 1_000),
            Size::Full => ([32, 32], 40_000, 4_000),
        };
        let stack = |fields, maps, pool, norm: usize, whitening| {
            let norm = ContrastNorm { size: norm, deviation: norm as f64 / 4.0 };
            Stack { fields, maps, pool, norm, sparsity: 0.3, whitening }
        };
        Self {
            stacks: vec![
                stack(Fields::square(8, 4), maps[0], 3, 5, 4.0),
                stack(Fields::square(2, 1), maps[1], 2, 3, 3.0),
            ],
            unlabeled: run.limit().unwrap_or(unlabeled),
            steps,
        }
    }

    /// How many images its filters are learned from.
    pub fn unlabeled(&self) -> usize {
        self.unlabeled
    }

    /// The net with random filters. Its last node, `features`, is the output of all stacks, and `flat1` that of the first.
    pub fn untrained(&self, seed: u64) -> Net {
        let mut builder = Builder::new(&[3, SIDE, SIDE]);
        for (number, stack) in (1..).zip(&self.stacks) {
            builder = stack.on(builder, number, seed);
        }
        let flat: Vec<String> = (1..=self.stacks.len()).map(|number| format!("flat{number}")).collect();
        for (number, flat) in (1..).zip(&flat) {
            builder = builder.after(&format!("norm{number}")).flatten(flat);
        }
        let flat: Vec<&str> = flat.iter().map(String::as_str).collect();
        builder.concat("features", &flat).build().expect("stacks that fit")
    }

    /// The net with filters learned from the images, stack after stack, or taken from the checkpoints.
    ///
    /// # Errors
    /// As [`Run::net`].
    pub fn trained(&self, run: &Run, images: &Tensor, seed: u64) -> Result<Net> {
        let mut net = self.untrained(seed);
        for (number, stack) in (1..).zip(&self.stacks) {
            let objective = stack.objective(self.steps);
            let name = format!("quocnet-{number}");
            net = run.net(&name, &(&objective, images.dims()[0], seed), net, |net, _| {
                let node = net.index_of(&format!("local{number}")).expect("a layer of the net");
                let progress =
                    run.progress(&format!("learn stack {number}"), objective.pooling_groups(&net, node));
                Ok(objective.train(net, node, images, seed, || progress.inc(1)))
            })?;
        }
        Ok(net)
    }
}

impl Stack {
    /// The net with this stack on it.
    fn on(&self, builder: Builder, number: usize, seed: u64) -> Builder {
        let [channels, height, width] = builder.shape().try_into().expect("feature maps");
        let [down, across] = self.fields.output_size([height, width]).expect("fields that fit");
        let depth = channels * self.fields.size[0] * self.fields.size[1];
        let mut rng = seeded(seed, &format!("random filters {number}"));
        let deviation = 1.0 / (depth as f64).sqrt();
        let weight = normal(&mut rng, &[down * across, self.maps, depth], deviation, DType::F32);
        let bias = tensor_of(vec![0.0f32; self.maps * down * across], &[self.maps, down, across]);
        let local = LocallyConnected { weight, bias: Some(bias), fields: self.fields };
        let pool = Pooling {
            pool: Pool::square(self.pool, self.pool),
            statistic: Statistic::L2 { epsilon: EPSILON },
        };
        let [first, second, third] = ["local", "pool", "norm"].map(|layer| format!("{layer}{number}"));
        builder.node(&first, local).node(&second, pool).contrast_norm(&third, self.norm)
    }

    fn objective(&self, steps: usize) -> ReconstructionIca {
        ReconstructionIca {
            sparsity: self.sparsity,
            epsilon: 1e-2,
            whitening: self.whitening,
            steps,
            batch: 200,
            learning_rate: 1e-2,
        }
    }
}
