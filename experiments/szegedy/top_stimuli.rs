//! The images that stimulate the units and random directions of a layer most.

use anyhow::Result;
use core_net::Net;
use lab::{Run, Size};
use rand::seq::index::sample;
use tensor::{Tensor, seeded};
use unit_analysis::{Directions, Ranking, SpatialPooling, Stimulus, stimulation};

/// Images of each direction that are measured and shown.
pub const K: usize = 8;

/// Random directions of a layer, and random sets of images.
const DIRECTIONS: usize = 200;

/// Maximum number of units of a layer, drawn by the seed.
const UNITS: usize = 1000;

/// A layer whose features are analyzed.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// As tables call it.
    pub name: &'static str,
    /// The node's name.
    pub node: &'static str,
    /// How its maps become features.
    pub pooling: SpatialPooling,
}

/// The random draws of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// The seed of all draws.
    pub seed: u64,
    /// Random directions of each layer, and as many random sets of images.
    pub directions: usize,
}

/// A direction, and the images that stimulate it most, the strongest first.
pub struct DirectionStimuli {
    /// As figures call it.
    pub name: String,
    /// The images and how strongly they do.
    pub strongest: Vec<Stimulus>,
}

/// The images that stimulate a layer's units and random directions most.
pub struct TopStimuli {
    /// Net and layer.
    pub layer: String,
    /// Number of units analyzed.
    pub analyzed: usize,
    /// How many of them no image excites.
    pub dead: usize,
    /// Those whose images are distinct; of the others, which too few images excite or too many saturate, the images would be ties.
    pub units: Vec<DirectionStimuli>,
    /// The random directions.
    pub directions: Vec<DirectionStimuli>,
}

impl TopStimuli {
    /// The name of the layer's figure.
    pub fn file(&self) -> String {
        let name = self.layer.replace(", ", "-").replace([' ', '.'], "_");
        format!("{name}.png")
    }
}

impl Sampling {
    /// As the run's seed and size say.
    pub fn new(run: &Run) -> Self {
        Self { seed: run.seed(), directions: if run.size() == Size::Smoke { 12 } else { DIRECTIONS } }
    }
}

/// Looks at all images, some at a time, for those that stimulate each direction most; and the net's output for each image.
///
/// # Errors
/// When images cannot be read.
///
/// # Panics
/// If the net has no such node, or there is no image.
pub fn top_stimuli(
    (net, name): (&Net, &str),
    layers: &[Layer],
    draw: Sampling,
    batches: impl Iterator<Item = Result<Tensor>>,
) -> Result<(Vec<TopStimuli>, Tensor)> {
    let mut seekers: Vec<Seeker> = layers.iter().map(|layer| Seeker::new(net, name, layer, draw)).collect();
    let nodes: Vec<usize> = seekers.iter().map(|seeker| seeker.node).chain([net.output()]).collect();
    let mut outputs = Vec::new();
    for batch in batches {
        let mut activations = net.activations_of(&batch?, &nodes);
        outputs.extend(activations.pop());
        seekers.iter_mut().zip(&activations).for_each(|(seeker, activation)| seeker.update(activation));
    }
    let outputs = Tensor::cat(&outputs, 0).expect("the outputs of a batch at least");
    Ok((seekers.into_iter().map(Seeker::stimuli).collect(), outputs))
}

/// A layer under way.
struct Seeker {
    layer: String,
    node: usize,
    pooling: SpatialPooling,
    /// Channels, height and width of the features.
    size: [usize; 3],
    numbers: Vec<usize>,
    directions: [Directions; 2],
    rankings: [Ranking; 2],
}

impl Seeker {
    fn new(net: &Net, name: &str, &Layer { name: layer, node, pooling }: &Layer, draw: Sampling) -> Self {
        let layer = format!("{name}, {layer}");
        let node = net.index_of(node).expect("a node of the net");
        let shape = &net.nodes()[node].shape;
        let features = pooling.features(shape);
        let rng = |purpose: &str| seeded(draw.seed, &format!("{purpose} of {layer}"));
        let mut numbers = sample(&mut rng("units"), features, UNITS.min(features)).into_vec();
        numbers.sort_unstable();
        let units = Directions::Units(numbers.clone());
        let directions =
            [units, Directions::random(&mut rng("random directions"), draw.directions, features)];
        let rankings = directions.each_ref().map(|directions| Ranking::new(directions.count(), K));
        let size = match **shape {
            [c, h, w] if pooling == SpatialPooling::Flatten => [c, h, w],
            _ => [features, 1, 1],
        };
        Self { layer, node, pooling, size, numbers, directions, rankings }
    }

    fn update(&mut self, activation: &Tensor) {
        for (ranking, directions) in self.rankings.iter_mut().zip(&self.directions) {
            ranking.update(&stimulation(activation, self.pooling, directions));
        }
    }

    fn stimuli(self) -> TopStimuli {
        let [units, directions] = &self.rankings;
        let found = |ranking: &Ranking, index: usize, name: String| DirectionStimuli {
            name,
            strongest: ranking.strongest(index).to_vec(),
        };
        let distinct = self.numbers.iter().enumerate().filter(|&(index, _)| units.is_distinct(index));
        TopStimuli {
            analyzed: self.numbers.len(),
            dead: (0..self.numbers.len()).filter(|&index| units.positive(index) == 0).count(),
            units: distinct.map(|(index, &number)| found(units, index, self.called(number))).collect(),
            directions: (0..self.directions[1].count())
                .map(|index| found(directions, index, format!("random direction {index}")))
                .collect(),
            layer: self.layer,
        }
    }

    fn called(&self, number: usize) -> String {
        let [_, height, width] = self.size;
        match height * width {
            1 => format!("unit {number}"),
            places => {
                let (map, place) = (number / places, number % places);
                format!("unit of map {map} at {}, {}", place / width, place % width)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::Builder;
    use tensor::{tensor_of, to_f64s, uniform};

    const DRAW: Sampling = Sampling { seed: 1, directions: 5 };
    const LAYER: Layer = Layer { name: "relu", node: "relu", pooling: SpatialPooling::Flatten };

    /// Three maps, of which the second is never positive and the third in one image only.
    fn images() -> Tensor {
        let drawn = uniform(&mut seeded(1, "images"), &[30, 3, 2, 2], 1.0, tensor::DType::F32);
        let silenced = |(index, value): (usize, f64)| match index / 4 % 3 {
            0 => value as f32,
            1 => -value.abs() as f32,
            _ if index / 12 == 20 => 1.0,
            _ => -1.0,
        };
        tensor_of(to_f64s(&drawn).into_iter().enumerate().map(silenced).collect(), &[30, 3, 2, 2])
    }

    fn stimuli(batch: usize) -> (TopStimuli, Tensor) {
        let net = Builder::new(&[3, 2, 2]).relu("relu").build().expect("it fits");
        let images = images();
        let part = |from: usize| Ok(images.narrow(0, from, batch.min(30 - from))?);
        let found = top_stimuli((&net, "net"), &[LAYER], DRAW, (0..30).step_by(batch).map(part));
        let (mut stimuli, outputs) = found.expect("images in memory");
        (stimuli.remove(0), outputs)
    }

    #[test]
    fn dead_units_are_counted_and_with_them_those_of_too_few_images_left_out() {
        let (stimuli, outputs) = stimuli(30);
        assert_eq!((stimuli.analyzed, stimuli.dead, outputs.dims()), (12, 4, &[30, 3, 2, 2][..]));
        let names: Vec<&str> = stimuli.units.iter().map(|found| found.name.as_str()).collect();
        let places = ["0, 0", "0, 1", "1, 0", "1, 1"];
        assert_eq!(names, places.map(|place| format!("unit of map 0 at {place}")));
        assert_eq!((stimuli.layer.as_str(), stimuli.file().as_str()), ("net, relu", "net-relu.png"));
    }

    #[test]
    fn a_unit_is_stimulated_most_by_the_images_where_it_is_largest() {
        let (stimuli, outputs) = stimuli(30);
        let phi = to_f64s(&outputs);
        for (unit, found) in stimuli.units.iter().enumerate() {
            let mut order: Vec<usize> = (0..30).collect();
            order.sort_by(|a, b| phi[b * 12 + unit].total_cmp(&phi[a * 12 + unit]));
            let images: Vec<usize> = found.strongest.iter().map(|stimulus| stimulus.image).collect();
            assert_eq!(images, order[..K]);
        }
    }

    #[test]
    fn images_in_batches_stimulate_as_all_at_once() {
        let strongest = |batch: usize| {
            let (stimuli, _) = stimuli(batch);
            assert_eq!(stimuli.directions.len(), DRAW.directions);
            let all = stimuli.units.into_iter().chain(stimuli.directions);
            all.map(|found| found.strongest).collect::<Vec<_>>()
        };
        assert_eq!(strongest(7), strongest(30));
    }
}
