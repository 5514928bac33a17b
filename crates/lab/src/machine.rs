//! The machine of a run.

use serde::Serialize;
use std::fs;
use std::thread::available_parallelism;

/// The machine's entry in a manifest; none where the system does not say.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    os: &'static str,
    architecture: &'static str,
    processor: Option<String>,
    /// Number of cores available to the program.
    cores: Option<usize>,
    memory_gib: Option<f64>,
}

impl Machine {
    pub fn here() -> Machine {
        Machine {
            os: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
            processor: field("/proc/cpuinfo", "model name"),
            cores: available_parallelism().ok().map(usize::from),
            memory_gib: field("/proc/meminfo", "MemTotal").and_then(|size| gib(&size)),
        }
    }
}

/// The value of the first line `name : value` in a file of the system.
fn field(path: &str, name: &str) -> Option<String> {
    value(&fs::read_to_string(path).ok()?, name)
}

fn value(text: &str, name: &str) -> Option<String> {
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_owned())
}

/// "25165824 kB" in GiB, to a tenth.
fn gib(size: &str) -> Option<f64> {
    let kib: f64 = size.strip_suffix(" kB")?.parse().ok()?;
    Some((kib / 1024.0 / 1024.0 * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_files_are_read_by_name() {
        let text = "processor\t: 0\nmodel name\t: A CPU @ 2 GHz\nmodel name\t: another\n";
        assert_eq!(value(text, "model name").as_deref(), Some("A CPU @ 2 GHz"));
        assert_eq!(value(text, "stepping"), None);
        assert_eq!(gib("25165824 kB"), Some(24.0));
        assert_eq!(gib("25165824"), None);
    }
}
