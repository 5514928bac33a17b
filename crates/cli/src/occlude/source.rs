//! Images of one argument, and the net that they are shown to.

use crate::images::Images;
use anyhow::Result;
use core_net::{Net, Scores};
use std::path::PathBuf;
use tensor::Tensor;

/// Images of one argument, and the net in their type.
pub struct Source {
    pub path: PathBuf,
    pub images: Images,
    pub net: Net,
    /// The net up to its logits, where they are known.
    pub logits: Option<Net>,
    pub scores: Scores,
}

impl Source {
    /// The image of this number with its name, where it is not broken.
    ///
    /// **Shape** `[1, c, h, w]`
    pub fn image(&self, number: usize) -> Result<Option<(String, Tensor)>> {
        let batch = self.images.select(&[number]).batches(1)?.next().transpose()?;
        Ok(batch.map(|mut batch| (batch.names.remove(0), batch.images)))
    }
}
