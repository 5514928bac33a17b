//! Formats of a table: CSV, Markdown, and text for the terminal.

use crate::cell::{Cell, Verdict};
use crate::layout::Layout;
use anyhow::{Context, Result};
use statistics::{exact, shown};
use std::io::{self, Write};

/// The columns of every `table.csv`.
pub(crate) const COLUMNS: [&str; 9] =
    ["row", "column", "value", "low", "high", "n", "paper", "verdict", "note"];

/// What stands above a table.
#[derive(Clone, Debug)]
pub(crate) struct TableHeader {
    /// `paper/artefact`.
    pub name: String,
    pub data: String,
    /// Size, seeds and limit.
    pub how: String,
    /// Sentences on the scale, a line each.
    pub caption: String,
}

/// Prints a line or more.
///
/// An output that takes no text, as after `| head`, ends nobody's experiment.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// `table.csv`: a line for each cell; `remark` stands in every note.
pub(crate) fn csv(cells: &[Cell], remark: Option<&str>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for cell in cells {
        let ours = cell.estimate.as_ref();
        let interval = ours.and_then(|ours| ours.interval);
        let number = |value: Option<f64>| value.map(exact).unwrap_or_default();
        let notes = remark.into_iter().chain(cell.notes.iter().map(String::as_str));
        writer.write_record([
            cell.row.clone(),
            cell.column.clone(),
            number(ours.map(|ours| ours.value)),
            number(interval.map(|interval| interval.low)),
            number(interval.map(|interval| interval.high)),
            ours.map(|ours| ours.n.to_string()).unwrap_or_default(),
            cell.paper.as_ref().map(|paper| paper.printed.clone()).unwrap_or_default(),
            cell.verdict.to_string(),
            notes.collect::<Vec<_>>().join("; "),
        ])?;
    }
    let bytes = writer.into_inner().context("the table cannot be put together")?;
    Ok(String::from_utf8(bytes)?)
}

/// `table.md`: each cell with its interval, n, the paper's value and the verdict; the notes below.
pub(crate) fn markdown(header: &TableHeader, cells: &[Cell]) -> String {
    let TableHeader { name, data, how, caption } = header;
    let table = layout(cells, long).markdown();
    let notes = notes(cells, |cell| format!("- {}, {}: {}.\n", cell.row, cell.column, cell.note()));
    let gap = if notes.is_empty() { "" } else { "\n" };
    format!(
        "# {name}\n\nData: {data}.\nRun: {how}.\n{caption}In brackets stands the 95 % interval: Wilson's for a rate, the bootstrap's for a mean.\n\n{table}{gap}{notes}"
    )
}

/// Ours and the paper's in each cell; below, what there is to say.
pub(crate) fn text(header: &TableHeader, cells: &[Cell]) -> String {
    let TableHeader { name, data, how, caption } = header;
    let table = layout(cells, short).aligned();
    let count = |verdict| cells.iter().filter(|cell| cell.verdict == verdict).count();
    let (agree, differ) = (count(Verdict::Agrees), count(Verdict::Differs));
    let judged = match agree + differ {
        0 if count(Verdict::NotJudged) > 0 => {
            "\nnot judged: a smoke run or stand-in data says nothing of the paper\n".into()
        }
        0 => String::new(),
        judged => format!("\n{agree} of {judged} agree with the paper\n"),
    };
    let notes = notes(cells, |cell| {
        let (ours, note) = (ours(cell), cell.note());
        format!("  {}, {}: {ours}; {note}\n", cell.row, cell.column)
    });
    format!("\n{name}, {how}, {data}: ours (the paper's)\n{caption}\n{table}{judged}{notes}")
}

/// What `line` makes of the cells that have a note.
fn notes(cells: &[Cell], line: impl Fn(&Cell) -> String) -> String {
    let noted = cells.iter().filter(|cell| !cell.notes.is_empty());
    noted.map(line).collect::<Vec<_>>().concat()
}

fn layout(cells: &[Cell], text: fn(&Cell) -> String) -> Layout {
    let mut layout = Layout::default();
    for cell in cells {
        layout.put(&cell.row, &cell.column, text(cell));
    }
    layout
}

/// `26.6 % [21.5, 32.3], n = 256, paper 26.2 %, agrees`.
fn long(cell: &Cell) -> String {
    let mut parts = vec![ours(cell)];
    let n = cell.estimate.as_ref().map(|ours| ours.n);
    parts.extend(n.map(|n| format!("n = {n}")));
    if let Some(paper) = &cell.paper {
        let unit = if paper.is_rate() { " %" } else { "" };
        parts.push(format!("paper {}{unit}", paper.printed));
    }
    if matches!(cell.verdict, Verdict::Agrees | Verdict::Differs | Verdict::NotJudged) {
        parts.push(cell.verdict.to_string());
    }
    parts.join(", ")
}

/// `26.6 % [21.5, 32.3]`.
fn ours(cell: &Cell) -> String {
    let Some(estimate) = &cell.estimate else {
        return cell.verdict.to_string();
    };
    let number = |value| shown(value, estimate.value, estimate.is_rate);
    let interval = estimate
        .interval
        .map_or(String::new(), |interval| format!(" [{}, {}]", number(interval.low), number(interval.high)));
    value(cell) + &interval
}

/// `26.6 % (26.2)`.
fn short(cell: &Cell) -> String {
    match &cell.paper {
        Some(paper) => format!("{} ({})", value(cell), paper.printed),
        None => value(cell),
    }
}

/// `26.6 %`.
fn value(cell: &Cell) -> String {
    let Some(estimate) = &cell.estimate else {
        return cell.verdict.to_string();
    };
    let unit = if estimate.is_rate { " %" } else { "" };
    shown(estimate.value, estimate.value, estimate.is_rate) + unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Table;

    fn cells() -> Vec<Cell> {
        let row = "Distorted for FC100-100-10 (av. stddev=0.062)";
        let mut table = Table::new("szegedy", "table4", 1);
        for cell in crate::paper::cells("szegedy", "table4") {
            if cell.row != row {
                table.not_run(&cell.row, &cell.column, "no time");
            }
        }
        table.rate(row, "FC100-100-10", 256, 256);
        table.rate(row, "FC123-456-10", 68, 256);
        table.rate(row, "FC100-100-10'", 128, 256);
        table.note(row, "FC100-100-10'", "of another half");
        table.mean(row, "distortion", &[0.0585; 3]);
        table.cells().unwrap()
    }

    fn header() -> TableHeader {
        TableHeader {
            name: "szegedy/table4".to_owned(),
            data: "MNIST".to_owned(),
            how: "default size, seed 1".to_owned(),
            caption: "Scale: 2 nets.\n".to_owned(),
        }
    }

    #[test]
    fn the_file_has_a_line_for_each_cell() {
        let text = csv(&cells(), None).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 24 + 1);
        assert_eq!(lines[0], "row,column,value,low,high,n,paper,verdict,note");
        assert_eq!(
            lines[2],
            "Distorted for FC100-100-10 (av. stddev=0.062),FC123-456-10,26.5625,21.5277,32.2903,256,26.2,agrees,"
        );
        assert_eq!(
            lines[3],
            "Distorted for FC100-100-10 (av. stddev=0.062),FC100-100-10',50,43.9206,56.0794,256,5.9,differs,\"44.1 points above the paper's 5.9, which the 95 % intervals exclude; of another half\""
        );
        assert_eq!(
            lines[4],
            "Distorted for FC100-100-10 (av. stddev=0.062),distortion,0.0585,0.0585,0.0585,3,,,"
        );
        assert!(lines[5].ends_with(",FC100-100-10,,,,,6.25,not run,no time"));
    }

    #[test]
    fn a_remark_stands_in_every_note() {
        let text = csv(&cells(), Some("generated digits")).unwrap();
        let mut lines = text.lines().skip(1);
        assert!(lines.all(|line| line.contains("generated digits")));
    }

    #[test]
    fn the_page_names_the_data_and_shows_cells_with_interval_and_verdict() {
        let page = markdown(&header(), &cells());
        for part in [
            "Data: MNIST.\nRun: default size, seed 1.",
            "| 26.6 % [21.5, 32.3], n = 256, paper 26.2 %, agrees |",
            "| 100 % [98.5, 100], n = 256, paper 100 %, agrees |",
            "| 0.0585 [0.0585, 0.0585], n = 3 |",
            "| not run, paper 6.25 % |",
            "FC100-100-10': 44.1 points above the paper's 5.9, which the 95 % intervals exclude; of another half.\n",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }

    #[test]
    fn the_text_counts_what_agrees_and_tells_what_differs() {
        let text = text(&header(), &cells());
        for part in [
            "100 % (100)     26.6 % (26.2)  50.0 % (5.9)   0.0585\n",
            "2 of 3 agree with the paper\n",
            "FC100-100-10': 50.0 % [43.9, 56.1]; 44.1 points above",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
