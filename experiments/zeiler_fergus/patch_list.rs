//! The images of a figure's patches as a CSV file.

use anyhow::Result;
use datasets::ImageFolder;
use deconv::TopActivation;
use serde::Serialize;

/// A CSV file with a line for each patch of a figure.
pub struct PatchList<'a> {
    names: Vec<&'a str>,
    classes: Vec<&'a str>,
    lines: csv::Writer<Vec<u8>>,
}

/// An image that excites a map, and the unit of the map that it excites most.
#[derive(Serialize)]
struct Line<'a> {
    layer: &'a str,
    map: usize,
    rank: usize,
    image: &'a str,
    class: &'a str,
    activation: f64,
    row: usize,
    column: usize,
}

impl<'a> PatchList<'a> {
    /// An empty list of images of this folder.
    pub fn new(images: &'a ImageFolder) -> Self {
        let class = |label: Option<usize>| label.map_or("", |label| images.classes()[label].as_str());
        let classes = images.labels().map(class).collect();
        Self { names: images.names().collect(), classes, lines: csv::Writer::from_writer(Vec::new()) }
    }

    /// Adds a map's strongest images.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn add(&mut self, layer: &str, strongest: &[TopActivation]) -> Result<()> {
        for (rank, &TopActivation { image, unit, activation }) in (1..).zip(strongest) {
            let (map, [row, column]) = (unit.channel, unit.at);
            let (image, class) = (self.names[image], self.classes[image]);
            self.lines.serialize(Line { layer, map, rank, image, class, activation, row, column })?;
        }
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// When a line cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        Ok(self.lines.into_inner()?)
    }
}
