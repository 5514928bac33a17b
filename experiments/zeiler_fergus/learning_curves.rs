//! How trainings went: a file of every epoch, and a figure.

use anyhow::Result;
use core_net::train::Passed;
use lab::{Axis, Chart, Line, Plot, Run, Scale};

/// How the training of one net went.
pub struct Story {
    /// The net.
    pub name: &'static str,
    /// Of its first weights and all that was random.
    pub seed: u64,
    /// Its epochs.
    pub passed: Vec<Passed>,
}

/// Height and width of a panel.
const PANEL: [usize; 2] = [420, 560];

/// Lines that one figure can tell apart.
const LINES: usize = 7;

const COLUMNS: [&str; 8] =
    ["net", "seed", "epoch", "learning rate", "loss", "training error", "validation error", "seconds"];

/// Keeps `learning.csv`, a line for each epoch, and plots of the errors, `learning-1` and on.
///
/// # Errors
/// When they cannot be put together.
pub fn learning_curves(run: &Run, stories: &[Story]) -> Result<()> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(COLUMNS)?;
    for story in stories {
        for (epoch, passed) in (1..).zip(&story.passed) {
            let Passed { rate, loss, training_error, validation_error, seconds } = passed;
            let numbers = [rate, loss, training_error, validation_error].map(f64::to_string);
            let place = [story.name.to_owned(), story.seed.to_string(), epoch.to_string()];
            lines.write_record(place.into_iter().chain(numbers).chain([format!("{seconds:.1}")]))?;
        }
    }
    run.save_file("learning.csv", lines.into_inner()?);
    for (number, some) in (1..).zip(stories.chunks(LINES)) {
        run.save_plot(&format!("learning-{number}"), &figure(some))?;
    }
    Ok(())
}

fn figure(stories: &[Story]) -> Plot {
    let chart = |title: &str, error: fn(&Passed) -> f64| {
        let line = |(entry, story): (usize, &Story)| {
            let points =
                (1..).zip(&story.passed).map(|(epoch, passed)| [f64::from(epoch), 100.0 * error(passed)]);
            Line::new(entry, points.collect())
        };
        let axis = |name: &str| Axis { name: name.into(), scale: Scale::Linear, range: None };
        let lines = stories.iter().enumerate().map(line).collect();
        Chart { title: title.into(), x: axis("epoch"), y: axis("misread, %"), lines, level: None }
    };
    let charts = vec![
        chart("in training: random crops, with dropout", |passed| passed.training_error),
        chart("in validation: central crops", |passed| passed.validation_error),
    ];
    let legend = stories.iter().map(|story| story.name.replace("-64", "")).collect();
    Plot { columns: 2, panel: PANEL, legend, charts }
}
