//! The minimizer as a solver of argmin.

use crate::bounds::Bounds;
use crate::minimizer::Minimizer;
use crate::settings::Settings;
use crate::stop::Stop;
use argmin::core::{
    CostFunction, Error, Gradient, IterState, KV, Problem, Solver, State, TerminationReason,
    TerminationStatus,
};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;

/// The executor's state for [`Lbfgsb`].
pub type SolverState = IterState<Vec<f64>, Vec<f64>, (), (), (), f64>;

/// Bounded L-BFGS for argmin's `Executor`, with parameters of type `Vec<f64>`.
///
/// After each iteration the state's parameter is the best point so far and its cost is f there.
/// A tolerance that is met reads `SolverConverged`, the iterations `MaxItersReached` (of [`Settings`] or of the
/// executor, whichever comes first), anything else `SolverExit` with the words of [`Stop`].
/// Every evaluation is one call of `cost` and then one of `gradient` at the same point: [`Fused`] makes them one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lbfgsb {
    bounds: Bounds,
    settings: Settings,
    minimizer: Option<Minimizer>,
}

impl Lbfgsb {
    /// A solver for this box; the start is the initial parameter of the executor's state.
    pub fn new(bounds: Bounds, settings: Settings) -> Self {
        Self { bounds, settings, minimizer: None }
    }

    /// Whether this solver, read from a checkpoint, is under way for the same bounds, settings and function as `new`:
    /// the function is evaluated once, and has the remembered value and gradient to the last bit.
    pub fn continues(&self, new: &Lbfgsb, f_and_g: impl FnOnce(&[f64], &mut [f64]) -> f64) -> bool {
        let agrees = |minimizer: &Minimizer| minimizer.agrees_with(&new.bounds, f_and_g);
        self.settings == new.settings && self.minimizer.as_ref().is_some_and(agrees)
    }

    /// The executor's state after the iterations so far, to resume with; as at the beginning where there were none.
    pub fn state(&self) -> SolverState {
        let mut state = SolverState::new().max_iters(self.settings.max_iterations as u64);
        if let Some(minimizer) = &self.minimizer {
            state = report(minimizer, state);
            state.update();
            (0..minimizer.iterations()).for_each(|_| state.increment_iter());
        }
        state
    }
}

impl<O> Solver<O, SolverState> for Lbfgsb
where
    O: CostFunction<Param = Vec<f64>, Output = f64> + Gradient<Param = Vec<f64>, Gradient = Vec<f64>>,
{
    fn name(&self) -> &'static str {
        "L-BFGS-B"
    }

    fn init(
        &mut self,
        problem: &mut Problem<O>,
        mut state: SolverState,
    ) -> Result<(SolverState, Option<KV>), Error> {
        let missing = "L-BFGS-B: expected an initial parameter in the executor's state, found none";
        let start = state.take_param().ok_or_else(|| Error::msg(missing))?;
        let mut minimizer = Minimizer::new(&start, self.bounds.clone(), self.settings.clone());
        answer(&mut minimizer, problem)?;
        let state = report(&minimizer, state);
        self.minimizer = Some(minimizer);
        Ok((state, None))
    }

    fn next_iter(
        &mut self,
        problem: &mut Problem<O>,
        state: SolverState,
    ) -> Result<(SolverState, Option<KV>), Error> {
        let missing = "L-BFGS-B: expected `init` before `next_iter`";
        let minimizer = self.minimizer.as_mut().ok_or_else(|| Error::msg(missing))?;
        let iteration = minimizer.iterations();
        while minimizer.stopped().is_none() && minimizer.iterations() == iteration {
            answer(minimizer, problem)?;
        }
        Ok((report(minimizer, state), None))
    }

    fn terminate(&mut self, _state: &SolverState) -> TerminationStatus {
        let Some(stop) = self.minimizer.as_ref().and_then(Minimizer::stopped) else {
            return TerminationStatus::NotTerminated;
        };
        TerminationStatus::Terminated(match stop {
            Stop::Gradient | Stop::Reduction => TerminationReason::SolverConverged,
            Stop::Iterations => TerminationReason::MaxItersReached,
            other => TerminationReason::SolverExit(other.to_string()),
        })
    }
}

/// Evaluates at the point that the minimizer returns, unless it has stopped.
fn answer<O>(minimizer: &mut Minimizer, problem: &mut Problem<O>) -> Result<(), Error>
where
    O: CostFunction<Param = Vec<f64>, Output = f64> + Gradient<Param = Vec<f64>, Gradient = Vec<f64>>,
{
    if let Some(point) = minimizer.ask().map(<[f64]>::to_vec) {
        let cost = problem.cost(&point)?;
        let gradient = problem.gradient(&point)?;
        minimizer.tell(cost, &gradient);
    }
    Ok(())
}

fn report(minimizer: &Minimizer, state: SolverState) -> SolverState {
    state.param(minimizer.best().to_vec()).cost(minimizer.value())
}

/// A problem for argmin from one function that writes the gradient and returns f.
///
/// argmin calls `cost` and then `gradient`; the gradient of the last cost is kept, so that f is computed once.
pub struct Fused<F> {
    f_and_g: RefCell<F>,
    last: RefCell<Option<(Vec<f64>, Vec<f64>)>>,
}

impl<F: FnMut(&[f64], &mut [f64]) -> f64> Fused<F> {
    /// A problem whose `cost` and `gradient` share one call of `f_and_g`.
    pub fn new(f_and_g: F) -> Self {
        Self { f_and_g: RefCell::new(f_and_g), last: RefCell::new(None) }
    }
}

impl<F: FnMut(&[f64], &mut [f64]) -> f64> CostFunction for Fused<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        let mut gradient = vec![0.0; x.len()];
        let f = (self.f_and_g.borrow_mut())(x, &mut gradient);
        *self.last.borrow_mut() = Some((x.clone(), gradient));
        Ok(f)
    }
}

impl<F: FnMut(&[f64], &mut [f64]) -> f64> Gradient for Fused<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
        if !matches!(&*self.last.borrow(), Some((at, _)) if at == x) {
            self.cost(x)?;
        }
        Ok(self.last.take().map(|(_, gradient)| gradient).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argmin::core::Executor;

    fn bowl(x: &[f64], g: &mut [f64]) -> f64 {
        for (g, x) in g.iter_mut().zip(x) {
            *g = 2.0 * (x - 2.0);
        }
        x.iter().map(|x| (x - 2.0).powi(2)).sum()
    }

    #[test]
    fn the_executor_finds_the_corner_and_counts_as_the_minimizer_does() {
        let bounds = Bounds::uniform(3, -1.0, 1.0).unwrap();
        let mut alone = Minimizer::new(&[0.5, 0.0, -1.0], bounds.clone(), Settings::default());
        crate::minimize(&mut alone, bowl);

        let mut calls = 0;
        let problem = Fused::new(|x: &[f64], g: &mut [f64]| {
            calls += 1;
            bowl(x, g)
        });
        let run = Executor::new(problem, Lbfgsb::new(bounds, Settings::default()))
            .configure(|state| state.param(vec![0.5, 0.0, -1.0]).max_iters(100).counting(true))
            .run()
            .unwrap();
        let state = run.state();
        assert_eq!(state.get_best_param().unwrap(), &vec![1.0; 3]);
        assert_eq!(state.get_best_cost(), 3.0);
        assert_eq!(state.get_termination_reason(), Some(&TerminationReason::SolverConverged));
        assert_eq!(state.get_iter() as usize, alone.iterations());
        let counts = state.get_func_counts();
        assert_eq!([counts["cost_count"], counts["gradient_count"]], [alone.evaluations() as u64; 2]);
        drop(run);
        assert_eq!(calls, alone.evaluations());
    }

    #[test]
    fn a_value_that_is_not_finite_ends_the_executor_with_its_reason() {
        let problem = Fused::new(|_: &[f64], _: &mut [f64]| f64::NAN);
        let solver = Lbfgsb::new(Bounds::unbounded(2), Settings::default());
        let run = Executor::new(problem, solver).configure(|state| state.param(vec![0.0; 2])).run().unwrap();
        let reason = TerminationReason::SolverExit("f is not finite at evaluation 1".into());
        assert_eq!(run.state().get_termination_reason(), Some(&reason));
    }

    /// Rosenbrock's valley, once more for each pair of variables.
    fn valley(x: &[f64], g: &mut [f64]) -> f64 {
        let pairs = x.as_chunks::<2>().0.iter().zip(g.as_chunks_mut::<2>().0);
        pairs.fold(0.0, |sum, ([a, b], g)| {
            let (rise, rest) = (b - a * a, 1.0 - a);
            *g = [-400.0 * a * rise - 2.0 * rest, 200.0 * rise];
            sum + 100.0 * rise * rise + rest * rest
        })
    }

    #[test]
    fn a_search_that_is_serialized_at_every_point_goes_the_same_way() {
        let start = [-1.2, 1.0, 0.3, -0.7, 2.0, 0.1];
        for bounds in [Bounds::unbounded(6), Bounds::uniform(6, -1.5, 0.9).unwrap()] {
            let mut plain =
                Minimizer::new(&start, bounds.clone(), Settings { memory: 3, ..Settings::default() });
            let mut stored = plain.clone();
            let mut g = [0.0; 6];
            while let Some(point) = plain.ask() {
                // Before the first answer the least value is infinite, which JSON lacks.
                stored = serde_json::from_slice(&serde_json::to_vec(&stored).unwrap()).unwrap_or(stored);
                assert_eq!(stored.ask(), Some(point));
                let f = valley(point, &mut g);
                plain.tell(f, &g);
                stored.tell(f, &g);
            }
            assert!(plain.iterations() > 10);
            assert_eq!((stored.best(), stored.stopped()), (plain.best(), plain.stopped()));
        }
    }

    #[test]
    fn a_solver_of_another_function_or_other_settings_is_not_continued() {
        let new = |memory| Lbfgsb::new(Bounds::unbounded(2), Settings { memory, ..Settings::default() });
        let mut begun = new(3);
        let state = SolverState::new().param(vec![-1.2, 1.0]);
        begun.init(&mut Problem::new(Fused::new(valley)), state).unwrap();
        assert!(begun.continues(&new(3), valley));
        assert!(!begun.continues(&new(4), valley));
        assert!(!begun.continues(&new(3), bowl));
        assert!(!begun.continues(&Lbfgsb::new(Bounds::unbounded(3), begun.settings.clone()), valley));
        assert!(!new(3).continues(&new(3), valley));
    }
}
