//! Learning curves: a CSV file of every epoch, and a figure.

use anyhow::Result;
use figures::{Axis, Chart, Line, Plot, Scale};
use lab::Run;
use training::EpochRecord;

/// The learning curve of one net.
pub struct LearningCurve {
    /// The net.
    pub name: &'static str,
    /// Seed of the initial weights and of everything random.
    pub seed: u64,
    /// Its epochs.
    pub epochs: Vec<EpochRecord>,
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
/// When they cannot be written.
pub fn learning_curves(run: &Run, curves: &[LearningCurve]) -> Result<()> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(COLUMNS)?;
    for curve in curves {
        for (number, epoch) in (1..).zip(&curve.epochs) {
            let EpochRecord { rate, loss, training_error, validation_error, seconds } = epoch;
            let numbers = [rate, loss, training_error, validation_error].map(f64::to_string);
            let place = [curve.name.to_owned(), curve.seed.to_string(), number.to_string()];
            lines.write_record(place.into_iter().chain(numbers).chain([format!("{seconds:.1}")]))?;
        }
    }
    run.save_file("learning.csv", lines.into_inner()?);
    for (number, some) in (1..).zip(nets(curves).chunks(LINES)) {
        run.save_plot(&format!("learning-{number}"), &figure(some, run.seed()))?;
    }
    Ok(())
}

/// The curves of each net, one for each seed; another number of epochs makes it another net.
fn nets(curves: &[LearningCurve]) -> Vec<Vec<&LearningCurve>> {
    let mut nets: Vec<Vec<&LearningCurve>> = vec![];
    for curve in curves {
        let same = |net: &&mut Vec<&LearningCurve>| {
            net[0].name == curve.name && net[0].epochs.len() == curve.epochs.len()
        };
        match nets.iter_mut().find(same) {
            Some(net) => net.push(curve),
            None => nets.push(vec![curve]),
        }
    }
    nets
}

/// A line for each net: the mean over its seeds.
fn figure(nets: &[Vec<&LearningCurve>], seed: u64) -> Plot {
    let chart = |title: &str, error: fn(&EpochRecord) -> f64| {
        let line = |(entry, net): (usize, &Vec<&LearningCurve>)| {
            let errors = |epoch: usize| net.iter().map(move |curve| 100.0 * error(&curve.epochs[epoch]));
            let at = |epoch: usize| ((epoch + 1) as f64, errors(epoch).collect());
            Line::from_means(entry, &(0..net[0].epochs.len()).map(at).collect::<Vec<_>>(), seed)
        };
        let axis = |name: &str| Axis { name: name.into(), scale: Scale::Linear, range: None };
        let lines = nets.iter().enumerate().map(line).collect();
        Chart { title: title.into(), x: axis("epoch"), y: axis("misread, %"), lines, level: None }
    };
    let charts = vec![
        chart("in training: random crops, with dropout", |epoch| epoch.training_error),
        chart("in validation: central crops", |epoch| epoch.validation_error),
    ];
    Plot { columns: 2, panel: PANEL, legend: nets.iter().map(|net| entry(net, nets)).collect(), charts }
}

/// `zfnet, 3 seeds`; of two nets of a name, each has its epochs too.
fn entry(net: &[&LearningCurve], all: &[Vec<&LearningCurve>]) -> String {
    let namesakes = all.iter().filter(|other| other[0].name == net[0].name).count();
    let epochs = (namesakes > 1).then(|| format!("{} epochs", net[0].epochs.len()));
    let seeds = (net.len() > 1).then(|| format!("{} seeds", net.len()));
    let parts = [Some(net[0].name.replace("-64", "")), epochs, seeds];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(name: &'static str, seed: u64, errors: &[f64]) -> LearningCurve {
        let epoch = |&error: &f64| EpochRecord {
            rate: 0.01,
            loss: 1.0,
            training_error: error,
            validation_error: error,
            seconds: 1.0,
        };
        LearningCurve { name, seed, epochs: errors.iter().map(epoch).collect() }
    }

    #[test]
    fn seeds_of_a_net_are_one_line_and_longer_trainings_another() {
        let curves = [
            curve("zfnet-64", 1, &[0.9, 0.8]),
            curve("alexnet-64", 1, &[0.9, 0.85]),
            curve("zfnet-64", 2, &[0.8, 0.6]),
            curve("zfnet-64", 1, &[0.9, 0.8, 0.5]),
        ];
        let plot = figure(&nets(&curves), 1);
        assert_eq!(plot.legend, ["zfnet, 2 epochs, 2 seeds", "alexnet", "zfnet, 3 epochs"]);
        let ends: Vec<[f64; 2]> =
            plot.charts[1].lines.iter().map(|line| *line.points.last().expect("an epoch")).collect();
        assert_eq!(
            ends.iter().map(|end| end.map(|x| (10.0 * x).round() / 10.0)).collect::<Vec<_>>(),
            [[2.0, 70.0], [2.0, 85.0], [3.0, 50.0]]
        );
    }
}
