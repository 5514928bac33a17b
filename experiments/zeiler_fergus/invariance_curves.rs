//! How far features move under transformations: measured, as a file, as a figure and in a table.

use super::sampled_images::SampledImages;
use super::squeezenet::Version;
use super::transformation_sweep::{SWEEPS, TransformationSweep};
use anyhow::Result;
use core_net::Net;
use figures::{Axis, Chart, Gallery, Line, Panel, PanelFigure, Plot, Scale};
use lab::{Run, Table};
use tensor::Tensor;
use unit_analysis::Transformation::{self, Rotation, Scale as Scaled, Translation};
use unit_analysis::{Invariance, Response};

/// The first layer, the last that the classifier reads, and the scores of the classes; with the nodes' names.
///
/// Unlike the paper, whose layer 7 is dense: in SqueezeNet only the scores have no places, and fire9 is the layer below them.
const COMPARED: [(&str, &str); 3] = [
    ("first layer (conv1)", "relu1"),
    ("last hidden layer (fire9)", "fire9"),
    ("scores (pool10)", "flatten"),
];

/// The mean color of the images that the nets were trained on lies beyond the border.
const FILL: f64 = 0.0;

/// Small and large transformations that stand in the table.
const TABLED: [(&str, Transformation); 8] = [
    ("as it is", Translation(0.0)),
    ("down by 4 pixels", Translation(4.0)),
    ("down by 40 pixels", Translation(40.0)),
    ("enlarged by 1.1", Scaled(1.1)),
    ("enlarged by 1.6", Scaled(1.6)),
    ("turned by 10°", Rotation(10.0)),
    ("turned by 90°", Rotation(90.0)),
    ("turned by 180°", Rotation(180.0)),
];

/// The response of one net to each amount of each sweep.
pub struct InvarianceCurves<'a> {
    version: &'a Version,
    chosen: &'a SampledImages,
    images: Tensor,
    /// By sweep: amounts with the response of each image.
    sweeps: Vec<Vec<(f64, Vec<Response>)>>,
    /// By row of the table.
    tabled: Vec<Vec<Response>>,
}

impl<'a> InvarianceCurves<'a> {
    /// The columns of [`InvarianceCurves::write`]; distances at the first layer, the last hidden one and the scores, each also as a part of the features' length.
    pub const COLUMNS: [&'static str; 12] = [
        "net",
        "transformation",
        "amount",
        "image",
        "class",
        "conv1",
        "conv1 normalized",
        "fire9",
        "fire9 normalized",
        "scores",
        "scores normalized",
        "probability",
    ];

    /// Transforms the images by every amount of every sweep.
    ///
    /// # Errors
    /// When an image cannot be read any more.
    pub fn measure(run: &Run, net: &Net, version: &'a Version, chosen: &'a SampledImages) -> Result<Self> {
        let images = chosen.inputs(version)?;
        let nodes = COMPARED.map(|(_, node)| net.index_of(node).expect("a node of SqueezeNet"));
        let invariance = Invariance::new(net, &images, &chosen.labels, &nodes);
        let total = SWEEPS.iter().map(|sweep| sweep.amounts(run).len()).sum();
        let progress = run.progress(version.name, total);
        let respond = |sweep: &TransformationSweep, amount: f64| {
            progress.inc(1);
            (amount, invariance.under(sweep.by(amount), FILL))
        };
        let curve = |sweep: &TransformationSweep| {
            sweep.amounts(run).into_iter().map(|amount| respond(sweep, amount)).collect()
        };
        let sweeps = SWEEPS.iter().map(curve).collect();
        let tabled = TABLED.iter().map(|(_, by)| invariance.under(*by, FILL)).collect();
        Ok(Self { version, chosen, images, sweeps, tabled })
    }

    /// Every number, a line for each amount and image.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn write(&self, lines: &mut csv::Writer<Vec<u8>>) -> Result<()> {
        let (files, names) = (self.chosen.files(), self.chosen.names());
        for (sweep, amounts) in SWEEPS.iter().zip(&self.sweeps) {
            for (amount, responses) in amounts {
                for (image, response) in responses.iter().enumerate() {
                    let place =
                        [self.version.name, sweep.name, &amount.to_string(), files[image], &names[image]];
                    let distances = response.distances.iter().flat_map(|d| [d.euclidean, d.normalized]);
                    let numbers = distances.chain([response.probability]).map(|number| number.to_string());
                    lines.write_record(place.map(String::from).into_iter().chain(numbers))?;
                }
            }
        }
        Ok(())
    }

    /// The means over the images for some small and large transformations: distances as parts of the features' length, and the probability.
    pub fn record(&self, table: &mut Table) {
        let net = self.version.name.trim_start_matches("SqueezeNet ");
        for ((row, _), responses) in TABLED.iter().zip(&self.tabled) {
            for (layer, (name, _)) in COMPARED.iter().enumerate() {
                let distances: Vec<f64> = responses.iter().map(|r| r.distances[layer].normalized).collect();
                table.mean(row, &format!("{net}: {name}"), &distances);
            }
            let probabilities: Vec<f64> = responses.iter().map(|response| response.probability).collect();
            table.mean(row, &format!("{net}: P(true class)"), &probabilities);
        }
    }

    /// The paper's figure but for its pictures: a row for each sweep, of distances at each layer, and the probability of the true class.
    pub fn plot(&self) -> Plot {
        let charts = SWEEPS.iter().zip(&self.sweeps).flat_map(|(sweep, amounts)| {
            let distances = (0..COMPARED.len()).map(|layer| {
                let distance = |response: &Response| response.distances[layer].euclidean;
                chart(sweep, amounts, COMPARED[layer].0, ("Euclidean distance", None), distance)
            });
            let probability = ("P(true class)", Some([0.0, 1.0]));
            let probability =
                chart(sweep, amounts, "probability of the true class", probability, |r| r.probability);
            distances.chain([probability]).collect::<Vec<Chart>>()
        });
        Plot {
            columns: 1 + COMPARED.len(),
            panel: [300, 400],
            legend: self.chosen.names(),
            charts: charts.collect(),
        }
    }

    /// The paper's pictures (a1, b1, c1): how each sweep changes the images.
    pub fn pictures(&self) -> PanelFigure {
        let panels = SWEEPS.iter().map(|sweep| self.gallery(sweep)).collect();
        PanelFigure { columns: SWEEPS.len(), panel: [300, 400], legend: self.chosen.names(), panels }
    }

    fn gallery(&self, sweep: &TransformationSweep) -> Panel {
        let (title, amount) = sweep.shown;
        let shown = sweep.by(amount).apply(&self.images, FILL);
        let image = |index: usize| shown.get(index).expect("an image of the batch");
        let picture = |index: usize| (index, self.version.preprocessing.picture(&image(index)));
        let pictures = (0..self.chosen.labels.len()).map(picture).collect();
        Panel::Gallery(Gallery { title: title.into(), columns: 3, pictures })
    }
}

fn chart(
    sweep: &TransformationSweep,
    amounts: &[(f64, Vec<Response>)],
    title: &str,
    (name, range): (&str, Option<[f64; 2]>),
    value: impl Fn(&Response) -> f64,
) -> Chart {
    let line = |image: usize| {
        let point = |(amount, responses): &(f64, Vec<Response>)| [*amount, value(&responses[image])];
        Line::new(image, amounts.iter().map(point).collect())
    };
    let lines = (0..amounts[0].1.len()).map(line).collect();
    let axis = |name: &str, range| Axis { name: name.into(), scale: Scale::Linear, range };
    let (x, y) = (axis(sweep.name, None), axis(name, range));
    Chart { title: title.into(), x, y, lines, level: None }
}
