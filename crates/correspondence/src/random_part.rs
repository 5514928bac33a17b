//! Random parts: the control for the named ones.

use crate::square::corners;
use rand::Rng;
use rand::seq::IndexedRandom;

/// A random center of a square of this side that lies within an image of `size`, rows and columns, and shares no pixel with the squares around the centers to avoid.
///
/// All places where it fits are equally likely. `None` where it fits nowhere.
///
/// Unlike the paper, which draws "random parts of the object", the square may lie on the ground beside it: nothing says where the object ends.
pub fn random_part(
    rng: &mut impl Rng,
    size: [usize; 2],
    side: usize,
    avoid: &[[f64; 2]],
) -> Option<[f64; 2]> {
    let avoided: Vec<[i64; 2]> = avoid.iter().map(|center| center.map(|c| corners(c, side)[0])).collect();
    let last = size.map(|length| length as i64 - side as i64);
    let apart = |top: i64, left: i64| {
        avoided.iter().all(|[y, x]| (y - top).abs() >= side as i64 || (x - left).abs() >= side as i64)
    };
    let corners = (0..=last[0]).flat_map(|top| (0..=last[1]).map(move |left| [top, left]));
    let free: Vec<[i64; 2]> = corners.filter(|&[top, left]| apart(top, left)).collect();
    free.choose(rng).map(|corner| corner.map(|edge| edge as f64 + (side as f64 - 1.0) / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn a_random_part_lies_in_the_image_and_touches_no_named_one() {
        let rng = &mut seeded(1, "parts");
        let avoid = [[3.0, 4.0], [12.0, 11.0]];
        for side in [3, 4, 5] {
            for _ in 0..300 {
                let part = random_part(rng, [14, 16], side, &avoid).expect("there is room");
                let [top, left] = part.map(|center| corners(center, side)[0]);
                let apart = avoid.iter().all(|center| {
                    let [y, x] = center.map(|c| corners(c, side)[0]);
                    (y - top).abs() >= side as i64 || (x - left).abs() >= side as i64
                });
                let inside = top >= 0 && left >= 0 && top + side as i64 <= 14 && left + side as i64 <= 16;
                assert!(inside && apart, "{part:?}");
            }
        }
    }

    #[test]
    fn every_place_that_is_left_comes_equally_often() {
        let rng = &mut seeded(2, "parts");
        // Only the corners at columns 0, 1 and 4 of one row of squares are free.
        let mut counts = [0; 5];
        for _ in 0..3000 {
            let [row, column] = random_part(rng, [1, 5], 1, &[[0.0, 2.0], [0.0, 3.0]]).expect("room");
            assert_eq!(row, 0.0);
            counts[column as usize] += 1;
        }
        assert!(counts[2] == 0 && counts[3] == 0, "{counts:?}");
        assert!([0, 1, 4].into_iter().all(|column| (900..1100).contains(&counts[column])), "{counts:?}");
    }

    #[test]
    fn without_room_there_is_none() {
        let rng = &mut seeded(3, "parts");
        assert_eq!(random_part(rng, [10, 10], 11, &[]), None);
        assert_eq!(random_part(rng, [10, 10], 6, &[[5.0, 5.0]]), None);
        assert_eq!(random_part(rng, [4, 4], 4, &[]), Some([1.5, 1.5]));
    }
}
