//! Charts, heat maps with their scale, and grids of images.
//!
//! A figure is a value: panels or charts in rows and columns above one legend.
//! It is drawn at three times its size with a font that is part of the program, then reduced,
//! so that it has the same bytes on every machine.
//!
//! ```
//! use figures::{Axis, Chart, Line, Plot, Scale};
//!
//! let axis = |name: &str| Axis { name: name.into(), scale: Scale::Linear, range: None };
//! let line = Line::new(0, vec![[0.0, 2.3], [1.0, 0.4], [2.0, 0.2]]);
//! let (x, y) = (axis("epoch"), axis("loss"));
//! let chart = Chart { title: "Training".into(), x, y, lines: vec![line], level: None };
//! let plot = Plot { columns: 1, panel: [240, 320], legend: vec!["LeNet".into()], charts: vec![chart] };
//! let [(json, _), (svg, _), (png, _)] = plot.files("learning")?;
//! assert_eq!([json, svg, png], ["learning.plot.json", "learning.svg", "learning.png"]);
//! # Ok::<(), anyhow::Error>(())
//! ```
//!
//! | figure | type |
//! |---|---|
//! | line charts, redrawn from their JSON | [`Plot`] of [`Chart`]s of [`Line`]s |
//! | panels of pictures and of maps of values | [`PanelFigure`] of [`Panel`]s: [`Gallery`], [`Map`] |
//! | values as colors, over an image | [`HeatMap`] |
//! | an image beside its heat map, with a color bar | [`HeatMapFigure`] |
//! | patches beside their projections, labeled | [`UnitGrid`] of [`UnitBlock`]s |
//! | patches beside their projections (Zeiler & Fergus 2013, Fig. 2) | [`ImageGrid`] of [`Block`]s |
//! | grayscale images, such as digits | [`GrayscaleGrid`] |
//! | a picture at the size of a tile | [`thumbnail`], [`reduced`], [`fitted`] |
//! | a picture as a PNG file | [`png`] |
#![warn(missing_docs)]

mod figure_style;
mod grayscale_grid;
mod heat_map;
mod heat_map_figure;
mod image_grid;
mod panel_figure;
mod picture;
mod plot;
mod thumbnail;
mod unit_grid;

pub use grayscale_grid::GrayscaleGrid;
pub use heat_map::{Between, HeatMap};
pub use heat_map_figure::HeatMapFigure;
pub use image_grid::{Block, ImageGrid};
pub use panel_figure::{Gallery, Map, Panel, PanelFigure};
pub use picture::png;
pub use plot::{Axis, Chart, ENDING, Line, Plot, Scale};
pub use thumbnail::{BESIDE, fitted, reduced, thumbnail};
pub use unit_grid::{UnitBlock, UnitGrid};
