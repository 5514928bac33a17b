//! The breakpoints of the projected steepest descent path, in the order in which the path meets them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// When each variable meets its bound along the path.
///
/// Only those that may be reached are put in order: the path ends long before most of them.
#[derive(Clone, Debug)]
pub(crate) struct Breakpoints {
    /// `t_i`; infinite for a variable that meets no bound, 0 or NaN for one that does not move.
    pub(crate) times: Vec<f64>,
    /// Those up to the horizon that are still ahead.
    near: BinaryHeap<Breakpoint>,
    horizon: f64,
}

/// Ordered so that the heap's greatest is the earliest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Breakpoint {
    pub(crate) time: f64,
    pub(crate) variable: usize,
}

impl Breakpoints {
    pub(crate) fn new(n: usize) -> Self {
        Self { times: vec![f64::INFINITY; n], near: BinaryHeap::with_capacity(n), horizon: 0.0 }
    }

    /// Starts again at `t = 0`, with what is now in `times`.
    pub(crate) fn rewind(&mut self) {
        self.near.clear();
        self.horizon = 0.0;
    }

    /// The next breakpoint, where it is no later than `limit`.
    pub(crate) fn next_within(&mut self, limit: f64) -> Option<Breakpoint> {
        if self.near.is_empty() && limit > self.horizon {
            self.look_ahead(2.0 * limit);
        }
        let next = *self.near.peek()?;
        if next.time <= limit { self.near.pop() } else { None }
    }

    fn look_ahead(&mut self, horizon: f64) {
        let seen = self.horizon;
        #[expect(
            clippy::needless_bitwise_bool,
            reason = "a jump at each comparison would keep the loop from vectorizing"
        )]
        let is_near = |time: f64| (seen < time) & (time <= horizon) & (time < f64::INFINITY);
        for (block, times) in self.times.chunks(BLOCK).enumerate() {
            // Few blocks have one: whether this one does is asked of all at once.
            if times.iter().fold(false, |any, &time| any | is_near(time)) {
                let variables = times.iter().enumerate().filter(|(_, time)| is_near(**time));
                self.near
                    .extend(variables.map(|(i, &time)| Breakpoint { time, variable: block * BLOCK + i }));
            }
        }
        self.horizon = horizon;
    }
}

/// Variables that are looked at together.
const BLOCK: usize = 16;

impl Eq for Breakpoint {}

impl Ord for Breakpoint {
    fn cmp(&self, other: &Self) -> Ordering {
        other.time.total_cmp(&self.time).then(other.variable.cmp(&self.variable))
    }
}

impl PartialOrd for Breakpoint {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breakpoints_come_in_order_once_each_and_never_beyond_the_limit() {
        let mut breakpoints = Breakpoints::new(8);
        breakpoints.times.copy_from_slice(&[8.0, 1.0, f64::INFINITY, 3.0, 1.0, 100.0, 0.0, f64::NAN]);
        breakpoints.rewind();
        let mut next = |limit| breakpoints.next_within(limit).map(|b| b.variable);
        assert_eq!([next(0.5), next(1.0), next(1.0), next(1.0)], [None, Some(1), Some(4), None]);
        assert_eq!([next(2.5), next(3.0), next(50.0), next(50.0)], [None, Some(3), Some(0), None]);
        assert_eq!([next(f64::INFINITY), next(f64::INFINITY)], [Some(5), None]);
    }
}
