//! The curvature pairs `S = [s …]`, `Y = [y …]`, and their inner products.

use crate::cholesky::Square;
use crate::face::Face;
use crate::products::{add_rows, row_products};

/// The last m pairs `s = x_{k+1} − x_k`, `y = g_{k+1} − g_k`, oldest first, and θ.
///
/// A pair is a row of n numbers in a ring; the ring is read as two runs of rows, the older and the newer.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    n: usize,
    memory: usize,
    len: usize,
    oldest: usize,
    s: Vec<f64>,
    y: Vec<f64>,
    /// The scale θ of `B = θI − W M Wᵀ`.
    pub(crate) theta: f64,
    /// `SᵀS`, lower triangle.
    pub(crate) ss: Square,
    /// `SᵀY`, lower triangle: the diagonal D and below it L.
    pub(crate) sy: Square,
    /// The same products over the free and over the active variables.
    pub(crate) face: Face,
    /// The newest s on the active variables, the newest y on the free ones.
    s_active: Vec<f64>,
    y_free: Vec<f64>,
    rows: Vec<[f64; 3]>,
    column: Vec<f64>,
}

impl Pairs {
    pub(crate) fn new(n: usize, memory: usize) -> Self {
        Self {
            n,
            memory,
            len: 0,
            oldest: 0,
            s: vec![0.0; memory * n],
            y: vec![0.0; memory * n],
            theta: 1.0,
            ss: Square::new(memory),
            sy: Square::new(memory),
            face: Face::new(n, memory),
            s_active: vec![0.0; n],
            y_free: vec![0.0; n],
            rows: vec![[0.0; 3]; memory],
            column: vec![0.0; 2 * memory],
        }
    }

    /// Number of pairs.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Forgets every pair, `B = I`, and the face, so that nothing of the past is left in the rounding.
    pub(crate) fn clear(&mut self) {
        (self.len, self.oldest, self.theta) = (0, 0, 1.0);
        self.face.active.fill(false);
    }

    /// Adds the pair `(s, y)`, in place of the oldest where the memory is full; `θ = yᵀy / sᵀy`.
    pub(crate) fn insert(&mut self, s: &[f64], y: &[f64], theta: f64) {
        let row = self.next_row();
        self.s[row * self.n..][..self.n].copy_from_slice(s);
        self.y[row * self.n..][..self.n].copy_from_slice(y);
        self.theta = theta;
        self.face.split(s, y, &mut self.s_active, &mut self.y_free);
        let (len, newest) = (self.len, self.len - 1);

        let vectors = [s, &self.s_active[..], &self.y_free[..]];
        in_order(&self.s, self.oldest, len, self.n, vectors, &mut self.rows[..len]);
        for (i, &[ss, ss_active, sy_free]) in self.rows[..len].iter().enumerate() {
            self.ss[(newest, i)] = ss;
            self.face.ss_active[(newest, i)] = ss_active;
            self.face.sy[(i, newest)] = sy_free;
        }
        in_order(&self.y, self.oldest, len, self.n, vectors, &mut self.rows[..len]);
        for (j, &[sy, sy_active, yy_free]) in self.rows[..len].iter().enumerate() {
            self.sy[(newest, j)] = sy;
            self.face.yy_free[(newest, j)] = yy_free;
            if j < newest {
                self.face.sy[(newest, j)] = sy_active;
            }
        }
    }

    /// The row of the ring for a new pair.
    fn next_row(&mut self) -> usize {
        if self.len < self.memory {
            self.len += 1;
            return self.len - 1;
        }
        for matrix in [&mut self.ss, &mut self.sy] {
            matrix.drop_first(self.len);
        }
        self.face.drop_first(self.len);
        let row = self.oldest;
        self.oldest = (self.oldest + 1) % self.memory;
        row
    }

    /// `out := Wᵀ v` with `W = [Y θS]`.
    pub(crate) fn project(&self, v: &[f64], out: &mut [f64]) {
        let (y, s) = out.split_at_mut(self.len);
        in_order(&self.y, self.oldest, self.len, self.n, [v], y.as_chunks_mut().0);
        in_order(&self.s, self.oldest, self.len, self.n, [v], s.as_chunks_mut().0);
        scale(s, self.theta);
    }

    /// `out += W v` with `W = [Y θS]`; v is used up.
    pub(crate) fn combine(&self, v: &mut [f64], out: &mut [f64]) {
        let (y, s) = v.split_at_mut(self.len);
        scale(s, self.theta);
        for (rows, v) in [(&self.y, y), (&self.s, s)] {
            let (newer, older) = rows[..self.len * self.n].split_at(self.oldest * self.n);
            let (v_older, v_newer) = v.split_at(self.len - self.oldest);
            add_rows(older, v_older, out);
            add_rows(newer, v_newer, out);
        }
    }

    /// Row b of `W = [Y θS]`.
    pub(crate) fn row_of_w(&self, b: usize, out: &mut [f64]) {
        let (y, s) = out.split_at_mut(self.len);
        let mut row = self.oldest;
        for (y, s) in y.iter_mut().zip(s) {
            let at = row * self.n + b;
            (*y, *s) = (self.y[at], self.theta * self.s[at]);
            row = if row + 1 == self.memory { 0 } else { row + 1 };
        }
    }

    /// Moves variables between the free and the active side until `active` says where they are.
    pub(crate) fn move_to_face(&mut self, active: &[bool]) {
        let mut column = std::mem::take(&mut self.column);
        let w = &mut column[..2 * self.len];
        for (b, &active) in active.iter().enumerate() {
            if active != self.face.active[b] {
                self.row_of_w(b, w);
                let (y, s) = w.split_at_mut(self.len);
                scale(s, 1.0 / self.theta);
                self.face.flip(b, s, y);
            }
        }
        self.column = column;
    }
}

fn scale(v: &mut [f64], factor: f64) {
    for v in v {
        *v *= factor;
    }
}

/// `out[i] = <row i, vectors>` for the rows of a ring, oldest first.
fn in_order<const K: usize>(
    ring: &[f64],
    oldest: usize,
    len: usize,
    n: usize,
    vectors: [&[f64]; K],
    out: &mut [[f64; K]],
) {
    let (newer, older) = ring[..len * n].split_at(oldest * n);
    let (out_older, out_newer) = out.split_at_mut(len - oldest);
    row_products(older, vectors, out_older);
    row_products(newer, vectors, out_newer);
}
