//! Pictures that a flow begins with.

use lampwork_protocol::{
    Command, Event, Failure, Latent, ModelCard, Recipe, Sampling, Solver, Start,
};

use crate::talk::Talk;
use lampwork_tests::recipes;

/// A talk with a flow that has learned a little, and the hash of its weights.
fn flow() -> (Talk, [u8; 8]) {
    let mut talk = Talk::with_run(&recipes::flow());
    talk.command(Command::Step { steps: 2 });
    let (bytes, _) = talk.export();
    (talk, lampwork_weights::hash(&bytes))
}

fn drawing() -> Vec<u8> {
    (0..784).map(|at| (at * 7 % 256) as u8).collect()
}

fn recipe(weights: [u8; 8], seed: u64, start: Start) -> Recipe {
    Recipe {
        model: ModelCard::YOURS.to_owned(),
        weights,
        latent: Latent::Draw {
            seed,
            index: 0,
            temperature: 1.0,
            class: Some(3),
        },
        sampling: Some(Sampling {
            steps: 4,
            ..Sampling::default()
        }),
        start: Some(start),
    }
}
