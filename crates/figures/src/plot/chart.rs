//! Lines over two axes.

use crate::figure_style::{Canvas, FINE, color, drawn, letters, line_style, plain, title};
use anyhow::Result;
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, Polygon};
use plotters::prelude::{Cartesian2d, DrawingBackend};
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::{BLACK, Color};
use serde::{Deserialize, Deserializer, Serialize};
use statistics::exact;
use statistics::interval_of_mean;

/// Lines with at most so many points show them.
const FEW: usize = 20;

/// Lines over two axes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Above it.
    pub title: String,
    /// To the right.
    pub x: Axis,
    /// Upward.
    pub y: Axis,
    /// What is drawn.
    pub lines: Vec<Line>,
    /// A value of y at which a dashed line lies.
    pub level: Option<f64>,
}

/// An axis of a [`Chart`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// What it measures, with its unit.
    pub name: String,
    /// What its numbers are.
    pub scale: Scale,
    /// Its ends; where there are none, it holds all points.
    pub range: Option<[f64; 2]>,
}

/// What the numbers of an [`Axis`] are.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum Scale {
    /// Values.
    Linear,
    /// Positive values, each decade as long.
    Logarithmic,
    /// Places in this list of names, from 0.
    Named(Vec<String>),
}

/// A line of a [`Chart`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Which entry of the legend it is.
    pub entry: usize,
    /// x and y, in order; it is broken where y is not finite.
    #[serde(deserialize_with = "with_gaps")]
    pub points: Vec<[f64; 2]>,
    /// The ends of each point's interval, drawn as a band; none where the values have none.
    #[serde(deserialize_with = "with_gaps")]
    pub interval: Vec<[f64; 2]>,
}

impl Line {
    /// Without intervals.
    pub fn new(entry: usize, points: Vec<[f64; 2]>) -> Self {
        Self { entry, points, interval: vec![] }
    }

    /// The mean of some values at each x, with its 95 % interval by the bootstrap; a gap where there are none.
    pub fn from_means(entry: usize, values: &[(f64, Vec<f64>)], seed: u64) -> Self {
        let mean = |(x, values): &(f64, Vec<f64>)| [*x, values.iter().sum::<f64>() / values.len() as f64];
        let ends = |(_, values): &(f64, Vec<f64>)| {
            if values.is_empty() { [f64::NAN; 2] } else { interval_of_mean(values, seed) }
        };
        Self { entry, points: values.iter().map(mean).collect(), interval: values.iter().map(ends).collect() }
    }
}

/// Numbers that are not finite are `null` in JSON.
fn with_gaps<'a, D: Deserializer<'a>>(source: D) -> Result<Vec<[f64; 2]>, D::Error> {
    let pairs = Vec::<[Option<f64>; 2]>::deserialize(source)?;
    Ok(pairs.into_iter().map(|pair| pair.map(|number| number.unwrap_or(f64::NAN))).collect())
}

type Context<'a, B> = ChartContext<'a, B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl Chart {
    pub(super) fn draw<B: DrawingBackend>(&self, area: &Canvas<B>) -> Result<()>
    where
        B::ErrorType: 'static,
    {
        title(area, &self.title)?;
        let [[left, right], [bottom, top]] = [self.ends(0), self.ends(1)];
        let mut builder = ChartBuilder::on(area);
        let [top_margin, right_margin, others] = [32, 16, 5].map(|pixels| pixels * FINE);
        builder.margin(others).margin_top(top_margin).margin_right(right_margin);
        builder.x_label_area_size(42 * FINE).y_label_area_size(66 * FINE);
        let mut context = drawn(builder.build_cartesian_2d(left..right, bottom..top))?;
        let mut mesh = context.configure_mesh();
        mesh.label_style(letters(12)).axis_desc_style(letters(13));
        mesh.light_line_style(BLACK.mix(0.0)).bold_line_style(BLACK.mix(0.12).stroke_width(FINE));
        mesh.axis_style(plain()).set_all_tick_mark_size(5 * FINE);
        mesh.x_desc(&self.x.name).y_desc(&self.y.name);
        let [x_ticks, y_ticks] = [self.x.ticks([left, right], 8), self.y.ticks([bottom, top], 6)];
        mesh.x_labels(x_ticks).y_labels(y_ticks);
        let (x_face, y_face) = (|at: &f64| self.x.face(*at), |at: &f64| self.y.face(*at));
        mesh.x_label_formatter(&x_face).y_label_formatter(&y_face);
        drawn(mesh.draw())?;
        if let Some(level) = self.level {
            let ends = [left, right].map(|x| (x, self.y.at(level)));
            drawn(context.draw_series(DashedLineSeries::new(ends, 6 * FINE, 4 * FINE, plain())))?;
        }
        self.lines.iter().try_for_each(|line| self.draw_interval(&mut context, line))?;
        self.lines.iter().try_for_each(|line| self.draw_line(&mut context, line))
    }

    /// The band between the ends of a line's intervals.
    fn draw_interval<B: DrawingBackend>(&self, context: &mut Context<B>, line: &Line) -> Result<()>
    where
        B::ErrorType: 'static,
    {
        let ends = line.points.iter().zip(&line.interval);
        let end = |of: usize| {
            let at = |([x, _], ends): (&[f64; 2], &[f64; 2])| (self.x.at(*x), self.y.at(ends[of]));
            ends.clone().map(at).filter(|(_, y)| y.is_finite()).collect::<Vec<_>>()
        };
        let around: Vec<(f64, f64)> = end(0).into_iter().chain(end(1).into_iter().rev()).collect();
        let band = Polygon::new(around, color(line.entry).mix(0.2).filled());
        drawn(context.draw_series([band]).map(drop))
    }

    fn draw_line<B: DrawingBackend>(&self, context: &mut Context<B>, line: &Line) -> Result<()>
    where
        B::ErrorType: 'static,
    {
        let points = line.points.iter().map(|&[x, y]| (self.x.at(x), self.y.at(y)));
        let points: Vec<(f64, f64)> = points.collect();
        for piece in points.split(|(_, y)| !y.is_finite()) {
            drawn(context.draw_series(LineSeries::new(piece.iter().copied(), line_style(line.entry))))?;
        }
        if points.len() <= FEW {
            let seen = points.into_iter().filter(|(_, y)| y.is_finite());
            let dot = |point| Circle::new(point, 3 * FINE, color(line.entry).filled());
            drawn(context.draw_series(seen.map(dot)))?;
        }
        Ok(())
    }

    /// The ends of an axis, 0 for x and 1 for y, as they are drawn.
    fn ends(&self, axis: usize) -> [f64; 2] {
        let scale = [&self.x, &self.y][axis];
        if let Some(range) = scale.range {
            return range.map(|end| scale.at(end));
        }
        if let Scale::Named(names) = &scale.scale {
            return [-0.5, names.len() as f64 - 0.5];
        }
        let values = self.lines.iter().flat_map(|line| &line.points).map(|point| scale.at(point[axis]));
        let [low, high] = values
            .filter(|value| value.is_finite())
            .fold([f64::MAX, f64::MIN], |ends, value| [ends[0].min(value), ends[1].max(value)]);
        match (low <= high, high - low) {
            (false, _) => [0.0, 1.0],
            (true, 0.0) => [low - 0.5, high + 0.5],
            // Lines stay clear of the frame above.
            (true, span) => [low, high + 0.05 * span * axis as f64],
        }
    }
}

impl Axis {
    /// Where a value is drawn.
    fn at(&self, value: f64) -> f64 {
        if matches!(self.scale, Scale::Logarithmic) { value.log10() } else { value }
    }

    /// How many ticks there may be.
    fn ticks(&self, [low, high]: [f64; 2], several: usize) -> usize {
        match &self.scale {
            Scale::Linear => several,
            Scale::Logarithmic => (high - low).ceil() as usize + 2,
            Scale::Named(names) => names.len() + 2,
        }
    }

    /// The text at a tick.
    fn face(&self, at: f64) -> String {
        match &self.scale {
            Scale::Linear => exact(at),
            Scale::Logarithmic => exact(10f64.powf(at)),
            Scale::Named(names) if at.fract() == 0.0 && at >= 0.0 => {
                names.get(at as usize).cloned().unwrap_or_default()
            }
            Scale::Named(_) => String::new(),
        }
    }
}
