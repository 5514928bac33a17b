//! How a data gradient is divided among threads: some channels of some images.

use super::geometry::Geometry;
use super::parts::TASKS;
use std::ops::Range;

/// Scalars of the image's gradient that a task keeps, so that they stay in the second-level cache.
const KEPT: usize = 1 << 17;

/// What one task computes: some channels of one group, of some images.
pub(super) struct Share<'a, T> {
    pub images: Range<usize>,
    pub group: usize,
    /// Which of the group's shares of channels this is.
    pub number: usize,
    /// Channels within the group.
    pub channels: Range<usize>,
    /// Their planes, image by image.
    pub planes: Vec<&'a mut [T]>,
}

/// Images and channels of a share.
#[derive(Clone, Copy)]
pub(super) struct Shares<'a> {
    g: &'a Geometry,
    images: usize,
    pub channels: usize,
}

impl<'a> Shares<'a> {
    /// As many shares as there is work for: of images, and where those do not suffice, of channels.
    pub fn new(g: &'a Geometry, threads: usize) -> Self {
        let (tasks, plane) = (g.tasks(threads, 2 * TASKS), g.input[0] * g.input[1]);
        let of_an_image = tasks.div_ceil(g.images * g.conv.groups);
        let channels = g.depth().div_ceil(of_an_image).min(KEPT / plane).max(1);
        let count = g.depth().div_ceil(channels);
        let channels = g.depth().div_ceil(count);
        let images = (g.images * g.conv.groups * count / tasks).min(KEPT / (plane * channels));
        Self { g, images: images.clamp(1, g.images), channels }
    }

    /// Divides the gradient.
    pub fn divide<T>(self, x: &mut [T]) -> Vec<Share<'_, T>> {
        let g = self.g;
        let count = g.depth().div_ceil(self.channels);
        let mut shares: Vec<_> = (0..g.images.div_ceil(self.images) * g.conv.groups * count)
            .map(|share| {
                self.share(share / count / g.conv.groups, share / count % g.conv.groups, share % count)
            })
            .collect();
        for (p, plane) in x.chunks_exact_mut(g.input[0] * g.input[1]).enumerate() {
            let (image, channel) = (p / g.channels, p % g.channels);
            let (group, channel) = (channel / g.depth(), channel % g.depth());
            let share = (image / self.images * g.conv.groups + group) * count + channel / self.channels;
            shares[share].planes.push(plane);
        }
        shares
    }

    fn share<'b, T>(&self, images: usize, group: usize, number: usize) -> Share<'b, T> {
        let range = |i: usize, step: usize, end: usize| i * step..((i + 1) * step).min(end);
        Share {
            images: range(images, self.images, self.g.images),
            group,
            number,
            channels: range(number, self.channels, self.g.depth()),
            planes: Vec::new(),
        }
    }
}
