//! The smallest experiment that uses everything a run offers; the tests of this crate run it.
//!
//! How bright are the digits? At full size it never ends, so that it can be interrupted.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::{fs, thread};

use anyhow::Result;
use lab::{Grid, Run, Size};

fn main() -> ExitCode {
    lab::main("example", "tiny", "How bright are the digits?", tiny)
}

fn tiny(run: &Run) -> Result<()> {
    run.stage("load");
    let mnist = run.mnist()?;
    let n = run.limit().unwrap_or(100);
    let chosen = mnist.test.select(&(0..n).collect::<Vec<_>>());

    run.stage("measure");
    let checkpoint = run.checkpoint("brightness", &n)?;
    let progress = run.progress("measure", n);
    let brightness = checkpoint.load_or_train(
        read,
        || {
            Ok(chosen
                .images
                .mean_keepdim((1, 2, 3))?
                .flatten_all()?
                .to_vec1::<f32>()?)
        },
        |values, path| write(values, path, run.size()),
    )?;
    progress.inc(n);

    let mut table = run.table();
    let brightness: Vec<f64> = brightness.iter().map(|&value| value.into()).collect();
    table.mean("digits", "brightness", &brightness);
    let odd = chosen.labels.iter().filter(|&&label| label % 2 == 1);
    table.rate("digits", "odd", odd.count(), n);
    let grid = Grid {
        columns: 10,
        margin: 2,
        magnification: 1,
    };
    run.save_figure("digits.png", grid, &chosen.images)?;
    run.save_table(&table)
}

fn read(path: &Path) -> Result<Vec<f32>> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

fn write(values: &[f32], path: &Path, size: Size) -> Result<()> {
    fs::write(path, serde_json::to_vec(values)?)?;
    if size == Size::Full {
        thread::sleep(Duration::MAX);
    }
    Ok(())
}
