//! A table of the page: ours and the paper's, cell by cell.

use crate::layout::distinct;
use crate::records::Record;
use maud::{Markup, html};

/// The cells in rows and columns, both in the order of their first mention; what there is to say of them below.
pub(super) fn table(name: &str, cells: &[Record]) -> Markup {
    let columns = distinct(cells.iter().map(|cell| cell.column.as_str()));
    let rows = distinct(cells.iter().map(|cell| cell.row.as_str()));
    let at = |row: &str, column: &str| cells.iter().find(|cell| cell.row == row && cell.column == column);
    html! {
        div .scroll role="region" tabindex="0" aria-label=(format!("{name}, as a table")) {
            table {
                caption .hidden { (name) ": ours, its 95 % interval, n, the paper's, and the verdict" }
                thead { tr { td {} @for column in &columns { th scope="col" { (column) } } } }
                tbody {
                    @for row in &rows {
                        tr { th scope="row" { (row) } @for column in &columns { (cell(at(row, column))) } }
                    }
                }
            }
        }
        (notes(cells))
    }
}

fn cell(cell: Option<&Record>) -> Markup {
    let Some(cell) = cell else { return html! { td {} } };
    html! {
        td class=(class(&cell.verdict)) {
            @if let Some(ours) = cell.ours() { span .ours { (ours) } " " }
            @if let Some(interval) = cell.interval() { span .interval { (interval) } " " }
            @if let Some(n) = cell.n { span .n { "n = " (n) } " " }
            @if let Some(papers) = cell.papers() { span .paper { "paper " (papers) } " " }
            @if !cell.verdict.is_empty() { span .verdict { (cell.verdict) } }
        }
    }
}

/// A verdict as the style sheet calls it.
pub(super) fn class(verdict: &str) -> &'static str {
    match verdict {
        "agrees" => "agrees",
        "differs" => "differs",
        "not run" => "not-run",
        _ => "ours-alone",
    }
}

/// The notes of all cells, each once with the cells that have it.
fn notes(cells: &[Record]) -> Markup {
    let noted = || cells.iter().filter(|cell| !cell.note.is_empty());
    let notes = distinct(noted().map(|cell| cell.note.as_str()));
    let where_from = |note: &str| {
        let places = noted().filter(|cell| cell.note == note);
        let places: Vec<String> = places.map(|cell| format!("{}, {}", cell.row, cell.column)).collect();
        match &places[..] {
            [place] => place.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        }
    };
    html! {
        @if !notes.is_empty() {
            details {
                summary { "What there is to say of " (noted().count()) " cells" }
                ul { @for note in &notes { li { b { (where_from(note)) ": " } (note) "." } } }
            }
        }
    }
}
