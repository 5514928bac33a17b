//! Active and dead feature maps.

use super::dominance::median;
use core_net::{Net, Trace};
use tensor::to_f64s;

/// The largest activation of each map of a node, over any number of images.
///
/// **Paper** Zeiler & Fergus 2013, Fig. 6: "fewer dead features".
#[derive(Clone, Debug)]
pub struct Activity {
    node: usize,
    /// By map.
    highest: Vec<f64>,
    seen: usize,
}

impl Activity {
    /// For the maps of this node, before or after its rectifier.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn new(net: &Net, node: usize) -> Self {
        Self { node, highest: vec![f64::NEG_INFINITY; net.nodes()[node].shape[0]], seen: 0 }
    }

    /// Adds the next batch of images.
    ///
    /// # Panics
    /// If the trace is of another net.
    pub fn update(&mut self, trace: &Trace) {
        let activation = trace.activation(self.node);
        let (images, maps) = (activation.dims()[0], activation.dims()[1]);
        assert_eq!(maps, self.highest.len(), "Activity: maps of the node");
        let values = to_f64s(activation);
        let size = values.len() / (images * maps).max(1);
        for (index, plane) in values.chunks_exact(size.max(1)).enumerate() {
            let highest = &mut self.highest[index % maps];
            *highest = plane.iter().copied().fold(*highest, f64::max);
        }
        self.seen += images;
    }

    /// The highest response of each map at any place of any image.
    pub fn highest(&self) -> &[f64] {
        &self.highest
    }

    /// Number of images.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// The maps that are never active: nowhere above 0 on any image.
    pub fn dead(&self) -> Vec<usize> {
        self.maps(|highest| highest <= 0.0)
    }

    /// The maps that are active, but whose highest response is below this share of the median active map's.
    pub fn faint(&self, share: f64) -> Vec<usize> {
        let active: Vec<f64> = self.highest.iter().copied().filter(|highest| *highest > 0.0).collect();
        let limit = share * median(&active);
        self.maps(|highest| highest > 0.0 && highest < limit)
    }

    fn maps(&self, are: impl Fn(f64) -> bool) -> Vec<usize> {
        (0..self.highest.len()).filter(|&map| are(self.highest[map])).collect()
    }
}
