//! `train`: trains, samples and measures Lampwork's models on this machine.

fn main() {}
