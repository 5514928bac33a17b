//! Scans: coefficients, as far as one pass through the image brings them.

use super::bits::{Bits, Huffman};
use super::frame::{Block, Frame};

/// Where each coefficient of the zigzag order lies in a block; what lies behind its end, in the last place.
pub(super) const ZIGZAG: [u8; 64 + 16] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
];

/// What a scan brings.
pub(super) struct Scan {
    /// Indices of components, each with the numbers of its tables of first and of other coefficients.
    pub components: Vec<(usize, [usize; 2])>,
    /// The first and the last coefficient.
    pub band: [usize; 2],
    /// The lowest bit that earlier scans brought, 0 for none, and the lowest of this one.
    pub bits: [u32; 2],
}

/// Huffman tables of first and of other coefficients.
pub(super) type Tables = [[Option<Huffman>; 4]; 2];

/// A decoder in the middle of a scan.
struct Decoder<'a, 'b> {
    bits: &'a mut Bits<'b>,
    scan: &'a Scan,
    /// The first coefficient of the last block of each component.
    last: [i32; 4],
    /// Blocks that remain of a run of blocks without coefficients.
    run: u32,
}

/// Reads a scan into the frame's components.
///
/// # Errors
/// When it asks for a table that the file has not.
pub(super) fn read(
    frame: &mut Frame,
    scan: &Scan,
    tables: &Tables,
    restart_interval: usize,
    bits: &mut Bits,
) -> Result<(), String> {
    let is_progressive = frame.is_progressive;
    check_tables(scan, tables, is_progressive)?;
    let mut decoder = Decoder { bits, scan, last: [0; 4], run: 0 };
    let (units, single) = (frame.units(), scan.components.len() == 1);
    let [across, down] = match scan.components[..] {
        [(component, _)] => frame.components[component].size.map(|side| side.div_ceil(8)),
        _ => units,
    };
    for unit in 0..across * down {
        if restart_interval > 0 && unit > 0 && unit.is_multiple_of(restart_interval) {
            decoder.restart();
        }
        if decoder.bits.is_over {
            // What is missing stays as it is; without restart markers that is all of the rest.
            if restart_interval == 0 {
                break;
            }
            continue;
        }
        let (x, y) = (unit % across, unit / across);
        for &(index, table) in &scan.components {
            let component = &mut frame.components[index];
            let [h, v] = if single { [1, 1] } else { component.sampling };
            for (dx, dy) in (0..v).flat_map(|dy| (0..h).map(move |dx| (dx, dy))) {
                let at = [x * h + dx, y * v + dy];
                let huffman = [&tables[0][table[0]], &tables[1][table[1]]].map(Option::as_ref);
                if is_progressive {
                    let place = at[1] * component.blocks + at[0];
                    decoder.refine(&mut component.coefficients[place], index, huffman);
                } else {
                    let mut block = [0; 64];
                    decoder.sequential(&mut block, index, huffman);
                    component.put(at, &block);
                }
            }
        }
    }
    Ok(())
}

/// # Errors
/// When a table is missing that the scan needs.
fn check_tables(scan: &Scan, tables: &Tables, is_progressive: bool) -> Result<(), String> {
    let first = scan.band[0] == 0 && !(is_progressive && scan.bits[0] > 0);
    let others = scan.band[1] > 0;
    let is_there = |&(_, [dc, ac]): &(usize, [usize; 2])| {
        (!first || tables[0][dc].is_some()) && (!others || tables[1][ac].is_some())
    };
    if scan.components.iter().all(is_there) {
        Ok(())
    } else {
        Err("a JPEG image without its Huffman tables".into())
    }
}

impl Decoder<'_, '_> {
    fn restart(&mut self) {
        self.bits.restart();
        (self.last, self.run) = ([0; 4], 0);
    }

    /// The next first coefficient, which is stored as a difference.
    fn first(&mut self, component: usize, table: Option<&Huffman>) -> i32 {
        let Some(table) = table else { return 0 };
        let size = u32::from(self.bits.symbol(table)).min(16);
        self.last[component] = self.last[component].wrapping_add(self.bits.signed(size));
        self.last[component]
    }

    /// All coefficients of a block.
    fn sequential(&mut self, block: &mut Block, component: usize, [dc, ac]: [Option<&Huffman>; 2]) {
        block[0] = self.first(component, dc) as i16;
        let Some(ac) = ac else { return };
        let mut at = 1;
        while at < 64 {
            let symbol = self.bits.symbol(ac);
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size > 0 {
                at += zeros;
                block[usize::from(ZIGZAG[at])] = self.bits.signed(size) as i16;
            } else if zeros == 15 {
                at += 15;
            } else {
                break;
            }
            at += 1;
        }
    }

    /// What a progressive scan brings of a block.
    fn refine(&mut self, block: &mut Block, component: usize, [dc, ac]: [Option<&Huffman>; 2]) {
        let [before, low] = self.scan.bits;
        match (self.scan.band[0], before) {
            (0, 0) => block[0] = (self.first(component, dc) << low) as i16,
            (0, _) => block[0] |= (self.bits.take(1) << low) as i16,
            (_, 0) => {
                let Some(ac) = ac else { return };
                self.first_bits(block, ac, low);
            }
            _ => {
                let Some(ac) = ac else { return };
                self.next_bit(block, ac, low);
            }
        }
    }

    /// How many blocks have no more coefficients, this one included.
    fn run_of(&mut self, size: usize) -> u32 {
        (1 << size) + self.bits.take(size as u32) as u32
    }

    fn first_bits(&mut self, block: &mut Block, ac: &Huffman, low: u32) {
        if self.run > 0 {
            self.run -= 1;
            return;
        }
        let mut at = self.scan.band[0];
        while at <= self.scan.band[1] {
            let symbol = self.bits.symbol(ac);
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size > 0 {
                at += zeros;
                block[usize::from(ZIGZAG[at])] = (self.bits.signed(size) << low) as i16;
            } else if zeros == 15 {
                at += 15;
            } else {
                self.run = self.run_of(zeros) - 1;
                break;
            }
            at += 1;
        }
    }

    fn next_bit(&mut self, block: &mut Block, ac: &Huffman, low: u32) {
        let [mut at, last] = self.scan.band;
        if self.run == 0 {
            while at <= last {
                let symbol = self.bits.symbol(ac);
                let (zeros, size) = (usize::from(symbol >> 4), symbol & 15);
                let mut new = 0;
                if size > 0 {
                    new = if self.bits.take(1) == 1 { 1i16 << low } else { -1 << low };
                } else if zeros < 15 {
                    self.run = self.run_of(zeros);
                    break;
                }
                at = self.correct(block, at, Some(zeros), low);
                if new != 0 {
                    block[usize::from(ZIGZAG[at])] = new;
                }
                at += 1;
            }
        }
        if self.run > 0 {
            self.correct(block, at, None, low);
            self.run -= 1;
        }
    }

    /// Reads a bit of each coefficient that is not 0, up to the one behind so many zeros, or to the band's end; where that is.
    fn correct(&mut self, block: &mut Block, from: usize, zeros: Option<usize>, low: u32) -> usize {
        let mut zeros = zeros;
        let mut at = from;
        while at <= self.scan.band[1] {
            let coefficient = &mut block[usize::from(ZIGZAG[at])];
            if *coefficient != 0 {
                if self.bits.take(1) == 1 && *coefficient & (1 << low) == 0 {
                    let step = if *coefficient >= 0 { 1 << low } else { -1 << low };
                    *coefficient = coefficient.wrapping_add(step);
                }
            } else if let Some(left) = &mut zeros {
                if *left == 0 {
                    break;
                }
                *left -= 1;
            }
            at += 1;
        }
        at
    }
}
