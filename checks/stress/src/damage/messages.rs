//! Damage to the fields of protobuf messages, with valid lengths.
//!
//! The format does not mark nested messages, so any bytes that parse as a message are treated as one.

use super::{bytes, number, one_of, word};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Maximum depth of nested messages.
const MAX_DEPTH: usize = 8;

/// A field: number and value.
#[derive(Clone, Debug, PartialEq)]
struct Field {
    number: u64,
    value: Value,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(u64),
    /// Four or eight bytes.
    Fixed(Vec<u8>),
    Bytes(Vec<u8>),
    Message(Vec<Field>),
}

/// Applies one to three changes: other numbers, fields removed, doubled or replaced, texts replaced by a line of `texts`.
pub fn messages(file: &[u8], texts: &str, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let Some(mut fields) = parsed(file, MAX_DEPTH) else { return bytes(file, rng) };
    for _ in 0..rng.random_range(1..=3) {
        change(&mut fields, texts, rng);
    }
    written(&fields)
}

/// Changes a field of the message, or something within it.
fn change(fields: &mut Vec<Field>, texts: &str, rng: &mut ChaCha8Rng) {
    if fields.is_empty() {
        return;
    }
    let at = rng.random_range(0..fields.len());
    if let Value::Message(inner) = &mut fields[at].value
        && rng.random_range(0..8) > 0
    {
        return change(inner, texts, rng);
    }
    let other = one_of(fields, rng).clone();
    match rng.random_range(0..8) {
        0 => drop(fields.remove(at)),
        1 => fields.insert(at, other),
        2 => fields[at].value = other.value,
        3 => fields[at].number = rng.random_range(0..32),
        _ => fields[at].value.change(texts, rng),
    }
}

impl Value {
    fn change(&mut self, texts: &str, rng: &mut ChaCha8Rng) {
        match self {
            Value::Number(value) => *value = number(rng),
            Value::Bytes(value) if rng.random() => *value = word(texts, rng).as_bytes().to_vec(),
            Value::Fixed(value) => value.iter_mut().for_each(|byte| *byte = rng.random()),
            Value::Bytes(value) => *value = bytes(value, rng),
            Value::Message(fields) => *self = Value::Bytes(bytes(&written(fields), rng)),
        }
    }
}

/// Parses a message that ends with the bytes.
fn parsed(mut bytes: &[u8], depth: usize) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let value = match key % 8 {
            0 => Value::Number(varint(&mut bytes)?),
            1 => Value::Fixed(taken(&mut bytes, 8)?.to_vec()),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                let content = taken(&mut bytes, length)?;
                let inner =
                    depth.checked_sub(1).filter(|_| length > 1).and_then(|depth| parsed(content, depth));
                inner.map_or_else(|| Value::Bytes(content.to_vec()), Value::Message)
            }
            5 => Value::Fixed(taken(&mut bytes, 4)?.to_vec()),
            _ => return None,
        };
        fields.push(Field { number: key / 8, value });
    }
    Some(fields)
}

fn taken<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// Reads a number in groups of seven bits, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let length = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)? + 1;
    let groups = taken(bytes, length)?.iter().rev();
    Some(groups.fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)))
}

fn written(fields: &[Field]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for Field { number, value } in fields {
        let (kind, content) = match value {
            Value::Number(value) => (0, varint_of(*value)),
            Value::Fixed(content) => (if content.len() == 8 { 1 } else { 5 }, content.clone()),
            Value::Bytes(content) => (2, [varint_of(content.len() as u64), content.clone()].concat()),
            Value::Message(fields) => {
                let content = written(fields);
                (2, [varint_of(content.len() as u64), content].concat())
            }
        };
        bytes.extend([varint_of(number * 8 + kind), content].concat());
    }
    bytes
}

fn varint_of(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    /// A number, a text that is no message, and a message of a number.
    const FILE: &[u8] = &[0x08, 0x96, 0x01, 0x12, 0x03, b'a', b'b', 0xff, 0x1a, 0x02, 0x08, 0x05];

    #[test]
    fn what_was_read_is_written_as_it_was() {
        let fields = parsed(FILE, MAX_DEPTH).expect("a message");
        assert_eq!(fields[0].value, Value::Number(150));
        assert!(matches!(&fields[2].value, Value::Message(inner) if inner[0].value == Value::Number(5)));
        assert_eq!(written(&fields), FILE);
        assert_eq!(varint(&mut &varint_of(u64::MAX)[..]), Some(u64::MAX));
    }

    #[test]
    fn damaged_messages_are_messages_most_of_the_time() {
        let damaged = |seed| messages(FILE, "../x", &mut seeded(seed, "damage"));
        assert!((0..200).all(|seed| damaged(seed) == damaged(seed)));
        let whole = (0..200).filter(|&seed| parsed(&damaged(seed), MAX_DEPTH).is_some()).count();
        assert!(whole > 190, "{whole}");
    }
}
