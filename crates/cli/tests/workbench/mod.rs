//! A folder with a tiny net, and the program run in it.
#![allow(dead_code)] // Each test file uses its part.

use core_net::{Net, zoo};
use image::{Rgb, RgbImage};
use ndarray::IxDyn;
use ndarray_npy::WriteNpyExt;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use tempfile::TempDir;
use tensor::{DType, Tensor, by_type, from_array, seeded, to_array, uniform};

/// Arguments that name the tiny net.
pub const LENET: &str = "lenet.safetensors --arch lenet";

/// A LeNet with random weights in a folder of its own.
pub struct Workbench {
    folder: TempDir,
    pub net: Net,
}

/// What the program left.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Workbench {
    pub fn new() -> Workbench {
        let bench =
            Workbench { folder: tempfile::tempdir().unwrap(), net: zoo::untrained("lenet", 10, [28, 28], 1) };
        bench.write_net("lenet", &bench.net);
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `glassbox COMMAND lenet.safetensors --arch lenet …` in the folder.
    pub fn lenet(&self, command: &str, rest: &str) -> Done {
        self.run(&format!("{command} {LENET} {rest}"))
    }

    fn glassbox(&self, arguments: &str) -> Command {
        let mut glassbox = Command::new(env!("CARGO_BIN_EXE_glassbox"));
        glassbox.args(arguments.split_whitespace()).current_dir(self.folder.path());
        glassbox
    }

    /// Runs `glassbox …` in the folder.
    pub fn run(&self, arguments: &str) -> Done {
        let output = self.glassbox(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Starts `glassbox …` and kills it once `is_time`; whether it was still at work.
    pub fn kill_when(&self, is_time: impl Fn() -> bool, arguments: &str) -> bool {
        let mut glassbox = self.glassbox(arguments);
        let mut child = glassbox.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while !is_time() && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        let was_at_work = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        was_at_work
    }

    /// Random images in `[0, 1]`, written as an array of this type.
    pub fn images(&self, name: &str, n: usize, dtype: DType) -> Tensor {
        let images = uniform(&mut seeded(7, "images"), &[n, 1, 28, 28], 0.5, dtype);
        let images = (images + 0.5).unwrap();
        self.write_npy(name, &images);
        images
    }

    pub fn write_npy(&self, name: &str, tensor: &Tensor) {
        let file = File::create(self.path(name)).unwrap();
        by_type!(tensor, T => to_array::<T, IxDyn>(tensor).write_npy(file).unwrap());
    }

    /// An array, which must be of this type.
    pub fn read_npy(&self, name: &str, dtype: DType) -> Tensor {
        let path = self.path(name);
        match dtype {
            DType::F64 => from_array(&test_support::read_npy::<f64>(&path)),
            _ => from_array(&test_support::read_npy::<f32>(&path)),
        }
    }

    /// The rows of a CSV file without quotes that has this header.
    pub fn rows(&self, name: &str, header: &str) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(header));
        lines.map(|line| line.split(',').map(String::from).collect()).collect()
    }

    /// Writes a net's weights, as a file that ends in `.safetensors`.
    pub fn write_net(&self, name: &str, net: &Net) {
        fs::write(self.path(&format!("{name}.safetensors")), net.to_safetensors()).unwrap();
    }

    /// Writes the description of a net in TOML, and random weights for it.
    pub fn describe(&self, name: &str, text: &str) -> Net {
        let path = self.path(&format!("{name}.toml"));
        fs::write(&path, text).unwrap();
        let net = core_net::description::read(&path).unwrap();
        self.write_net(name, &net);
        net
    }

    /// A picture with a bright bar at this column.
    pub fn picture(&self, name: &str, column: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bar = |x: u32, y: u32| Rgb([if x / 3 == column / 3 { 250 - y as u8 } else { 10 }; 3]);
        RgbImage::from_fn(28, 28, bar).save(path).unwrap();
    }

    /// The names in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Done {
    /// What it printed, when all went well.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// Its one line on stderr, after `error: `, when it ended with this code.
    #[track_caller]
    pub fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        let line = self.stderr.strip_prefix("error: ").and_then(|line| line.strip_suffix('\n'));
        let line = line.unwrap_or_else(|| panic!("expected one line, found {:?}", self.stderr));
        assert!(!line.contains('\n'), "{line}");
        line.to_owned()
    }
}
