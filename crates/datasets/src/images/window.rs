//! Files read one after the other, worked on several at a time, and given out in their order.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::{Broken, Files, ImageFile};
use crate::DataError;

/// Files that are in memory at a time.
const WINDOW: usize = 8;

type Work<T> = Box<dyn Fn(ImageFile) -> Result<T, DataError> + Send + Sync>;

/// What some work makes of each file, in the files' order whatever the number of threads.
pub(crate) struct Window<T> {
    files: Files,
    work: Work<T>,
    ready: VecDeque<Result<T, DataError>>,
    broken: Broken,
    skipped: usize,
}

impl<T: Send> Window<T> {
    pub fn new(
        files: Files,
        broken: Broken,
        work: impl Fn(ImageFile) -> Result<T, DataError> + Send + Sync + 'static,
    ) -> Self {
        Self { files, work: Box::new(work), ready: VecDeque::new(), broken, skipped: 0 }
    }

    /// How many broken images have been left out so far.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Works on the next few files; whether there were any.
    fn fill(&mut self) -> bool {
        let files: Vec<_> = self.files.by_ref().take(WINDOW).collect();
        let work = &self.work;
        let done: Vec<_> = files.into_par_iter().map(|file| file.and_then(work)).collect();
        self.ready.extend(done);
        !self.ready.is_empty()
    }
}

impl<T: Send> Iterator for Window<T> {
    type Item = Result<T, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ready.is_empty() || self.fill() {
            match self.ready.pop_front() {
                Some(Err(DataError::Image { .. })) if self.broken == Broken::Skip => self.skipped += 1,
                result => return result,
            }
        }
        None
    }
}
