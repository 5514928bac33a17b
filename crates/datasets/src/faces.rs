//! Generated faces with marked parts, in place of photographs of dogs.

use crate::scenes::painted;
use rand::Rng;
use tensor::{Tensor, seeded};

/// The parts of every drawn face.
const PARTS: [&str; 3] = ["left_eye", "right_eye", "nose"];

/// A round or oval spot of one color; lengths are parts of the image's side.
struct Spot {
    center: [f32; 2],
    radii: [f32; 2],
    color: [f32; 3],
}

/// The face of this number, seen from the front, and the row and column of each of its parts; every seed and number give another one.
///
/// **Shape** `[1, 3, side, side]`, red, green, blue.
/// **Range** `[0, 1]`
pub fn face(seed: u64, number: usize, side: usize) -> (Tensor, [(&'static str, [f64; 2]); 3]) {
    let mut rng = seeded(seed, &format!("face {number}"));
    let mut color = |from: f32, to: f32| [(); 3].map(|()| rng.random_range(from..to));
    let (ground, skin, dark) = (color(0.0, 1.0), color(0.4, 0.9), color(0.0, 0.2));
    let mut about = |middle: f32, far: f32| middle + rng.random_range(-far..far);
    let [y, x, apart] = [about(0.5, 0.04), about(0.5, 0.04), about(0.14, 0.03)];
    let eyes = y - about(0.08, 0.03);
    let centers = [[eyes, x - apart], [eyes, x + apart], [y + about(0.13, 0.03), x]];
    let head = Spot { center: [y, x], radii: [0.38, 0.3], color: skin };
    let parts = centers.map(|center| Spot { center, radii: [0.04, 0.045], color: dark });
    let spots: Vec<Spot> = std::iter::once(head).chain(parts).collect();
    let top = |at: [f32; 2]| spots.iter().rev().find(|spot| spot.covers(at));
    let image = painted(side, |at| top(at).map_or(ground, |spot| spot.color));
    let place = |center: [f32; 2]| center.map(|part| (f64::from(part) * side as f64 - 0.5).round());
    let named = std::array::from_fn(|part| (PARTS[part], place(centers[part])));
    (image, named)
}

impl Spot {
    fn covers(&self, at: [f32; 2]) -> bool {
        let [dy, dx] = [0, 1].map(|axis| (at[axis] - self.center[axis]) / self.radii[axis]);
        dy.hypot(dx) <= 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    #[test]
    fn every_part_is_dark_on_a_lighter_face_and_faces_differ() {
        for number in 0..20 {
            let (image, parts) = face(1, number, 64);
            let red = to_f64s(&image);
            let at = |[y, x]: [f64; 2]| red[y as usize * 64 + x as usize];
            let [left, right, nose] = parts.map(|(_, place)| place);
            assert!([left, right, nose].into_iter().all(|place| at(place) < 0.2), "{number}");
            let between = [f64::midpoint(left[0], nose[0]), f64::midpoint(left[1], right[1])];
            assert!(left[1] < nose[1] && nose[1] < right[1] && at(between) > 0.2, "{number}");
        }
        assert_ne!(to_f64s(&face(1, 0, 64).0), to_f64s(&face(1, 1, 64).0));
        assert_ne!(to_f64s(&face(1, 0, 64).0), to_f64s(&face(2, 0, 64).0));
    }
}
