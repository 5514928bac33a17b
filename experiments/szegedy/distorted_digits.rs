//! Pictures of digits beside their distorted counterparts, and who reads them right.

use super::{AttackedImages, NetDesign, digits, train_all};
use adversarial::{distortions, gaussian_noise};
use anyhow::Result;
use figures::GrayscaleGrid;
use lab::Run;
use tensor::{Tensor, gather};

/// The standard deviation of Fig. 7c.
const NOISE: f64 = 1.0;
/// Pairs shown in each picture.
const SHOWN: usize = 40;
const GRID: GrayscaleGrid = GrayscaleGrid { columns: 10, margin: 2, magnification: 2 };

/// Digits distorted for each of two nets (`a.png`, `b.png`) and under Gaussian noise (`c.png`), and how often both nets read them right.
///
/// # Errors
/// As [`Run::mnist`] and [`Run::net`].
pub fn distorted_digits(run: &Run, designs: &[NetDesign; 2]) -> Result<()> {
    let [train, _] = digits(run)?;
    let mut table = run.table();
    let seed = run.seed();
    let nets = train_all(run, designs, &[("train", &train); 2], seed)?;
    let attacked = AttackedImages::draw(run, &train, seed);
    let for_net = |index: usize| {
        let found = attacked.attack(run, designs[index].name, &nets[index]);
        (format!("Distorted for {}", designs[index].name), attacked.distorted(&found))
    };
    let noisy = gaussian_noise(&attacked.originals(), NOISE, seed);
    let pictures = [for_net(0), for_net(1), ("Gaussian noise, stddev=1".into(), noisy)];
    for (file, (row, images)) in ["a.png", "b.png", "c.png"].into_iter().zip(pictures) {
        for (design, net) in designs.iter().zip(&nets) {
            let wrong = adversarial::misclassified(net, &images, &attacked.labeled.labels);
            let n = attacked.targets.len();
            table.rate(&row, &format!("accuracy of {}", design.name), n - wrong, n);
        }
        table.mean(&row, "average distortion", &distortions(&images, &attacked.originals()));
        run.save_file(file, GRID.png(&side_by_side(&attacked.originals(), &images))?);
    }
    run.save_table(&table)
}

/// Original, distorted, original, distorted …
fn side_by_side(originals: &Tensor, distorted: &Tensor) -> Tensor {
    let n = originals.dims()[0];
    let both = Tensor::cat(&[originals, distorted], 0).expect("one shape");
    gather(&both, &(0..n.min(SHOWN)).flat_map(|i| [i, n + i]).collect::<Vec<_>>())
}
