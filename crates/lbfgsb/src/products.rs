//! Sums over the n variables, each in one fixed order.
//!
//! Eight partial sums run side by side, so that the loops fill the vector registers of any machine.
//! Multiplication and addition stay two roundings: the results are the same bytes with and without AVX.

use pulp::{Arch, Simd, WithSimd};

const LANES: usize = 8;

/// `<a, b>`.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut out = [[0.0]];
    row_products(a, [b], &mut out);
    out[0][0]
}

/// `out[i][k] = <row i, vectors[k]>`, reading every row once.
pub(crate) fn row_products<const K: usize>(rows: &[f64], vectors: [&[f64]; K], out: &mut [[f64; K]]) {
    Arch::new().dispatch(RowProducts { rows, vectors, out });
}

/// `out += Σ_i coefficients[i] · row i`, four rows at a time.
pub(crate) fn add_rows(rows: &[f64], coefficients: &[f64], out: &mut [f64]) {
    Arch::new().dispatch(AddRows { rows, coefficients, out });
}

/// The greatest term over the variables, −∞ where there are none; a NaN is passed over.
pub(crate) fn greatest<const K: usize>(vectors: [&[f64]; K], term: impl Fn([f64; K]) -> f64) -> f64 {
    let columns = vectors.map(|v| v.as_chunks::<LANES>());
    let greater = |a: f64, b: f64| if b > a { b } else { a };
    let mut lanes = [f64::NEG_INFINITY; LANES];
    for b in 0..columns[0].0.len() {
        let block = columns.map(|(blocks, _)| &blocks[b]);
        for (lane, greatest) in lanes.iter_mut().enumerate() {
            *greatest = greater(*greatest, term(block.map(|v| v[lane])));
        }
    }
    let tail = (0..columns[0].1.len()).map(|i| term(columns.map(|(_, tail)| tail[i])));
    lanes.into_iter().chain(tail).fold(f64::NEG_INFINITY, greater)
}

struct RowProducts<'a, const K: usize> {
    rows: &'a [f64],
    vectors: [&'a [f64]; K],
    out: &'a mut [[f64; K]],
}

impl<const K: usize> WithSimd for RowProducts<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n = self.vectors[0].len().max(1);
        let columns = self.vectors.map(|v| v.as_chunks::<LANES>());
        for (row, out) in self.rows.chunks_exact(n).zip(self.out) {
            let (blocks, tail) = row.as_chunks::<LANES>();
            let mut sums = [[0.0; LANES]; K];
            let columns_of_blocks = columns.map(|(blocks_of_v, _)| &blocks_of_v[..blocks.len()]);
            for b in 0..blocks.len() {
                for k in 0..K {
                    for lane in 0..LANES {
                        sums[k][lane] += blocks[b][lane] * columns_of_blocks[k][b][lane];
                    }
                }
            }
            for k in 0..K {
                let tail: f64 = tail.iter().zip(columns[k].1).map(|(a, b)| a * b).sum();
                out[k] = total(sums[k]) + tail;
            }
        }
    }
}

/// Out of line and by value: otherwise the order of this sum shuffles the registers of the loop before it.
#[inline(never)]
fn total([a, b, c, d, e, f, g, h]: [f64; LANES]) -> f64 {
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

struct AddRows<'a> {
    rows: &'a [f64],
    coefficients: &'a [f64],
    out: &'a mut [f64],
}

impl WithSimd for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { mut rows, coefficients, out } = self;
        let (fours, rest) = coefficients.as_chunks::<4>();
        for c in fours {
            let (r0, after) = rows.split_at(out.len());
            let (r1, after) = after.split_at(out.len());
            let (r2, after) = after.split_at(out.len());
            let (r3, after) = after.split_at(out.len());
            for ((((out, r0), r1), r2), r3) in out.iter_mut().zip(r0).zip(r1).zip(r2).zip(r3) {
                *out += (c[0] * r0 + c[1] * r1) + (c[2] * r2 + c[3] * r3);
            }
            rows = after;
        }
        for c in rest {
            let (row, after) = rows.split_at(out.len());
            for (out, row) in out.iter_mut().zip(row) {
                *out += c * row;
            }
            rows = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_sums_of_rows_are_the_textbook_ones_for_every_length() {
        for n in [1, 7, 8, 9, 24, 31] {
            let rows: Vec<f64> = (0..6 * n).map(|i| ((i * 7 + 3) % 11) as f64 - 5.0).collect();
            let v: Vec<f64> = (0..n).map(|i| ((i * 5 + 1) % 7) as f64 - 3.0).collect();
            let mut out = vec![[0.0; 2]; 6];
            row_products(&rows, [&v, &rows[..n]], &mut out);
            let mut sum = v.clone();
            add_rows(&rows, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut sum);
            for i in 0..6 {
                let row = &rows[i * n..(i + 1) * n];
                let plain = |b: &[f64]| row.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                assert_eq!(out[i], [plain(&v), plain(&rows[..n])], "n = {n}, row {i}");
            }
            for j in 0..n {
                let plain: f64 = (0..6).map(|i| (i + 1) as f64 * rows[i * n + j]).sum();
                assert_eq!(sum[j], v[j] + plain, "n = {n}, column {j}");
            }
        }
    }

    #[test]
    fn the_greatest_is_found_wherever_it_stands() {
        for n in [1, 7, 8, 17, 24] {
            for at in 0..n {
                let mut v = vec![-3.0; n];
                v[at] = -2.0;
                assert_eq!(greatest([&v, &v], |[a, b]| a + b), -4.0, "{at} of {n}");
                assert_eq!(greatest([&v], |[a]| -a), if n == 1 { 2.0 } else { 3.0 }, "{at} of {n}");
            }
        }
        assert_eq!(greatest([&[]], |[a]| a), f64::NEG_INFINITY);
    }
}
