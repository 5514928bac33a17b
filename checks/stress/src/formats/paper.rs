//! The papers' numbers.

use super::{Format, no_companions, real};
use crate::damage::text;
use lab::read_paper;

pub(super) const FORMAT: Format = Format {
    name: "paper.csv",
    id: "paper",
    file: "paper.csv",
    add_companions: no_companions,
    samples: |_| real::fixtures("crates/lab/paper", ".csv", 1 << 16),
    damaged: |file, rng| text(file, WORDS, rng),
    read: |path| {
        let cells = read_paper(path).map_err(|error| format!("{error:#}"))?;
        for cell in cells {
            let intervals = [None, Some(256)].map(|n| cell.interval(n));
            let are_numbers =
                intervals.iter().flatten().all(|known| !known.low.is_nan() && !known.high.is_nan());
            assert!(are_numbers && !cell.half_unit().is_nan(), "expected limits of {cell:?}");
        }
        Ok(())
    },
};

/// Words of the format.
const WORDS: &str = include_str!("../../dictionaries/paper.txt");
