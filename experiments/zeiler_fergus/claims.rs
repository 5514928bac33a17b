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
         The claim holds where hiding a named part (right eye, left eye, nose) changes the signs of features more alike among dogs than hiding a random part of the same size: p ≤ {LEVEL} by a permutation test over all dogs of the set.\n\
         It is reversed where random parts are the more consistent ones: p ≥ {}.\n\
         Layer 5 of the paper is read as {}, layer 7 as {}.\n\
         {reached} of {tested} tests reach the level; by chance alone about {:.0} would.\n\n\
         Two things other than correspondence move these numbers.\n\
         Named parts lie at about the same place in aligned pictures, random ones do not: features that know nothing but places would make the claim true as well.\n\
         Each line says what one random place gives that is the same in all dogs and avoids all their parts.\n\
         And with zeros as a third sign, the fewer features change, the smaller is the distance: each line says how many do.\n\n",
        1.0 - LEVEL,
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
    let papers = |finding: &Finding, number: usize| {
        format!("{} at layer {number} ({})", verdict(finding.tests[0]), with_p(finding))
    };
    let all = |wanted: bool| {
        let layers = layers.iter().filter(|finding| holds(finding.tests[0]) == wanted);
        let named: Vec<String> = layers.map(with_p).collect();
        if named.is_empty() { "no layer".into() } else { named.join(", ") }
    };
    let [five, seven] = [LAYER5, LAYER7]
        .map(|layer| layers.iter().find(|finding| finding.layer == layer).expect("every layer is there"));
    format!(
        "{}, {}; of all layers holds at {}; does not at {}; at {} {}; at {} {}",
        papers(five, 5),
        papers(seven, 7),
        all(true),
        all(false),
        LAYERS[LAYER5].0,
        beside_one_place(five),
        LAYERS[LAYER7].0,
        beside_one_place(seven),
    )
}

fn verdict(test: Option<Comparison>) -> &'static str {
    match test {
        Some(test) if test.p <= LEVEL => "holds",
        Some(test) if test.p >= 1.0 - LEVEL => "is reversed",
        Some(_) => "fails",
        None => "cannot be tested",
    }
}

fn holds(test: Option<Comparison>) -> bool {
    verdict(test) == "holds"
}

fn with_p(finding: &Finding) -> String {
    let layer = LAYERS[finding.layer].0;
    finding.tests[0]
        .map_or(format!("{layer}: no pair to compare"), |test| format!("{layer}, p = {:.4}", test.p))
}

/// The mean distances of named parts, random ones, and one place for all dogs, each with how much it changes.
fn beside_one_place(finding: &Finding) -> String {
    let mean = |row: usize| finding.all[row].map(|found| found.mean).zip(finding.changed[row]);
    let face = |(name, rows): (&str, std::ops::Range<usize>)| {
        let n = rows.len() as f64;
        let each: Option<Vec<(f64, f64)>> = rows.map(mean).collect();
        each.map_or(format!("{name} none"), |each| {
            let distance = each.iter().map(|(distance, _)| distance).sum::<f64>() / n;
            let changed = each.iter().map(|(_, changed)| changed).sum::<f64>() / n;
            format!("{name} {distance:.3} ({:.0} % change)", 100.0 * changed)
        })
    };
    let rows = [("the named parts give", 0..3), ("random parts", 3..4), ("one random place", 4..5)];
    rows.map(face).join(", ")
}
