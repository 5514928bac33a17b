//! Progress bars on stderr, or log lines.

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::{Level, enabled, info};

const TEMPLATE: &str = "{msg:32} {wide_bar} {human_pos}/{human_len} {per_sec:>10} {eta:>4} left";

/// Progress of a long computation; any thread may report, and clones report to the same bar.
///
/// A bar with the time left where stderr is a terminal; with `RUST_LOG=info` two log lines instead.
#[derive(Clone, Debug)]
pub struct Progress(Arc<Work>);

#[derive(Debug)]
struct Work {
    bar: ProgressBar,
    what: String,
    start: Instant,
}

impl Progress {
    /// A bar among `bars` for `total` steps of `what`.
    pub(crate) fn new(bars: &MultiProgress, what: &str, total: u64) -> Progress {
        let style = ProgressStyle::with_template(TEMPLATE).expect("a valid template");
        let bar = ProgressBar::new(total).with_style(style);
        let bar = if enabled!(Level::INFO) {
            info!("{what}: {total} steps");
            bar.set_draw_target(ProgressDrawTarget::hidden());
            bar
        } else {
            bars.add(bar)
        };
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress(Arc::new(Work { bar, what: what.to_owned(), start: Instant::now() }))
    }

    /// Sets the number of steps done.
    pub(crate) fn set(&self, steps: u64) {
        self.0.bar.set_position(steps);
    }

    /// Number of steps done.
    pub(crate) fn steps(&self) -> u64 {
        self.0.bar.position()
    }

    /// Sets the total number of steps.
    pub fn expect(&self, total: usize) {
        self.0.bar.set_length(total as u64);
    }

    /// Advances by `steps`.
    pub fn inc(&self, steps: usize) {
        self.0.bar.inc(steps as u64);
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        info!("{}: {} steps in {:.1} s", self.what, self.bar.position(), self.start.elapsed().as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_from_several_threads_add_up() {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let progress = Progress::new(&bars, "count", 400);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100).for_each(|_| progress.inc(1)));
            }
        });
        assert_eq!(progress.0.bar.position(), 400);
    }
}
