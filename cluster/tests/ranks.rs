//! Jobs on 2 and 4 processes of one machine: the same bytes as one process by itself; and what they do when a process dies.

use clap::Parser;
use cli::InParts;
use core_net::zoo;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use tensor::{DType, Tensor, seeded, to_f64s, uniform};

const PROGRAM: &str = env!("CARGO_BIN_EXE_glassbox-mpi");

#[derive(Parser)]
struct Alone {
    #[command(subcommand)]
    command: InParts,
}

/// A job's command line; OUT stands for the folder of its outputs, IN for that of the nets and images.
const JOBS: [&str; 4] = [
    "attack IN/a.safetensors IN/images.npy --arch fc20-10 --targets random -o OUT/attack",
    "transfer IN/a.safetensors IN/b.safetensors --arch fc20-10 --images IN/images.npy -o OUT/transfer.csv",
    "top IN/lenet.safetensors IN/many.npy --arch lenet --node conv2 --units 0-3 -o OUT/top.png",
    "occlude IN/lenet.safetensors IN/images.npy --arch lenet --patch 6 --stride 2 -o OUT/maps.npy",
];

/// Nets and images.
fn workbench() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let images =
        |n| (uniform(&mut seeded(3, "images"), &[n, 1, 28, 28], 0.5, DType::F32) + 0.5).expect("pixels");
    images(200).write_npy(path("images.npy")).expect("written");
    images(400).write_npy(path("many.npy")).expect("written");
    let nets = [
        ("a", zoo::fully_connected(&[1, 28, 28], &[20, 10], 1)),
        ("b", zoo::fully_connected(&[1, 28, 28], &[20, 10], 2)),
        ("lenet", zoo::untrained("lenet", 10, [28, 28], 1)),
    ];
    for (name, net) in nets {
        fs::write(path(name).with_extension("safetensors"), net.to_safetensors()).expect("written");
    }
    folder
}

fn words(job: &str, input: &Path, output: &Path) -> Vec<String> {
    let of = |word: &str| {
        let path = |folder: &Path, rest: &str| folder.join(rest).display().to_string();
        match (word.strip_prefix("IN/"), word.strip_prefix("OUT/")) {
            (Some(rest), _) => path(input, rest),
            (_, Some(rest)) => path(output, rest),
            _ => word.to_owned(),
        }
    };
    job.split(' ').map(of).collect()
}

/// `mpirun` with so many processes, more than there are cores if need be, one thread each.
fn mpirun(ranks: usize, words: &[String]) -> Command {
    let mut command = Command::new("mpirun");
    command.envs([("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")]);
    command.args(["--oversubscribe", "--bind-to", "none", "-n", &ranks.to_string(), PROGRAM]);
    command.args(words).args(["--threads", "1"]).stdin(Stdio::null());
    command
}

fn succeed(mut command: Command) {
    let output = command.output().expect("mpirun starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The outputs below a folder, by their names.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(outputs(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
    found
}

fn alone(job: &str, input: &Path) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let words = words(job, input, folder.path());
    let arguments = Alone::try_parse_from([&["alone".to_owned()], &words[..]].concat()).expect("right");
    cli::carry_out(&*arguments.command.job().expect("a job")).expect("it ends well");
    outputs(folder.path())
}

#[test]
fn two_and_four_processes_leave_the_bytes_of_one() {
    let input = workbench();
    for job in JOBS {
        let expected = alone(job, input.path());
        assert!(!expected.is_empty());
        for ranks in [2, 4] {
            let folder = tempfile::tempdir().expect("a folder");
            succeed(mpirun(ranks, &words(job, input.path(), folder.path())));
            assert!(outputs(folder.path()) == expected, "{ranks} processes: {job}");
        }
    }
}

/// Whether the job has kept a part.
fn has_begun(folder: &Path) -> bool {
    let kept = |name: &String| name.contains("unfinished") && name.ends_with("-1");
    folder.exists() && outputs(folder).keys().any(kept)
}

fn kill_one_rank(mpirun: &Child) {
    let killed = Command::new("pkill").args(["-KILL", "-n", "-P", &mpirun.id().to_string()]).status();
    assert!(killed.expect("pkill starts").success());
}

#[test]
fn a_job_whose_process_was_killed_ends_with_an_error_and_goes_on_with_other_processes() {
    let input = workbench();
    let job = JOBS[0];
    let folder = tempfile::tempdir().expect("a folder");
    let words = words(job, input.path(), folder.path());
    let mut running = mpirun(2, &words).stderr(Stdio::null()).spawn().expect("mpirun starts");
    while !has_begun(folder.path()) {
        assert!(running.try_wait().expect("a child").is_none(), "it ended before a process could be killed");
        sleep(Duration::from_millis(5));
    }
    kill_one_rank(&running);
    assert!(!running.wait().expect("it ends").success());
    succeed(mpirun(4, &words));
    assert!(outputs(folder.path()) == alone(job, input.path()));
}

#[test]
fn what_is_at_fault_in_one_process_ends_all_with_one_line() {
    let input = workbench();
    let folder = tempfile::tempdir().expect("a folder");
    let job = JOBS[0].replace("images.npy", "absent.npy");
    let output = mpirun(2, &words(&job, input.path(), folder.path())).output().expect("mpirun starts");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.lines().any(|line| line.starts_with("error: ") && line.contains("absent.npy")), "{error}");
}

/// Scenes in class folders.
fn scenes(folder: &Path) {
    for number in 0..64 {
        let (image, label) = datasets::scene(1, number, 64);
        let planes = to_f64s(&image);
        let pixels = planes.len() / 3;
        let bytes: Vec<u8> =
            (0..planes.len()).map(|i| (255.0 * planes[i % 3 * pixels + i / 3]) as u8).collect();
        let split = if number % 8 > 5 { "val" } else { "train" };
        let class = folder.join(split).join((label % 2).to_string());
        fs::create_dir_all(&class).expect("made");
        let path = class.join(format!("{number}.png"));
        image::save_buffer(path, &bytes, 64, 64, image::ColorType::Rgb8).expect("written");
    }
}

fn train(input: &Path, output: &Path) -> Vec<String> {
    let job = "train --train IN/train --val IN/val --divisor 32 --epochs 3 --batch 16 -o OUT/net";
    words(job, input, output)
}

fn parameters(folder: &Path) -> Vec<f64> {
    let tensors = candle_core::safetensors::load(folder.join("net/net.safetensors"), &tensor::Device::Cpu);
    let tensors: BTreeMap<String, Tensor> = tensors.expect("a net").into_iter().collect();
    tensors.values().flat_map(to_f64s).collect()
}

#[test]
fn a_net_that_two_processes_train_is_that_of_one_but_for_rounding_and_the_same_each_time() {
    let input = tempfile::tempdir().expect("a folder");
    scenes(input.path());
    let trained = |ranks: usize| {
        let folder = tempfile::tempdir().expect("a folder");
        succeed(mpirun(ranks, &train(input.path(), folder.path())));
        (parameters(folder.path()), outputs(folder.path())["net/learning.csv"].clone())
    };
    let [one, two, again] = [1, 2, 2].map(trained);
    assert_eq!(two, again);
    let largest = one.0.iter().zip(&two.0).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(largest < 1e-4 && largest > 0.0, "{largest}");
}

#[test]
fn a_training_that_was_killed_goes_on_after_its_last_epoch_to_the_same_net() {
    let input = tempfile::tempdir().expect("a folder");
    scenes(input.path());
    let [through, killed] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    succeed(mpirun(2, &train(input.path(), through.path())));
    let words = train(input.path(), killed.path());
    let mut running = mpirun(2, &words).stderr(Stdio::null()).spawn().expect("mpirun starts");
    while !killed.path().join("net/course.safetensors").exists() {
        assert!(running.try_wait().expect("a child").is_none(), "it ended before its first epoch");
        sleep(Duration::from_millis(1));
    }
    kill_one_rank(&running);
    // It may have been at its end already.
    let _ = running.wait().expect("it ends");
    succeed(mpirun(2, &words));
    assert_eq!(parameters(killed.path()), parameters(through.path()));
}
