//! Strokes as gray values of 28 × 28 pixels, sized and centered as in MNIST.

use super::Point;
use rand::Rng;
use rand_distr::StandardNormal;

/// Pixels a side.
const SIDE: usize = 28;
/// The middle of the strokes.
const CENTER: f32 = 14.0;
/// The longer side of a digit's box, in pixels, half a stroke's width left out on each side.
const EXTENT: (f32, f32) = (16.0, 18.5);
/// Half the width of a stroke, in pixels.
const RADIUS: (f32, f32) = (0.7, 1.7);
/// Width of the soft edge of a stroke, in pixels.
const EDGE: (f32, f32) = (0.9, 1.7);
/// Standard deviation of the position, in pixels.
const SHIFT: f32 = 0.6;
/// The gray value of full coverage; what exceeds 255 is cut off.
const BRIGHTEST: (f32, f32) = (235.0, 330.0);
/// Standard deviation of a covered pixel, of 255.
const NOISE: f32 = 10.0;

/// Draws the strokes into the 784 bytes of `image`.
pub(super) fn draw(strokes: &[Vec<Point>], random: &mut impl Rng, image: &mut [u8]) {
    let strokes = place(strokes, random);
    let radius = between(RADIUS, random);
    let edge = between(EDGE, random);
    let variation = WidthVariation::draw(random);
    let mut coverage = [0.0; SIDE * SIDE];
    for stroke in &strokes {
        for (i, ends) in stroke.windows(2).enumerate() {
            cover(&mut coverage, [ends[0], ends[1]], radius * variation.at(i), edge);
        }
    }
    let brightest = between(BRIGHTEST, random);
    for (pixel, coverage) in image.iter_mut().zip(coverage) {
        *pixel = gray(coverage, brightest, random);
    }
}

fn between((low, high): (f32, f32), random: &mut impl Rng) -> f32 {
    random.random_range(low..high)
}

/// The strokes in pixels: the longer side of their box as in MNIST, their mean in the middle.
fn place(strokes: &[Vec<Point>], random: &mut impl Rng) -> Vec<Vec<Point>> {
    let points = || strokes.iter().flatten();
    let extent = |axis: usize| {
        let low = points().map(|p| p[axis]).fold(f32::INFINITY, f32::min);
        let high = points().map(|p| p[axis]).fold(f32::NEG_INFINITY, f32::max);
        high - low
    };
    let scale = between(EXTENT, random) / extent(0).max(extent(1));
    let n = points().count() as f32;
    let shift = [0, 1].map(|axis| {
        let mean = points().map(|p| p[axis]).sum::<f32>() / n;
        let noise: f32 = random.sample(StandardNormal);
        CENTER - scale * mean + SHIFT * noise
    });
    let moved = |p: &Point| [0, 1].map(|axis| scale * p[axis] + shift[axis]);
    strokes.iter().map(|stroke| stroke.iter().map(moved).collect()).collect()
}

/// The variation of a stroke's width along its length.
struct WidthVariation {
    depth: f32,
    frequency: f32,
    phase: f32,
}

impl WidthVariation {
    fn draw(random: &mut impl Rng) -> WidthVariation {
        WidthVariation {
            depth: random.random_range(0.0..0.25),
            frequency: random.random_range(0.05..0.3),
            phase: random.random_range(0.0..std::f32::consts::TAU),
        }
    }

    fn at(&self, step: usize) -> f32 {
        1.0 + self.depth * (self.frequency * step as f32 + self.phase).sin()
    }
}

/// Covers the pixels near the segment; where strokes cross, the larger coverage counts.
fn cover(coverage: &mut [f32; SIDE * SIDE], ends: [Point; 2], radius: f32, edge: f32) {
    let reach = radius + 0.5 * edge;
    let range = |axis: usize| {
        let (a, b) = (ends[0][axis], ends[1][axis]);
        let first = (a.min(b) - reach).floor().max(0.0) as usize;
        let end = ((a.max(b) + reach).ceil().max(0.0) as usize).min(SIDE);
        first..end
    };
    for y in range(1) {
        for x in range(0) {
            let pixel = [x as f32 + 0.5, y as f32 + 0.5];
            let depth = (reach - distance(pixel, ends)) / edge;
            let here = &mut coverage[y * SIDE + x];
            *here = here.max(depth.clamp(0.0, 1.0));
        }
    }
}

/// From a point to the nearest point of a segment.
fn distance(p: Point, [a, b]: [Point; 2]) -> f32 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let from = [p[0] - a[0], p[1] - a[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let t = (from[0] * along[0] + from[1] * along[1]) / length.max(1e-12);
    let t = t.clamp(0.0, 1.0);
    (from[0] - t * along[0]).hypot(from[1] - t * along[1])
}

/// The gray value of a pixel; exactly 0 without coverage.
fn gray(coverage: f32, brightest: f32, random: &mut impl Rng) -> u8 {
    if coverage <= 0.0 {
        return 0;
    }
    let noise: f32 = random.sample(StandardNormal);
    (coverage * (brightest + NOISE * noise)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_to_a_segment_is_to_its_nearest_point() {
        let segment = [[0.0, 0.0], [4.0, 0.0]];
        for (point, expected) in
            [([2.0, 3.0], 3.0), ([-3.0, 4.0], 5.0), ([7.0, -4.0], 5.0), ([1.0, 0.0], 0.0)]
        {
            assert_eq!(distance(point, segment), expected);
        }
        assert_eq!(distance([3.0, 4.0], [[0.0, 0.0]; 2]), 5.0);
    }

    #[test]
    fn coverage_is_full_within_the_stroke_fades_over_its_edge_and_is_0_outside() {
        let mut coverage = [0.0; SIDE * SIDE];
        cover(&mut coverage, [[5.5, 10.5], [20.5, 10.5]], 2.0, 2.0);
        let column = |y: usize| coverage[y * SIDE + 12];
        assert_eq!([9, 10, 11].map(column), [1.0; 3]);
        assert_eq!([8, 12].map(column), [0.5; 2]);
        assert_eq!([7, 13].map(column), [0.0; 2]);
        assert_eq!(coverage[10 * SIDE + 1], 0.0);
    }

    #[test]
    fn strokes_are_centered_and_their_longer_side_has_the_size_of_mnist() {
        let tall = vec![vec![[100.0, 0.0], [101.0, 7.0]]];
        let mut random = tensor::seeded(1, "test");
        for _ in 0..100 {
            let placed = place(&tall, &mut random);
            let [[x0, y0], [x1, y1]] = [placed[0][0], placed[0][1]];
            assert!((EXTENT.0 - 1e-4..EXTENT.1 + 1e-4).contains(&(y1 - y0)));
            assert!(((y1 - y0) - 7.0 * (x1 - x0)).abs() < 1e-3);
            let off = [f32::midpoint(x0, x1) - CENTER, f32::midpoint(y0, y1) - CENTER];
            assert!(off[0].hypot(off[1]) < 5.0 * SHIFT, "{off:?}");
        }
    }

    #[test]
    fn strokes_that_leave_the_image_are_cut_off() {
        let mut coverage = [0.0; SIDE * SIDE];
        cover(&mut coverage, [[-9.0, 27.5], [40.0, 27.5]], 1.0, 1.0);
        cover(&mut coverage, [[-9.0, -9.0], [-5.0, 40.0]], 1.0, 1.0);
        assert_eq!(coverage[27 * SIDE..], [1.0; SIDE]);
        assert_eq!(coverage[..26 * SIDE], [0.0; 26 * SIDE]);
    }
}
