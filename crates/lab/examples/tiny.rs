//! The smallest experiment that uses all that a run offers; the tests of this crate run it.
//!
//! How bright are the digits, and how many does an untrained net get wrong?
//! At full size it never ends, so that it can be interrupted.

use anyhow::Result;
use core_net::zoo::fully_connected;
use figures::GrayscaleGrid;
use lab::{Run, Size};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

fn main() -> ExitCode {
    lab::main("example", "tiny", "How bright are the digits?", tiny)
}

fn tiny(run: &Run) -> Result<()> {
    run.stage("load");
    let mnist = run.mnist()?;
    let n = run.limit().unwrap_or(100);
    let chosen = mnist.test.select(&(0..n).collect::<Vec<_>>());

    run.stage("train");
    let untrained = fully_connected(&[1, 28, 28], &[10], run.seed());
    let net = run.net("untrained", &"as it begins", untrained, |net, _| {
        if run.size() == Size::Full {
            thread::sleep(Duration::MAX);
        }
        Ok(net)
    })?;

    run.stage("measure");
    let progress = run.progress("measure", n);
    let predicted = net.forward(&chosen.images).output().argmax(1)?.to_vec1::<u32>()?;
    let pairs = predicted.iter().zip(&chosen.labels);
    let errors = pairs.filter(|&(&found, &label)| found as usize != label).count();
    let brightness = chosen.images.mean((1, 2, 3))?.to_vec1::<f32>()?;
    let brightness: Vec<f64> = brightness.into_iter().map(f64::from).collect();
    progress.inc(n);

    let mut table = run.table();
    table.mean("digits", "brightness", &brightness);
    table.rate("digits", "error", errors, n);
    let grid = GrayscaleGrid { columns: 10, margin: 2, magnification: 1 };
    run.save_file("digits.png", grid.png(&chosen.images)?);
    run.save_table(&table)
}
