//! The inverse cosine transform in whole numbers, accurate to the last bit as libjpeg's "slow" one.
//!
//! Loeffler, Ligtenberg & Moschytz 1989: twelve multiplications a row, with constants of 13 bits behind the point.

/// Bits behind the point of a constant.
const POINT: u32 = 13;

/// Bits behind the point that columns keep for rows.
const KEPT: u32 = 2;

/// The samples of a block from its coefficients in rows.
pub(super) fn samples(coefficients: &[i32; 64]) -> [u8; 64] {
    let mut columns = [0; 64];
    for x in 0..8 {
        let column = std::array::from_fn(|y| coefficients[8 * y + x]);
        for (y, value) in transformed(column).into_iter().enumerate() {
            columns[8 * y + x] = rounded(value, POINT - KEPT);
        }
    }
    let mut samples = [0; 64];
    for y in 0..8 {
        let row = std::array::from_fn(|x| columns[8 * y + x]);
        for (x, value) in transformed(row).into_iter().enumerate() {
            samples[8 * y + x] = (rounded(value, POINT + KEPT + 3) + 128).clamp(0, 255) as u8;
        }
    }
    samples
}

fn rounded(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

/// Eight values, each 2^13 times as large as what they stand for.
fn transformed(x: [i32; 8]) -> [i32; 8] {
    let times = |value: i32, constant: i32| value.wrapping_mul(constant);
    let sum = |values: &[i32]| values.iter().fold(0i32, |sum, &value| sum.wrapping_add(value));

    let both = times(sum(&[x[2], x[6]]), 4433);
    let (low, high) = (sum(&[both, times(x[6], -15137)]), sum(&[both, times(x[2], 6270)]));
    let (plus, minus) = (sum(&[x[0], x[4]]) << POINT, sum(&[x[0], x[4].wrapping_neg()]) << POINT);
    let even = [sum(&[plus, high]), sum(&[minus, low]), minus.wrapping_sub(low), plus.wrapping_sub(high)];

    let (z1, z2) = (times(sum(&[x[7], x[1]]), -7373), times(sum(&[x[5], x[3]]), -20995));
    let (z3, z4) = (sum(&[x[7], x[3]]), sum(&[x[5], x[1]]));
    let z5 = times(sum(&[z3, z4]), 9633);
    let (z3, z4) = (sum(&[times(z3, -16069), z5]), sum(&[times(z4, -3196), z5]));
    let odd = [
        sum(&[times(x[1], 12299), z1, z4]),
        sum(&[times(x[3], 25172), z2, z3]),
        sum(&[times(x[5], 16819), z2, z4]),
        sum(&[times(x[7], 2446), z1, z3]),
    ];
    std::array::from_fn(|at| {
        if at < 4 { even[at].wrapping_add(odd[at]) } else { even[7 - at].wrapping_sub(odd[7 - at]) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn samples_are_those_of_the_definition_but_for_what_fixed_point_rounds() {
        let mut coefficients = [0; 64];
        for (at, value) in [(0, 40), (1, -211), (8, 97), (9, 33), (18, -50), (27, 14), (60, 9), (63, -7)] {
            coefficients[at] = value;
        }
        let scale = |at: usize| if at == 0 { 0.5f64.sqrt() } else { 1.0 };
        let wave =
            |at: usize, place: usize| ((2 * place + 1) as f64 * at as f64 * PI / 16.0).cos() * scale(at);
        for (place, &sample) in samples(&coefficients).iter().enumerate() {
            let term =
                |at: usize| f64::from(coefficients[at]) * wave(at % 8, place % 8) * wave(at / 8, place / 8);
            let exact = (0..64).map(term).sum::<f64>() / 4.0 + 128.0;
            assert!((f64::from(sample) - exact.clamp(0.0, 255.0)).abs() < 0.6, "{place}: {sample} {exact}");
        }
    }
}
