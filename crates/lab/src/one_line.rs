//! Errors in one line.

use anyhow::Error;

/// The error and its causes in one line, without causes whose text is part of an error before them.
pub fn one_line(error: &Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn an_error_is_one_line_that_tells_each_cause_once() {
        let error = anyhow!("disk full")
            .context("table.csv: found: disk full")
            .context("the table\ncannot be written");
        assert_eq!(one_line(&error), "the table cannot be written: table.csv: found: disk full");
    }
}
