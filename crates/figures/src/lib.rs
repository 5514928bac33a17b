//! Charts, heat maps with their scale, and grids of images.

mod figure_style;
mod grayscale_grid;
mod heat_map;
mod image_grid;
mod panel_figure;
mod picture;
mod plot;
mod thumbnail;

pub use grayscale_grid::GrayscaleGrid;
pub use heat_map::{Between, HeatMap};
pub use image_grid::{Block, ImageGrid};
pub use panel_figure::{Gallery, Map, Panel, PanelFigure};
pub use picture::png;
pub use plot::{Axis, Chart, ENDING, Line, Plot, Scale};
pub use thumbnail::{BESIDE, fitted, reduced, thumbnail};
