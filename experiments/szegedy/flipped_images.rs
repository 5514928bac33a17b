//! Correctly classified images, distorted until they are misclassified.

use super::class_images::{ClassImages, SQUARE};
use super::warnings::warn;
use adversarial::diagnosis::Evidence;
use adversarial::{Attack, Outcome, min_distortion};
use core_net::Net;
use figures::{Gallery, Panel};
use lab::{Run, Size, Table};
use rand::seq::index::sample;
use tensor::{Tensor, gather, seeded, to_f64s};

/// Which images are distorted.
#[derive(Clone, Copy, Debug)]
pub enum Direction {
    /// Those that show the class, until it is not recognized.
    Suppress,
    /// Those that do not, until it is.
    Induce,
}

/// Correctly classified images and the outcomes of their attacks.
pub struct FlippedImages {
    direction: Direction,
    images: Tensor,
    outcomes: Vec<Outcome>,
    /// Number of images of this kind, and number of them classified correctly.
    kind: [usize; 2],
}

/// Images attacked, at smoke size and otherwise.
const IMAGES: [usize; 2] = [2, 64];
/// Images attacked between two steps of the bar.
const BLOCK: usize = 16;
/// Rows of the figure.
const SHOWN: usize = 5;
/// Factor of the differences shown; it is in the panel's title.
const MAGNIFIED: f64 = 20.0;

impl Direction {
    /// The class before: 1 is that the image shows the object.
    fn class(self) -> usize {
        match self {
            Direction::Suppress => 1,
            Direction::Induce => 0,
        }
    }

    /// The name of its random stream and of its warnings in the manifest.
    fn name(self) -> &'static str {
        match self {
            Direction::Suppress => "Hide",
            Direction::Induce => "Conjure",
        }
    }

    /// The table's row.
    fn row(self, class: &str) -> String {
        match self {
            Direction::Suppress => format!("QuocNet, {class} to no {class}"),
            Direction::Induce => format!("QuocNet, no {class} to {class}"),
        }
    }
}

impl FlippedImages {
    /// Attacks some correctly classified images, chosen by the seed, each with the smallest distortion that changes the class.
    pub fn attack(run: &Run, net: &Net, annotated: &ClassImages, direction: Direction) -> Self {
        let class = direction.class();
        let of_kind: Vec<usize> =
            (0..annotated.relevant.len()).filter(|&i| usize::from(annotated.relevant[i]) == class).collect();
        let read = net.predict(&annotated.images);
        let right: Vec<usize> = of_kind.iter().copied().filter(|&i| read[i] == class).collect();
        let wanted = IMAGES[usize::from(run.size() != Size::Smoke)].min(right.len());
        let mut rng = seeded(run.seed(), &format!("images to turn {}", direction.name()));
        let chosen = sample(&mut rng, right.len(), wanted).into_iter().map(|i| right[i]).collect::<Vec<_>>();
        let progress = run.progress(&format!("attack, {}", direction.name()).to_lowercase(), wanted);
        let (attack, images) = (Attack::default(), gather(&annotated.images, &chosen));
        let targets = vec![1 - class; wanted];
        let mut outcomes = Vec::new();
        for block in chosen.chunks(BLOCK) {
            let images = gather(&annotated.images, block);
            outcomes.extend(min_distortion(net, &images, &targets[..block.len()], &attack));
            progress.inc(block.len());
        }
        let evidence = Evidence {
            net,
            attack: &attack,
            images: &images,
            // All of them are classified correctly.
            labels: None,
            targets: &targets,
            outcomes: &outcomes,
        };
        warn(run, &format!("QuocNet, {}", direction.name()), &evidence);
        Self { direction, images, outcomes, kind: [of_kind.len(), right.len()] }
    }

    /// The row of the table.
    pub fn record(&self, table: &mut Table, class: &str) {
        let row = self.direction.row(class);
        let [of_kind, right] = self.kind;
        table.rate(&row, "read right before (%)", right, of_kind.max(1));
        let found: Vec<f64> =
            self.outcomes.iter().filter(|o| o.is_found()).map(|o| o.attempt().distortion).collect();
        if found.is_empty() {
            table.not_run(&row, "average distortion", "no image was read right, or none was turned");
            return;
        }
        table.rate(&row, "success (%)", found.len(), self.outcomes.len());
        table.mean(&row, "average distortion", &found);
    }

    /// Three panels: images, the same distorted, and the magnified absolute difference.
    pub fn panels(&self, class: &str) -> [Panel; 3] {
        let (before, after) = match self.direction {
            Direction::Suppress => (format!("Read as {class}"), format!("Read as no {class}")),
            Direction::Induce => (format!("Read as no {class}"), format!("Read as {class}")),
        };
        let shown = SHOWN.min(self.outcomes.len());
        let pictures = |entry: usize, pixel: fn(f64, f64) -> f64| {
            let picture = |index: usize| (entry, self.picture(index, pixel));
            (0..shown).map(picture).collect::<Vec<_>>()
        };
        let read = |class: usize| 1 - class;
        let (first, second) = (read(self.direction.class()), self.direction.class());
        let gallery = |title: String, pictures| Panel::Gallery(Gallery { title, columns: 1, pictures });
        [
            gallery(before, pictures(first, |x, _| x)),
            gallery(after, pictures(second, |_, distorted| distorted)),
            gallery(
                format!("Difference × {MAGNIFIED}"),
                pictures(2, |x, distorted| (MAGNIFIED * (distorted - x).abs()).min(1.0)),
            ),
        ]
    }

    /// A picture made of each pixel before and after.
    fn picture(&self, index: usize, pixel: fn(f64, f64) -> f64) -> image::RgbImage {
        let before = to_f64s(&gather(&self.images, &[index]));
        let after = &self.outcomes[index].attempt().image;
        let pixels: Vec<f32> = before.iter().zip(after).map(|(&x, &y)| pixel(x, y) as f32).collect();
        SQUARE.picture(&tensor::tensor_of(pixels, &self.images.dims()[1..]))
    }
}
