//! Bounded L-BFGS: a state machine, an argmin solver, a lockstep driver.
