//! Data as scripts: a page that was opened from a disk may read nothing else.

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// Digits behind which numbers are cut off: more than the eye or a color tells apart.
const DIGITS: usize = 5;

/// The text of `explorer.CALL(number, …, {…});`.
pub fn script(call: &str, numbers: &[usize], data: &impl Serialize) -> Result<Vec<u8>> {
    let mut arguments: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    arguments.push(serde_json::to_string(data)?);
    Ok(format!("explorer.{call}({});\n", arguments.join(",")).into_bytes())
}

/// Bytes as text.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The number with so few digits as a reader needs.
pub fn rounded(value: f64) -> f64 {
    let digits = DIGITS - 1;
    format!("{value:.digits$e}").parse().unwrap_or(value)
}

/// A share as one byte, 255 for 1.
pub fn byte(share: f64) -> u8 {
    (255.0 * share).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_stand_in_a_call_behind_the_numbers_that_name_them() {
        let text = script("unit", &[3, 17], &[rounded(1.0 / 3.0), rounded(-12_345_678.0), 0.0]).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "explorer.unit(3,17,[0.33333,-12346000.0,0.0]);\n");
    }

    #[test]
    fn shares_become_bytes_and_bytes_text() {
        assert_eq!([0.0, 0.5, 1.0].map(byte), [0, 128, 255]);
        assert_eq!(base64(&[0, 128, 255]), "AID/");
    }
}
