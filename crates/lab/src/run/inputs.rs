//! The images and nets of a run.

use super::Run;
use crate::caltech;
use crate::dogs::{self, Dogs};
use crate::imagenet;
use crate::located::Located;
use crate::mnist;
use crate::objects::{self, Objects};
use crate::photographs;
use crate::small_images;
use crate::voc;
use anyhow::Result;
use core_net::Net;
use datasets::{ImageFolder, Mnist, Source, Splits, Voc};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Each method looks for its data in `--data`, `$GLASSBOX_DATA` and `./data`, and prints a line that names them.
impl Run {
    /// The digits, downloaded where they are missing, and drawn where there is no network.
    ///
    /// The images are the same at every size; at smoke size an experiment may take the first few.
    ///
    /// # Errors
    /// When the user named a folder without them, when a file is damaged, or when the results' folder cannot be made.
    pub fn mnist(&self) -> Result<Arc<Mnist>> {
        let mut journal = self.journal();
        if let Some(mnist) = &journal.mnist {
            return Ok(mnist.clone());
        }
        let found = mnist::mnist(self.data(), &self.bars, &self.make_once)?.map(Arc::new);
        journal.mnist = Some(found.value.clone());
        drop(journal);
        self.take(found)
    }

    /// Photographs, one of each of ImageNet's thousand classes; drawn scenes stand in for them.
    ///
    /// # Errors
    /// As of [`Run::mnist`].
    pub fn imagenet_sample(&self) -> Result<ImageFolder> {
        self.take(photographs::imagenet_sample(self.data(), &self.generated())?)
    }

    /// Dogs with marked eyes and noses, in varied poses and as frontal faces; drawn faces stand in for them.
    ///
    /// # Errors
    /// As of [`Run::mnist`].
    pub fn dogs(&self) -> Result<[Dogs; 2]> {
        self.take(dogs::dogs(self.data(), &self.generated())?)
    }

    /// Images without labels (Tiny-ImageNet), and labeled images (VOC 2007); drawn scenes stand in for them.
    ///
    /// # Errors
    /// As of [`Run::mnist`].
    pub fn objects(&self) -> Result<Objects> {
        self.take(objects::objects(self.data(), &self.generated())?)
    }

    /// Small images to train on and to judge by: half of Tiny-ImageNet's classes, a hundred; 400 drawn scenes of 64 × 64 stand in for them.
    ///
    /// # Errors
    /// As of [`Run::mnist`], and when the splits differ in their classes.
    pub fn tiny_imagenet(&self) -> Result<Splits> {
        self.take(small_images::tiny_imagenet(self.data(), &self.generated())?)
    }

    /// ImageNet 2012 in its official layout; none where `--data`, `$GLASSBOX_DATA` or `./data` is not laid out so and has no folder `imagenet` that is.
    ///
    /// The manifest has digests of the images' names and classes, not of their bytes.
    ///
    /// # Errors
    /// When it is damaged or the splits differ in their classes, or when the results' folder cannot be made.
    pub fn imagenet(&self) -> Result<Option<Splits>> {
        imagenet::imagenet(self.data())?.map(|found| self.take(found)).transpose()
    }

    /// The 101 classes of objects of Caltech-101, without its clutter; drawn scenes in class folders stand in for them.
    ///
    /// # Errors
    /// As of [`Run::mnist`], and when a class is empty.
    pub fn caltech101(&self) -> Result<ImageFolder> {
        self.take(caltech::caltech101(self.data(), &self.generated())?)
    }

    /// The 256 classes of objects of Caltech-256, without its clutter; none where they are not in the first of these folders that is named.
    ///
    /// # Errors
    /// When a file is damaged, a class is empty, or when the results' folder cannot be made.
    pub fn caltech256(&self) -> Result<Option<ImageFolder>> {
        caltech::caltech256(self.data())?.map(|found| self.take(found)).transpose()
    }

    /// Labeled images in the splits `train` and `val`: the official folders of VOC 2012, else VOC 2007; drawn scenes stand in for them.
    ///
    /// # Errors
    /// As of [`Run::mnist`].
    pub fn voc(&self) -> Result<Voc> {
        self.take(voc::voc(self.data(), &self.generated())?)
    }

    /// The net with the weights of `squeezenet/<file>`, trained on photographs; with drawn images it stays untrained, and says so.
    ///
    /// # Errors
    /// When the file is not beside the photographs, or does not fill the net.
    pub fn pretrained(&self, file: &str, untrained: Net) -> Result<Net> {
        if matches!(self.sources().last(), Some(Source::Generated { .. })) {
            self.remark(file, "untrained weights in its place");
            return Ok(untrained.to_device(&self.device));
        }
        let (net, path, sha256) = photographs::pretrained(self.data(), file, untrained)?;
        let name = path.file_name().unwrap_or_default().display().to_string();
        self.journal().weights.insert(name, sha256);
        Ok(net.to_device(&self.device))
    }

    /// The net with the weights of this file, such as `alexnet/alexnet.safetensors`; none where it is not in the first of these folders that is named.
    ///
    /// # Errors
    /// When the file does not fill the net.
    pub fn optional_weights(&self, file: &str, empty: impl FnOnce() -> Net) -> Result<Option<Net>> {
        let found = photographs::optional_weights(self.data(), file, empty)?;
        Ok(found.map(|(net, sha256)| {
            self.journal().weights.insert(file.to_owned(), sha256);
            net.to_device(&self.device)
        }))
    }

    /// Begins the output with the data's provenance.
    fn take<T>(&self, found: Located<T>) -> Result<T> {
        self.begin(&found.source, &found.provenance)?;
        Ok(found.value)
    }

    /// The folder of all data sets that the user named.
    fn data(&self) -> Option<&Path> {
        self.arguments.data.as_deref()
    }

    /// The folder of generated images.
    fn generated(&self) -> PathBuf {
        self.arguments.checkpoints.join("generated")
    }
}
