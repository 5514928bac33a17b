//! An occlusion map in words, as an array, as a row of a table, and over its image.

use super::explained::{Explained, Scale};
use crate::class_table::Classes;
use crate::pixels::Pixels;
use anyhow::Result;
use core_net::{Net, Places, Units};
use figures::{Between, HeatMap, HeatMapFigure};
use image::RgbImage;
use ndarray::{Array2, Axis};
use occlusion::{Occluder, frequent_classes, per_pixel};
use serde::Serialize;
use statistics::shown;
use std::fmt::Write;
use tensor::{DType, Tensor, from_array};

/// Classes named for each image.
const NAMED: usize = 5;

/// The occlusion map of one image.
pub struct Sensitivity<'a> {
    /// The image's name.
    pub image: String,
    /// Its height and width.
    pub size: [usize; 2],
    pub explained: Explained,
    pub occluder: &'a Occluder,
    /// The class's probability without the occluder.
    pub probability: f64,
    /// The value without the occluder.
    pub before: f64,
    /// Those with it, by position.
    pub values: Array2<f64>,
    /// Whether each pixel's attribution is shown instead of each position's value.
    pub per_pixel: bool,
}

/// What a map says in short.
#[derive(Serialize)]
pub struct Summary {
    image: String,
    class: Option<usize>,
    name: String,
    scale: &'static str,
    before: f64,
    least: f64,
    row: usize,
    column: usize,
}

impl Summary {
    pub const COLUMNS: [&'static str; 8] =
        ["image", "class", "name", "scale", "before", "least", "row", "column"];

    /// The values of the columns.
    pub fn row(&self) -> impl Serialize + '_ {
        let Summary { image, class, name, scale, before, least, row, column } = self;
        (image, class, name, scale, before, least, row, column)
    }
}

/// The names of nodes and classes.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    pub net: &'a Net,
    pub classes: &'a Classes,
}

impl Names<'_> {
    fn class(self, class: usize) -> String {
        if class == usize::MAX {
            return "none (NaN)".into();
        }
        self.classes.name(class).map_or(class.to_string(), |name| format!("{class} {name}"))
    }

    /// What is measured.
    fn of(self, explained: &Explained) -> String {
        match explained {
            Explained::Class(class, _) => format!("class {}", self.class(*class)),
            Explained::Difference(one, other) => {
                format!("class {} minus class {}", self.class(*one), self.class(*other))
            }
            Explained::Units(Units { node, channel, places }) => {
                let node = &self.net.nodes()[*node];
                match (places, &node.shape[..]) {
                    (Places::All, _) => format!("{} --unit {channel}", node.name),
                    (Places::Some(at), &[_, _, w]) if at.len() == 1 => {
                        format!("{}:{channel}@{},{}", node.name, at[0] / w, at[0] % w)
                    }
                    (Places::Some(at), _) => format!("{}:{channel} at {} places", node.name, at.len()),
                }
            }
            Explained::Argmax => "most probable class".into(),
        }
    }
}

impl Sensitivity<'_> {
    /// **Shape** `[1, rows, columns]`, or with the attribution of pixels `[1, h, w]`
    pub fn array(&self, dtype: DType) -> Result<Tensor> {
        Ok(from_array(&self.map().insert_axis(Axis(0))).to_dtype(dtype)?)
    }

    /// A line, and for classes one for each of the most frequent.
    pub fn described(&self, names: Names) -> String {
        let Sensitivity { image, before, .. } = self;
        if self.explained == Explained::Argmax {
            let mut text = format!("{image}: class {} without the occluder\n", names.class(*before as usize));
            let positions = self.values.len();
            for (found, count) in frequent_classes(&self.classes()).into_iter().take(NAMED) {
                let share = 100.0 * count as f64 / positions as f64;
                let _ = writeln!(text, "  {share:6.2} % of {positions} positions: {}", names.class(found));
            }
            return text;
        }
        let (least, [row, column]) = self.least();
        let at = format!("with the top-left corner at row {row}, column {column}");
        let scale = self.scale_name();
        let found = match self.explained {
            Explained::Class(_, Scale::Drop) => {
                format!("probability {before:.6}, falls by {:.6} at most {at}", before - least)
            }
            Explained::Class(_, Scale::Logit | Scale::LogOdds) => {
                format!("{scale} {before:.6} (probability {:.6}), at least {least:.6} {at}", self.probability)
            }
            _ => format!("{scale} {before:.6}, at least {least:.6} {at}"),
        };
        format!("{image}: {}, {found}\n", names.of(&self.explained))
    }

    /// The row of a table; of a [`Scale::Drop`], the probabilities.
    pub fn summary(&self, names: Names) -> Summary {
        let (least, [row, column]) = self.least();
        let (class, name) = match self.explained {
            Explained::Class(class, _) => {
                (Some(class), names.classes.name(class).unwrap_or_default().to_owned())
            }
            _ => (None, names.of(&self.explained)),
        };
        let scale = if self.scale_name() == "drop" { "probability" } else { self.scale_name() };
        Summary { image: self.image.clone(), class, name, scale, before: self.before, least, row, column }
    }

    /// The image, which has one channel or three, beside its map, with a color bar; what matters most is the brightest.
    pub fn picture(&self, image: &Tensor, pixels: &Pixels, names: Names) -> Result<RgbImage> {
        let image = pixels.preprocessing(&image.dims()[1..]).picture(&image.squeeze(0)?);
        let (heat, class_names) = self.heat_map(names);
        let what = names.of(&self.explained);
        let mut title = vec![self.image.clone(), what];
        if self.explained != Explained::Argmax {
            let (least, [row, column]) = self.least();
            let number = |value: f64| shown(value, value, false);
            let scale = self.scale_name().replace("drop", "probability");
            title.push(format!(
                "{scale} {}, least {} with the top-left corner at row {row}, column {column}",
                number(self.before),
                number(least)
            ));
        }
        HeatMapFigure { title, caption: self.caption(), image, heat, names: class_names }.picture()
    }

    /// The number of positions whose value is no number.
    pub fn nans(&self) -> usize {
        self.values.iter().filter(|value| value.is_nan()).count()
    }

    fn caption(&self) -> String {
        let scale = self.scale_name();
        match self.explained {
            _ if self.per_pixel => {
                let scale = scale.replace("drop", "probability");
                format!("mean fall of the {scale} where the pixel is covered; bright = important (large)")
            }
            Explained::Class(_, Scale::Drop) => {
                "fall of the class probability with that part covered; bright = important (large)".into()
            }
            Explained::Class(..) => {
                format!("class {scale} with that part covered; bright = important (low)")
            }
            Explained::Argmax => "most probable class with that part covered".into(),
            _ => format!("{scale} with that part covered; bright = important (low)"),
        }
    }

    fn scale_name(&self) -> &'static str {
        match self.explained {
            Explained::Class(_, scale) => scale.name(),
            Explained::Difference(..) => "logit difference",
            Explained::Units(_) => "activity",
            Explained::Argmax => "class",
        }
    }

    /// What is written and drawn.
    fn map(&self) -> Array2<f64> {
        if self.per_pixel {
            let values: Vec<f64> = self.values.iter().copied().collect();
            return per_pixel(self.occluder, self.size, self.before, &values);
        }
        match self.explained {
            Explained::Class(_, Scale::Drop) => self.values.mapv(|value| self.before - value),
            _ => self.values.clone(),
        }
    }

    /// The classes of an argmax; where there is none, as the net gives no numbers, beyond all classes.
    fn classes(&self) -> Array2<usize> {
        self.values.mapv(|class| if class.is_nan() { usize::MAX } else { class as usize })
    }

    /// The least value that was measured, and row and column of the top-left hidden pixel.
    fn least(&self) -> (f64, [usize; 2]) {
        let numbers = self.values.iter().copied().enumerate().filter(|(_, value)| !value.is_nan());
        let lower = |a: (usize, f64), b: (usize, f64)| if b.1 < a.1 { b } else { a };
        let (position, least) = numbers.reduce(lower).unwrap_or((0, f64::NAN));
        let region = self.occluder.regions(self.size)[position];
        (least, [region.top, region.left])
    }

    /// The map with its colors, and names of its values where they are classes.
    fn heat_map(&self, names: Names) -> (HeatMap, Vec<String>) {
        let places = self.occluder.centers(self.size);
        if self.explained == Explained::Argmax {
            let classes = self.classes();
            let frequent = frequent_classes(&classes);
            let rank = |class: &usize| {
                let rank = frequent.iter().position(|(other, _)| other == class).expect("counted");
                rank.min(NAMED) as f64
            };
            let mut class_names: Vec<String> =
                frequent.iter().take(NAMED).map(|&(class, _)| names.class(class)).collect();
            if frequent.len() > NAMED {
                class_names.push(format!("{} other classes", frequent.len() - NAMED));
            }
            let (values, range) = (classes.map(rank), [0.0, (class_names.len() - 1) as f64]);
            return (HeatMap { values, places, range, between: Between::Nearest }, class_names);
        }
        let values = self.map();
        let ends = |[low, high]: [f64; 2], &value: &f64| [low.min(value), high.max(value)];
        let [least, largest] = values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], ends);
        let range = match self.explained {
            _ if self.per_pixel => [least, largest],
            Explained::Class(_, Scale::Drop) => [least.min(0.0), largest],
            Explained::Class(_, Scale::Probability) => [largest.max(self.before), 0.0],
            _ => [largest.max(self.before), least],
        };
        let places = if self.per_pixel {
            self.size.map(|side| (0..side).map(|at| at as f64).collect())
        } else {
            places
        };
        (HeatMap { values, places, range, between: Between::Linear }, vec![])
    }
}
