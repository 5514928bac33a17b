//! A table or figure of the page, with all that it was made from.

use super::evidence::{Evidence, Manifest, Results};
use super::preview::{self, Preview};
use super::table::table;
use super::{Artefact, Figure};
use anyhow::Result;
use maud::{Markup, PreEscaped, html};

/// Where in the page an artefact stands.
pub(super) fn anchor(evidence: &Evidence) -> String {
    format!("{}-{}", evidence.paper, evidence.artefact.name)
}

/// The artefact's section.
pub(super) fn section(evidence: &Evidence) -> Result<Markup> {
    let Artefact { title, shows, .. } = evidence.artefact;
    let body = evidence.run.as_ref().map(|run| body(evidence, run)).transpose()?;
    Ok(html! {
        article id=(anchor(evidence)) aria-labelledby=(format!("{}-title", anchor(evidence))) {
            h3 id=(format!("{}-title", anchor(evidence))) { (title) }
            p .shows { (shows) "." }
            @if let Some(body) = body { (body) } @else {
                p { "No results yet." }
                (command(evidence, &[]))
            }
        }
    })
}

fn body(evidence: &Evidence, run: &Results) -> Result<Markup> {
    let Artefact { title, figures, .. } = evidence.artefact;
    let name = format!("{}, {title}", evidence.authors);
    let place = format!("{}/{}", evidence.paper, evidence.artefact.name);
    let drawn = figures.iter().map(|figure| figure_of(run, &place, figure));
    let drawn: Vec<Markup> = drawn.collect::<Result<_>>()?;
    Ok(html! {
        (facts(run))
        (command(evidence, &run.manifest.arguments))
        @if let Some(words) = &evidence.words { div .words { (PreEscaped(words)) } }
        @for figure in &drawn { (figure) }
        @let judged = run.cells.iter().any(|cell| !cell.paper.is_empty());
        @if judged || run.cells.len() <= 24 { (table(&name, &run.cells)) } @else {
            details { summary { "All " (run.cells.len()) " numbers" } (table(&name, &run.cells)) }
        }
        @if !run.manifest.remarks.is_empty() {
            details {
                summary { "What the run remarked" }
                ul { @for (subject, sentence) in &run.manifest.remarks { li { b { (subject) ": " } (sentence) "." } } }
            }
        }
        (files(&place, run))
    })
}

/// What the numbers were made from.
fn facts(run: &Results) -> Markup {
    let Manifest { size, seeds, commit, machine, started, .. } = &run.manifest;
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let day = started.split('T').next().unwrap_or_default();
    html! {
        dl .facts {
            div { dt { "data" } dd { (run.manifest.data_names()) } }
            div { dt { "size" } dd { (size) @if seeds.len() == 1 { ", seed " } @else { ", seeds " } (seeds.join(", ")) } }
            div { dt { "time" } dd { (run.time()) " on " (machine.cores) " cores" @if let Some(name) = &machine.processor { " (" (name) ")" } ", " (day) } }
            @if let Some(commit) = commit {
                div { dt { "commit" } dd { code { (commit.id.get(..10).unwrap_or(&commit.id)) } @if commit.changed { ", code changed since" } } }
            }
        }
    }
}

/// How to run it again.
fn command(evidence: &Evidence, arguments: &[String]) -> Markup {
    let words = [format!("cargo reproduce {}/{}", evidence.paper, evidence.artefact.name)];
    let words: Vec<&str> = words.iter().chain(arguments).map(String::as_str).collect();
    html! { p .command { code { (words.join(" ")) } } }
}

fn figure_of(run: &Results, place: &str, figure: &Figure) -> Result<Markup> {
    let Preview { source, width, height, file } = preview::preview(&run.folder, figure.file)?;
    Ok(html! {
        figure {
            a href=(format!("{place}/{file}")) {
                img src=(source) width=(width) height=(height) alt=(figure.alt) loading="lazy" decoding="async";
            }
            figcaption { (capitalized(figure.alt)) ". " a href=(format!("{place}/{file}")) { "Full size" } }
        }
    })
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Links to all files of the run.
fn files(place: &str, run: &Results) -> Markup {
    let manifest = "manifest.json".to_owned();
    html! {
        p .files {
            "Files: "
            @for (index, name) in [&manifest].into_iter().chain(run.manifest.files.keys()).enumerate() {
                @if index > 0 { ", " }
                a href=(format!("{place}/{name}")) { (name) }
            }
        }
    }
}
