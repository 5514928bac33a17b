//! One run of an experiment: its inputs, its outputs and its record.

mod inputs;

use crate::arguments::{Arguments, DeviceName, cuda};
use crate::cell::Cell;
use crate::checkpoint::Checkpoint;
use crate::clock::Clock;
use crate::data;
use crate::digest;
use crate::fit_file::FitFile;
use crate::machine::Machine;
use crate::make_once::MakeOnce;
use crate::manifest::{self, DataRecord, Manifest};
use crate::table_formats::{self, TableHeader};
use crate::{Progress, Size, Table};
use anyhow::{Result, bail};
use core_net::Net;
use datasets::{Mnist, Source};
use durable::{Lock, LockAttempt, StagedFile, publish, remove_leftovers};
use figures::Plot;
use indicatif::MultiProgress;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tensor::Device;

/// The inputs and outputs of an experiment.
///
/// Tables and figures appear together when the experiment ends, the manifest last: a run that fails leaves the previous results.
#[derive(Debug)]
pub struct Run {
    name: String,
    paper: &'static str,
    artefact: &'static str,
    arguments: Arguments,
    device: Device,
    bars: MultiProgress,
    make_once: MakeOnce,
    journal: Mutex<Journal>,
}

/// The record of a run in progress.
#[derive(Debug)]
struct Journal {
    clock: Clock,
    /// The folder of results, which no other run may write meanwhile.
    claimed: Option<(PathBuf, Lock)>,
    mnist: Option<Arc<Mnist>>,
    /// In the order of the requests.
    sources: Vec<Source>,
    remarks: BTreeMap<String, String>,
    weights: BTreeMap<String, String>,
    files: Vec<(String, Vec<u8>)>,
    /// At any size but smoke.
    least_seeds: u64,
}

impl Run {
    /// # Errors
    /// When the device is not to be had.
    pub(crate) fn new(paper: &'static str, artefact: &'static str, arguments: Arguments) -> Result<Run> {
        let device = match arguments.device {
            DeviceName::Cpu => Device::Cpu,
            DeviceName::Cuda => cuda()?,
        };
        let remark = arguments.device.remark().map(|remark| ("device".to_owned(), remark.to_owned()));
        let bars = MultiProgress::new();
        Ok(Run {
            name: format!("{paper}/{artefact}"),
            paper,
            artefact,
            arguments,
            device,
            make_once: MakeOnce::new(bars.clone()),
            bars,
            journal: Mutex::new(Journal {
                clock: Clock::start(),
                claimed: None,
                mnist: None,
                sources: Vec::new(),
                remarks: remark.into_iter().collect(),
                weights: BTreeMap::new(),
                files: Vec::new(),
                least_seeds: 1,
            }),
        })
    }

    /// The share of the paper's experiment to run.
    pub fn size(&self) -> Size {
        self.arguments.size()
    }

    /// The first seed.
    pub fn seed(&self) -> u64 {
        self.arguments.seed
    }

    /// The seeds to repeat the experiment with: one, or three at full size.
    pub fn seeds(&self) -> Vec<u64> {
        let count = match self.size() {
            Size::Smoke => 1,
            Size::Default => self.journal().least_seeds,
            Size::Full => self.journal().least_seeds.max(3),
        };
        (0..count).map(|i| self.seed().wrapping_add(i)).collect()
    }

    /// The seeds to repeat the experiment with: so many at any size but smoke, where one alone would say too little.
    pub fn at_least(&self, seeds: u64) -> Vec<u64> {
        self.journal().least_seeds = seeds;
        self.seeds()
    }

    /// Number of images to attack for each model, or to analyze, where the user names one.
    pub fn limit(&self) -> Option<usize> {
        self.arguments.limit
    }

    /// Batch size of forward passes: the user's, or else `usual`.
    ///
    /// No result may depend on it.
    pub fn batch(&self, usual: usize) -> usize {
        self.arguments.batch.unwrap_or(usual)
    }

    /// The device of all tensors.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Saves a file beside the table, such as a figure's PNG or the list behind it.
    pub fn save_file(&self, name: &str, bytes: Vec<u8>) {
        self.journal().files.push((name.to_owned(), bytes));
    }

    /// Prints the first line of the output, and claims and makes the results' folder: better refused now than after the work.
    fn begin(&self, source: &Source, provenance: &str) -> Result<()> {
        self.say(&format!("{}, {}: {provenance}", self.name, self.how()));
        if !self.sources().contains(source) {
            self.journal().sources.push(source.clone());
        }
        let folder = self.claim()?;
        remove_leftovers(&folder);
        remove_leftovers(self.checkpoints());
        StagedFile::with_contents(&folder.join("manifest.json"), b"")?;
        Ok(())
    }

    /// The folder of results, which is now this run's until it ends.
    ///
    /// # Errors
    /// When another run is at work there, or it cannot be written.
    fn claim(&self) -> Result<PathBuf> {
        let folder = self.folder();
        let mut journal = self.journal();
        if journal.claimed.as_ref().is_none_or(|(claimed, _)| *claimed != folder) {
            let place = folder.display();
            match Lock::try_acquire(&folder)? {
                LockAttempt::Acquired(lock) => journal.claimed = Some((folder.clone(), lock)),
                LockAttempt::HeldBy(holder) => bail!(
                    "{place}: {holder} is at work there; wait until it has ended, or name another folder by --results"
                ),
            }
        }
        Ok(folder)
    }

    /// The net called `name`: read from its file, or made by `train` from the untrained one and kept for the next run.
    ///
    /// The file belongs to the untrained net, its weights included, to the data that the run asked for first and to `settings`.
    /// `settings` must hold all else that the trained weights depend on: the images used, the optimizer, its seed.
    /// A fit by L-BFGS that takes its monitor from the [`FitFile`] resumes where a killed run left it.
    ///
    /// # Errors
    /// When the file is damaged or cannot be written, `settings` cannot be written as JSON, or `train` fails.
    pub fn net(
        &self,
        name: &str,
        settings: &impl Serialize,
        untrained: Net,
        train: impl FnOnce(Net, FitFile) -> Result<Net>,
    ) -> Result<Net> {
        let data = self.sources().first().map(Source::digest);
        let folder = &self.arguments.checkpoints;
        let checkpoint = Checkpoint::new(folder, name, settings, untrained, data.as_deref())?;
        let fit = FitFile::new(checkpoint.path(), self.bars.clone());
        let net = checkpoint.load_or_train(&self.make_once, |untrained| train(untrained, fit.clone()))?;
        fit.remove();
        self.record_weights(checkpoint.path())?;
        Ok(net.to_device(&self.device))
    }

    /// Puts the file's SHA-256 into the manifest.
    pub(crate) fn record_weights(&self, path: &Path) -> Result<()> {
        let sha256 = digest::of_file(path)?;
        self.journal().weights.insert(path.display().to_string(), sha256);
        Ok(())
    }

    /// A progress bar for `total` steps of `what`; it goes when dropped.
    pub fn progress(&self, what: &str, total: usize) -> Progress {
        Progress::new(&self.bars, what, total as u64)
    }

    /// Begins a stage, whose time appears in the manifest.
    pub fn stage(&self, name: &str) {
        self.journal().clock.stage(name);
    }

    /// An empty table beside the paper's.
    pub fn table(&self) -> Table {
        Table::new(self.paper, self.artefact, self.seed())
    }

    /// Prints `table` and saves it as `table.csv` and `table.md`.
    ///
    /// # Errors
    /// When a cell of the paper has neither a measurement nor a reason.
    pub fn save_table(&self, table: &Table) -> Result<()> {
        let mut cells = table.cells()?;
        if self.why_not_judged().is_some() {
            cells = cells.into_iter().map(Cell::not_judged).collect();
        }
        let sources = self.sources();
        let real = sources.iter().all(Source::is_official);
        let (name, caption) = (self.name.clone(), table.captions().to_owned());
        let header = TableHeader { name, data: data::name(&sources), how: self.how(), caption };
        let remark = (!real).then_some(header.data.as_str());
        self.say(&table_formats::text(&header, &cells));
        self.save_file("table.csv", table_formats::csv(&cells, remark)?.into_bytes());
        self.save_file("table.md", table_formats::markdown(&header, &cells).into_bytes());
        Ok(())
    }

    /// Saves what follows from the results for the paper's claims, a page with a title, or says why nothing does.
    pub fn save_claims(&self, page: String) {
        let page = match self.why_not_judged() {
            None => page,
            Some(why) => format!("{}\n\nNot judged: {why}.\n", page.lines().next().unwrap_or_default()),
        };
        self.save_file("claims.md", page.into_bytes());
    }

    /// Remarks whether a claim of the paper holds, or why that is not judged.
    pub fn remark_claim(&self, claim: &str, verdict: &str) {
        match self.why_not_judged() {
            None => self.remark(claim, verdict),
            Some(why) => self.remark(claim, &format!("not judged: {why}")),
        }
    }

    /// Why the results say nothing of the paper, where they do not.
    fn why_not_judged(&self) -> Option<&'static str> {
        if self.size() == Size::Smoke {
            return Some("a smoke run is too small");
        }
        let is_real = self.sources().iter().all(Source::is_official);
        (!is_real).then_some("the data is a stand-in")
    }

    /// Saves charts as `name.svg` and `name.png`, and their data as `name.plot.json`.
    ///
    /// # Errors
    /// When they cannot be drawn.
    ///
    /// # Panics
    /// When there are no columns, or a line has an entry that the legend lacks.
    pub fn save_plot(&self, name: &str, plot: &Plot) -> Result<()> {
        plot.files(name)?.into_iter().for_each(|(name, bytes)| self.save_file(&name, bytes));
        Ok(())
    }

    /// Prints a remark, and records it in the manifest under `subject`.
    pub fn remark(&self, subject: &str, sentence: &str) {
        self.say(&format!("{subject}: {sentence}"));
        self.journal().remarks.insert(subject.to_owned(), sentence.to_owned());
    }

    /// Prints past the progress bars.
    fn say(&self, text: &str) {
        self.bars.suspend(|| table_formats::say(text));
    }

    /// Writes all saved files, the manifest last, and prints the last line of the output.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn finish(self) -> Result<()> {
        let (folder, sources, seeds) = (self.claim()?, self.sources(), self.seeds());
        let journal = self.journal.into_inner();
        let journal = journal.unwrap_or_else(PoisonError::into_inner);
        let times = journal.clock.finish();
        let seconds = times.seconds;
        let manifest = Manifest {
            experiment: self.name.clone(),
            arguments: std::env::args_os().skip(1).map(|word| word.display().to_string()).collect(),
            size: self.arguments.size().name(),
            seeds,
            commit: manifest::commit(),
            data: sources.first().map(DataRecord::new),
            more_data: sources.iter().skip(1).map(DataRecord::new).collect(),
            weights: journal.weights,
            remarks: journal.remarks,
            versions: manifest::versions(),
            machine: Machine::here(),
            times,
            files: manifest::digests(&journal.files),
        };
        let manifest = ("manifest.json".to_owned(), manifest.to_json()?.into_bytes());
        let files = journal.files.iter().chain([&manifest]);
        let staged = files.map(|(name, bytes)| StagedFile::with_contents(&folder.join(name), bytes));
        publish(&staged.collect::<Result<Vec<_>, _>>()?)?;
        let (folder, data) = (folder.display(), data::name(&sources));
        table_formats::say(&format!("{}: {seconds:.1} s, {folder}, {data}", self.name));
        Ok(())
    }

    /// All data of the run.
    pub(crate) fn sources(&self) -> Vec<Source> {
        self.journal().sources.clone()
    }

    /// Makes files that other runs may need too.
    pub(crate) fn make_once(&self) -> &MakeOnce {
        &self.make_once
    }

    pub(crate) fn checkpoints(&self) -> &Path {
        &self.arguments.checkpoints
    }

    /// `results[/smoke][/generated]/paper/artefact`.
    fn folder(&self) -> PathBuf {
        let mut folder = self.arguments.results.clone();
        if self.size() == Size::Smoke {
            folder.push("smoke");
        }
        folder.push(data::subfolder(&self.sources()));
        folder.join(self.paper).join(self.artefact)
    }

    /// The size, the seeds and the limit, in words.
    fn how(&self) -> String {
        let seeds: Vec<String> = self.seeds().iter().map(u64::to_string).collect();
        let plural = if seeds.len() == 1 { "seed" } else { "seeds" };
        let limit = self.limit().map_or(String::new(), |n| format!(", limit {n}"));
        let (size, seeds) = (self.size().name(), seeds.join(", "));
        format!("{size} size, {plural} {seeds}{limit}")
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_threads_may_use_one_run() {
        fn shared<T: Sync>() {}
        shared::<Run>();
    }
}
