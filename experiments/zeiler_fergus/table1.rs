//! Zeiler & Fergus 2013, §4.3, Table 1: the same part of the face is hidden in pictures of dogs,
//! and the signs of the changes in a layer's features are compared among the dogs.
//!
//! Claim: at layer 5 the changes are more alike for eyes and noses than for random parts, so the net establishes some correspondence;
//! at layer 7 they are not, perhaps because it tells breeds apart.

use anyhow::Result;
use experiments::zeiler_fergus::{
    Finding, HiddenParts, Setting, UNTRAINED, VERSIONS, claims, consistencies, draws_of_five, examine, page,
    parts_figure, record, tests,
};
use lab::{Run, Size};
use std::process::ExitCode;

/// Unlike the paper, which does not say: of 227 pixels, one that covers an eye and one that covers the half of a small face.
const OCCLUDERS: [usize; 2] = [32, 56];
/// Unlike the paper, which has one: draws of "5 randomly drawn dog images".
const DRAWS: usize = 20;

fn main() -> ExitCode {
    lab::main(
        "zeiler_fergus",
        "table1",
        "Whether features establish correspondence between parts of dogs",
        table1,
    )
}

fn table1(run: &Run) -> Result<()> {
    let smoke = run.size() == Size::Smoke;
    let n = run.limit().unwrap_or(if smoke { 3 } else { usize::MAX });
    let dogs = run.dogs()?.map(|dogs| dogs.first(n));
    let sides = if smoke { &OCCLUDERS[..1] } else { &OCCLUDERS };
    let nets = [VERSIONS[0], VERSIONS[1], UNTRAINED];
    let progress = run.progress("hide parts", run.seeds().len() * nets.len() * dogs.len() * sides.len());
    let mut findings = Vec::new();
    for seed in run.seeds() {
        for version in &nets {
            run.stage(version.name);
            let net = version.net(run)?;
            for (dogs, &side) in dogs.iter().flat_map(|dogs| sides.iter().map(move |side| (dogs, side))) {
                let setting = Setting { seed, net: version.name, dogs: dogs.name, side };
                let hidden = HiddenParts::hide(&net, version, dogs, &setting)?;
                let draws = draws_of_five(seed, dogs.name, hidden.dogs, DRAWS);
                findings.extend(examine(setting, &hidden, &draws));
                progress.inc(1);
            }
        }
    }
    let claims = claims(&findings);
    claims.iter().for_each(|claim| run.remark_claim(&claim.subject, &claim.verdict));
    run.save_claims(page(&findings, &claims));
    run.save_file("consistency.csv", consistencies(&findings)?);
    run.save_file("tests.csv", tests(&findings)?);
    for version in &nets {
        let of =
            |finding: &&Finding| (finding.setting.net, finding.setting.seed) == (version.name, run.seed());
        let findings: Vec<Finding> = findings.iter().filter(of).cloned().collect();
        run.save_plot(version.stem, &parts_figure(&findings))?;
    }
    let mut table = run.table();
    record(&mut table, &findings);
    run.save_table(&table)
}
