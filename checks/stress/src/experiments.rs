//! Names of the experiments' programs.

use serde::Deserialize;

/// The manifest of the package of experiments.
const MANIFEST: &str = include_str!("../../../experiments/Cargo.toml");

#[derive(Deserialize)]
struct Manifest {
    bin: Vec<Program>,
}

#[derive(Deserialize)]
struct Program {
    name: String,
    path: String,
}

/// The name of every experiment's program, in the order of the manifest.
///
/// # Panics
/// If the manifest lists no programs.
pub fn experiments() -> Vec<String> {
    let manifest: Manifest = toml::from_str(MANIFEST).expect("a manifest with programs");
    // Programs outside the papers' folders are no experiments.
    let experiments = manifest.bin.into_iter().filter(|program| program.path.contains('/'));
    experiments.map(|program| program.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiments_of_both_papers_are_listed_and_nothing_else() {
        let all = experiments();
        assert!(all.contains(&"szegedy-table1".to_owned()) && all.contains(&"zeiler-fergus-fig9".to_owned()));
        assert!(all.iter().all(|name| name.starts_with("szegedy-") || name.starts_with("zeiler-fergus-")));
    }
}
