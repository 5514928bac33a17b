//! Runs one experiment by its name.
fn main() {}
