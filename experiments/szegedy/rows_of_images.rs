//! The paper's figures: rows of the images that stimulate a direction most.

use super::top_stimuli::{DirectionStimuli, K, TopStimuli};
use datasets::{Channels, Preprocessing};
use figures::{Gallery, Panel, PanelFigure};
use lab::Run;
use rand::seq::index::sample;
use tensor::{Tensor, seeded};

/// Units, and random directions beside them.
const ROWS: usize = 6;
/// Height and width of a row: its title, and pictures of 64 pixels in their frames; and some room between the halves.
const ROW: [usize; 2] = [32 + 84, K * 84 + 24];

/// Some units, drawn by the seed, on the left, and some random directions on the right.
///
/// **Shape** shown `[n, c, h, w]`, gray or in colors, for each image measured.
/// **Range** shown `[0, 1]`
///
/// **Paper** Szegedy et al. 2013, Figs. 1 to 4.
pub fn rows_of_images(run: &Run, top: &TopStimuli, shown: &Tensor) -> PanelFigure {
    let rng = &mut seeded(run.seed(), &format!("units shown of {}", top.layer));
    let mut units = sample(rng, top.units.len(), ROWS.min(top.units.len())).into_vec();
    units.sort_unstable();
    let left = units.iter().map(|&unit| row(0, &top.units[unit], shown));
    let right = top.directions.iter().take(units.len()).map(|direction| row(1, direction, shown));
    let legend = ["natural basis", "random directions"].map(String::from).to_vec();
    let panels = left.zip(right).flat_map(|pair| [pair.0, pair.1]).collect();
    PanelFigure { columns: 2, panel: ROW, legend, panels }
}

fn row(entry: usize, found: &DirectionStimuli, shown: &Tensor) -> Panel {
    let channels = if shown.dims()[1] == 1 { Channels::Gray } else { Channels::Rgb };
    let pixels = Preprocessing { channels, ..Preprocessing::default() };
    let picture = |image: usize| pixels.picture(&shown.get(image).expect("an image that was looked at"));
    let pictures = found.strongest.iter().map(|stimulus| (entry, picture(stimulus.image)));
    Panel::Gallery(Gallery { title: found.name.clone(), columns: K, pictures: pictures.collect() })
}
