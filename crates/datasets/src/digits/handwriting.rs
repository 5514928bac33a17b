//! Random handwriting: one writer's distortion of a digit's skeleton.

use super::Point;
use super::skeleton::variants;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_distr::StandardNormal;
use std::f32::consts::TAU;

/// Standard deviation of the logarithm of the factor of `JITTER` and `ELASTIC`: most digits are legible, a few hardly.
const DISTORTION: f32 = 0.2;
/// Points on the curve between two points of the skeleton.
const STEPS: usize = 6;
/// Standard deviation of each point of the skeleton, in heights of a digit.
const JITTER: f32 = 0.02;
/// Standard deviation of the slant: shift to the right for each unit of height.
const SLANT: f32 = 0.22;
/// Mean slant: most people lean to the right.
const MEAN_SLANT: f32 = 0.12;
/// Standard deviation of the rotation, in radians.
const ROTATION: f32 = 0.12;
/// Standard deviation of the logarithm of width over height.
const STRETCH: f32 = 0.16;
/// Standard deviation of the elastic displacement, in heights of a digit.
const ELASTIC: f32 = 0.075;
/// Waves that make up the elastic displacement.
const WAVES: usize = 4;
/// Standard deviation of a wave's frequency along each axis, in waves per height of a digit.
const FREQUENCY: f32 = 0.45;

/// The strokes of `digit` as polylines, in heights of a digit.
pub(super) fn write(digit: u8, random: &mut impl Rng) -> Vec<Vec<Point>> {
    let skeleton = variants(digit).choose(random).expect("a digit has variants");
    let distortion = (DISTORTION * normal(random)).exp();
    let elastic = Elastic::draw(ELASTIC * distortion, random);
    let affine = draw_affine(random);
    let bend = |point: Point| affine_at(affine, elastic.at(point));
    skeleton
        .iter()
        .map(|stroke| curve(&jitter(stroke, JITTER * distortion, random)))
        .map(|stroke| stroke.into_iter().map(bend).collect())
        .collect()
}

fn normal(random: &mut impl Rng) -> f32 {
    random.sample(StandardNormal)
}

/// Each point moved a little; a corner (a point given twice) stays one.
fn jitter(stroke: &[Point], deviation: f32, random: &mut impl Rng) -> Vec<Point> {
    let mut moved: Vec<Point> = Vec::with_capacity(stroke.len());
    for (i, point) in stroke.iter().enumerate() {
        if i > 0 && stroke[i - 1] == *point {
            moved.push(moved[i - 1]);
        } else {
            moved.push(point.map(|x| x + deviation * normal(random)));
        }
    }
    moved
}

/// The Catmull–Rom curve through `points`.
fn curve(points: &[Point]) -> Vec<Point> {
    let last = points.len() - 1;
    let mut line = vec![points[0]];
    for i in 0..last {
        let p = [points[i.saturating_sub(1)], points[i], points[i + 1], points[(i + 2).min(last)]];
        if p[1] == p[2] {
            continue;
        }
        line.extend((1..=STEPS).map(|s| catmull_rom(p, s as f32 / STEPS as f32)));
    }
    line
}

/// The point at `t` in [0, 1] between the second and third of four points.
fn catmull_rom(p: [Point; 4], t: f32) -> Point {
    let weights = [
        ((2.0 - t) * t - 1.0) * t,
        (3.0 * t - 5.0) * t * t + 2.0,
        ((4.0 - 3.0 * t) * t + 1.0) * t,
        (t - 1.0) * t * t,
    ];
    [0, 1].map(|axis| 0.5 * (0..4).map(|k| weights[k] * p[k][axis]).sum::<f32>())
}

/// A random stretch and slant, then a rotation, as a matrix.
fn draw_affine(random: &mut impl Rng) -> [Point; 2] {
    let slant = -(MEAN_SLANT + SLANT * normal(random));
    let (sin, cos) = (ROTATION * normal(random)).sin_cos();
    let stretch = (STRETCH * normal(random)).exp();
    [[cos * stretch, cos * slant - sin], [sin * stretch, sin * slant + cos]]
}

fn affine_at(m: [Point; 2], [x, y]: Point) -> Point {
    m.map(|row| row[0] * x + row[1] * y)
}

/// A smooth random displacement: a sum of long waves.
struct Elastic([Wave; WAVES]);

/// One wave of displacement.
struct Wave {
    amplitude: Point,
    frequency: Point,
    phase: f32,
}

impl Elastic {
    /// A displacement with this standard deviation along each axis.
    fn draw(deviation: f32, random: &mut impl Rng) -> Elastic {
        let each = deviation * (2.0 / WAVES as f32).sqrt();
        Elastic(std::array::from_fn(|_| Wave {
            amplitude: [0, 1].map(|_| each * normal(random)),
            frequency: [0, 1].map(|_| TAU * FREQUENCY * normal(random)),
            phase: random.random_range(0.0..TAU),
        }))
    }

    /// `point` displaced.
    fn at(&self, point: Point) -> Point {
        let Elastic(waves) = self;
        waves.iter().fold(point, |[x, y], wave| {
            let angle = wave.frequency[0] * point[0] + wave.frequency[1] * point[1] + wave.phase;
            let height = angle.sin();
            [x + wave.amplitude[0] * height, y + wave.amplitude[1] * height]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Right, then down, with a corner between.
    const CORNER: [Point; 4] = [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0]];

    #[test]
    fn the_curve_passes_through_the_points_of_the_skeleton() {
        let points = [[0.0, 0.0], [1.0, 0.5], [0.5, 2.0], [-1.0, 1.0]];
        let curve = curve(&points);
        assert_eq!(curve.len(), 3 * STEPS + 1);
        for (i, point) in points.iter().enumerate() {
            assert_eq!(curve[i * STEPS], *point);
        }
    }

    #[test]
    fn a_point_given_twice_is_a_corner_and_stays_one_when_moved() {
        let on_the_lines = |p: &Point| p[1].abs() < 1e-6 || (p[0] - 1.0).abs() < 1e-6;
        assert!(curve(&CORNER).iter().all(on_the_lines));
        let moved = jitter(&CORNER, 0.1, &mut tensor::seeded(1, "test"));
        assert_eq!(moved[1], moved[2]);
        assert_ne!(moved[1], CORNER[1]);
    }

    #[test]
    fn the_elastic_displacement_is_smooth_and_has_its_standard_deviation() {
        let mut random = tensor::seeded(1, "test");
        let point = [0.3, 0.7];
        let near = [0.3, 0.701];
        let mut sum = 0.0;
        for _ in 0..2000 {
            let elastic = Elastic::draw(0.1, &mut random);
            let [x, y] = elastic.at(point);
            sum += (x - point[0]).powi(2) + (y - point[1]).powi(2);
            let step = elastic.at(near)[0] - x;
            assert!(step.abs() < 0.005, "{step}");
        }
        let deviation = (sum / 4000.0).sqrt();
        assert!((0.095..0.105).contains(&deviation), "{deviation}");
    }
}
