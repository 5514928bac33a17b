//! Damage to the numbers, words, lines and brackets of a text.

use super::{bytes, one_of, word};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Numbers at and beyond the limits of sizes, positions and rates.
const NUMBERS: &str = include_str!("../../dictionaries/numbers.txt");

/// Delimiters of the text formats.
const DELIMITERS: [&str; 16] =
    ["\"", "'", ",", "\n", "\r", "[", "]", "{", "}", "(", ")", "<", "&#0;", "&x;", "=", "\u{feff}"];

/// Openings to be repeated until a recursive reader's stack overflows.
const NESTS: [&str; 6] = ["[", "(", "{", "<a>", "{'a':", "a = { "];

/// Applies one to three changes: numbers, words and lines replaced, removed or doubled; delimiters; deep nests; bytes.
///
/// `words` are those of the format, one in a line.
pub fn text(file: &[u8], words: &str, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(file).into_owned();
    for _ in 0..rng.random_range(1..=3) {
        text = changed(&text, words, rng);
    }
    if rng.random_range(0..8) == 0 { bytes(text.as_bytes(), rng) } else { text.into_bytes() }
}

fn changed(text: &str, words: &str, rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..12) {
        0..=3 => replaced(text, &tokens(text, |c| c.is_ascii_digit()), word(NUMBERS, rng), rng),
        4 | 5 if !words.is_empty() => {
            let word = word(words, rng);
            replaced(text, &tokens(text, |c| c.is_alphanumeric() || c == '_'), word, rng)
        }
        6 => replaced(text, &tokens(text, |c| !c.is_whitespace()), "", rng),
        7 | 8 => moved_lines(text, rng),
        9 => inserted(text, DELIMITERS[rng.random_range(0..16)], rng),
        10 if rng.random_range(0..8) == 0 => inserted(text, &one_of(&NESTS, rng).repeat(10_000), rng),
        10 => inserted(text, &one_of(&NESTS, rng).repeat(rng.random_range(1..100)), rng),
        _ => {
            let tokens = tokens(text, char::is_alphanumeric);
            let other = tokens.get(rng.random_range(0..tokens.len().max(1)));
            let other = other.map_or("", |&(from, to)| &text[from..to]);
            replaced(text, &tokens, other, rng)
        }
    }
}

/// Ranges of the maximal runs of such characters.
fn tokens(text: &str, is_part: impl Fn(char) -> bool) -> Vec<(usize, usize)> {
    let mut tokens: Vec<(usize, usize)> = Vec::new();
    for (at, character) in text.char_indices().filter(|&(_, character)| is_part(character)) {
        match tokens.last_mut().filter(|(_, to)| *to == at) {
            Some((_, to)) => *to = at + character.len_utf8(),
            None => tokens.push((at, at + character.len_utf8())),
        }
    }
    tokens
}

/// Replaces one of the tokens.
fn replaced(text: &str, tokens: &[(usize, usize)], by: &str, rng: &mut ChaCha8Rng) -> String {
    if tokens.is_empty() {
        return inserted(text, by, rng);
    }
    let &(from, to) = one_of(tokens, rng);
    [&text[..from], by, &text[to..]].concat()
}

/// Inserts a piece at a random position.
fn inserted(text: &str, piece: &str, rng: &mut ChaCha8Rng) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = *one_of(&places, rng);
    [&text[..at], piece, &text[at..]].concat()
}

/// Swaps two lines, removes one, or doubles one.
fn moved_lines(text: &str, rng: &mut ChaCha8Rng) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        return text.to_owned();
    }
    let [a, b] = [0; 2].map(|_| rng.random_range(0..lines.len()));
    match rng.random_range(0..3) {
        0 => lines.swap(a, b),
        1 => drop(lines.remove(a)),
        _ => lines.insert(b, lines[a]),
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn tokens_are_the_longest_pieces_of_their_kind() {
        assert_eq!(tokens("a12é3 45", |c| c.is_ascii_digit()), [(1, 3), (5, 6), (7, 9)]);
        assert_eq!(tokens("", |_| true), []);
    }

    #[test]
    fn one_seed_gives_the_same_damage_and_texts_of_every_length_can_be_damaged() {
        for file in ["", "7", "a = [1, 2]\nb = \"ä\"\n"] {
            let damaged = |seed| text(file.as_bytes(), "conv", &mut seeded(seed, "damage"));
            assert!((0..300).all(|seed| damaged(seed) == damaged(seed)));
            assert!((0..300).any(|seed| damaged(seed) != file.as_bytes()));
        }
    }
}
