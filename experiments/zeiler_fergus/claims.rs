//! Whether the claim of a table holds, as sentences.

use super::correspondence_of_parts::{Finding, LAYER5, LAYER7, LEVEL};
use super::hidden_parts::LAYERS;
use super::parts_csv::subject;
use statistics::Comparison;
use std::fmt::Write;
use std::ops::Range;

/// Whether named parts are more consistent than random ones, for one net, set of dogs, occluder and convention.
pub struct Claim {
    /// These four, and the seed.
    pub subject: String,
    /// At the paper's two layers.
    pub verdict: String,
    /// At every layer, and the distances behind it, sentence by sentence.
    details: Vec<String>,
}

/// One claim for each net, set of dogs, occluder, convention and seed.
pub fn claims(findings: &[Finding]) -> Vec<Claim> {
    let named = |finding: &Finding| format!("{}, seed {}", subject(finding), finding.setting.seed);
    findings.chunk_by(|a, b| named(a) == named(b)).map(|layers| claim(named(&layers[0]), layers)).collect()
}

/// The claims as a page.
pub fn page(findings: &[Finding], claims: &[Claim]) -> String {
    let tested = findings.iter().filter(|finding| finding.tests[0].is_some()).count();
    let reached = findings.iter().filter(|finding| holds(finding)).count();
    let mut page = format!(
        "# zeiler_fergus/table1: do features establish correspondence between parts of dogs?\n\n\
         The claim holds where hiding a named part (right eye, left eye, nose) changes the signs of features more alike among dogs than hiding a random part of the same size: p ≤ {LEVEL} by a permutation test over all dogs of the set.\n\
         It is reversed where random parts are the more consistent ones: p ≥ {}.\n\
         Layer 5 of the paper is read as {}, layer 7 as {}.\n\
         {reached} of {tested} tests reach the level; by chance alone about {:.0} would.\n\n\
         Three things warn against reading a small p as learned correspondence.\n\
         Named parts lie at about the same place in aligned pictures, random ones do not: features that know nothing but places would make the claim true as well.\n\
         So beside each p stands what one random place gives that is the same in all dogs and avoids all their parts.\n\
         With zeros as a third sign, the fewer features change, the smaller is the distance: the percentages say how many do.\n\
         And a net with random weights is tested like the trained ones: where the claim holds for it too, p alone does not show that anything was learned.\n",
        1.0 - LEVEL,
        LAYERS[LAYER5].0,
        LAYERS[LAYER7].0,
        tested as f64 * LEVEL,
    );
    for claim in claims {
        let details = claim.details.join(".\n");
        write!(page, "\n## {}\n\nThe claim {}.\n{details}.\n", claim.subject, claim.verdict)
            .expect("a string takes all");
    }
    page
}

fn claim(subject: String, layers: &[Finding]) -> Claim {
    let at = |layer: usize| layers.iter().find(|found| found.layer == layer).expect("every layer is there");
    let [five, seven] = [LAYER5, LAYER7].map(at);
    let verdict = format!(
        "{} at layer 5 ({}); {} at layer 7 ({})",
        verdict(five),
        with_p(five),
        verdict(seven),
        with_p(seven)
    );
    let listed = |what: &str, wanted: bool| {
        let layers: Vec<String> = layers.iter().filter(|found| holds(found) == wanted).map(with_p).collect();
        (!layers.is_empty()).then(|| format!("{what} {}", layers.join("; ")))
    };
    let distances =
        [five, seven].map(|found| Some(format!("At {}: {}", LAYERS[found.layer].0, distances(found))));
    let draws = format!(
        "Of {} draws of five dogs, {} reach the level at layer 5 and {} at layer 7",
        five.tests_of_five.len(),
        reached(&five.tests_of_five),
        reached(&seven.tests_of_five)
    );
    let details = [listed("Of all layers it holds at", true), listed("It does not hold at", false)];
    Claim {
        subject,
        verdict,
        details: details.into_iter().chain(distances).chain([Some(draws)]).flatten().collect(),
    }
}

fn verdict(finding: &Finding) -> &'static str {
    match finding.tests[0] {
        Some(test) if test.p <= LEVEL => "holds",
        Some(test) if test.p >= 1.0 - LEVEL => "is reversed",
        Some(_) => "fails",
        None => "cannot be tested",
    }
}

fn holds(finding: &Finding) -> bool {
    verdict(finding) == "holds"
}

/// How many tests reach the level.
fn reached(tests: &[Option<Comparison>]) -> usize {
    tests.iter().flatten().filter(|test| test.p <= LEVEL).count()
}

fn with_p(finding: &Finding) -> String {
    let layer = LAYERS[finding.layer].0;
    let p = |test: Comparison| format!("{layer}, p = {:.4}", test.p);
    finding.tests[0].map_or(format!("{layer}, no pair to compare"), p)
}

/// The mean distances of named parts, random ones, and one place for all dogs, each with how much it changes.
fn distances(finding: &Finding) -> String {
    let rows = [("the named parts give", 0..3), ("random parts", 3..4), ("one random place", 4..5)];
    rows.map(|(name, rows)| format!("{name} {}", distance(finding, rows))).join(", ")
}

/// The mean over some rows of the table.
fn distance(finding: &Finding, rows: Range<usize>) -> String {
    let n = rows.len() as f64;
    let each: Option<Vec<(f64, f64)>> =
        rows.map(|row| finding.all[row].map(|found| found.mean).zip(finding.changed[row])).collect();
    let Some(each) = each else { return "none".into() };
    let distance = each.iter().map(|(distance, _)| distance).sum::<f64>() / n;
    let changed = each.iter().map(|(_, changed)| changed).sum::<f64>() / n;
    format!("{distance:.3} ({:.0} % of the features change)", 100.0 * changed)
}
