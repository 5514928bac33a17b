//! Untied receptive fields: every place of the map has filters of its own.

use crate::by_type;
use crate::matmul::{View, matmul};
use crate::planes::dims;
use crate::real::Real;
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::Tensor;
use rayon::prelude::*;

/// How receptive fields lie on an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Height and width of a field.
    pub size: [usize; 2],
    /// Steps down and to the right.
    pub stride: [usize; 2],
}

impl Fields {
    /// Square fields.
    pub fn square(size: usize, stride: usize) -> Self {
        Self { size: [size; 2], stride: [stride; 2] }
    }

    /// How many fields lie on an image, down and across; `None` if none does or the stride is 0.
    pub fn output_size(&self, input: [usize; 2]) -> Option<[usize; 2]> {
        let along = |axis: usize| {
            let room = input[axis].checked_sub(self.size[axis]).filter(|_| self.size[axis] > 0)?;
            Some(room.checked_div(self.stride[axis])? + 1)
        };
        Some([along(0)?, along(1)?])
    }
}

/// Images that meet a place's filters together.
const IMAGES: usize = 32;

/// The inner products of each field's pixels with the filters of its place: a convolution whose weights are not shared.
///
/// **Shape** x `[n, c, h, w]`, weight `[oh · ow, maps, c · field height · field width]` with the places row by row,
/// bias `[maps, oh, ow]`; the result is `[n, maps, oh, ow]`.
///
/// **Paper** Le et al. 2012, §3: local receptive fields "are not convolutional: the parameters are not shared".
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn locally_connected(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, fields: &Fields) -> Tensor {
    same_type("locally_connected", &[x, weight]);
    let [n, c, h, w] = dims("locally_connected", x);
    let lattice = Lattice::new("locally_connected", [c, h, w], weight, fields);
    let mut shape = vec![n];
    shape.extend(lattice.output());
    let y = by_type!(x, T => {
        let mut y = vec![T::default(); n * lattice.outputs()];
        with_slice::<T, _>(x, |x| with_slice::<T, _>(weight, |weight| {
            let blocks = y.par_chunks_mut(IMAGES * lattice.outputs()).zip(x.par_chunks(IMAGES * c * h * w));
            blocks.for_each(|(y, x)| lattice.forward(x, weight, y));
        }));
        tensor_of(y, &shape)
    });
    match bias {
        Some(bias) => y.broadcast_add(bias).expect("a bias of the map's shape"),
        None => y,
    }
}

/// The adjoint of [`locally_connected`] with respect to x; where fields overlap, the sum in the order of their places.
///
/// **Shape** signal `[n, maps, oh, ow]`; the result is `[n, c, h, w]`, where `input` is `[h, w]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn locally_connected_data_gradient(
    signal: &Tensor,
    weight: &Tensor,
    input: [usize; 2],
    fields: &Fields,
) -> Tensor {
    same_type("locally_connected_data_gradient", &[signal, weight]);
    let [n, _, _, _] = dims("locally_connected_data_gradient", signal);
    let channels = weight.dims()[2] / (fields.size[0] * fields.size[1]).max(1);
    let image = [channels, input[0], input[1]];
    let lattice = Lattice::new("locally_connected_data_gradient", image, weight, fields);
    assert_eq!(signal.dims()[1..], lattice.output(), "locally_connected_data_gradient: signal");
    let size = image.iter().product::<usize>();
    by_type!(signal, T => {
        let mut x = vec![T::default(); n * size];
        with_slice::<T, _>(signal, |signal| with_slice::<T, _>(weight, |weight| {
            let blocks = x.par_chunks_mut(IMAGES * size).zip(signal.par_chunks(IMAGES * lattice.outputs()));
            blocks.for_each(|(x, signal)| lattice.back(signal, weight, x));
        }));
        tensor_of(x, &[n, channels, input[0], input[1]])
    })
}

/// The adjoint of [`locally_connected`] with respect to the weight, summed over the batch.
///
/// **Shape** signal `[n, maps, oh, ow]`, x `[n, c, h, w]`; the result is the weight's.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn locally_connected_weight_gradient(signal: &Tensor, x: &Tensor, fields: &Fields) -> Tensor {
    same_type("locally_connected_weight_gradient", &[signal, x]);
    let ([n, maps, oh, ow], [_, c, h, w]) =
        (dims("locally_connected_weight_gradient", signal), dims("locally_connected_weight_gradient", x));
    let lattice = Lattice { image: [c, h, w], maps, places: [oh, ow], fields: *fields };
    assert_eq!(fields.output_size([h, w]), Some([oh, ow]), "locally_connected_weight_gradient: signal");
    let depth = lattice.depth();
    by_type!(x, T => {
        let mut weight = vec![T::default(); oh * ow * maps * depth];
        with_slice::<T, _>(signal, |signal| with_slice::<T, _>(x, |x| {
            weight.par_chunks_mut(maps * depth).enumerate().for_each(|(place, weight)| {
                let (mut signals, mut patches) = (Vec::new(), Vec::new());
                lattice.read_maps(signal, place, &mut signals);
                lattice.read_field(x, place, &mut patches);
                let product = matmul(View::new(&signals, n, maps).transposed(), View::new(&patches, n, depth));
                weight.copy_from_slice(&product);
            });
        }));
        tensor_of(weight, &[oh * ow, maps, depth])
    })
}

/// The fields of an image, and the maps that their filters make.
struct Lattice {
    /// Channels, height, width.
    image: [usize; 3],
    maps: usize,
    /// Down and across.
    places: [usize; 2],
    fields: Fields,
}

impl Lattice {
    /// # Panics
    /// If the weight does not fit the image.
    fn new(operation: &str, image: [usize; 3], weight: &Tensor, fields: &Fields) -> Self {
        let [channels, height, width] = image;
        let places = fields
            .output_size([height, width])
            .unwrap_or_else(|| panic!("{operation}: {fields:?} does not fit {height}×{width}"));
        let lattice =
            Self { image, maps: weight.dims().get(1).copied().unwrap_or(0), places, fields: *fields };
        let expected = [places[0] * places[1], lattice.maps, channels * fields.size[0] * fields.size[1]];
        assert_eq!(weight.dims(), expected, "{operation}: weight");
        lattice
    }

    /// Shape of one image's output.
    fn output(&self) -> [usize; 3] {
        [self.maps, self.places[0], self.places[1]]
    }

    fn outputs(&self) -> usize {
        self.maps * self.places()
    }

    fn places(&self) -> usize {
        self.places[0] * self.places[1]
    }

    /// Scalars of a field.
    fn depth(&self) -> usize {
        self.image[0] * self.fields.size[0] * self.fields.size[1]
    }

    fn forward<T: Real>(&self, x: &[T], weight: &[T], y: &mut [T]) {
        let (depth, places) = (self.depth(), self.places());
        let mut patches = Vec::new();
        for (place, filters) in weight.chunks_exact(self.maps * depth).enumerate() {
            self.read_field(x, place, &mut patches);
            let patches = View::new(&patches, patches.len() / depth, depth);
            let products = matmul(patches, View::new(filters, self.maps, depth).transposed());
            let to = y[place..].iter_mut().step_by(places);
            to.zip(products).for_each(|(y, product)| *y = product);
        }
    }

    fn back<T: Real>(&self, signal: &[T], weight: &[T], x: &mut [T]) {
        let (depth, maps) = (self.depth(), self.maps);
        let mut signals = Vec::new();
        for (place, filters) in weight.chunks_exact(maps * depth).enumerate() {
            self.read_maps(signal, place, &mut signals);
            let signals = View::new(&signals, signals.len() / maps, maps);
            self.add_field(&matmul(signals, View::new(filters, maps, depth)), place, x);
        }
    }

    /// One place of all maps, a row for each image.
    fn read_maps<T: Real>(&self, maps: &[T], place: usize, rows: &mut Vec<T>) {
        rows.clear();
        rows.extend(maps[place.min(maps.len())..].iter().step_by(self.places()));
    }

    /// The pixels of one field, a row for each image.
    fn read_field<T: Real>(&self, images: &[T], place: usize, rows: &mut Vec<T>) {
        rows.clear();
        let size = self.image.iter().product();
        for image in images.chunks_exact(size) {
            self.lines(place)
                .for_each(|from| rows.extend_from_slice(&image[from..from + self.fields.size[1]]));
        }
    }

    /// Adds rows as [`Lattice::read_field`] reads them.
    fn add_field<T: Real>(&self, rows: &[T], place: usize, images: &mut [T]) {
        let across = self.fields.size[1];
        let size = self.image.iter().product();
        for (image, row) in images.chunks_exact_mut(size).zip(rows.chunks_exact(self.depth())) {
            for (from, line) in self.lines(place).zip(row.chunks_exact(across)) {
                image[from..from + across].iter_mut().zip(line).for_each(|(sum, &term)| *sum += term);
            }
        }
    }

    /// Where each line of a field begins in its image, channel after channel.
    fn lines(&self, place: usize) -> impl Iterator<Item = usize> {
        let [channels, height, width] = self.image;
        let [top, left] =
            [place / self.places[1] * self.fields.stride[0], place % self.places[1] * self.fields.stride[1]];
        let rows = self.fields.size[0];
        (0..channels)
            .flat_map(move |channel| (0..rows).map(move |row| (channel * height + top + row) * width + left))
    }
}
