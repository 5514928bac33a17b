//! The evolution of a net's features during training.

use super::excitation::{maps_of, projected};
use core_net::Net;
use deconv::{EpochSnapshot, FeatureMap};
use figures::{Axis, Chart, Gallery, Line, Panel, PanelFigure, Plot, Scale};
use lab::{Run, Table, TrainedNet};
use rand::seq::index::sample;
use tensor::{Tensor, gather, seeded};

/// Images in a batch.
const BATCH: usize = 100;

/// The nets of some epochs of one training run, and the strongest activations of their feature maps.
pub struct FeatureEvolution<'a> {
    nets: &'a [(usize, Net)],
    images: &'a Tensor,
    layers: Vec<Layer>,
    /// Of all layers' maps, by epoch.
    snapshots: Vec<EpochSnapshot>,
}

/// A layer's name, its node, and which of all maps are its own.
struct Layer {
    name: &'static str,
    node: usize,
    maps: Vec<usize>,
}

impl<'a> FeatureEvolution<'a> {
    /// The nets of the epochs that a training kept, and of its last.
    pub fn epochs(trained: TrainedNet) -> Vec<(usize, Net)> {
        let (mut epochs, last) = (trained.snapshots, trained.epochs.len());
        if epochs.last().is_none_or(|(epoch, _)| *epoch < last) {
            epochs.push((last, trained.net));
        }
        epochs
    }

    /// Measures the strongest activations in every epoch. A layer goes by its name and the node whose maps are compared.
    ///
    /// **Shape** images `[n, c, h, w]`
    ///
    /// # Panics
    /// If there is no net, or it has no such node.
    pub fn watch(
        run: &Run,
        nets: &'a [(usize, Net)],
        layers: &[(&'static str, &str)],
        images: &'a Tensor,
    ) -> Self {
        let net = &nets[0].1;
        let (mut maps, mut named) = (Vec::new(), Vec::new());
        for &(name, node) in layers {
            let node = net.index_of(node).expect("a node of the net");
            let own = maps_of(net, node);
            named.push(Layer { name, node, maps: (maps.len()..maps.len() + own.len()).collect() });
            maps.extend(own);
        }
        let progress = run.progress("look at every epoch", nets.len() * images.dims()[0]);
        let batch = run.batch(BATCH);
        let snapshots = nets.iter().map(|(_, net)| snapshot(net, &maps, images, batch, |n| progress.inc(n)));
        let snapshots = snapshots.collect();
        Self { nets, images, layers: named, snapshots }
    }

    /// How like the last epoch's maps those of each epoch are, how many have another image than the epoch before, and how many are dead.
    pub fn record(&self, table: &mut Table) {
        let last = self.snapshots.len() - 1;
        for (layer, at) in self.layers.iter().flat_map(|layer| (0..=last).map(move |at| (layer, at))) {
            let (epoch, n) = (self.nets[at].0, layer.maps.len());
            let count = |is: &dyn Fn(usize) -> bool| layer.maps.iter().filter(|&&map| is(map)).count();
            let column = |what: &str| format!("epoch {epoch}: {what}");
            if at < last {
                table.mean(layer.name, &column("likeness to the last"), &self.likenesses(layer, at));
            }
            if at > 0 {
                let changed = count(&|map| self.has_changed(at, map));
                table.rate(layer.name, &column("another image than before"), changed, n);
            }
            let dead = count(&|map| self.snapshots[at].strongest(map).activation <= 0.0);
            table.rate(layer.name, &column("dead maps"), dead, n);
        }
    }

    /// A line for each layer: how like the last epoch's its maps are.
    pub fn convergence(&self, run: &Run) -> Plot {
        let line = |(entry, layer): (usize, &Layer)| {
            let likenesses = |at: usize| (at as f64, self.likenesses(layer, at));
            Line::from_means(
                entry,
                &(0..self.snapshots.len()).map(likenesses).collect::<Vec<_>>(),
                run.seed(),
            )
        };
        let lines = self.layers.iter().enumerate().map(line).collect();
        let epochs = self.nets.iter().map(|(epoch, _)| epoch.to_string()).collect();
        let axis = |name: &str, scale, range| Axis { name: name.into(), scale, range };
        let chart = Chart {
            title: "how like the last epoch's maps".into(),
            x: axis("epoch", Scale::Named(epochs), None),
            y: axis("correlation over images", Scale::Linear, Some([0.0, 1.0])),
            lines,
            level: None,
        };
        let legend = self.layers.iter().map(|layer| layer.name.into()).collect();
        Plot { columns: 1, panel: [400, 640], legend, charts: vec![chart] }
    }

    /// For each layer a block: a row for each of `each` maps, chosen at random among those that are not dead, and a column for each epoch.
    ///
    /// **Paper** Fig. 4; ours says by a frame where the image has changed.
    pub fn plate(&self, run: &Run, each: usize) -> PanelFigure {
        let epochs: Vec<String> = self.nets.iter().map(|(epoch, _)| epoch.to_string()).collect();
        let panel = |layer: &Layer| {
            let title = format!("{}: epochs {}", layer.name, epochs.join(", "));
            let chosen = self.choose(run, layer, each);
            let pictures = chosen.iter().flat_map(|&map| self.row(layer, map)).collect();
            Panel::Gallery(Gallery { title, columns: epochs.len(), pictures })
        };
        let legend = ["the same image as at the epoch before", "another image"].map(String::from);
        let size = [36 + 84 * each, 84 * epochs.len().max(5)];
        PanelFigure {
            columns: 3,
            panel: size,
            legend: legend.into(),
            panels: self.layers.iter().map(panel).collect(),
        }
    }

    /// One map's projections at every epoch.
    fn row(&self, layer: &Layer, map: usize) -> Vec<(usize, image::RgbImage)> {
        let picture = |at: usize| {
            let strongest = self.snapshots[at].strongest(map);
            let entry = usize::from(at > 0 && self.has_changed(at, map));
            let net = &self.nets[at].1;
            (entry, projected(net, layer.node, self.images, strongest.image, strongest.unit))
        };
        (0..self.snapshots.len()).map(picture).collect()
    }

    /// Some of the layer's maps that are not dead in the last epoch.
    fn choose(&self, run: &Run, layer: &Layer, n: usize) -> Vec<usize> {
        let last = self.snapshots.last().expect("an epoch");
        let lives = |map: &usize| last.strongest(*map).activation > 0.0;
        let alive: Vec<usize> = layer.maps.iter().copied().filter(lives).collect();
        let rng = &mut seeded(run.seed(), &format!("maps of {}", layer.name));
        let mut chosen: Vec<usize> =
            sample(rng, alive.len(), n.min(alive.len())).iter().map(|index| alive[index]).collect();
        chosen.sort_unstable();
        chosen
    }

    fn likenesses(&self, layer: &Layer, at: usize) -> Vec<f64> {
        let last = self.snapshots.last().expect("an epoch");
        layer.maps.iter().map(|&map| self.snapshots[at].similarity(last, map)).collect()
    }

    fn has_changed(&self, at: usize, map: usize) -> bool {
        self.snapshots[at].strongest(map).image != self.snapshots[at - 1].strongest(map).image
    }
}

/// The strongest activations of the net's maps, computed for `batch` images at a time.
fn snapshot(
    net: &Net,
    maps: &[FeatureMap],
    images: &Tensor,
    batch: usize,
    seen: impl Fn(usize),
) -> EpochSnapshot {
    let net = net.up_to(maps.iter().map(|map| map.node).max().unwrap_or(0));
    let mut snapshot = EpochSnapshot::new(maps);
    let all: Vec<usize> = (0..images.dims()[0]).collect();
    for batch in all.chunks(batch) {
        snapshot.update(&net.forward(&gather(images, batch)));
        seen(batch.len());
    }
    snapshot
}
