//! The header of a `.npy` file: a dictionary in Python's notation, of which exactly three keys are known.
//!
//! `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`

/// The longest header that is read: NumPy's own reader refuses longer ones too, as they are slow to understand.
const LONGEST: usize = 10_000;

/// The most axes that NumPy's arrays have.
const MOST_AXES: usize = 64;

/// What the scalars are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    F16,
    F32,
    F64,
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
}

impl Scalar {
    /// The type of this letter and number of bytes.
    fn from_kind(kind: &[u8]) -> Option<Scalar> {
        Some(match kind {
            b"f2" => Scalar::F16,
            b"f4" => Scalar::F32,
            b"f8" => Scalar::F64,
            b"b1" => Scalar::Bool,
            b"u1" => Scalar::U8,
            b"i1" => Scalar::I8,
            b"u2" => Scalar::U16,
            b"i2" => Scalar::I16,
            b"u4" => Scalar::U32,
            b"i4" => Scalar::I32,
            b"u8" => Scalar::U64,
            b"i8" => Scalar::I64,
            _ => return None,
        })
    }

    /// How many bytes each takes.
    fn width(self) -> usize {
        match self {
            Scalar::Bool | Scalar::U8 | Scalar::I8 => 1,
            Scalar::F16 | Scalar::U16 | Scalar::I16 => 2,
            Scalar::F32 | Scalar::U32 | Scalar::I32 => 4,
            Scalar::F64 | Scalar::U64 | Scalar::I64 => 8,
        }
    }

    /// What a user may not expect of an array of these.
    pub fn remark(self) -> Option<String> {
        let what = match self {
            Scalar::F16 | Scalar::F32 | Scalar::F64 => return None,
            Scalar::Bool => "truth values are taken as the numbers 0 and 1",
            Scalar::U8 => "bytes from 0 to 255 are taken as these numbers",
            _ => "whole numbers are taken as they are",
        };
        Some(format!("{what}: an array is the net's input, with no --scale, --mean or --std applied"))
    }
}

/// What a file says of its array.
#[derive(Debug)]
pub(super) struct Header {
    pub scalar: Scalar,
    pub big_endian: bool,
    /// Whether neighbors in memory differ in the first index: Fortran's order.
    pub first_axis_fastest: bool,
    pub shape: Vec<usize>,
}

impl Header {
    /// The bytes of all scalars, unless no memory could hold them.
    pub fn bytes(&self) -> Option<usize> {
        let count = if self.shape.contains(&0) { Some(0) } else { product(&self.shape) };
        count?.checked_mul(self.scalar.width())
    }
}

fn product(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |count, &side| count.checked_mul(side))
}

/// The header, and the bytes behind it.
pub(super) fn split(file: &[u8]) -> Result<(Header, &[u8]), String> {
    let rest = file.strip_prefix(b"\x93NUMPY").ok_or("other first bytes")?;
    let cut_off = || "a header cut off".to_owned();
    let (length, rest) = match rest {
        [1, 0, a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        [2 | 3, 0, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        [1..=3, 0, ..] | [] | [_] => return Err(cut_off()),
        [major, minor, ..] => return Err(format!("version {major}.{minor} of the format")),
    };
    if length > LONGEST {
        return Err(format!("a header of {length} bytes, more than {LONGEST}"));
    }
    let (header, scalars) = rest.split_at_checked(length).ok_or_else(cut_off)?;
    Ok((dictionary(&mut Text { bytes: header, at: 0 })?, scalars))
}

/// The three keys, in any order, each once.
fn dictionary(text: &mut Text) -> Result<Header, String> {
    let (mut scalar, mut order, mut shape) = (None, None, None);
    text.expect(b'{')?;
    while !text.skips(b'}') {
        let key = text.quoted()?;
        text.expect(b':')?;
        let first = match key {
            b"descr" => scalar.replace(descriptor(text.quoted()?)?).is_none(),
            b"fortran_order" => order.replace(text.truth()?).is_none(),
            b"shape" => shape.replace(text.tuple()?).is_none(),
            _ => false,
        };
        if !first {
            return Err(format!("a key {:?} too many", String::from_utf8_lossy(key)));
        }
        if !text.skips(b',') {
            text.expect(b'}')?;
            break;
        }
    }
    text.end()?;
    match (scalar, order, shape) {
        (Some((scalar, big_endian)), Some(first_axis_fastest), Some(shape)) => {
            Ok(Header { scalar, big_endian, first_axis_fastest, shape })
        }
        _ => Err("a header without descr, fortran_order or shape".into()),
    }
}

/// The scalar's type, and whether its first byte is the highest.
fn descriptor(text: &[u8]) -> Result<(Scalar, bool), String> {
    let found = || format!("the type {:?}", String::from_utf8_lossy(text));
    let (order, kind) = text.split_first().ok_or_else(found)?;
    if kind.first() == Some(&b'O') {
        return Err("objects of Python: save an array of numbers".into());
    }
    match (Scalar::from_kind(kind), order) {
        (Some(scalar), b'<' | b'=' | b'|') => Ok((scalar, false)),
        (Some(scalar), b'>') => Ok((scalar, true)),
        _ => Err(found()),
    }
}

/// A text that is read from left to right; nothing in it nests, so reading takes no stack.
struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Text<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    /// Whether this comes next; then it is passed.
    fn skips(&mut self, byte: u8) -> bool {
        self.skip_spaces();
        let is_next = self.rest().first() == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn without(&self, what: &str) -> String {
        format!("a header without {what} at byte {}", self.at)
    }

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.skips(byte) { Ok(()) } else { Err(self.without(&format!("a {:?}", char::from(byte)))) }
    }

    /// What stands between quotes of one kind.
    fn quoted(&mut self) -> Result<&'a [u8], String> {
        self.skip_spaces();
        let unquoted = self.without("a text in quotes");
        let (&quote, rest) = self.rest().split_first().ok_or(unquoted.clone())?;
        let length = rest.iter().position(|&byte| byte == quote).filter(|_| matches!(quote, b'\'' | b'"'));
        let length = length.ok_or(unquoted)?;
        self.at += length + 2;
        Ok(&rest[..length])
    }

    fn truth(&mut self) -> Result<bool, String> {
        self.skip_spaces();
        for (word, truth) in [("True", true), ("False", false)] {
            if self.rest().starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(truth);
            }
        }
        Err(self.without("True or False"))
    }

    /// Numbers of elements in parentheses.
    fn tuple(&mut self) -> Result<Vec<usize>, String> {
        let mut sides = Vec::new();
        self.expect(b'(')?;
        while !self.skips(b')') {
            sides.push(self.number()?);
            if sides.len() > MOST_AXES {
                return Err(format!("more than {MOST_AXES} axes"));
            }
            if !self.skips(b',') {
                self.expect(b')')?;
                break;
            }
        }
        Ok(sides)
    }

    fn number(&mut self) -> Result<usize, String> {
        self.skip_spaces();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&self.rest()[..digits]).ok().and_then(|digits| digits.parse().ok());
        let number = number.ok_or_else(|| self.without("a number of elements"))?;
        self.at += digits;
        Ok(number)
    }

    fn end(&mut self) -> Result<(), String> {
        self.skip_spaces();
        if self.rest().is_empty() { Ok(()) } else { Err(self.without("an end")) }
    }
}
