//! The top of the page: how much agrees, on which data, and what could not be run.

use maud::{Markup, html};

use super::Paper;
use super::artefact::anchor;
use super::evidence::Evidence;
use super::table::class;

/// Cells by verdict.
#[derive(Clone, Copy, Default)]
struct Counts {
    agree: usize,
    differ: usize,
    not_run: usize,
}

/// How much of a paper agrees, in words and as a bar, and a line for each artefact.
pub(super) fn of_paper(paper: &Paper, evidence: &[Evidence]) -> Markup {
    let all = evidence.iter().map(counts).fold(Counts::default(), Counts::plus);
    html! {
        p .tally {
            b { (all.agree) " of " (all.agree + all.differ) }
            " cells that can be judged agree with the paper; " (all.not_run) " of its cells could not be run. " (paper.caveat)
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
    let Counts { agree, differ, not_run } = counts(evidence);
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", anchor(evidence))) { (evidence.artefact.title) } }
            td { (evidence.artefact.shows) }
            @if let Some(run) = &evidence.run {
                td { (run.manifest.data_names()) }
                @for (verdict, count) in [("agrees", agree), ("differs", differ), ("not run", not_run)] {
                    @if count > 0 { td class=(class(verdict)) { (count) } } @else { td { "–" } }
                }
                td { (run.time()) }
            } @else {
                td colspan="5" { "no results yet" }
            }
        }
    }
}

fn bar(counts: Counts) -> Markup {
    let parts = [
        ("agrees", "agree", counts.agree),
        ("differs", "differ", counts.differ),
        ("not run", "not run", counts.not_run),
    ];
    html! {
        div .bar aria-hidden="true" {
            @for (verdict, word, count) in parts {
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
            let known = reasons.iter().position(|(reason, _)| *reason == cell.note);
            let place = known.unwrap_or_else(|| {
                reasons.push((&cell.note, vec![]));
                reasons.len() - 1
            });
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

fn counts(evidence: &Evidence) -> Counts {
    let count = |verdict| evidence.run.as_ref().map_or(0, |run| run.count(verdict));
    Counts { agree: count("agrees"), differ: count("differs"), not_run: count("not run") }
}

impl Counts {
    fn plus(self, other: Counts) -> Counts {
        let Counts { agree, differ, not_run } = self;
        Counts { agree: agree + other.agree, differ: differ + other.differ, not_run: not_run + other.not_run }
    }
}
