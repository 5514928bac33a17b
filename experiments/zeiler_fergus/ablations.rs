//! The twelve nets of Zeiler & Fergus 2013, Table 3.

use core_net::zoo::{Ablation, Family, Pixels, Widths};
use lab::Size;

/// A net of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its row in the paper's table.
    pub row: &'static str,
    /// As files call it.
    pub name: &'static str,
    /// Its layers.
    pub design: Ablation,
}

impl Entry {
    /// The seeds to train it with: all at full size and for the nets of claims; else the first.
    pub fn seeds<'a>(&self, size: Size, all: &'a [u64]) -> &'a [u64] {
        if size == Size::Full || UNCHANGED.contains(&self.row) || REMOVED.contains(&self.row) {
            all
        } else {
            &all[..1]
        }
    }
}

/// The row of the unchanged AlexNet, and that of the unchanged net of the paper.
pub const UNCHANGED: [&str; 2] = ["Krizhevsky replication: none (1 convnet)", "Our Model (Fig. 3): none"];

/// AlexNet without its middle layers, without its dense ones, and without either.
pub const REMOVED: [&str; 3] = [
    "Krizhevsky replication: Removed layers 3,4",
    "Krizhevsky replication: Removed layers 6,7",
    "Krizhevsky replication: Removed layers 3,4,6,7",
];

/// The name of the paper's wider net, (b) of Table 2.
pub const WIDER: &str = "zfnet-64 512-1024-512";

/// The twelve nets for these images, the unchanged ones first; each width of the paper divided by the same number.
pub fn entries(pixels: Pixels, divisor: usize) -> Vec<Entry> {
    let alexnet = |units, maps: [usize; 5]| (Family::AlexNet, Widths { maps, units });
    let zfnet = |units, maps: [usize; 5]| (Family::ZfNet, Widths { maps, units });
    let Widths { maps, units } = Widths::PAPER;
    let without_3_4 = [maps[0], maps[1], 0, 0, maps[4]];
    let more = [maps[0], maps[1], 512, 1024, 512];
    [
        (UNCHANGED[1], "zfnet-64", zfnet(units, maps)),
        (UNCHANGED[0], "alexnet-64", alexnet(units, maps)),
        (REMOVED[0], "alexnet-64 without 3, 4", alexnet(units, without_3_4)),
        ("Krizhevsky replication: Removed layer 7", "alexnet-64 without 7", alexnet([units[0], 0], maps)),
        (REMOVED[1], "alexnet-64 without 6, 7", alexnet([0, 0], maps)),
        (REMOVED[2], "alexnet-64 without 3, 4, 6, 7", alexnet([0, 0], without_3_4)),
        (
            "Krizhevsky replication: Adjust layers 6,7: 2048 units",
            "alexnet-64 2048",
            alexnet([2048; 2], maps),
        ),
        (
            "Krizhevsky replication: Adjust layers 6,7: 8192 units",
            "alexnet-64 8192",
            alexnet([8192; 2], maps),
        ),
        ("Our Model (Fig. 3): Adjust layers 6,7: 2048 units", "zfnet-64 2048", zfnet([2048; 2], maps)),
        ("Our Model (Fig. 3): Adjust layers 6,7: 8192 units", "zfnet-64 8192", zfnet([8192; 2], maps)),
        ("Our Model (Fig. 3): Adjust layers 3,4,5: 512,1024,512 maps", WIDER, zfnet(units, more)),
        (
            "Our Model (Fig. 3): Adjust layers 6,7: 8192 units and layers 3,4,5: 512,1024,512 maps",
            "zfnet-64 8192 512-1024-512",
            zfnet([8192; 2], more),
        ),
    ]
    .map(|(row, name, (family, widths))| Entry {
        row,
        name,
        design: Ablation { family, pixels, widths: widths.divided(divisor) },
    })
    .into()
}

/// The cells of Table 2 with other groups' nets.
pub const OTHER_GROUPS: [(&str, &str); 11] = [
    ("Gunji et al. 2012", "test top5 err"),
    ("Krizhevsky 2012, 1 convnet", "val top1 err"),
    ("Krizhevsky 2012, 1 convnet", "val top5 err"),
    ("Krizhevsky 2012, 5 convnets", "val top1 err"),
    ("Krizhevsky 2012, 5 convnets", "val top5 err"),
    ("Krizhevsky 2012, 5 convnets", "test top5 err"),
    ("Krizhevsky 2012*, 1 convnet", "val top1 err"),
    ("Krizhevsky 2012*, 1 convnet", "val top5 err"),
    ("Krizhevsky 2012*, 7 convnets", "val top1 err"),
    ("Krizhevsky 2012*, 7 convnets", "val top5 err"),
    ("Krizhevsky 2012*, 7 convnets", "test top5 err"),
];

/// The unchanged net of the paper, for small images.
pub fn unchanged(size: Size) -> Ablation {
    let widths = Widths::PAPER.divided(divisor(Pixels::Small, size));
    Ablation { family: Family::ZfNet, pixels: Pixels::Small, widths }
}

/// Divisor of the paper's widths.
pub fn divisor(pixels: Pixels, size: Size) -> usize {
    match (size, pixels) {
        (Size::Smoke, _) => 16,
        (Size::Full, Pixels::Paper) => 1,
        _ => 4,
    }
}
