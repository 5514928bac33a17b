//! Zeiler & Fergus 2013, §4.1, Fig. 5: five images are translated, scaled and rotated,
//! and their features are compared with those of the images as they were.
//!
//! Claim: small transformations have a dramatic effect in the first layer and a lesser one at the top, quasi-linear for translation and scale;
//! the output is stable to translation and scale, and not to rotation, but for objects with rotational symmetry.

use anyhow::Result;
use core_net::Net;
use experiments::zeiler_fergus::{InvarianceCurves, SampledImages, VERSIONS};
use lab::Run;
use std::process::ExitCode;

/// "5 example images" (Fig. 5).
const IMAGES: usize = 5;

fn main() -> ExitCode {
    lab::main(
        "zeiler_fergus",
        "fig5",
        "How far features move when an image is moved, enlarged or turned",
        fig5,
    )
}

fn fig5(run: &Run) -> Result<()> {
    let images = run.imagenet_sample()?;
    let nets = VERSIONS.iter().map(|version| version.net(run)).collect::<Result<Vec<Net>>>()?;
    run.stage("choose images");
    let chosen = SampledImages::draw(run, &nets, &images, run.limit().unwrap_or(IMAGES))?;
    let mut table = run.table();
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(InvarianceCurves::COLUMNS)?;
    for (net, version) in nets.iter().zip(&VERSIONS) {
        run.stage(version.name);
        let curves = InvarianceCurves::measure(run, net, version, &chosen)?;
        curves.write(&mut lines)?;
        curves.record(&mut table);
        run.save_plot(version.stem, &curves.plot())?;
        run.save_file(&format!("{}-images.png", version.stem), curves.pictures().png()?);
    }
    run.save_file("curves.csv", lines.into_inner()?);
    run.save_table(&table)
}
