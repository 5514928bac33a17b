//! The checkpoint of a training run: parameters, velocities and the learning curve.

use crate::training_run::{EpochRecord, Recipe, TrainingRun};
use core_net::{Net, WeightsError, little_endian};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;
use tensor::{Tensor, with_slice};

/// The entry of the file's metadata that holds a [`RunState`].
const STATE: &str = "training";

/// Metadata of the file.
#[derive(Serialize, Deserialize)]
struct RunState {
    recipe: Recipe,
    seed: u64,
    #[serde(rename = "passed")]
    epochs: Vec<EpochRecord>,
}

impl TrainingRun {
    /// The run as the bytes of a safetensors file: every parameter by its name, and its velocity as `velocity of <name>`.
    ///
    /// # Panics
    /// If the recipe cannot be written as JSON: a number in it is not finite.
    pub fn to_safetensors(&self) -> Vec<u8> {
        let state = RunState { recipe: self.recipe.clone(), seed: self.seed, epochs: self.epochs.clone() };
        let state = serde_json::to_string(&state).expect("finite numbers");
        let parameters = self.net.parameters();
        let stored = parameters.iter().zip(&self.velocities).flat_map(|((name, parameter), velocity)| {
            let shape = parameter.dims().to_vec();
            let velocity = velocity.iter().flat_map(|v| v.to_le_bytes()).collect();
            [(name.clone(), shape.clone(), little_endian(parameter)), (velocity_of(name), shape, velocity)]
        });
        let stored: Vec<(String, Vec<usize>, Vec<u8>)> = stored.collect();
        let views = stored.iter().map(|(name, shape, bytes)| {
            (name, TensorView::new(Dtype::F32, shape.clone(), bytes).expect("bytes of this shape"))
        });
        safetensors::serialize(views, Some(HashMap::from([(STATE.into(), state)])))
            .expect("unique names and right sizes")
    }

    /// Resumes the run of a file after its last epoch.
    ///
    /// # Errors
    /// If the file cannot be read, is of another net, recipe or seed, or a tensor is missing or misshaped.
    pub fn resumed(net: Net, recipe: Recipe, seed: u64, path: &Path) -> Result<TrainingRun, WeightsError> {
        let bytes = std::fs::read(path).map_err(|source| WeightsError::File { path: path.into(), source })?;
        let format = |found: String| WeightsError::Format { path: path.into(), found };
        let file = SafeTensors::deserialize(&bytes).map_err(|error| format(error.to_string()))?;
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| format(error.to_string()))?;
        let state = header.metadata().as_ref().and_then(|entries| entries.get(STATE));
        let state = state.ok_or_else(|| format("no training in its metadata".into()))?;
        let state: RunState = serde_json::from_str(state).map_err(|error| format(error.to_string()))?;
        same("recipe", &recipe, &state.recipe, path)?;
        same("seed", &seed, &state.seed, path)?;
        let names: Vec<String> = net.parameters().into_iter().map(|(name, _)| name).collect();
        let net = net.with_tensors(&file, path, str::to_owned)?;
        let velocities = net.clone().with_tensors(&file, path, velocity_of)?;
        core_net::check_no_others(&file, path, |name| {
            names.iter().any(|known| name == known || name == velocity_of(known))
        })?;
        let mut run = TrainingRun::new(net, recipe, seed);
        let read = |(_, velocity): &(String, &Tensor)| with_slice::<f32, _>(velocity, <[f32]>::to_vec);
        run.velocities = velocities.parameters().iter().map(read).collect();
        run.epochs = state.epochs;
        Ok(run)
    }
}

fn velocity_of(name: &str) -> String {
    format!("velocity of {name}")
}

fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: &T,
    found: &T,
    path: &Path,
) -> Result<(), WeightsError> {
    if expected == found {
        return Ok(());
    }
    let describe = |value: &T| format!("a training of {what} {value:?}");
    Err(WeightsError::Parameter { path: path.into(), expected: describe(expected), found: describe(found) })
}
