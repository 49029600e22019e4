//! Commands, settings, run.
fn main() {}
