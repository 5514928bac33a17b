//! Names of files in messages: on one line, whatever characters they have.

use std::path::Path;

/// The text with control characters, such as line breaks, written as escapes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// A path on one line.
pub(crate) fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_escapes_and_other_letters_stay() {
        assert_eq!(escaped("a\nb\u{1b}[1m é\\.png"), "a\\nb\\u{1b}[1m é\\.png");
    }
}
