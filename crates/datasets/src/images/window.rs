//! Files processed in parallel, a window at a time, and returned in order.

use super::{BrokenImages, Files, ImageFile};
use crate::DataError;
use rayon::prelude::*;
use std::collections::VecDeque;

/// Files in memory at a time.
const WINDOW: usize = 8;

type Work<T> = Box<dyn Fn(ImageFile) -> Result<T, DataError> + Send + Sync>;

/// The result of some work on each file, in the files' order for any number of threads.
pub(crate) struct Window<T> {
    files: Files,
    work: Work<T>,
    ready: VecDeque<Result<T, DataError>>,
    broken: BrokenImages,
    skipped: usize,
}

impl<T: Send> Window<T> {
    pub fn new(
        files: Files,
        broken: BrokenImages,
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
                Some(Err(DataError::Image { .. } | DataError::TooSmall { .. }))
                    if self.broken == BrokenImages::Skip =>
                {
                    self.skipped += 1;
                }
                result => return result,
            }
        }
        None
    }
}
