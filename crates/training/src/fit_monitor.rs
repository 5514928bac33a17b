//! The observer and the checkpoint of a fit by L-BFGS.

use argmin::core::checkpointing::{Checkpoint, CheckpointingFrequency};
use argmin::core::observers::Observe;
use argmin::core::{Error, KV, State};
use lbfgsb::{Lbfgsb, SolverState};
use std::cell::RefCell;

/// Iterations from one checkpoint to the next; in tests few, so that a short fit has several.
const INTERVAL: u64 = if cfg!(test) { 8 } else { 25 };

/// What a fit reports to and resumes from; by default neither.
#[derive(Default)]
pub struct FitMonitor {
    /// Called after each iteration with its number, counted from 1, and the least objective so far.
    pub observer: Option<Box<dyn FnMut(u64, f64)>>,
    /// Where the fit keeps its state: a fit that was killed resumes, and ends at the same bits.
    pub checkpoint: Option<Box<dyn FitCheckpoint>>,
}

/// A place for the state of a fit, such as a file.
pub trait FitCheckpoint {
    /// The last state saved here; `None` where there is none to be trusted.
    fn load(&self) -> Option<Vec<u8>>;
    /// Saves a state in place of the last one. Where that fails, the place reports it and the fit goes on.
    fn save(&self, state: &[u8]);
    /// Reports why the state that was loaded is not used: the fit starts from the beginning.
    fn reject(&self, reason: &str);
}

/// A closure as argmin's observer.
pub(crate) struct Observer(pub(crate) Box<dyn FnMut(u64, f64)>);

impl Observe<SolverState> for Observer {
    fn observe_iter(&mut self, state: &SolverState, _: &KV) -> Result<(), Error> {
        // The executor counts an iteration after it has been observed.
        (self.0)(state.get_iter() + 1, state.get_best_cost());
        Ok(())
    }
}

/// A place for states as argmin's checkpoint.
pub(crate) struct SolverCheckpoint {
    place: Box<dyn FitCheckpoint>,
    resumed: RefCell<Option<(Lbfgsb, SolverState)>>,
}

impl SolverCheckpoint {
    /// Resumes from the place's state if it belongs to the same search as `solver`, which minimizes `f_and_g`.
    pub(crate) fn new(
        place: Box<dyn FitCheckpoint>,
        solver: &Lbfgsb,
        f_and_g: impl FnOnce(&[f64], &mut [f64]) -> f64,
    ) -> Self {
        let resumed = place.load().and_then(|state| match serde_json::from_slice::<Lbfgsb>(&state) {
            Ok(saved) if saved.continues(solver, f_and_g) => Some((saved.clone(), saved.state())),
            Ok(_) => {
                place.reject("expected a state of this training, found one of other data or settings");
                None
            }
            Err(error) => {
                place.reject(&format!("expected the state of a training, found {error}"));
                None
            }
        });
        Self { place, resumed: RefCell::new(resumed) }
    }
}

impl Checkpoint<Lbfgsb, SolverState> for SolverCheckpoint {
    fn save(&self, solver: &Lbfgsb, _: &SolverState) -> Result<(), Error> {
        self.place.save(&serde_json::to_vec(solver)?);
        Ok(())
    }

    fn load(&self) -> Result<Option<(Lbfgsb, SolverState)>, Error> {
        Ok(self.resumed.take())
    }

    fn frequency(&self) -> CheckpointingFrequency {
        CheckpointingFrequency::Every(INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Scale, SoftmaxRegression};
    use std::rc::Rc;
    use tensor::{DType, Tensor, argmax, seeded, to_f64s, uniform};

    #[derive(Clone, Default)]
    struct Memory {
        first: Option<Vec<u8>>,
        saved: Rc<RefCell<Vec<Vec<u8>>>>,
        rejected: Rc<RefCell<Vec<String>>>,
    }

    impl FitCheckpoint for Memory {
        fn load(&self) -> Option<Vec<u8>> {
            self.first.clone()
        }
        fn save(&self, state: &[u8]) {
            self.saved.borrow_mut().push(state.to_vec());
        }
        fn reject(&self, reason: &str) {
            self.rejected.borrow_mut().push(reason.to_owned());
        }
    }

    /// The weights and biases, and the iterations that were observed.
    fn fit(data: &(Tensor, Vec<usize>), weight_decay: f64, place: Memory) -> (Vec<f64>, Vec<u64>) {
        let seen = Rc::new(RefCell::new(vec![]));
        let observed = seen.clone();
        let monitor = FitMonitor {
            observer: Some(Box::new(move |iteration, _| observed.borrow_mut().push(iteration))),
            checkpoint: Some(Box::new(place)),
        };
        let scale = Scale::AsIs;
        let regression = SoftmaxRegression { weight_decay, max_iterations: 120, f_tolerance: 0.0, scale };
        let fit = regression.fit_monitored(&data.0, &data.1, 6, monitor);
        let weights = [to_f64s(&fit.weight), to_f64s(&fit.bias)].concat();
        (weights, seen.take())
    }

    fn data(seed: u64) -> (Tensor, Vec<usize>) {
        let features = uniform(&mut seeded(seed, "features"), &[1500, 6], 1.0, DType::F32);
        let labels = argmax(&features);
        (features, labels)
    }

    #[test]
    fn a_fit_killed_after_any_checkpoint_resumes_and_ends_at_the_same_bits() {
        let (data, place) = (data(5), Memory::default());
        let (weights, seen) = fit(&data, 1e-6, place.clone());
        assert!(seen.iter().copied().eq(1..=seen.len() as u64), "{seen:?}");
        let saved = place.saved.take();
        assert_eq!(saved.len() as u64, seen.len() as u64 / INTERVAL);
        assert!(saved.len() > 1, "{} iterations", seen.len());
        for (count, state) in (1..).zip(saved) {
            let place = Memory { first: Some(state), ..Memory::default() };
            let (resumed, rest) = fit(&data, 1e-6, place.clone());
            assert_eq!(resumed, weights);
            assert_eq!(rest, seen[(count * INTERVAL) as usize..]);
            assert!(place.rejected.take().is_empty());
        }
    }

    #[test]
    fn a_state_of_other_data_or_settings_or_a_damaged_one_is_rejected_in_one_line() {
        let place = Memory::default();
        fit(&data(5), 1e-6, place.clone());
        let state = place.saved.borrow()[0].clone();
        let cut = state[..state.len() / 2].to_vec();
        let cases = [(data(6), 1e-6, state.clone()), (data(5), 1e-3, state), (data(5), 1e-6, cut)];
        for (other, decay, state) in cases {
            let place = Memory { first: Some(state), ..Memory::default() };
            let (found, iterations) = fit(&other, decay, place.clone());
            assert_eq!(found, fit(&other, decay, Memory::default()).0);
            assert_eq!(iterations[0], 1);
            let reasons = place.rejected.take();
            assert!(matches!(&reasons[..], [reason] if !reason.contains('\n')), "{reasons:?}");
        }
    }
}
