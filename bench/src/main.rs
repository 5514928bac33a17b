//! Our side, one measurement a call, printed as one line of JSON.

use anyhow::{Context, Result};
use bench::{
    Architecture, Case, Convolution, Direction, Model, Pass, Trace, attack, attack_photographs, learn,
    measure_occlusion, measure_projections, multiply_adds, prepare_learning, prepare_photographs, train,
};
use clap::{Parser, Subcommand, ValueEnum};
use core_net::Net;
use datasets::{LabeledDigits, Mnist};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The allocator of the programs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    /// The folder that holds mnist/
    #[arg(long)]
    data: PathBuf,
    /// The folder of the files that both sides read
    #[arg(long)]
    work: PathBuf,
    #[arg(long, default_value_t = 1)]
    threads: usize,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the nets' weights, and the images and targets of the attack, unless they are there
    Prepare,
    /// Attack the first N of the images
    Attack {
        model: Model,
        #[arg(long, default_value_t = CASES)]
        examples: usize,
    },
    /// Write N photographs for the attack, unless they are there
    PreparePhotographs { n: usize },
    /// Attack the photographs through SqueezeNet v1.0
    AttackPhotographs,
    /// Train FC100-100-10
    Train {
        #[arg(long, default_value_t = 30)]
        epochs: usize,
    },
    /// Write small images and the first weights of zfnet-64, unless they are there
    PrepareLearning,
    /// Train zfnet-64 on the small images
    Learn,
    /// Measure how many multiply-adds in f64 one thread can do
    Peak,
    /// Measure how many multiply-adds in f32 all threads together can do
    PeakSingle,
    /// Write the weights of the nets for photographs, unless they are there
    PrepareVision,
    /// Convolve
    Conv {
        direction: Direction,
        #[command(flatten)]
        convolution: Convolution,
    },
    /// Compute the logits of a batch
    Forward { net: Architecture, batch: usize },
    /// Project a unit of ZFNet's conv5 to the pixels of each image of a batch
    Project { trace: Trace, batch: usize },
    /// Slide an occluder over an image
    Occlude { net: Architecture, pass: Pass, stride: usize },
}

/// The images of the attack.
const CASES: usize = 256;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads);
    pool.build_global().context("cannot start the threads")?;
    let mnist = || Mnist::read(&arguments.data.join("mnist")).context("MNIST cannot be read");
    let measured = match arguments.command {
        Command::Prepare => prepare(&mnist()?.train, &arguments.work)?,
        Command::Attack { model, examples } => {
            measure_attack(&mnist()?.train, &arguments.work, model, examples)?
        }
        Command::PreparePhotographs { n } => {
            fs::create_dir_all(&arguments.work)?;
            prepare_photographs(&arguments.data, &arguments.work, n)?;
            json!({ "photographs": n })
        }
        Command::AttackPhotographs => {
            serde_json::to_value(attack_photographs(&arguments.data, &arguments.work)?)?
        }
        Command::PrepareLearning => {
            prepare_learning(&arguments.data, &arguments.work)?;
            json!({})
        }
        Command::Learn => serde_json::to_value(learn(&arguments.work)?)?,
        Command::Train { epochs } => measure_training(&mnist()?, epochs),
        Command::Peak => measure_peak(100_000, multiply_adds::<f64>),
        Command::PeakSingle => measure_peak(200_000, |rounds| {
            rayon::broadcast(|_| multiply_adds::<f32>(rounds)).iter().sum::<usize>()
        }),
        Command::PrepareVision => prepare_vision(&arguments.work)?,
        Command::Conv { direction, convolution } => serde_json::to_value(convolution.measure(direction))?,
        Command::Forward { net, batch } => serde_json::to_value(net.measure(batch))?,
        Command::Occlude { net, pass, stride } => serde_json::to_value(measure_occlusion(net, pass, stride))?,
        Command::Project { trace, batch } => serde_json::to_value(measure_projections(batch, trace))?,
    };
    println!("{measured}");
    Ok(())
}

fn cases_in(work: &Path) -> PathBuf {
    work.join("cases.csv")
}

fn prepare(digits: &LabeledDigits, work: &Path) -> Result<Value> {
    fs::create_dir_all(work).with_context(|| format!("{}: cannot be made", work.display()))?;
    Model::value_variants().iter().try_for_each(|model| model.prepare(digits, work))?;
    Case::write(&Case::draw(&digits.labels, CASES), &cases_in(work))?;
    Ok(json!({ "cases": CASES }))
}

fn measure_attack(digits: &LabeledDigits, work: &Path, model: Model, examples: usize) -> Result<Value> {
    let net = model.untrained().load(&model.path(work))?;
    let mut cases = Case::read(&cases_in(work))?;
    cases.truncate(examples);
    let indices: Vec<usize> = cases.iter().map(|case| case.index).collect();
    let targets: Vec<usize> = cases.iter().map(|case| case.target).collect();
    Ok(serde_json::to_value(attack(&net, &digits.select(&indices).images, &targets))?)
}

fn measure_training(mnist: &Mnist, epochs: usize) -> Value {
    let trained = train(Model::Fc100.untrained(), &mnist.train, epochs, 1);
    json!({
        "seconds": trained.seconds,
        "train_error": error_rate(&trained.net, &mnist.train),
        "test_error": error_rate(&trained.net, &mnist.test),
    })
}

/// In %.
fn error_rate(net: &Net, digits: &LabeledDigits) -> f64 {
    let read = net.predict(&digits.images);
    let wrong = read.iter().zip(&digits.labels).filter(|(class, label)| class != label).count();
    100.0 * wrong as f64 / digits.len() as f64
}

fn prepare_vision(work: &Path) -> Result<Value> {
    fs::create_dir_all(work).with_context(|| format!("{}: cannot be made", work.display()))?;
    Architecture::value_variants().iter().try_for_each(|net| net.prepare(work))?;
    Ok(json!({ "nets": Architecture::value_variants().len() }))
}

/// The operations a second of `multiply_adds`, which takes the number of rounds and returns that of operations.
fn measure_peak(rounds: usize, multiply_adds: impl Fn(usize) -> usize) -> Value {
    multiply_adds(rounds / 10);
    let start = Instant::now();
    let operations = multiply_adds(rounds);
    json!({ "operations_per_second": operations as f64 / start.elapsed().as_secs_f64() })
}
