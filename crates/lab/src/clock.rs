//! When a run began and how long its stages took.

use serde::Serialize;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tracing::info;

/// A running clock.
#[derive(Debug)]
pub(crate) struct Clock {
    started: SystemTime,
    start: Instant,
    stage: Option<(String, Instant)>,
    stages: Vec<Stage>,
}

/// How long one stage took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Stage {
    pub name: String,
    pub seconds: f64,
}

/// A stopped clock.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Times {
    /// UTC, as in 2026-11-21T23:30:00Z.
    pub started: String,
    pub seconds: f64,
    pub stages: Vec<Stage>,
}

impl Clock {
    pub fn start() -> Clock {
        Clock { started: SystemTime::now(), start: Instant::now(), stage: None, stages: Vec::new() }
    }

    /// Ends the stage before and begins this one.
    pub fn stage(&mut self, name: &str) {
        self.end_stage();
        info!("{name}");
        self.stage = Some((name.to_owned(), Instant::now()));
    }

    pub fn finish(mut self) -> Times {
        self.end_stage();
        Times { started: utc(self.started), seconds: milliseconds(self.start), stages: self.stages }
    }

    /// A name that comes back adds to its time.
    fn end_stage(&mut self) {
        let Some((name, start)) = self.stage.take() else {
            return;
        };
        let seconds = milliseconds(start);
        match self.stages.iter_mut().find(|stage| stage.name == name) {
            Some(stage) => stage.seconds += seconds,
            None => self.stages.push(Stage { name, seconds }),
        }
    }
}

/// Seconds since `start`, to the millisecond.
fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_millis() as f64 / 1000.0
}

/// The date and time in UTC, as in 2026-11-21T23:30:00Z.
fn utc(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time.max(UNIX_EPOCH)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn seconds_become_dates() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (978_220_800, "2000-12-31T00:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
        ];
        for (seconds, date) in cases {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), date);
        }
    }

    #[test]
    fn stages_stand_in_the_order_they_began_and_each_once() {
        let mut clock = Clock::start();
        for name in ["train", "attack", "train"] {
            clock.stage(name);
        }
        let times = clock.finish();
        let names: Vec<&str> = times.stages.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["train", "attack"]);
    }
}
