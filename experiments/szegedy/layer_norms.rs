//! The norms of all layers of a net, and the bound that follows for the net.

use adversarial::norms::{Boundary, Norm, circular_norm, lipschitz_bounds, operation_norm};
use anyhow::Result;
use core_net::operations::{Convolution, Linear};
use core_net::{Net, Op};
use figures::{Axis, Chart, Line, Plot, Scale};
use lab::{Run, Table};

/// A net and the norm of each of its nodes, with zeros around the images as it computes them.
pub struct LayerNorms<'a> {
    name: &'a str,
    net: &'a Net,
    norms: Vec<Norm>,
    /// Of each node, with respect to the image.
    bounds: Vec<f64>,
}

/// A layer with weights, in the paper's words.
struct Layer {
    /// `channels × rows × columns × filters`, or `inputs × outputs`.
    size: String,
    /// None of a dense layer.
    stride: Option<usize>,
}

impl<'a> LayerNorms<'a> {
    /// The columns of [`LayerNorms::write`].
    pub const COLUMNS: [&'static str; 10] = [
        "net",
        "node",
        "kind",
        "size",
        "stride",
        "norm",
        "upper_bound",
        "circular_norm",
        "reshaped_norm",
        "bound_from_image",
    ];

    /// Computes them.
    pub fn new(run: &Run, name: &'a str, net: &'a Net) -> Self {
        run.stage(&format!("norms of {name}"));
        let progress = run.progress(&format!("norms of {name}"), net.nodes().len());
        let norm = |node| {
            let norm = operation_norm(net, node, Boundary::Zero);
            progress.inc(1);
            norm
        };
        let norms: Vec<Norm> = (0..net.nodes().len()).map(norm).collect();
        let bounds = lipschitz_bounds(net, &norms);
        Self { name, net, norms, bounds }
    }

    /// The Lipschitz bound of the net.
    pub fn bound(&self) -> f64 {
        self.bounds[self.net.output()]
    }

    /// Records the layers with weights in the paper's columns, each in the next of these rows.
    pub fn record(&self, table: &mut Table, rows: &[&str]) {
        let nodes = self.net.nodes().iter().zip(&self.norms);
        let layers = nodes.filter_map(|(node, norm)| Some((Layer::from_op(&node.op)?, norm)));
        for (row, (layer, norm)) in rows.iter().zip(layers) {
            table.not_run(row, "size", &format!("no number: {}", layer.size));
            match layer.stride {
                Some(stride) => table.value(row, "stride", stride as f64, 1),
                None => table.not_run(row, "stride", "a dense layer has none"),
            }
            table.value(row, "upper bound", norm.upper_bound, 1);
            table.value(row, "operator norm", norm.norm.unwrap_or(norm.upper_bound), 1);
            table.value(row, "norm of the reshaped filters", norm.reshaped.unwrap_or(norm.upper_bound), 1);
        }
    }

    /// Adds a line for each node but the input.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn write(&self, lines: &mut csv::Writer<Vec<u8>>) -> Result<()> {
        for (index, node) in self.net.nodes().iter().enumerate().skip(1) {
            let norm = self.norms[index];
            let layer = Layer::from_op(&node.op);
            let stride = layer.as_ref().and_then(|layer| layer.stride);
            let numbers = [
                norm.norm,
                Some(norm.upper_bound),
                self.circular(index),
                norm.reshaped,
                Some(self.bounds[index]),
            ];
            let words = [self.name.into(), node.name.clone(), node.op.kind().into()];
            let size = layer.map_or(String::new(), |layer| layer.size);
            let rest = numbers.map(text);
            lines.write_record(words.into_iter().chain([size, text(stride)]).chain(rest))?;
        }
        Ok(())
    }

    /// The paper's formula for a convolution, whose image's ends meet.
    fn circular(&self, index: usize) -> Option<f64> {
        let node = &self.net.nodes()[index];
        let Op::Conv(Convolution { weight, conv, .. }) = &node.op else { return None };
        let [_, height, width] = self.net.nodes()[node.inputs[0]].shape[..] else { return None };
        Some(circular_norm(weight, conv, [height, width]))
    }

    /// Norms of the layers whose filters have more than one element: the operator's and, below it, the reshaped filters'.
    fn chart(&self) -> Chart {
        let wide =
            |op: &Op| matches!(op, Op::Conv(Convolution { weight, .. }) if weight.dims()[2..] != [1, 1]);
        let index: Vec<usize> = (0..self.norms.len()).filter(|&i| wide(&self.net.nodes()[i].op)).collect();
        let short = |&i: &usize| self.net.nodes()[i].name.split('.').next().unwrap_or_default().to_owned();
        let line = |entry: usize, value: &dyn Fn(usize) -> Option<f64>| {
            let points = index.iter().enumerate();
            let points = points.map(|(x, &i)| [x as f64, value(i).unwrap_or(f64::NAN)]).collect();
            Line::new(entry, points)
        };
        let lines = vec![
            line(0, &|i| Some(self.norms[i].upper_bound)),
            line(1, &|i| self.norms[i].norm),
            line(2, &|i| self.norms[i].reshaped),
        ];
        let x = Axis {
            name: "layer".into(),
            scale: Scale::Named(index.iter().map(short).collect()),
            range: None,
        };
        let top = index.iter().map(|&i| self.norms[i].upper_bound).fold(0.0, f64::max);
        let y = Axis { name: "norm".into(), scale: Scale::Linear, range: Some([0.0, 1.05 * top]) };
        Chart { title: self.name.into(), x, y, lines, level: None }
    }
}

/// The layers with wide filters of several nets.
pub fn norms_figure(nets: &[LayerNorms]) -> Plot {
    let legend = ["upper bound", "operator norm, zeros around the image", "norm of the reshaped filters"];
    let charts = nets.iter().map(LayerNorms::chart).collect();
    Plot { columns: 1, panel: [300, 760], legend: legend.map(String::from).into(), charts }
}

impl Layer {
    fn from_op(op: &Op) -> Option<Self> {
        let by = |sizes: &[usize]| sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
        match op {
            Op::Conv(Convolution { weight, conv, .. }) => {
                let [filters, channels, rows, columns] = weight.dims()[..] else { return None };
                Some(Layer { size: by(&[channels, rows, columns, filters]), stride: Some(conv.stride[0]) })
            }
            Op::Linear(Linear { weight, .. }) => {
                Some(Layer { size: by(&[weight.dims()[1], weight.dims()[0]]), stride: None })
            }
            _ => None,
        }
    }
}

fn text(number: Option<impl ToString>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}
