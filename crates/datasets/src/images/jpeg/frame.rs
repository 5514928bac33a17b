//! What a JPEG file says of its image before the coefficients come.

use super::upsample::Plane;

/// The most components: cyan, magenta, yellow, black.
const MOST_COMPONENTS: usize = 4;

/// Coefficients of a block in rows.
pub(super) type Block = [i16; 64];

/// The image's size and its components.
pub(super) struct Frame {
    pub width: usize,
    pub height: usize,
    pub is_progressive: bool,
    pub components: Vec<Component>,
    /// The largest sampling factors.
    pub densest: [usize; 2],
}

/// One color, or brightness.
pub(super) struct Component {
    pub id: u8,
    /// Blocks of a unit of all components, across and down.
    pub sampling: [usize; 2],
    pub table: usize,
    /// The divisors that its first scan was made with.
    pub divisors: Option<[u16; 64]>,
    /// Samples across and down, without padding.
    pub size: [usize; 2],
    /// Blocks in a row, with padding.
    pub blocks: usize,
    pub plane: Plane,
    /// All blocks of a progressive image.
    pub coefficients: Vec<Block>,
}

impl Frame {
    /// The frame in a segment's bytes, from a file of so many bytes.
    pub fn new(
        segment: &[u8],
        is_progressive: bool,
        most_pixels: usize,
        most_bytes: usize,
    ) -> Result<Frame, String> {
        let &[bits, h1, h0, w1, w0, count, ref rest @ ..] = segment else {
            return Err("a JPEG image without a size".into());
        };
        if bits != 8 {
            return Err(format!("a JPEG image of {bits} bits a channel"));
        }
        let [height, width] = [[h1, h0], [w1, w0]].map(|bytes| usize::from(u16::from_be_bytes(bytes)));
        let count = usize::from(count);
        let described = rest.as_chunks::<3>().0;
        if height == 0 || width == 0 || count == 0 || count > MOST_COMPONENTS || described.len() < count {
            return Err(format!("a JPEG image of {height} by {width} pixels and {count} components"));
        }
        let sampling = |&[_, sampling, _]: &[u8; 3]| [usize::from(sampling >> 4), usize::from(sampling & 15)];
        let samplings: Vec<[usize; 2]> = described[..count].iter().map(sampling).collect();
        let densest = [0, 1].map(|axis| samplings.iter().map(|sampling| sampling[axis]).max().unwrap_or(1));
        let is_whole = |sampling: &[usize; 2]| {
            (0..2)
                .all(|axis| (1..=4).contains(&sampling[axis]) && densest[axis].is_multiple_of(sampling[axis]))
        };
        if !samplings.iter().all(is_whole) {
            return Err("a JPEG image whose components' sizes are no whole multiples".into());
        }
        if height * width > most_pixels || height * width * count > most_bytes {
            return Err(format!("{height} by {width} pixels claimed by a file that is too small for them"));
        }
        let components = described[..count].iter().zip(&samplings);
        let components = components
            .map(|(&[id, _, table], &sampling)| {
                Component::new(id, sampling, table, [width, height], densest, is_progressive)
            })
            .collect();
        Ok(Frame { width, height, is_progressive, components, densest })
    }

    /// Units of all components, across and down.
    pub fn units(&self) -> [usize; 2] {
        [self.width.div_ceil(8 * self.densest[0]), self.height.div_ceil(8 * self.densest[1])]
    }
}

impl Component {
    fn new(
        id: u8,
        sampling: [usize; 2],
        table: u8,
        size: [usize; 2],
        densest: [usize; 2],
        is_progressive: bool,
    ) -> Component {
        let units = [0, 1].map(|axis| size[axis].div_ceil(8 * densest[axis]));
        let [blocks, rows] = [0, 1].map(|axis| units[axis] * sampling[axis]);
        let size = [0, 1].map(|axis| (size[axis] * sampling[axis]).div_ceil(densest[axis]));
        // The samples of a block of zeros.
        let samples = vec![128; blocks * rows * 64];
        let plane = Plane { stride: 8 * blocks, width: size[0], height: size[1], samples };
        let coefficients = if is_progressive { vec![[0; 64]; blocks * rows] } else { Vec::new() };
        Component { id, sampling, table: table.into(), divisors: None, size, blocks, plane, coefficients }
    }

    /// Puts the samples of a block where they belong.
    pub fn put(&mut self, at: [usize; 2], block: &Block) {
        let divisors = self.divisors.unwrap_or([1; 64]);
        let coefficients = std::array::from_fn(|i| i32::from(block[i]) * i32::from(divisors[i]));
        let samples = super::idct::samples(&coefficients);
        for (y, row) in samples.chunks_exact(8).enumerate() {
            let start = (8 * at[1] + y) * self.plane.stride + 8 * at[0];
            self.plane.samples[start..start + 8].copy_from_slice(row);
        }
    }

    /// Computes the samples of all blocks, once all coefficients are there.
    pub fn put_all(&mut self) {
        let coefficients = std::mem::take(&mut self.coefficients);
        for (index, block) in coefficients.iter().enumerate() {
            self.put([index % self.blocks, index / self.blocks], block);
        }
    }
}
