//! Numbers as text: six digits in a file, three for a reader.

/// `value` to six significant digits, without trailing zeros: what a `table.csv` holds.
pub fn exact(value: f64) -> String {
    trimmed(&format!("{value:.0$}", decimals(value, 6)))
}

/// `value` to the decimals that suit a reader of `about`, which is a percentage or not.
///
/// A percentage has one decimal from 10 on and two below; 0 and 100 are bare.
pub fn shown(value: f64, about: f64, percentage: bool) -> String {
    if percentage {
        let text = format!("{value:.0$}", if about < 10.0 { 2 } else { 1 });
        let whole = trimmed(&text);
        return if whole == "0" || whole == "100" { whole } else { text };
    }
    format!("{value:.0$}", decimals(about, 3))
}

/// The decimals that give `value` so many significant digits.
fn decimals(value: f64, digits: i32) -> usize {
    if value == 0.0 {
        return 0;
    }
    let magnitude = value.abs().log10().floor() as i32;
    (digits - 1 - magnitude).clamp(0, 12) as usize
}

fn trimmed(text: &str) -> String {
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_six_digits_and_no_trailing_zeros() {
        let cases = [
            (0.0, "0"),
            (100.0, "100"),
            (26.562_5, "26.5625"),
            (0.058_123_456, "0.0581235"),
            (1_234_567.8, "1234568"),
            (-0.5, "-0.5"),
        ];
        for (value, text) in cases {
            assert_eq!(exact(value), text);
        }
    }

    #[test]
    fn a_reader_sees_three_digits() {
        assert_eq!(shown(0.058_123, 0.058_123, false), "0.0581");
        assert_eq!(shown(0.1, 0.1, false), "0.100");
        assert_eq!(shown(1.64, 1.64, true), "1.64");
        assert_eq!(shown(26.562_5, 26.562_5, true), "26.6");
        assert_eq!(shown(98.523, 100.0, true), "98.5");
        assert_eq!(shown(100.0, 100.0, true), "100");
        assert_eq!(shown(0.0, 0.0, true), "0");
    }
}
