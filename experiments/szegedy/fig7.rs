//! Szegedy et al. 2013, §4.2, Fig. 7: digits (odd columns) beside their distorted counterparts (even columns),
//! (a) distorted for a linear net, (b) for FC200-200-10, (c) under Gaussian noise.
//!
//! Claim: the adversarial ones look like the originals and are never read right;
//! the noisy ones are hardly readable for us and are read right half of the time.

use adversarial::{distortions, gaussian_noise, misread};
use anyhow::Result;
use experiments::szegedy::{Named, TABLE1, Victims, digits, train_all};
use lab::{Grid, Run};
use std::process::ExitCode;
use tensor::{Tensor, gather};

/// Fig. 7a: a linear net; Fig. 7b: FC200-200-10.
const NETS: [Named; 2] = [TABLE1[0], TABLE1[4]];
/// Fig. 7c.
const NOISE: f64 = 1.0;
/// Pairs shown in each picture.
const SHOWN: usize = 40;
const GRID: Grid = Grid { columns: 10, margin: 2, magnification: 2 };

fn main() -> ExitCode {
    lab::main("szegedy", "fig7", "Pictures of digits beside their distorted counterparts", fig7)
}

fn fig7(run: &Run) -> Result<()> {
    let [train, _] = digits(run)?;
    let mut table = run.table();
    let seed = run.seed();
    let nets = train_all(run, &NETS, &[("train", &train); 2], seed)?;
    let victims = Victims::of(run, &train, seed);
    let for_net = |index: usize| {
        let found = victims.attack(run, NETS[index].name, &nets[index]);
        (format!("Distorted for {}", NETS[index].name), victims.distorted(&found))
    };
    let noisy = gaussian_noise(&victims.originals(), NOISE, seed);
    let pictures = [for_net(0), for_net(1), ("Gaussian noise, stddev=1".into(), noisy)];
    for (file, (row, images)) in ["a.png", "b.png", "c.png"].into_iter().zip(pictures) {
        for (named, net) in NETS.iter().zip(&nets) {
            let wrong = misread(net, &images, &victims.chosen.labels);
            let n = victims.targets.len();
            table.rate(&row, &format!("accuracy of {}", named.name), n - wrong, n);
        }
        table.mean(&row, "average distortion", &distortions(&images, &victims.originals()));
        run.save_figure(file, GRID, &side_by_side(&victims.originals(), &images))?;
    }
    run.save_table(&table)
}

/// Original, distorted, original, distorted …
fn side_by_side(originals: &Tensor, distorted: &Tensor) -> Tensor {
    let n = originals.dims()[0];
    let both = Tensor::cat(&[originals, distorted], 0).expect("one shape");
    gather(&both, &(0..n.min(SHOWN)).flat_map(|i| [i, n + i]).collect::<Vec<_>>())
}
