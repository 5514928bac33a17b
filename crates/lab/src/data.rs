//! Where data lies that a run asks for by name, and what outputs call it.

use anyhow::{Result, ensure};
use datasets::Source;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder of all data sets where the user names none.
pub(crate) const HERE: &str = "data";

/// Names the folder of all data sets.
const DATA_VARIABLE: &str = "GLASSBOX_DATA";

/// Files that are looked for in a folder of the folder of all data sets.
pub(crate) struct Wanted {
    pub folder: &'static str,
    pub files: &'static [&'static str],
}

impl Wanted {
    /// [`locate`] for all of these files.
    pub fn locate(&self, named: Option<&Path>) -> Result<Option<PathBuf>> {
        let is_in = |folder: &Path| self.files.iter().all(|file| folder.join(file).is_file());
        locate(self.folder, &self.list(), is_in, named)
    }

    /// `a, b and c`.
    pub fn list(&self) -> String {
        match self.files {
            [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
            files => files.concat(),
        }
    }
}

/// The folder `name` that holds `files`, in the place that the user named, or in `./data`; none where the user named no place and `./data` has none.
///
/// # Errors
/// When the place that the user named does not hold it: then nothing else will do.
pub(crate) fn locate(
    name: &str,
    files: &str,
    is_in: impl Fn(&Path) -> bool,
    named: Option<&Path>,
) -> Result<Option<PathBuf>> {
    let Some((folder, by)) = named_folder(named) else {
        let here = Path::new(HERE).join(name);
        return Ok(is_in(&here).then_some(here));
    };
    let here = folder.join(name);
    ensure!(folder.is_dir(), "{}: expected the folder named by {by}, found none", folder.display());
    ensure!(
        is_in(&here),
        "{}: expected {files} in the {name} folder of the one named by {by}, found none",
        here.display()
    );
    Ok(Some(here))
}

/// The folder of all data sets that the user named, and by what.
fn named_folder(named: Option<&Path>) -> Option<(PathBuf, &'static str)> {
    let by_variable = || Some((variable(DATA_VARIABLE)?.into(), DATA_VARIABLE));
    named.map(|folder| (folder.to_owned(), "--data")).or_else(by_variable)
}

/// The value of an environment variable, unless it is empty.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// What outputs call the data.
pub(crate) fn name(sources: &[Source]) -> String {
    if sources.is_empty() {
        return "no data".to_owned();
    }
    sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// The folder under the results for tables made from these: those from other data than the paper's or ours stand apart.
pub(crate) fn subfolder(sources: &[Source]) -> PathBuf {
    let generated = sources.iter().find(|source| matches!(source, Source::Generated { .. }));
    let other = || sources.iter().find(|source| !source.is_official()).map(Source::name);
    generated.map(|_| "generated".to_owned()).or_else(other).unwrap_or_default().into()
}

/// The folder of all data sets: the one that the user named, or `./data`.
pub(crate) fn folder_of_all(named: Option<&Path>) -> PathBuf {
    named_folder(named).map_or_else(|| HERE.into(), |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasets::Set;

    #[test]
    fn results_of_which_a_part_was_drawn_stand_with_those_that_were_drawn() {
        let files = Source::Files { set: Set::Mnist, folder: "here".into(), digests: Vec::new() };
        let drawn = Source::Generated { set: Set::ImageNetSample, seed: 1 };
        assert_eq!(subfolder(&[]), PathBuf::new());
        assert_eq!(subfolder(std::slice::from_ref(&files)), PathBuf::from(files.name()));
        assert_eq!(subfolder(&[files.clone(), drawn.clone()]), PathBuf::from("generated"));
        assert_eq!(name(&[files.clone(), drawn]), format!("{files} and generated scenes (seed 1)"));
        assert_eq!(name(&[]), "no data");
    }
}
