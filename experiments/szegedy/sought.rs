//! The images that stimulate the units and random directions of a layer most.

use anyhow::Result;
use core_net::Net;
use lab::{Run, Size};
use rand::seq::index::sample;
use tensor::{Tensor, seeded};
use unit_analysis::{Directions, Places, Ranking, Stimulus, stimulation};

/// Images that are shown of each direction; as many as the paper's figures have in a row.
pub const K: usize = 8;

/// Random directions of a layer, and random sets of images.
const DIRECTIONS: usize = 200;

/// Units that are looked at in a layer that has more, drawn by the seed.
const UNITS: usize = 1000;

/// A layer whose features are looked into.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// As tables call it.
    pub name: &'static str,
    /// The node's name.
    pub node: &'static str,
    /// How it is read where it has places.
    pub places: Places,
}

/// A direction, and the images that stimulate it most, the strongest first.
pub struct Found {
    /// As figures call it.
    pub name: String,
    pub strongest: Vec<Stimulus>,
}

/// What stimulates a layer.
pub struct Sought {
    /// Net and layer.
    pub layer: String,
    /// How many units were looked at.
    pub looked_at: usize,
    /// How many of them no image excites.
    pub dead: usize,
    /// Those whose images are distinct; of the others, which too few images excite or too many saturate, the images would be ties.
    pub units: Vec<Found>,
    pub directions: Vec<Found>,
}

impl Sought {
    /// The name of the layer's figure.
    pub fn file(&self) -> String {
        let name = self.layer.replace(", ", "-").replace([' ', '.'], "_");
        format!("{name}.png")
    }
}

/// How many random directions, and random sets of images, go with a layer.
pub fn directions(run: &Run) -> usize {
    if run.size() == Size::Smoke { 12 } else { DIRECTIONS }
}

/// Looks at all images, some at a time, for those that stimulate each direction most; and the net's output for each image.
///
/// # Errors
/// When images cannot be read.
///
/// # Panics
/// If the net has no such node, or there is no image.
pub fn seek(
    run: &Run,
    (net, name): (&Net, &str),
    layers: &[Layer],
    batches: impl Iterator<Item = Result<Tensor>>,
) -> Result<(Vec<Sought>, Tensor)> {
    let mut seekers: Vec<Seeker> = layers.iter().map(|layer| Seeker::new(run, net, name, layer)).collect();
    let nodes: Vec<usize> = seekers.iter().map(|seeker| seeker.node).chain([net.output()]).collect();
    let mut outputs = Vec::new();
    for batch in batches {
        let mut activations = net.activations_of(&batch?, &nodes);
        outputs.extend(activations.pop());
        seekers.iter_mut().zip(&activations).for_each(|(seeker, activation)| seeker.see(activation));
    }
    let outputs = Tensor::cat(&outputs, 0).expect("the outputs of a batch at least");
    Ok((seekers.into_iter().map(Seeker::sought).collect(), outputs))
}

/// A layer under way.
struct Seeker {
    layer: String,
    node: usize,
    places: Places,
    /// Channels, height and width of the features.
    size: [usize; 3],
    numbers: Vec<usize>,
    directions: [Directions; 2],
    rankings: [Ranking; 2],
}

impl Seeker {
    fn new(run: &Run, net: &Net, name: &str, &Layer { name: layer, node, places }: &Layer) -> Self {
        let layer = format!("{name}, {layer}");
        let node = net.index_of(node).expect("a node of the net");
        let shape = &net.nodes()[node].shape;
        let features = places.features(shape);
        let rng = |purpose: &str| seeded(run.seed(), &format!("{purpose} of {layer}"));
        let mut numbers = sample(&mut rng("units"), features, UNITS.min(features)).into_vec();
        numbers.sort_unstable();
        let units = Directions::Units(numbers.clone());
        let directions =
            [units, Directions::random(&mut rng("random directions"), directions(run), features)];
        let rankings = directions.each_ref().map(|directions| Ranking::new(directions.count(), K));
        let size = match **shape {
            [c, h, w] if places == Places::Each => [c, h, w],
            _ => [features, 1, 1],
        };
        Self { layer, node, places, size, numbers, directions, rankings }
    }

    fn see(&mut self, activation: &Tensor) {
        for (ranking, directions) in self.rankings.iter_mut().zip(&self.directions) {
            ranking.see(&stimulation(activation, self.places, directions));
        }
    }

    fn sought(self) -> Sought {
        let [units, directions] = &self.rankings;
        let found = |ranking: &Ranking, index: usize, name: String| Found {
            name,
            strongest: ranking.strongest(index).to_vec(),
        };
        let distinct = self.numbers.iter().enumerate().filter(|&(index, _)| units.is_distinct(index));
        Sought {
            looked_at: self.numbers.len(),
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
