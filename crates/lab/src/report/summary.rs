//! The top of the page: how much agrees, on which data, and what could not be run.

use super::Paper;
use super::artefact::anchor;
use super::evidence::Evidence;
use super::table::class;
use crate::layout::position;
use maud::{Markup, html};

/// Verdicts, and what they are called in the plural.
pub(super) const VERDICTS: [(&str, &str); 3] =
    [("agrees", "agree"), ("differs", "differ"), ("not run", "not run")];

/// How much of a paper agrees, in words and as a bar, and a line for each artefact.
pub(super) fn of_paper(paper: &Paper, evidence: &[Evidence]) -> Markup {
    let total = |(verdict, _)| evidence.iter().map(|one| count(one, verdict)).sum();
    let all @ [agree, differ, not_run]: [usize; 3] = VERDICTS.map(total);
    html! {
        p .tally {
            b { (agree) " of " (agree + differ) }
            " cells that can be judged agree with the paper; " (not_run) " of its cells could not be run. " (paper.caveat)
        }
        (bar(all))
        div .scroll role="region" tabindex="0" aria-label=(format!("{}, what was run, as a table", paper.authors())) {
            table .overview {
                thead { tr {
                    th scope="col" { "artefact" } th scope="col" { "shows" } th scope="col" { "data" }
                    th scope="col" { "agree" } th scope="col" { "differ" } th scope="col" { "not run" } th scope="col" { "time" }
                } }
                tbody { @for one in evidence { (line(one)) } }
            }
        }
    }
}

fn line(evidence: &Evidence) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", anchor(evidence))) { (evidence.artefact.title) } }
            td { (evidence.artefact.shows) }
            @if let Some(run) = &evidence.run {
                td { (run.manifest.data_names()) }
                @for (verdict, count) in VERDICTS.map(|(verdict, _)| (verdict, count(evidence, verdict))) {
                    @if count > 0 { td class=(class(verdict)) { (count) } } @else { td { "–" } }
                }
                td { (run.time()) }
            } @else {
                td colspan="5" { "no results yet" }
            }
        }
    }
}

fn bar(counts: [usize; 3]) -> Markup {
    html! {
        div .bar aria-hidden="true" {
            @for ((verdict, word), count) in VERDICTS.into_iter().zip(counts) {
                @if count > 0 { span class=(class(verdict)) style=(format!("flex-grow: {count}")) { (count) " " (word) } }
            }
        }
    }
}

/// Why cells could not be run: each reason with the artefacts where it holds.
pub(super) fn not_run(papers: &[&[Evidence]]) -> Markup {
    let mut reasons: Vec<(&str, Vec<(&Evidence, usize)>)> = vec![];
    for evidence in papers.iter().copied().flatten() {
        let cells = evidence.run.iter().flat_map(|run| &run.cells).filter(|cell| cell.verdict == "not run");
        for cell in cells {
            let place = position(&mut reasons, |(reason, _)| *reason == cell.note, || (&cell.note, vec![]));
            match reasons[place].1.last_mut() {
                Some((last, count)) if std::ptr::eq(*last, evidence) => *count += 1,
                _ => reasons[place].1.push((evidence, 1)),
            }
        }
    }
    html! {
        ul {
            @for (reason, places) in &reasons {
                li {
                    (reason) ": "
                    @for (index, (evidence, count)) in places.iter().enumerate() {
                        @if index > 0 { ", " }
                        a href=(format!("#{}", anchor(evidence))) { (evidence.artefact.title) }
                        " (" (count) @if *count == 1 { " cell)" } @else { " cells)" }
                    }
                }
            }
        }
    }
}

fn count(evidence: &Evidence, verdict: &str) -> usize {
    evidence.run.as_ref().map_or(0, |run| run.count(verdict))
}
