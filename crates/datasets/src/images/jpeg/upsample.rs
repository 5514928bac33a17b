//! Colors that are stored at half the size, enlarged by a triangle filter, as libjpeg's "fancy" upsampling does.

/// Samples of one component, in rows.
pub(super) struct Plane {
    /// Samples in a row, of which the last may be padding.
    pub stride: usize,
    pub width: usize,
    pub height: usize,
    pub samples: Vec<u8>,
}

impl Plane {
    /// A row; the first and the last stand for those outside.
    fn row(&self, at: isize) -> &[u8] {
        let at = at.clamp(0, self.height as isize - 1) as usize;
        &self.samples[at * self.stride..][..self.width]
    }

    /// The row `y` of the image, whose sides are these whole multiples of the plane's; a row of more than is asked for.
    pub fn upsampled(&self, y: usize, [across, down]: [usize; 2], out: &mut Vec<u8>) {
        out.clear();
        let own = (y / down) as isize;
        let (nearer, bias) = if y.is_multiple_of(2) { (own - 1, 1) } else { (own + 1, 2) };
        match [across, down] {
            [2, 1] if self.width > 2 => twice_as_wide(self.row(own), out),
            [1, 2] => {
                let pairs = self.row(own).iter().zip(self.row(nearer));
                out.extend(pairs.map(|(&a, &b)| ((3 * u16::from(a) + u16::from(b) + bias) >> 2) as u8));
            }
            [2, 2] if self.width > 2 => {
                let pairs = self.row(own).iter().zip(self.row(nearer));
                let sums: Vec<u16> = pairs.map(|(&a, &b)| 3 * u16::from(a) + u16::from(b)).collect();
                twice_in_both(&sums, out);
            }
            [across, _] => {
                out.extend(self.row(own).iter().flat_map(|&sample| std::iter::repeat_n(sample, across)));
            }
        }
    }
}

/// Each sample becomes two, which lie a quarter of the way to its neighbors.
fn twice_as_wide(row: &[u8], out: &mut Vec<u8>) {
    let last = row.len() - 1;
    for at in 0..=last {
        let own = 3 * u16::from(row[at]);
        let [before, behind] = [at.saturating_sub(1), (at + 1).min(last)].map(|at| u16::from(row[at]));
        out.push(((own + before + 1) >> 2) as u8);
        out.push(((own + behind + 2) >> 2) as u8);
    }
}

/// The same of sums of two rows, four times as large.
fn twice_in_both(sums: &[u16], out: &mut Vec<u8>) {
    let last = sums.len() - 1;
    for at in 0..=last {
        let [before, behind] = [at.saturating_sub(1), (at + 1).min(last)].map(|at| sums[at]);
        out.push(((3 * sums[at] + before + 8) >> 4) as u8);
        out.push(((3 * sums[at] + behind + 7) >> 4) as u8);
    }
}
