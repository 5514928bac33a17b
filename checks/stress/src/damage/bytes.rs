//! Damage to bytes of any format.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Numbers at which lengths and counts go wrong.
const EXTREMES: [u64; 16] = [
    0,
    1,
    2,
    255,
    256,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 40,
    1 << 60,
    u64::MAX / 2,
    u64::MAX,
];

/// A random choice.
pub fn one_of<'a, T>(choices: &'a [T], rng: &mut ChaCha8Rng) -> &'a T {
    &choices[rng.random_range(0..choices.len())]
}

/// A random line of a dictionary.
pub fn word<'a>(dictionary: &'a str, rng: &mut ChaCha8Rng) -> &'a str {
    let words: Vec<&str> = dictionary.lines().collect();
    words[rng.random_range(0..words.len())]
}

/// A random number at which lengths and counts go wrong.
pub fn number(rng: &mut ChaCha8Rng) -> u64 {
    *one_of(&EXTREMES, rng)
}

/// Applies one to three changes: other bits, bytes or numbers; pieces removed, doubled, swapped or inserted; truncation.
pub fn bytes(file: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut file = file.to_vec();
    for _ in 0..rng.random_range(1..=3) {
        change(&mut file, rng);
    }
    file
}

fn change(file: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    if file.is_empty() {
        return file.push(rng.random());
    }
    // Half of all changes are near the beginning, where headers are.
    let reach = if rng.random() { file.len() } else { file.len().min(64) };
    let from = rng.random_range(0..reach);
    let to = (from + rng.random_range(1..=64)).min(file.len());
    let at = rng.random_range(0..=file.len());
    match rng.random_range(0..9) {
        0 => file[from] ^= 1 << rng.random_range(0..8),
        1 => file[from] = rng.random(),
        2 => put_number(file, from, rng),
        3 => drop(file.drain(from..to)),
        4 => {
            let piece = file[from..to].to_vec();
            drop(file.splice(at..at, piece));
        }
        5 => exchange(file, from, to, rng),
        6 => {
            let new: Vec<u8> = (0..rng.random_range(1..=64)).map(|_| rng.random()).collect();
            drop(file.splice(at..at, new));
        }
        7 => file.truncate(from),
        _ => file[from..to].fill(*one_of(&[0, 0x7f, 0xff], rng)),
    }
}

/// Writes an extreme number over one to eight bytes, in either byte order.
fn put_number(file: &mut [u8], from: usize, rng: &mut ChaCha8Rng) {
    let number = number(rng);
    let width = *one_of(&[1, 2, 4, 8], rng);
    let little = &number.to_le_bytes()[..width];
    let bytes: Vec<u8> = if rng.random() { little.to_vec() } else { little.iter().rev().copied().collect() };
    file[from..].iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
}

/// Swaps a piece with a later one of the same length that does not overlap it, where there is one.
fn exchange(file: &mut [u8], from: usize, to: usize, rng: &mut ChaCha8Rng) {
    let length = to - from;
    if file.len() < to + length {
        return;
    }
    let (first, second) = file.split_at_mut(to);
    let other = rng.random_range(0..=second.len() - length);
    first[from..].swap_with_slice(&mut second[other..other + length]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn one_seed_gives_the_same_damage_and_nearly_every_seed_another() {
        let file: Vec<u8> = (0..=255).collect();
        let damaged = |seed| bytes(&file, &mut seeded(seed, "damage"));
        assert!((0..200).all(|seed| damaged(seed) == damaged(seed)));
        let others: std::collections::BTreeSet<Vec<u8>> = (0..200).map(damaged).collect();
        assert!(others.len() > 180, "{}", others.len());
        assert!((0..200).filter(|&seed| damaged(seed) == file).count() < 20);
    }

    #[test]
    fn an_empty_file_and_a_single_byte_can_be_damaged_too() {
        for seed in 0..100 {
            assert!(bytes(&[], &mut seeded(seed, "damage")).len() <= 200);
            assert!(bytes(&[7], &mut seeded(seed, "damage")).len() <= 200);
        }
    }
}
