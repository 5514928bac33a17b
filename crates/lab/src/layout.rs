//! Text tables: as Markdown, or with aligned columns.

/// Texts by row and column, both in the order of their first mention.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

impl Layout {
    /// Puts `text` at `row`, `column`.
    pub fn put(&mut self, row: &str, column: &str, text: String) {
        let column = position(&mut self.columns, |name| name == column, || column.to_owned());
        let new = || (row.to_owned(), Vec::new());
        let row = position(&mut self.rows, |(name, _)| name == row, new);
        let texts = &mut self.rows[row].1;
        texts.resize(texts.len().max(column + 1), String::new());
        texts[column] = text;
    }

    /// The header and the rows, each with a text for every column after its name.
    fn lines(&self) -> Vec<Vec<&str>> {
        let mut lines = vec![vec![""]];
        lines[0].extend(self.columns.iter().map(String::as_str));
        for (name, texts) in &self.rows {
            let mut line = vec![name.as_str()];
            line.extend(texts.iter().map(String::as_str));
            line.resize(self.columns.len() + 1, "");
            lines.push(line);
        }
        lines
    }

    /// A Markdown table, one line of text for each row.
    pub fn markdown(&self) -> String {
        let escaped = |line: &Vec<&str>| line.join("\u{0}").replace('|', "\\|");
        let line = |line| format!("| {} |\n", escaped(line).replace('\u{0}', " | "));
        let mut lines: Vec<String> = self.lines().iter().map(line).collect();
        lines.insert(1, format!("|{}\n", "---|".repeat(self.columns.len() + 1)));
        lines.concat()
    }

    /// Columns two spaces apart.
    pub fn aligned(&self) -> String {
        aligned(&self.lines())
    }
}

/// Rows of text, each column as wide as its widest cell and two spaces from the next.
///
/// # Panics
/// When a row has fewer cells than the first.
pub fn aligned<S: AsRef<str>>(rows: &[impl AsRef<[S]>]) -> String {
    let cell = |row: usize, column: usize| rows[row].as_ref()[column].as_ref();
    let columns = rows.first().map_or(0, |row| row.as_ref().len());
    let width = |column: usize| (0..rows.len()).map(|row| cell(row, column).chars().count()).max();
    let widths: Vec<usize> = (0..columns).filter_map(width).collect();
    let line = |row: usize| {
        let cells = widths.iter().enumerate().map(|(column, &width)| format!("{:width$}", cell(row, column)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    (0..rows.len()).map(line).collect()
}

/// Where the item is that `is` finds; at the end, as `new`, where there is none.
pub(crate) fn position<T>(items: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl Fn() -> T) -> usize {
    items.iter().position(is).unwrap_or_else(|| {
        items.push(new());
        items.len() - 1
    })
}

/// The names without repetition, in the order of their first mention.
pub(crate) fn distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut distinct = Vec::new();
    for name in names {
        position(&mut distinct, |known| *known == name, || name);
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let mut layout = Layout::default();
        layout.put("first", "a", "1".to_owned());
        layout.put("first", "b", "22 | 2".to_owned());
        layout.put("the second", "b", "3".to_owned());
        layout
    }

    #[test]
    fn markdown_has_a_header_and_empty_places() {
        assert_eq!(
            layout().markdown(),
            "|  | a | b |\n|---|---|---|\n| first | 1 | 22 \\| 2 |\n| the second |  | 3 |\n"
        );
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(layout().aligned(), "            a  b\nfirst       1  22 | 2\nthe second     3\n");
    }
}
