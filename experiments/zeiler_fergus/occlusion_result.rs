//! The occlusion of one image: its sensitivity maps as numbers and as panels.

use super::Version;
use anyhow::Result;
use core_net::{Net, Region};
use deconv::{Deconv, Seed};
use figures::{Between, Block, Gallery, HeatMap, Map, Panel};
use lab::{Run, Table};
use ndarray::Array2;
use occlusion::{Engine, Occluder, SensitivityMaps, SensitivityTarget, Sweep};
use statistics::correlation;
use tensor::{Tensor, to_f64s};

/// Classes named under a map, the most frequent first; all others share a color.
const NAMED: usize = 4;
/// Letters of a class's name that a panel has room for.
const LETTERS: usize = 26;

/// The three maps of one image, with a bar.
pub fn sensitivity_maps(
    run: &Run,
    net: &Net,
    image: &Tensor,
    occluder: &Occluder,
    target: SensitivityTarget,
    name: &str,
) -> SensitivityMaps {
    let mut sweep = Sweep::new(net, image, occluder, target, Engine::Incremental);
    let progress = run.progress(name, sweep.positions());
    let mut done = 0;
    while sweep.advance() {
        progress.inc(sweep.done() - done);
        done = sweep.done();
    }
    sweep.into_maps()
}

/// The sensitivity maps of one image, with its values without the occluder.
pub struct OcclusionResult<'a> {
    version: &'a Version,
    name: String,
    image: &'a Tensor,
    occluder: &'a Occluder,
    target: SensitivityTarget,
    maps: SensitivityMaps,
    /// Without the occluder: the true class's probability, and the feature map's activity.
    clean: [f64; 2],
    /// The whole feature map, projected to the pixels.
    projection: Tensor,
}

impl<'a> OcclusionResult<'a> {
    /// The columns of the maps as a table.
    pub const COLUMNS: [&'static str; 7] =
        ["net", "image", "row", "column", "activity", "probability", "class"];

    /// Computes the values of the image without the occluder.
    pub fn new(
        (net, version): (&Net, &'a Version),
        image: &'a Tensor,
        name: String,
        target: SensitivityTarget,
        occluder: &'a Occluder,
        maps: SensitivityMaps,
    ) -> Self {
        let trace = net.forward(image);
        let map = trace.activation(target.node).narrow(1, target.channel, 1).expect("a feature map");
        let probability = to_f64s(&net.probabilities(trace.output()))[target.class];
        let projection = Deconv::default().project(net, &trace, target.node, Seed::Map(target.channel));
        let clean = [probability, to_f64s(&map).iter().sum()];
        Self { version, name, image, occluder, target, maps, clean, projection }
    }

    /// The row of the table.
    pub fn record(&self, table: &mut Table) {
        let least = |values: &Array2<f64>| values.iter().copied().fold(f64::MAX, f64::min);
        let [probability, activity] = self.clean;
        let row = format!("{}, {}", self.version.name, self.name);
        let positions = self.maps.probability.len();
        let mut value = |column: &str, value: f64, n: usize| table.value(&row, column, value, n);
        value("probability", probability, 1);
        value("least probability", least(&self.maps.probability), positions);
        value(
            "positions read as another class (%)",
            100.0 * self.maps.misclassified(self.target.class),
            positions,
        );
        value(
            "least activity of the map (% of the unoccluded)",
            100.0 * least(&self.maps.activity) / activity,
            positions,
        );
        value("correlation of lost activity and hidden projection", self.correlation(), positions);
    }

    /// The correlation, over positions, of the lost activity and the magnitude of the hidden projection.
    fn correlation(&self) -> f64 {
        let pixels = self.projection.abs().and_then(|pixels| pixels.sum(1)?.unsqueeze(1));
        let pixels = pixels.expect("one plane of magnitudes");
        let hidden = |region: Region| to_f64s(&region.view(&pixels)).iter().sum::<f64>();
        let hidden: Vec<f64> = self.occluder.regions(self.size()).into_iter().map(hidden).collect();
        let lost: Vec<f64> = self.maps.activity.iter().map(|activity| self.clean[1] - activity).collect();
        correlation(&hidden, &lost)
    }

    /// The maps as lines of a table: a line for each position of the square's center.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn write(&self, file: &str, lines: &mut csv::Writer<Vec<u8>>) -> Result<()> {
        for ((i, j), class) in self.maps.class.indexed_iter() {
            let place = [i, j];
            let first = self.occluder.first_center();
            let [row, column] =
                [0, 1].map(|axis| first[axis] + (place[axis] * self.occluder.stride[axis]) as f64);
            let [activity, probability] =
                [&self.maps.activity, &self.maps.probability].map(|map| map[place] as f32);
            lines.serialize((self.version.name, file, row, column, activity, probability, class))?;
        }
        Ok(())
    }

    /// The figure's five panels: the image, the map's activity, its projections, the true class's probability, the most probable class.
    pub fn panels(&self, others: Block, classes: &[String]) -> [Panel; 5] {
        let preprocessing = self.version.preprocessing;
        let image = |x: &Tensor| x.squeeze(0).expect("a batch of one");
        let own = preprocessing.contrast(&image(&self.projection));
        let projections = std::iter::once((0, own)).chain(others.into_iter().map(|other| (1, other)));
        let photo = vec![(0, preprocessing.picture(&image(self.image)))];
        let title = short(&self.name);
        let channel = self.target.channel;
        let (names, ranks) = self.classes(classes);
        let last = names.len().saturating_sub(1) as f64;
        let map = |title: &str, values: &Array2<f64>, range, between, names| {
            let heat = self.heat(values.clone(), range, between);
            Panel::Map(Map { title: title.into(), heat, image: self.size(), names })
        };
        let activity = [ends(&self.maps.activity)[0], ends(&self.maps.activity)[1].max(self.clean[1])];
        [
            Panel::Gallery(Gallery { title, columns: 1, pictures: photo }),
            map(
                &format!("activity of map {channel}"),
                &self.maps.activity,
                activity,
                Between::Linear,
                vec![],
            ),
            Panel::Gallery(Gallery {
                title: format!("map {channel}, projected"),
                columns: 2,
                pictures: projections.collect(),
            }),
            map("probability of the class", &self.maps.probability, [0.0, 1.0], Between::Linear, vec![]),
            map("most probable class", &ranks, [0.0, last], Between::Nearest, names),
        ]
    }

    fn heat(&self, values: Array2<f64>, range: [f64; 2], between: Between) -> HeatMap {
        HeatMap { values, places: self.occluder.centers(self.size()), range, between }
    }

    /// The most frequent classes and how many others there are, and which of these each position is of.
    fn classes(&self, classes: &[String]) -> (Vec<String>, Array2<f64>) {
        let frequent = self.maps.frequent_classes();
        let name =
            |&(class, _): &(usize, usize)| classes.get(class).map_or(class.to_string(), |name| short(name));
        let mut names: Vec<String> = frequent.iter().take(NAMED).map(name).collect();
        if frequent.len() > NAMED {
            names.push(format!("{} other classes", frequent.len() - NAMED));
        }
        (names, self.maps.ranks().mapv(|rank| rank.min(NAMED) as f64))
    }

    fn size(&self) -> [usize; 2] {
        [self.image.dims()[2], self.image.dims()[3]]
    }
}

fn ends(values: &Array2<f64>) -> [f64; 2] {
    values.iter().fold([f64::MAX, f64::MIN], |[low, high], &value| [low.min(value), high.max(value)])
}

/// The first of a class's names, shortened to fit a panel.
fn short(class: &str) -> String {
    class.split(',').next().unwrap_or_default().chars().take(LETTERS).collect()
}
