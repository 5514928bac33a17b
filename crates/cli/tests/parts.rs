//! Jobs in parts: what was interrupted goes on and ends in the same bytes, and nothing is mixed with anything else.

mod site;
mod workbench;

use clap::Parser;
use cli::{InParts, Job, PartStore, lock_folder, parts, work};
use core_net::zoo;
use site::files;
use std::fs;
use std::path::Path;
use tensor::DType;
use workbench::{Done, LENET, Workbench};

/// A command without its output, its output, the first of the files that it leaves, and where its parts are kept.
struct Case {
    command: String,
    output: &'static str,
    file: &'static str,
    kept: &'static str,
}

/// A folder with images and two small nets.
fn bench() -> Workbench {
    let bench = Workbench::new();
    bench.images("x.npy", 140, DType::F32);
    bench.images("few.npy", 3, DType::F64);
    for seed in [1, 2] {
        bench.write_net(&format!("fc{seed}"), &zoo::fully_connected(&[1, 28, 28], &[10], seed));
    }
    bench
}

fn cases() -> [Case; 4] {
    let one_file = |command: String, output: &'static str, kept| Case { command, output, file: output, kept };
    [
        Case {
            command: "attack fc1.safetensors --arch fc10 x.npy --targets random --quick".into(),
            output: "out",
            file: "out/adversarial.npy",
            kept: "out/unfinished",
        },
        one_file(
            format!("top {LENET} x.npy --node relu2 --k 5 --units 0-7"),
            "sheet.png",
            "sheet.png.unfinished",
        ),
        one_file(
            format!("occlude {LENET} few.npy --patch 5 --stride 1 --fill 0"),
            "map.npy",
            "map.npy.unfinished",
        ),
        one_file(
            "transfer fc1.safetensors fc2.safetensors --arch fc10 --images x.npy --quick".into(),
            "matrix.csv",
            "matrix.csv.unfinished",
        ),
    ]
}

impl Case {
    fn run(&self, bench: &Workbench, more: &str) -> Done {
        bench.run(&format!("{} -o {} {more}", self.command, self.output))
    }

    /// What an uninterrupted run prints and leaves, which is taken away again.
    fn whole(&self, bench: &Workbench) -> (String, Vec<Vec<u8>>) {
        let text = self.run(bench, "").well();
        assert!(!bench.path(self.kept).exists());
        (text, self.taken(bench))
    }

    /// The outputs, which are taken away.
    fn taken(&self, bench: &Workbench) -> Vec<Vec<u8>> {
        let path = bench.path(self.output);
        if path.is_dir() {
            let bytes = files(&path).into_values().collect();
            fs::remove_dir_all(path).unwrap();
            bytes
        } else {
            let bytes = fs::read(&path).unwrap();
            fs::remove_file(path).unwrap();
            vec![bytes]
        }
    }

    /// Leaves a run as if it was killed when all its parts were there, before its output.
    fn interrupted(&self, bench: &Workbench) {
        let job = job(bench, self);
        let kept = PartStore::begin(&job.folder(), &job.origin().unwrap()).unwrap();
        for stage in 0..job.stages().len() {
            work(&*job, &kept, parts(&*job, stage)).unwrap();
        }
        assert!(bench.path(self.kept).exists() && !bench.path(self.file).exists());
    }

    fn parts(&self, bench: &Workbench) -> Vec<String> {
        let names = files(&bench.path(self.kept)).into_keys();
        names.filter(|name| name.starts_with(|first: char| first.is_ascii_digit())).collect()
    }
}

#[test]
fn what_was_interrupted_goes_on_where_parts_are_missing_or_damaged_and_ends_in_the_same_bytes() {
    let bench = bench();
    for case in cases() {
        let whole = case.whole(&bench);
        case.interrupted(&bench);
        let parts = case.parts(&bench);
        assert!(parts.len() >= 5, "{parts:?}");
        let path = |part: usize| bench.path(case.kept).join(&parts[part]);
        fs::remove_file(path(0)).unwrap();
        let bytes = fs::read(path(1)).unwrap();
        fs::write(path(1), &bytes[..bytes.len() / 2]).unwrap();
        fs::copy(path(2), path(3)).unwrap();
        let done = case.run(&bench, "--threads 1");
        let damaged = done.stderr.matches("a damaged part, which is computed again").count();
        assert_eq!(damaged, 2, "{done:?}");
        assert!(done.stderr.contains(&format!("{}: ", case.kept)), "{done:?}");
        assert!(done.well() == whole.0 && case.taken(&bench) == whole.1, "{}", case.command);
        assert!(!bench.path(case.kept).exists());
    }
}

#[test]
fn parts_of_another_origin_are_refused_and_left_as_they_are() {
    let bench = bench();
    for case in cases() {
        case.interrupted(&bench);
        let before = files(&bench.path(case.kept));
        let line = case.run(&bench, "--scale 1/254").refused(1);
        let expected = format!("{}: expected parts of this job, from an interrupted run", case.kept);
        assert!(line.starts_with(&expected) && line.contains("found some of another (pixels); "), "{line}");
        assert!(line.ends_with("remove it, or name another output with -o"), "{line}");
        let same = |(name, bytes): (&String, &Vec<u8>)| name == "lock" || before[name] == *bytes;
        assert!(files(&bench.path(case.kept)).iter().all(same));
        fs::remove_dir_all(bench.path(case.kept)).unwrap();
    }
    let case = &cases()[0];
    case.interrupted(&bench);
    bench.write_net("fc1", &zoo::fully_connected(&[1, 28, 28], &[10], 3));
    assert!(case.run(&bench, "").refused(1).contains("found some of another (model); "));
}

#[test]
fn a_folder_of_other_files_is_refused_and_left_as_it_is() {
    let bench = bench();
    bench.picture("map.npy.unfinished/1.png", 3);
    let line = cases()[2].run(&bench, "").refused(1);
    assert!(line.starts_with("map.npy.unfinished: ") && line.contains("found other files; "), "{line}");
    assert_eq!(files(&bench.path("map.npy.unfinished")).len(), 1);
}

#[test]
fn a_run_that_fails_before_its_first_part_leaves_nothing() {
    let bench = bench();
    fs::create_dir(bench.path("photos")).unwrap();
    fs::write(bench.path("photos/1.png"), "no picture").unwrap();
    let before = bench.files();
    bench.lenet("top", "photos --node relu1 -o s.png").refused(1);
    bench.lenet("occlude", "photos --patch 8 -o m.png").refused(1);
    bench.lenet("attack", "photos --targets 1").refused(1);
    assert_eq!(bench.files(), before);
    let line = bench.lenet("top", "x.npy --node relu1 -o gone/s.png").refused(1);
    assert!(line.starts_with("gone/s.png: expected a file that can be written, found"), "{line}");
}

#[test]
fn a_second_run_is_refused_as_long_as_the_first_is_at_work_and_is_told_which_process_that_is() {
    let bench = bench();
    let process = std::process::id();
    for case in cases() {
        let kept = bench.path(case.kept);
        fs::create_dir_all(&kept).unwrap();
        let lock = lock_folder(&kept).unwrap();
        let line = case.run(&bench, "").refused(1);
        let expected =
            format!("{}: expected no other run at work here, found process {process}; ", case.kept);
        assert!(line.starts_with(&expected), "{line}");
        drop(lock);
        case.run(&bench, "").well();
    }
    fs::create_dir_all(bench.path("site/data/unfinished")).unwrap();
    let lock = lock_folder(&bench.path("site/data/unfinished")).unwrap();
    let report = || bench.lenet("report", "few.npy -o site --units 2 --layers relu2");
    let line = report().refused(1);
    assert!(line.contains(&format!("found process {process}; ")), "{line}");
    drop(lock);
    report().well();
    assert!(!bench.path("site/data/unfinished").exists());
}

/// Starts a command and kills it once so many parts are there; whether it was still at work.
fn killed(bench: &Workbench, case: &Case, count: usize) -> bool {
    let kept = bench.path(case.kept);
    let is_time = || fs::read_dir(&kept).map_or(0, Iterator::count) >= count;
    bench.kill_when(is_time, &format!("{} -o {} --threads 1", case.command, case.output)) && kept.exists()
}

#[test]
fn a_run_that_was_killed_goes_on_and_ends_in_the_same_bytes() {
    let bench = bench();
    for case in cases() {
        let whole = case.whole(&bench);
        let kills = [1, 3, 5].into_iter().filter(|&count| killed(&bench, &case, count)).count();
        assert!(kills > 0, "no run of {} was killed at work", case.command);
        let text = case.run(&bench, "").well();
        assert!(text == whole.0 && case.taken(&bench) == whole.1, "{}", case.command);
    }
}

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: InParts,
}

/// A job of the same command with paths from the root.
fn job(bench: &Workbench, case: &Case) -> Box<dyn Job> {
    let absolute = |word: &str| {
        if word.contains('.') { bench.path(word).display().to_string() } else { word.to_owned() }
    };
    let words = case.command.split_whitespace().map(absolute);
    let output = bench.path(case.output).display().to_string();
    let words = ["glassbox".to_owned()].into_iter().chain(words).chain(["-o".into(), output]);
    Arguments::parse_from(words).command.job().unwrap()
}

#[test]
fn parts_that_are_shared_in_any_order_end_in_the_bytes_of_one_run() {
    let bench = bench();
    for case in cases() {
        let (_, whole) = case.whole(&bench);
        let [first, second] = [job(&bench, &case), job(&bench, &case)];
        let origin = first.origin().unwrap();
        assert_eq!(second.origin().unwrap(), origin);
        assert!(PartStore::join(&second.folder(), &origin).is_err());
        let kept = PartStore::begin(&first.folder(), &origin).unwrap();
        let joined = PartStore::join(&second.folder(), &origin).unwrap();
        for stage in 0..first.stages().len() {
            let mut odd: Vec<_> = parts(&*second, stage).filter(|part| part.index % 2 == 1).collect();
            odd.reverse();
            work(&*second, &joined, odd.into_iter()).unwrap();
            work(&*first, &kept, parts(&*first, stage).filter(|part| part.index % 2 == 0)).unwrap();
        }
        first.finish(&kept).unwrap();
        kept.discard().unwrap();
        assert!(case.taken(&bench) == whole, "{}", case.command);
        assert!(!Path::new(&first.folder()).exists());
    }
}
