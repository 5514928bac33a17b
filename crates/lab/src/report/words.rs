//! What is said of each artefact in the results' own page.

use anyhow::{Context, Result};
use pulldown_cmark::{Parser, html};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The words of each section whose heading is a link, `### [Table 1](szegedy/table1)`, as HTML, by that link; none without the page.
///
/// Tables and pictures are left out, and so are paragraphs that introduce them with a colon: the report has its own.
pub(super) fn by_place(page: &Path) -> Result<BTreeMap<String, String>> {
    if !page.exists() {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(page).with_context(|| format!("{}: cannot be read", page.display()))?;
    let sections = text.split("\n### [").skip(1).filter_map(|section| {
        let (heading, body) = section.split_once('\n')?;
        let (_, place) = heading.strip_suffix(')')?.split_once("](")?;
        Some((place.to_owned(), in_html(body.split("\n## ").next()?)))
    });
    Ok(sections.filter(|(_, words)| !words.is_empty()).collect())
}

fn in_html(markdown: &str) -> String {
    let shown_elsewhere = |paragraph: &&str| {
        let paragraph = paragraph.trim();
        ["|", "!", "<!--"].iter().any(|start| paragraph.starts_with(start)) || paragraph.ends_with(':')
    };
    let words: Vec<&str> = markdown.split("\n\n").filter(|paragraph| !shown_elsewhere(paragraph)).collect();
    let mut text = String::new();
    html::push_html(&mut text, Parser::new(&words.join("\n\n")));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Title

Before.

## A paper
### [Table 1](szegedy/table1)

What *holds*,
and [more](szegedy/table1/a.csv).

To be seen here:

![a picture](a.png)

<!-- begin szegedy/table1/table.csv -->
| a |
|---|
<!-- end szegedy/table1/table.csv -->

The end.

## Another
### [Table 2](szegedy/table2)

| a |
|---|
";

    #[test]
    fn a_sections_words_are_found_by_its_link_without_tables_and_pictures() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("README.md");
        assert!(by_place(&page).unwrap().is_empty());
        fs::write(&page, PAGE).unwrap();
        let words = by_place(&page).unwrap();
        let expected =
            "<p>What <em>holds</em>,\nand <a href=\"szegedy/table1/a.csv\">more</a>.</p>\n<p>The end.</p>\n";
        assert_eq!(words, BTreeMap::from([("szegedy/table1".to_owned(), expected.to_owned())]));
    }
}
