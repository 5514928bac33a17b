//! Outcomes of `cargo mutants`.

use crate::Count;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Mutants of a crate by outcome.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mutants {
    caught: usize,
    /// Names without line numbers, which other changes move.
    missed: Vec<String>,
}

/// Known mutants that tests do not catch: reasons by name.
#[derive(Debug)]
pub struct Survivors(BTreeMap<String, String>);

#[derive(Deserialize)]
struct Report {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    scenario: Scenario,
    summary: String,
}

#[derive(Deserialize)]
enum Scenario {
    Baseline,
    Mutant { name: String },
}

impl Mutants {
    /// Parses `outcomes.json`.
    ///
    /// # Errors
    /// When it cannot be parsed, or the tests fail on the unchanged crate.
    pub fn from_outcomes(outcomes: &str) -> Result<Mutants> {
        let report: Report = serde_json::from_str(outcomes).context("expected outcomes of cargo-mutants")?;
        let mut mutants = Mutants::default();
        for Outcome { scenario, summary } in report.outcomes {
            match (scenario, &*summary) {
                (Scenario::Baseline, "Success") => {}
                (Scenario::Baseline, _) => bail!("the unchanged crate fails: {summary}"),
                // A timeout is noticed, too.
                (Scenario::Mutant { .. }, "CaughtMutant" | "Timeout") => mutants.caught += 1,
                (Scenario::Mutant { name }, "MissedMutant") => mutants.missed.push(without_line(&name)),
                (Scenario::Mutant { .. }, _) => {}
            }
        }
        Ok(mutants)
    }

    /// Names of missed mutants without a known reason.
    pub fn unknown(&self, survivors: &Survivors) -> Vec<&str> {
        let names = self.missed.iter().map(String::as_str);
        names.filter(|name| !survivors.0.contains_key(*name)).collect()
    }

    /// The row of the table.
    pub fn count(&self, subject: &str, survivors: &Survivors) -> Count {
        let tries = self.caught + self.missed.len();
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &self.missed {
            *reasons.entry(survivors.0.get(name).map_or("not looked at", String::as_str)).or_default() += 1;
        }
        let reasons: Vec<String> = reasons.iter().map(|(why, count)| format!("{count} {why}")).collect();
        let score = 100.0 * self.caught as f64 / tries.max(1) as f64;
        let note = format!("score {score:.1} %; the others: {}", reasons.join(", "));
        Count { subject: subject.into(), tries, failures: self.missed.len(), note }
    }
}

impl Survivors {
    /// Reads a table with the columns mutant and why.
    ///
    /// # Errors
    /// When it cannot be read, or has other columns.
    pub fn read(path: &Path) -> Result<Survivors> {
        let expected = || format!("{}: expected the columns mutant,why, found", path.display());
        let mut reader = csv::Reader::from_path(path).with_context(expected)?;
        Ok(Survivors(reader.deserialize().collect::<Result<_, _>>().with_context(expected)?))
    }
}

/// `path: what`, of `path:line:column: what`.
fn without_line(name: &str) -> String {
    let (place, what) = name.split_once(": ").unwrap_or((name, ""));
    let path = place.split(':').next().unwrap_or_default();
    format!("{path}: {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTCOMES: &str = r#"{"outcomes": [
        {"scenario": "Baseline", "summary": "Success"},
        {"scenario": {"Mutant": {"name": "src/a.rs:1:2: replace a with b", "line": 1}}, "summary": "CaughtMutant"},
        {"scenario": {"Mutant": {"name": "src/a.rs:3:4: replace c with d"}}, "summary": "MissedMutant"},
        {"scenario": {"Mutant": {"name": "src/a.rs:5:6: replace e with f"}}, "summary": "MissedMutant"},
        {"scenario": {"Mutant": {"name": "src/a.rs:5:6: replace e with g"}}, "summary": "Unviable"},
        {"scenario": {"Mutant": {"name": "src/a.rs:7:8: replace g with h"}}, "summary": "Timeout"}
    ]}"#;

    fn survivors() -> Survivors {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("survivors.csv");
        std::fs::write(&path, "mutant,why\nsrc/a.rs: replace c with d,cost speed only\n").expect("written");
        Survivors::read(&path).expect("a table")
    }

    #[test]
    fn mutants_that_are_caught_or_never_end_score_and_those_that_do_not_compile_do_not_count() {
        let mutants = Mutants::from_outcomes(OUTCOMES).expect("outcomes");
        let Count { tries, failures, note, .. } = mutants.count("a", &survivors());
        assert_eq!((tries, failures), (4, 2));
        assert_eq!(note, "score 50.0 %; the others: 1 cost speed only, 1 not looked at");
        assert_eq!(mutants.unknown(&survivors()), ["src/a.rs: replace e with f"]);
    }

    #[test]
    fn other_files_and_crates_that_fail_as_they_are_are_errors() {
        assert!(Mutants::from_outcomes("{}").is_err());
        let failure = OUTCOMES.replace("\"Success\"", "\"Failure\"");
        let error = Mutants::from_outcomes(&failure).expect_err("it fails");
        assert_eq!(error.to_string(), "the unchanged crate fails: Failure");
    }
}
