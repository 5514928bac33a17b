//! The images and nets that a run works on, looked for where the user said.

use std::sync::Arc;

use anyhow::Result;
use core_net::Net;
use datasets::{ImageFolder, Mnist, Source, Splits, Voc};

use super::Run;
use crate::caltech;
use crate::data::{self, Found};
use crate::dogs::{self, Dogs};
use crate::imagenet;
use crate::objects::{self, Objects};
use crate::photographs;
use crate::small_images;
use crate::voc;

impl Run {
    /// The digits, and with them the first line of the output, which names them.
    ///
    /// They are looked for in `--data`, `$GLASSBOX_DATA` and `./data`, then downloaded, and drawn where there is no network.
    /// The images are the same at every size; at smoke size an experiment may take the first few.
    ///
    /// # Errors
    ///
    /// When the user named a folder without MNIST, when a file is damaged, or when the results' folder cannot be made.
    pub fn mnist(&self) -> Result<Arc<Mnist>> {
        let mut journal = self.journal();
        if let Some(mnist) = &journal.mnist {
            return Ok(mnist.clone());
        }
        let Found { mnist, story } = data::mnist(self.arguments.data.as_deref(), &self.bars, &self.turns)?;
        let mnist = Arc::new(mnist);
        journal.mnist = Some(mnist.clone());
        drop(journal);
        self.begin(&mnist.source, &story)?;
        Ok(mnist)
    }

    /// Photographs, one of each of ImageNet's thousand classes, and with them the first line of the output, which names them.
    ///
    /// They are looked for in `--data`, `$GLASSBOX_DATA` and `./data`; where there are none, drawn scenes stand in for them.
    ///
    /// # Errors
    ///
    /// When the user named a folder without them, when a file is damaged, or when the results' folder cannot be made.
    pub fn imagenet_sample(&self) -> Result<ImageFolder> {
        let scratch = self.arguments.checkpoints.join("generated");
        let found = photographs::imagenet_sample(self.arguments.data.as_deref(), &scratch)?;
        self.begin(&found.source, &found.story)?;
        Ok(found.images)
    }

    /// Dogs with marked eyes and noses, in varied poses and as frontal faces, and with them the first line of the output, which names them.
    ///
    /// They are looked for in `--data`, `$GLASSBOX_DATA` and `./data`; where there are none, drawn faces stand in for them.
    ///
    /// # Errors
    ///
    /// When the user named a folder without them, when a file is damaged, or when the results' folder cannot be made.
    pub fn dogs(&self) -> Result<[Dogs; 2]> {
        let scratch = self.arguments.checkpoints.join("generated");
        let found = dogs::dogs(self.arguments.data.as_deref(), &scratch)?;
        self.begin(&found.source, &found.story)?;
        Ok(found.dogs)
    }

    /// Images without labels and images of which it is known what they show, and with them the first line of the output, which names them.
    ///
    /// Tiny-ImageNet and VOC 2007 are looked for in `--data`, `$GLASSBOX_DATA` and `./data`; where there are none, drawn scenes stand in for them.
    ///
    /// # Errors
    ///
    /// When the user named a folder without them, when a file is damaged, or when the results' folder cannot be made.
    pub fn objects(&self) -> Result<Objects> {
        let scratch = self.arguments.checkpoints.join("generated");
        let found = objects::objects(self.arguments.data.as_deref(), &scratch)?;
        self.begin(&found.source, &found.story)?;
        Ok(found.objects)
    }

    /// Small images of a hundred classes to train on and to judge by, and with them the first line of the output, which names them.
    ///
    /// Half of Tiny-ImageNet's classes are looked for in `--data`, `$GLASSBOX_DATA` and `./data`; where there are none, 400 drawn scenes of 64 × 64 stand in for them.
    ///
    /// # Errors
    ///
    /// When the user named a folder without them, when a file is damaged or the splits differ in their classes, or when the results' folder cannot be made.
    pub fn tiny_imagenet(&self) -> Result<Splits> {
        let scratch = self.arguments.checkpoints.join("generated");
        let found = small_images::tiny_imagenet(self.arguments.data.as_deref(), &scratch)?;
        self.begin(&found.source, &found.story)?;
        Ok(found.splits)
    }

    /// ImageNet 2012 in its official layout, and with it the first line of the output; none where `--data`, `$GLASSBOX_DATA` or `./data` is not laid out so and has no folder `imagenet` that is.
    ///
    /// The manifest has digests of the images' names and classes, not of their bytes.
    ///
    /// # Errors
    ///
    /// When it is damaged or the splits differ in their classes, or when the results' folder cannot be made.
    pub fn imagenet(&self) -> Result<Option<Splits>> {
        let Some(found) = imagenet::imagenet(self.arguments.data.as_deref())? else { return Ok(None) };
        self.begin(&found.source, &found.story)?;
        Ok(Some(found.splits))
    }

    /// The 101 classes of objects of Caltech-101, without its clutter, and with them the first line of the output, which names them.
    ///
    /// They are looked for in `--data`, `$GLASSBOX_DATA` and `./data`; where there are none, drawn scenes in class folders stand in for them.
    ///
    /// # Errors
    ///
    /// When the user named a folder without them, when a file is damaged, a class is empty, or when the results' folder cannot be made.
    pub fn caltech101(&self) -> Result<ImageFolder> {
        let scratch = self.arguments.checkpoints.join("generated");
        let found = caltech::caltech101(self.arguments.data.as_deref(), &scratch)?;
        self.begin(&found.source, &found.story)?;
        Ok(found.images)
    }

    /// The 256 classes of objects of Caltech-256, without its clutter, and with them a line of the output, which names them; none where they are not at hand.
    ///
    /// They are looked for in `--data`, `$GLASSBOX_DATA` or `./data`, whichever is named first.
    ///
    /// # Errors
    ///
    /// When a file is damaged, a class is empty, or when the results' folder cannot be made.
    pub fn caltech256(&self) -> Result<Option<ImageFolder>> {
        let Some(found) = caltech::caltech256(self.arguments.data.as_deref())? else { return Ok(None) };
        self.begin(&found.source, &found.story)?;
        Ok(Some(found.images))
    }

    /// Images of which it is known what they show, in the splits `train` and `val`, and with them the first line of the output, which names them.
    ///
    /// The official folders of VOC 2012 are looked for in `--data`, `$GLASSBOX_DATA` or `./data`, then VOC 2007; where there is neither, drawn scenes stand in for them.
    ///
    /// # Errors
    ///
    /// When the user named a folder without them, when a file is damaged, or when the results' folder cannot be made.
    pub fn voc(&self) -> Result<Voc> {
        let scratch = self.arguments.checkpoints.join("generated");
        let found = voc::voc(self.arguments.data.as_deref(), &scratch)?;
        self.begin(&found.source, &found.story)?;
        Ok(found.voc)
    }

    /// The net with the weights of `squeezenet/<file>`, trained on photographs; with drawn images it stays untrained, and says so.
    ///
    /// # Errors
    ///
    /// When the file is not beside the photographs, or does not fill the net.
    pub fn pretrained(&self, file: &str, untrained: Net) -> Result<Net> {
        if matches!(self.sources().last(), Some(Source::Generated { .. })) {
            self.remark(file, "untrained weights in its place");
            return Ok(untrained.to_device(&self.device));
        }
        let (net, path, sha256) = photographs::pretrained(self.arguments.data.as_deref(), file, untrained)?;
        let name = path.file_name().unwrap_or_default().display().to_string();
        self.journal().weights.insert(name, sha256);
        Ok(net.to_device(&self.device))
    }

    /// The net with the weights of this file of the data folder, such as `alexnet/alexnet.safetensors`; none where it is not there.
    ///
    /// It is looked for in `--data`, `$GLASSBOX_DATA` or `./data`, whichever is named first.
    ///
    /// # Errors
    ///
    /// When the file does not fill the net.
    pub fn optional_weights(&self, file: &str, empty: impl FnOnce() -> Net) -> Result<Option<Net>> {
        let found = photographs::optional_weights(self.arguments.data.as_deref(), file, empty)?;
        Ok(found.map(|(net, sha256)| {
            self.journal().weights.insert(file.to_owned(), sha256);
            net.to_device(&self.device)
        }))
    }
}
