//! MNIST through candle-datasets, with the feature `hub`.

use crate::idx::{Idx, Kind};
use crate::mnist::FILES;
use crate::{DataError, Mnist};
use candle_datasets::vision::{Dataset, mnist};
use std::error::Error;
use std::io;
use std::path::Path;
use tensor::{DType, Tensor};

/// Where candle-datasets finds MNIST.
const HUB: &str = "ylecun/mnist";

/// Why candle could not do it.
type Reason = Box<dyn Error + Send + Sync>;

impl Mnist {
    /// MNIST from the hub, downloaded and cached by candle-datasets.
    ///
    /// # Errors
    /// When the hub cannot be reached, or what it holds is not 60,000 + 10,000 digits.
    pub fn from_hub() -> Result<Mnist, DataError> {
        let dataset = mnist::load().map_err(|e| unreadable(Path::new(HUB), e))?;
        Mnist::from_candle(&dataset, Path::new(HUB))
    }

    /// The digits that candle-datasets has read from `place`, the same to the last bit as if [`Mnist::read`] had read them.
    ///
    /// candle multiplies bytes by 1/255 where we divide by 255, which rounds differently: pixels become bytes again.
    ///
    /// # Errors
    /// When they are not 60,000 + 10,000 digits of 28 × 28 pixels.
    pub fn from_candle(dataset: &Dataset, place: &Path) -> Result<Mnist, DataError> {
        let tensors =
            [&dataset.train_images, &dataset.train_labels, &dataset.test_images, &dataset.test_labels];
        let files = FILES.iter().zip(tensors).map(|(&(name, kind, count), tensor)| {
            let path = place.join(name);
            let bytes = as_file(kind, tensor).map_err(|e| unreadable(&path, e))?;
            Idx::from_stream(&path, kind, Some(count), &mut &bytes[..])
        });
        Ok(Mnist::from_files(place, files.collect::<Result<_, _>>()?))
    }
}

/// The IDX file that holds these pixels or labels.
fn as_file(kind: Kind, tensor: &Tensor) -> Result<Vec<u8>, Reason> {
    let body = match kind {
        Kind::Images => (tensor * 255.0)?.round()?.to_dtype(DType::U8)?,
        Kind::Labels => tensor.to_dtype(DType::U8)?,
    };
    let mut bytes = kind.header(tensor.dim(0)? as u32);
    bytes.extend(body.flatten_all()?.to_vec1::<u8>()?);
    Ok(bytes)
}

fn unreadable(path: &Path, found: impl Into<Reason>) -> DataError {
    DataError::Io {
        path: path.to_owned(),
        expected: "digits read by candle-datasets",
        found: io::Error::other(found),
    }
}
