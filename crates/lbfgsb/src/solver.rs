//! The same minimization as a solver of argmin.

use std::cell::RefCell;

use argmin::core::{
    CostFunction, Error, Gradient, IterState, KV, Problem, Solver, TerminationReason, TerminationStatus,
};

use crate::bounds::Bounds;
use crate::minimizer::Minimizer;
use crate::settings::Settings;
use crate::stop::Stop;

type State = IterState<Vec<f64>, Vec<f64>, (), (), (), f64>;

/// Bounded L-BFGS for argmin's `Executor`, with parameters of type `Vec<f64>`.
///
/// After each iteration the state's parameter is the best point so far and its cost is f there.
/// A tolerance that is met reads `SolverConverged`, the iterations `MaxItersReached` (of [`Settings`] or of the
/// executor, whichever comes first), anything else `SolverExit` with the words of [`Stop`].
/// Every evaluation is one call of `cost` and then one of `gradient` at the same point: [`Fused`] makes them one.
#[derive(Clone, Debug)]
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
}

impl<O> Solver<O, State> for Lbfgsb
where
    O: CostFunction<Param = Vec<f64>, Output = f64> + Gradient<Param = Vec<f64>, Gradient = Vec<f64>>,
{
    fn name(&self) -> &'static str {
        "L-BFGS-B"
    }

    fn init(&mut self, problem: &mut Problem<O>, mut state: State) -> Result<(State, Option<KV>), Error> {
        let missing = "L-BFGS-B: expected an initial parameter in the executor's state, found none";
        let start = state.take_param().ok_or_else(|| Error::msg(missing))?;
        let mut minimizer = Minimizer::new(&start, self.bounds.clone(), self.settings.clone());
        answer(&mut minimizer, problem)?;
        let state = report(&minimizer, state);
        self.minimizer = Some(minimizer);
        Ok((state, None))
    }

    fn next_iter(&mut self, problem: &mut Problem<O>, state: State) -> Result<(State, Option<KV>), Error> {
        let missing = "L-BFGS-B: expected `init` before `next_iter`";
        let minimizer = self.minimizer.as_mut().ok_or_else(|| Error::msg(missing))?;
        let iteration = minimizer.iterations();
        while minimizer.stopped().is_none() && minimizer.iterations() == iteration {
            answer(minimizer, problem)?;
        }
        Ok((report(minimizer, state), None))
    }

    fn terminate(&mut self, _state: &State) -> TerminationStatus {
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

/// Evaluates where the minimizer asks.
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

fn report(minimizer: &Minimizer, state: State) -> State {
    state.param(minimizer.best().to_vec()).cost(minimizer.value())
}

/// A problem for argmin from one function that writes the gradient and returns f.
///
/// argmin asks for the two one after the other; the gradient of the last cost is kept, so that f is computed once.
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
    use argmin::core::{Executor, State as _};

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
}
