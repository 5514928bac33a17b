//! Bits of a scan, and the symbols of Huffman's codes in them.

/// The longest code that is looked up at once.
const LOOKED_UP: u32 = 9;

/// The longest code.
const LONGEST: u32 = 16;

/// A table of codes.
#[derive(Clone)]
pub(super) struct Huffman {
    /// For the next bits: the code's length, 0 where it is longer, and its symbol.
    short: Vec<(u8, u8)>,
    /// For each length, one more than its largest code, in 16 bits; then the codes before its first one.
    ends: [u32; LONGEST as usize + 1],
    offsets: [i32; LONGEST as usize + 1],
    symbols: Vec<u8>,
}

impl Huffman {
    /// The table with so many codes of each length from 1 to 16.
    ///
    /// # Errors
    /// When there are more codes than their lengths allow.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Huffman, String> {
        let mut table = Huffman {
            short: vec![(0, 0); 1 << LOOKED_UP],
            ends: [0; LONGEST as usize + 1],
            offsets: [0; LONGEST as usize + 1],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut first) = (0u32, 0usize);
        for length in 1..=LONGEST {
            let count = usize::from(counts[length as usize - 1]);
            table.offsets[length as usize] = first as i32 - code as i32;
            for &symbol in &symbols[first..first + count] {
                if code >> length != 0 {
                    return Err("a Huffman table with too many codes".into());
                }
                if length <= LOOKED_UP {
                    let rest = LOOKED_UP - length;
                    let all = (code << rest) as usize..((code + 1) << rest) as usize;
                    table.short[all].fill((length as u8, symbol));
                }
                code += 1;
            }
            first += count;
            table.ends[length as usize] = code << (LONGEST - length);
            code <<= 1;
        }
        Ok(table)
    }
}

/// The bits between two markers; behind them, zeros.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    buffer: u64,
    count: u32,
    /// How many of the bits in the buffer lie behind the end.
    padding: u32,
    /// Whether bits behind the end were used.
    pub is_over: bool,
    /// Whether a code was met that is in no table.
    pub is_damaged: bool,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Bits<'a> {
        Bits { bytes, at, buffer: 0, count: 0, padding: 0, is_over: false, is_damaged: false }
    }

    /// Where the bits end: at a marker, or at some byte before it.
    pub fn position(&self) -> usize {
        self.at
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.at += 2;
                    0xff
                }
                (Some(0xff), Some(0xff)) => {
                    self.at += 1;
                    continue;
                }
                (Some(0xff) | None, _) => {
                    self.padding += 8;
                    0
                }
                (Some(&byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    fn consume(&mut self, count: u32) {
        self.buffer <<= count;
        self.count -= count;
        if self.count < self.padding {
            self.is_over = true;
            self.padding = self.count;
        }
    }

    /// The next bits as a number, 16 at most.
    pub fn take(&mut self, count: u32) -> i32 {
        if count == 0 {
            return 0;
        }
        if self.count < count {
            self.fill();
        }
        let bits = (self.buffer >> (64 - count)) as i32;
        self.consume(count);
        bits
    }

    /// The number of so many bits, of which those with a leading 0 are negative.
    pub fn signed(&mut self, count: u32) -> i32 {
        let bits = self.take(count);
        if count > 0 && bits < 1 << (count - 1) { bits - (1 << count) + 1 } else { bits }
    }

    /// The next symbol; 0 for a code that is in no table.
    pub fn symbol(&mut self, table: &Huffman) -> u8 {
        if self.count < LONGEST {
            self.fill();
        }
        let next = (self.buffer >> (64 - LOOKED_UP)) as usize;
        if let (length @ 1.., symbol) = table.short[next] {
            self.consume(length.into());
            return symbol;
        }
        let next = (self.buffer >> (64 - LONGEST)) as u32;
        let longer = (1..=LONGEST).find(|&length| next < table.ends[length as usize]);
        let length = longer.unwrap_or(LONGEST);
        let index = (next >> (LONGEST - length)) as i32 + table.offsets[length as usize];
        self.consume(length);
        let symbol = longer.and_then(|_| table.symbols.get(index as usize));
        self.is_damaged |= symbol.is_none();
        symbol.copied().unwrap_or(0)
    }

    /// Goes on behind the next restart marker, if that comes next.
    pub fn restart(&mut self) {
        (self.buffer, self.count, self.padding) = (0, 0, 0);
        self.is_damaged |= self.is_over;
        while let Some(&[a, b]) = self.bytes.get(self.at..self.at + 2).and_then(|pair| pair.first_chunk()) {
            match (a, b) {
                (0xff, 0xd0..=0xd7) => {
                    self.at += 2;
                    self.is_over = false;
                    return;
                }
                (0xff, 1..=0xfe) => break,
                _ => self.at += 1,
            }
        }
        self.is_over = true;
    }
}
