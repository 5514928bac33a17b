//! The first layers of a net, as pictures and as numbers.

use super::excitation::{maps_of, projected};
use crate::{Contrast, filter_pictures};
use core_net::operations::Convolution;
use core_net::{Net, Op};
use deconv::TopImages;
use figures::Block;
use lab::{Run, Table};
use tensor::{Tensor, gather};
use unit_analysis::filters::{Activity, Aliasing, Band, Dominance, Spectrum, spectra};

/// Images in a batch.
const BATCH: usize = 50;
/// Images whose responses are taken apart into frequencies.
const ALIASED: usize = 200;
/// A filter dominates if its root mean square exceeds this multiple of the median; the paper gives no number.
const DOMINATES: f64 = 3.0;
/// A map is faint if its maximum is below this share of the median map's.
const FAINT: f64 = 0.01;
/// The bands, as the table calls them.
const BANDS: [(Band, &str); 3] = [(Band::Low, "low"), (Band::Middle, "mid"), (Band::High, "high")];

/// A net with the activity of its first layers on some images.
pub struct FirstLayers<'a> {
    name: &'a str,
    net: Net,
    images: &'a Tensor,
    /// Images in a batch.
    batch: usize,
    layers: [(&'static str, usize); 5],
    activity: Vec<Activity>,
    strongest: TopImages,
}

impl<'a> FirstLayers<'a> {
    /// Measures the activity on these images.
    ///
    /// **Shape** images `[n, 3, h, w]`
    ///
    /// # Panics
    /// If the net lacks one of the five convolutional layers.
    pub fn look(run: &Run, name: &'a str, net: &Net, images: &'a Tensor) -> Self {
        let layers = ["relu1", "relu2", "relu3", "relu4", "relu5"]
            .map(|node| (node, net.index_of(node).expect("five convolutional layers")));
        let net = net.up_to(layers[4].1);
        let mut activity: Vec<Activity> = layers.iter().map(|&(_, node)| Activity::new(&net, node)).collect();
        let mut strongest = TopImages::new(&maps_of(&net, layers[1].1), 1);
        let progress = run.progress(&format!("look at {name}"), images.dims()[0]);
        let (batch, all) = (run.batch(BATCH), (0..images.dims()[0]).collect::<Vec<usize>>());
        for batch in all.chunks(batch) {
            let trace = net.forward(&gather(images, batch));
            activity.iter_mut().for_each(|layer| layer.update(&trace));
            strongest.update(&trace);
            progress.inc(batch.len());
        }
        Self { name, net, images, batch, layers, activity, strongest }
    }

    /// The first layer's filters.
    pub fn filters(&self, contrast: Contrast) -> Block {
        filter_pictures(self.first_layer(), contrast)
    }

    /// For each map of the second layer the projection of the strongest activation; of dead maps, gray.
    pub fn second_layer(&self) -> Block {
        let node = self.layers[1].1;
        let project = |map: usize| {
            let strongest = self.strongest.strongest(map)[0];
            projected(&self.net, node, self.images, strongest.image, strongest.unit)
        };
        (0..self.net.nodes()[node].shape[0]).map(project).collect()
    }

    /// A column of the table: dead and faint maps of every layer; frequencies, dominance and aliasing of the first.
    pub fn record(&self, table: &mut Table, radius: f64) {
        for (layer, activity) in (1..).zip(&self.activity) {
            let maps = activity.highest().len();
            table.rate(&format!("dead maps, layer {layer}"), self.name, activity.dead().len(), maps);
            table.rate(&format!("faint maps, layer {layer}"), self.name, activity.faint(FAINT).len(), maps);
        }
        let dominance = Dominance::from_weight(self.first_layer());
        let filters = dominance.rms.len();
        table.rate("filters that dominate", self.name, dominance.dominating(DOMINATES), filters);
        table.rate("filters held by the radius", self.name, dominance.limited_by(radius), filters);
        table.value(
            "part of the filters that carry the layer",
            self.name,
            dominance.carriers() / filters as f64,
            filters,
        );
        let spectra = spectra(self.first_layer());
        record_power(table, self.name, &spectra);
        for (band, name) in BANDS {
            let strongest = spectra.iter().filter(|spectrum| spectrum.band() == band).count();
            table.rate(&format!("filters strongest in {name} frequencies"), self.name, strongest, filters);
        }
        self.record_aliasing(table);
    }

    fn record_aliasing(&self, table: &mut Table) {
        let mut aliasing = Aliasing::new(&self.net);
        let some: Vec<usize> = (0..ALIASED.min(self.images.dims()[0])).collect();
        some.chunks(self.batch).for_each(|batch| aliasing.update(&gather(self.images, batch)));
        table.value("aliased part of all responses", self.name, aliasing.share(), some.len());
        table.mean("aliased part of a filter's responses", self.name, &aliasing.shares());
    }

    fn first_layer(&self) -> &Tensor {
        match &self.net.nodes()[1].op {
            Op::Conv(Convolution { weight, .. }) => weight,
            other => panic!("expected a convolution first, got {other:?}"),
        }
    }
}

/// How the filters' power is divided among the bands.
pub fn record_power(table: &mut Table, column: &str, spectra: &[Spectrum]) {
    for (index, (_, name)) in BANDS.into_iter().enumerate() {
        let shares: Vec<f64> = spectra.iter().map(|spectrum| spectrum.shares[index]).collect();
        table.mean(&format!("power in {name} frequencies"), column, &shares);
    }
}
