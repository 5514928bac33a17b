//! Whether the claim of a table holds, in words.

use super::correspondence_of_parts::{Finding, LAYER5, LAYER7, LEVEL};
use super::hidden_parts::LAYERS;
use super::records::words;
use correspondence::Comparison;
use std::fmt::Write;

/// One line for each net, set of dogs, occluder and convention: its subject, and at which layers the claim holds.
///
/// The claim: named parts are more consistent than random ones.
pub fn claims(findings: &[Finding]) -> Vec<(String, String)> {
    let settings = findings.chunk_by(|a, b| subject(a) == subject(b));
    settings.map(|layers| (subject(&layers[0]), sentence(layers))).collect()
}

/// The claims as a page.
pub fn page(findings: &[Finding], claims: &[(String, String)]) -> String {
    let tested = findings.iter().filter(|finding| finding.tests[0].is_some()).count();
    let reached = findings.iter().filter(|finding| holds(finding.tests[0])).count();
    let mut page = format!(
        "# zeiler_fergus/table1: do features establish correspondence between parts of dogs?\n\n\
         The claim holds where hiding a named part (right eye, left eye, nose) changes the signs of features more alike among dogs than hiding a random part of the same size, by a permutation test of all dogs with p ≤ {LEVEL}.\n\
         Layer 5 of the paper is read as {}, layer 7 as {}.\n\
         {reached} of {tested} tests reach that level; by chance alone {:.0} would.\n\
         Named parts lie at about the same place in every aligned picture, random ones do not: features that know nothing but places would make the claim true as well, most of all with zeros as a third sign.\n\
         So each line ends with what one random place gives that is the same in all dogs, where there is room for one.\n\n",
        LAYERS[LAYER5].0,
        LAYERS[LAYER7].0,
        tested as f64 * LEVEL,
    );
    for (subject, sentence) in claims {
        writeln!(page, "- {subject}: {sentence}.").expect("a string takes all");
    }
    page
}

fn subject(finding: &Finding) -> String {
    let setting = finding.setting;
    let zeros = words(finding.zeros);
    format!("{}, {}, occluder {}, {zeros}, seed {}", setting.net, setting.dogs, setting.side, setting.seed)
}

/// At which layers the claim holds.
fn sentence(layers: &[Finding]) -> String {
    let papers = |layer: usize, number: usize| {
        let finding = layers.iter().find(|finding| finding.layer == layer).expect("every layer is there");
        let verdict = if holds(finding.tests[0]) { "holds" } else { "fails" };
        format!("{verdict} at layer {number} ({})", with_p(finding))
    };
    let all = |wanted: bool| {
        let layers = layers.iter().filter(|finding| holds(finding.tests[0]) == wanted);
        let named: Vec<String> = layers.map(with_p).collect();
        if named.is_empty() { "no layer".into() } else { named.join(", ") }
    };
    format!(
        "{}, {}; of all layers holds at {}; fails at {}; at layer 5 {}",
        papers(LAYER5, 5),
        papers(LAYER7, 7),
        all(true),
        all(false),
        beside_one_place(&layers[LAYER5])
    )
}

fn holds(test: Option<Comparison>) -> bool {
    test.is_some_and(|test| test.p <= LEVEL)
}

fn with_p(finding: &Finding) -> String {
    let layer = LAYERS[finding.layer].0;
    finding.tests[0]
        .map_or(format!("{layer}: no pair to compare"), |test| format!("{layer}, p = {:.4}", test.p))
}

/// The mean distances of named parts, random ones, and one place for all dogs.
fn beside_one_place(finding: &Finding) -> String {
    let number = |mean: Option<f64>| mean.map_or("none".to_owned(), |mean| format!("{mean:.4}"));
    let mean = |row: usize| finding.all[row].map(|found| found.mean);
    let named: Option<f64> = (0..3).map(mean).sum::<Option<f64>>().map(|sum| sum / 3.0);
    let [named, random, place] = [named, mean(3), mean(4)].map(number);
    format!("the named parts give {named}, random parts {random}, one random place for all {place}")
}
