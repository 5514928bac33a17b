//! The whole page: one file that asks for no other.

use super::evidence::Evidence;
use super::preview::{self, Preview};
use super::{Paper, Teaser, artefact, summary};
use anyhow::Result;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::path::Path;

const STYLE: &str = include_str!("style.css");

/// The page of these papers, beside their results.
pub(super) fn page(results: &Path, papers: &[(&Vec<Evidence>, &Paper)]) -> Result<String> {
    let sections = papers.iter().map(|(evidence, paper)| section(evidence, paper));
    let sections: Vec<Markup> = sections.collect::<Result<_>>()?;
    let teasers = papers.iter().map(|(evidence, paper)| teaser(evidence, paper));
    let teasers: Vec<Markup> = teasers.collect::<Result<_>>()?;
    let all: Vec<&[Evidence]> = papers.iter().map(|(evidence, _)| evidence.as_slice()).collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Glassbox: two papers reproduced" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a .skip href="#results" { "Skip to the results" }
                header {
                    h1 { "Glassbox" }
                    p .lead { "Two papers that look inside convolutional networks and break them, reproduced table by table and figure by figure." }
                    div .leads { @for teaser in &teasers { (teaser) } }
                    (navigation(papers, results.join(EXPLORER).exists()))
                }
                main id="results" tabindex="-1" {
                    (overview(papers, &all))
                    @for section in &sections { (section) }
                }
                footer {
                    p { "Every number stands in a table.csv beside its manifest, which holds the digests of data, weights and files. "
                        "This page is made from them by " code { "just report" } "." }
                }
            }
        }
    };
    Ok(page.into_string() + "\n")
}

/// What is to be seen first of a paper; nothing where it has not been run.
fn teaser(evidence: &[Evidence], paper: &Paper) -> Result<Markup> {
    let Teaser { artefact, figure, parts } = &paper.teaser;
    let found = evidence.iter().find(|one| one.artefact.name == *artefact);
    let Some((one, run)) = found.and_then(|one| Some((one, one.run.as_ref()?))) else { return Ok(html! {}) };
    let Preview { source, width, height, .. } = preview::preview_of_parts(&run.folder, figure.file, parts)?;
    Ok(html! {
        figure {
            a href=(format!("#{}", artefact::anchor(one))) {
                img src=(source) width=(width) height=(height) alt=(figure.alt);
            }
            figcaption { (one.artefact.shows) " (" (paper.authors()) ", " (one.artefact.title) ")." }
        }
    })
}

/// A net to be explored, beside the page.
const EXPLORER: &str = "explorer/index.html";

fn navigation(papers: &[(&Vec<Evidence>, &Paper)], explorer: bool) -> Markup {
    html! {
        nav aria-label="artefacts" {
            @if explorer {
                p { a href=(EXPLORER) { b { "Explore a net" } } " its units, what excites them, and what its answers rest on" }
            }
            @for (evidence, paper) in papers {
                p {
                    a href=(format!("#{}", paper.name)) { b { (paper.authors()) } }
                    @for one in evidence.iter() { " " a href=(format!("#{}", artefact::anchor(one))) { (one.artefact.title) } }
                }
            }
        }
    }
}

/// What is to be read first.
fn overview(papers: &[(&Vec<Evidence>, &Paper)], all: &[&[Evidence]]) -> Markup {
    html! {
        section aria-labelledby="summary" {
            h2 id="summary" { "Summary" }
            p { "A cell " b .agrees { "agrees" } " where its 95 % interval overlaps the paper's, and "
                b .differs { "differs" } " where it does not; where the paper has no number there is no verdict. "
                "The interval is Wilson's for a rate and the bootstrap's for a mean; n is the number of examples, values or positions behind it. "
                "All numbers here come from real data; where it is not the paper's, the table says which. "
                "Times are those of the runs shown here, which read nets that were trained before from their files." }
            @for (evidence, paper) in papers {
                h3 { a href=(format!("#{}", paper.name)) { (paper.authors()) } }
                (summary::of_paper(paper, evidence))
            }
            h3 { "What could not be run, and why" }
            (summary::not_run(all))
        }
    }
}

fn section(evidence: &[Evidence], paper: &Paper) -> Result<Markup> {
    let artefacts = evidence.iter().map(artefact::section).collect::<Result<Vec<Markup>>>()?;
    Ok(html! {
        section id=(paper.name) aria-labelledby=(format!("{}-title", paper.name)) {
            h2 id=(format!("{}-title", paper.name)) { (paper.citation) }
            p { a href=(paper.url) { (paper.url) } }
            @for artefact in &artefacts { (artefact) }
        }
    })
}
