//! A folder with a tiny net, and the program run in it.
#![allow(dead_code)] // Each test file uses its part.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use core_net::{Net, zoo};
use image::{Rgb, RgbImage};
use ndarray::IxDyn;
use ndarray_npy::{ReadableElement, WriteNpyExt};
use tempfile::TempDir;
use tensor::{DType, Real, Tensor, by_type, from_array, seeded, to_array, uniform};

/// Arguments that name the tiny net.
pub const LENET: [&str; 3] = ["lenet.safetensors", "--arch", "lenet"];

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
        let folder = tempfile::tempdir().unwrap();
        let net = zoo::lenet(10, [28, 28], 1);
        fs::write(folder.path().join("lenet.safetensors"), net.to_safetensors()).unwrap();
        Workbench { folder, net }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `glassbox COMMAND lenet.safetensors --arch lenet …` in the folder.
    pub fn lenet(&self, command: &str, rest: &str) -> Done {
        let arguments = [command].into_iter().chain(LENET).chain(rest.split_whitespace());
        self.run(&arguments.collect::<Vec<_>>())
    }

    /// Runs `glassbox …` in the folder.
    pub fn run(&self, arguments: &[&str]) -> Done {
        let mut glassbox = Command::new(env!("CARGO_BIN_EXE_glassbox"));
        let output = glassbox.args(arguments).current_dir(self.folder.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
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

    pub fn read_npy<T: Real + ReadableElement>(&self, name: &str) -> Tensor {
        from_array(&test_support::read_npy::<T>(&self.path(name)))
    }

    /// A picture with a bright bar at this column.
    pub fn picture(&self, name: &str, column: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bar = |x: u32, y: u32| Rgb([if x / 3 == column / 3 { 250 - y as u8 } else { 10 }; 3]);
        RgbImage::from_fn(28, 28, bar).save(path).unwrap();
    }

    /// The files in the folder, but for those whose names start with a dot.
    pub fn files(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
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
