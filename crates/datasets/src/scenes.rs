//! Generated scenes: a colored shape on a shaded background, in place of photographs.

mod shape;

use rand::Rng;
use shape::SHAPES;
use tensor::{Tensor, seeded, tensor_of};

/// The classes of the drawn scenes, by label.
pub fn scene_classes() -> Vec<&'static str> {
    SHAPES.iter().map(|shape| shape.name).collect()
}

/// The scene of this number with its label; every seed and number give another one.
///
/// **Shape** `[1, 3, side, side]`, red, green, blue.
/// **Range** `[0, 1]`
pub fn scene(seed: u64, number: usize, side: usize) -> (Tensor, usize) {
    let mut rng = seeded(seed, &format!("scene {number}"));
    let label = number % SHAPES.len();
    let scene = Scene::drawn_from(&mut rng, label);
    (painted(side, |[y, x]| scene.color_at(y, x, 1.0 / side as f32)), label)
}

/// The square image with these colors at the middles of its pixels, whose rows and columns are given as parts of its side.
pub(crate) fn painted(side: usize, color: impl Fn([f32; 2]) -> [f32; 3]) -> Tensor {
    let mut planes = vec![0.0f32; 3 * side * side];
    for pixel in 0..side * side {
        let at = [pixel / side, pixel % side].map(|i| (i as f32 + 0.5) / side as f32);
        for (plane, value) in color(at).into_iter().enumerate() {
            planes[plane * side * side + pixel] = value;
        }
    }
    tensor_of(planes, &[1, 3, side, side])
}

/// Where and how the shape stands. Lengths are parts of the image's side.
struct Scene {
    label: usize,
    center: [f32; 2],
    radius: f32,
    turn: f32,
    shape: [f32; 3],
    ground: [[f32; 3]; 2],
}

impl Scene {
    fn drawn_from(rng: &mut impl Rng, label: usize) -> Self {
        let mut color = || [(); 3].map(|()| rng.random_range(0.0..1.0f32));
        let (shape, ground) = (color(), [color(), color()]);
        Self {
            label,
            center: [(); 2].map(|()| rng.random_range(0.35..0.65)),
            radius: rng.random_range(0.15..0.35),
            turn: rng.random_range(-0.4..0.4),
            shape,
            ground,
        }
    }

    /// The color at a place; `soft` is the width of the shape's edge.
    fn color_at(&self, y: f32, x: f32, soft: f32) -> [f32; 3] {
        let (dy, dx) = ((y - self.center[0]) / self.radius, (x - self.center[1]) / self.radius);
        let (sin, cos) = self.turn.sin_cos();
        let outside = (SHAPES[self.label].distance)(cos * dy - sin * dx, sin * dy + cos * dx) * self.radius;
        let cover = (0.5 - outside / soft).clamp(0.0, 1.0);
        std::array::from_fn(|c| {
            let ground = self.ground[0][c] * (1.0 - y) + self.ground[1][c] * y;
            cover * self.shape[c] + (1.0 - cover) * ground
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    #[test]
    fn scenes_differ_by_number_and_seed_and_are_the_same_when_drawn_again() {
        let pixels = |seed, number| to_f64s(&scene(seed, number, 20).0);
        assert_eq!(pixels(1, 3), pixels(1, 3));
        assert_ne!(pixels(1, 3), pixels(1, 13));
        assert_ne!(pixels(1, 3), pixels(2, 3));
        assert!(pixels(1, 3).iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn each_class_has_its_turn_and_shows_both_shape_and_ground() {
        for number in 0..SHAPES.len() {
            let (image, label) = scene(5, number, 40);
            let center = Scene::drawn_from(&mut seeded(5, &format!("scene {number}")), label);
            let shape = f64::from(center.shape[0]);
            let covered = to_f64s(&image)[..1600].iter().filter(|red| (**red - shape).abs() < 1e-6).count();
            assert!((20..1000).contains(&covered), "{}: {covered} pixels", scene_classes()[label]);
        }
    }
}
