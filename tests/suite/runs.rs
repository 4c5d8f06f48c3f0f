//! Training runs: their course and their ends.

use expect_test::expect;
use lampwork_protocol::event::RunState;
use lampwork_protocol::{
    Command, EarlyStopping, Event, ModelCard, NetKind, OptimizerConfig, OptimizerKind, RunRecipe,
    Sheet, StepFigures,
};

use crate::talk::{Talk, pictures, render, steps};
use lampwork_tests::recipes;

/// Every net that can be trained.
fn nets() -> [RunRecipe; 5] {
    [
        recipes::vae(NetKind::Mlp, 0),
        recipes::vae(NetKind::Mlp, 10),
        recipes::vae(NetKind::Conv, 10),
        recipes::gan(NetKind::Mlp),
        recipes::gan(NetKind::Conv),
    ]
}

/// The figures of all steps of a whole run.
fn played(recipe: &RunRecipe) -> Vec<StepFigures> {
    let mut talk = Talk::with_run(recipe);
    talk.command(Command::Play);
    assert_eq!(talk.status().state, RunState::Finished);
    talk.steps()
}

/// Figures bit by bit: that two are equal must not be a matter of rounding.
fn bits(steps: &[StepFigures]) -> Vec<(u64, Vec<u32>)> {
    steps
        .iter()
        .map(|one| {
            (
                one.step,
                one.values
                    .iter()
                    .map(|(_, value)| value.to_bits())
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn a_vae_is_trained_from_beginning_to_end() {
    let mut talk = Talk::with_data();
    talk.command(Command::StartRun {
        recipe: recipes::vae(NetKind::Mlp, 10),
    });
    talk.command(Command::Play);
    talk.check(expect![[r#"
        - filmstrip of 16 at step 0 [16x28x28]
        #2 run paused at step 0, epoch 0 of 5 steps
        #3 run playing at step 0, epoch 0 of 5 steps
        - filmstrip of 16 at step 1 [16x28x28]
        - run playing at step 1, epoch 0 of 5 steps
        - filmstrip of 16 at step 2 [16x28x28]
        - run playing at step 2, epoch 0 of 5 steps
        - steps 1..=5: loss reconstruction kl
        - filmstrip of 16 at step 5 [16x28x28]
        - run playing at step 5, epoch 1 of 5 steps
        - validated at step 5: loss reconstruction kl
        - run playing at step 5, epoch 1 of 5 steps
        - steps 6..=10: loss reconstruction kl
        - filmstrip of 16 at step 10 [16x28x28]
        - run playing at step 10, epoch 2 of 5 steps
        - validated at step 10: loss reconstruction kl
        - run playing at step 10, epoch 2 of 5 steps
        - steps 11..=15: loss reconstruction kl
        - filmstrip of 16 at step 15 [16x28x28]
        - run playing at step 15, epoch 3 of 5 steps
        - validated at step 15: loss reconstruction kl
        - run finished at step 15, epoch 3 of 5 steps
    "#]]);
}

#[test]
fn a_gan_is_trained_from_beginning_to_end_and_says_how_varied_it_is() {
    let mut talk = Talk::with_data();
    talk.command(Command::StartRun {
        recipe: recipes::gan(NetKind::Conv),
    });
    talk.command(Command::Play);
    let diversity: Vec<f32> = talk
        .said()
        .iter()
        .filter_map(|(reply, _)| match &reply.event {
            Event::Validated { values, .. } => Some(values[0].1),
            _ => None,
        })
        .collect();
    assert!(!diversity.is_empty());
    assert!(
        diversity.iter().all(|value| *value > 0.0 && *value < 10.0),
        "{diversity:?}"
    );
    talk.check(expect![[r#"
        - filmstrip of 16 at step 0 [16x28x28]
        #2 run paused at step 0, epoch 0 of 5 steps
        #3 run playing at step 0, epoch 0 of 5 steps
        - filmstrip of 16 at step 1 [16x28x28]
        - validated at step 1: diversity
        - run playing at step 1, epoch 0 of 5 steps
        - filmstrip of 16 at step 2 [16x28x28]
        - validated at step 2: diversity
        - run playing at step 2, epoch 0 of 5 steps
        - steps 1..=5: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 5 [16x28x28]
        - validated at step 5: diversity
        - run playing at step 5, epoch 1 of 5 steps
        - steps 6..=10: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 10 [16x28x28]
        - validated at step 10: diversity
        - run playing at step 10, epoch 2 of 5 steps
        - steps 11..=15: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 15 [16x28x28]
        - validated at step 15: diversity
        - run finished at step 15, epoch 3 of 5 steps
    "#]]);
}

#[test]
fn the_same_recipe_gives_the_same_numbers() {
    for recipe in nets() {
        let once = played(&recipe);
        assert_eq!(once.len(), 15);
        assert_eq!(bits(&once), bits(&played(&recipe)));
        let other = played(&RunRecipe { seed: 8, ..recipe });
        assert_ne!(bits(&once), bits(&other));
    }
}

#[test]
fn training_makes_a_vae_better() {
    let recipe = recipes::vae(NetKind::Mlp, 10);
    let faster = OptimizerConfig {
        learning_rate: 1e-2,
        ..recipe.optimizer.clone()
    };
    let recipe = RunRecipe {
        epochs: 12,
        optimizer: faster,
        ..recipe
    };
    let mut talk = Talk::with_run(&recipe);
    talk.command(Command::Play);
    let losses: Vec<f32> = talk
        .said()
        .iter()
        .filter_map(|(reply, _)| match &reply.event {
            Event::Validated { values, .. } => Some(values[0].1),
            _ => None,
        })
        .collect();
    assert_eq!(losses.len(), 12);
    assert!(losses[11] < 0.8 * losses[0], "{losses:?}");
}

#[test]
fn a_run_that_goes_on_from_a_snapshot_gives_the_same_numbers_as_one_that_was_never_left() {
    for recipe in nets() {
        let whole = played(&recipe);
        let mut before = Talk::with_run(&recipe);
        before.command(Command::Step { steps: 7 });
        let file = before.snapshot();
        let mut after = Talk::with_data();
        after.ask(
            Command::RestoreRun {
                recipe: recipe.clone(),
            },
            vec![file],
        );
        assert_eq!(after.status().step, 7);
        after.command(Command::Play);
        assert_eq!(bits(&before.steps()), bits(&whole[..7]));
        assert_eq!(bits(&after.steps()), bits(&whole[7..]));
        assert_eq!(
            before.snapshot(),
            before.snapshot(),
            "a snapshot changes nothing"
        );
    }
}

#[test]
fn a_run_begins_with_the_weights_of_a_file() {
    let recipe = recipes::vae(NetKind::Mlp, 10);
    let mut talk = Talk::with_run(&recipe);
    talk.command(Command::Play);
    let (file, _) = talk.export();
    let trained = talk.steps();
    let answers = talk.ask(Command::RestoreRun { recipe }, vec![file]);
    assert!(
        render(&answers).contains("run paused at step 0"),
        "{}",
        render(&answers)
    );
    let answers = talk.command(Command::Step { steps: 1 });
    let loss = |steps: &[StepFigures]| steps[0].values[0].1;
    assert!(
        loss(&steps(&answers)) < loss(&trained),
        "as bad as at the very beginning"
    );
}

#[test]
fn a_gan_begins_with_a_generator_whose_discriminator_is_gone() {
    let recipe = recipes::gan(NetKind::Mlp);
    let mut talk = Talk::with_run(&recipe);
    talk.command(Command::Step { steps: 4 });
    let (file, _) = talk.export();
    talk.ask(Command::RestoreRun { recipe }, vec![file.clone()]);
    assert_eq!(talk.status().step, 0);
    let tensors = |bytes: &[u8]| lampwork_weights::read(bytes).expect("a file of ours").0;
    assert_eq!(tensors(&talk.export().0), tensors(&file));
    let answers = talk.command(Command::Step { steps: 1 });
    assert_eq!(steps(&answers).len(), 1);
}

#[test]
fn it_stops_early_with_its_best_weights() {
    let recipe = RunRecipe {
        epochs: 50,
        // No epoch gains a thousand nats after the first, which counts as gain.
        early_stopping: Some(EarlyStopping {
            patience: 2,
            min_delta: 1e3,
        }),
        ..recipes::vae(NetKind::Mlp, 10)
    };
    let mut talk = Talk::with_run(&recipe);
    talk.command(Command::Play);
    assert_eq!(talk.steps().len(), 15);
    assert_eq!(
        talk.status().state,
        RunState::StoppedEarly { best_epoch: 1 }
    );
    let (stopped, _) = talk.export();
    let mut short = Talk::with_run(&recipe);
    short.command(Command::Step { steps: 5 });
    let (best, _) = short.export();
    let tensors = |bytes: &[u8]| lampwork_weights::read(bytes).expect("a file of ours").0;
    assert_eq!(tensors(&stopped), tensors(&best));
}

#[test]
fn a_run_that_diverges_says_so_and_keeps_its_last_good_weights() {
    let recipe = recipes::vae(NetKind::Mlp, 10);
    let wild = OptimizerConfig {
        kind: OptimizerKind::Sgd { momentum: 0.9 },
        learning_rate: 10.0,
        clip_norm: None,
        ..recipe.optimizer.clone()
    };
    let mut talk = Talk::with_run(&RunRecipe {
        optimizer: wild,
        ema: 0.0,
        ..recipe.clone()
    });
    talk.command(Command::Play);
    let RunState::Diverged { step, restored } = talk.status().state else {
        panic!("it did not diverge: {}", talk.text());
    };
    assert!(restored < step && talk.status().step == restored);
    // The weights are numbers and can be used, and tamer knobs bring it back.
    let (bytes, card) = talk.export();
    let info = talk.load(&bytes, None);
    assert_eq!(card.steps, restored);
    let sheet = Sheet {
        model: ModelCard::YOURS.to_owned(),
        weights: info.weights,
        seed: 1,
        class: Some(1),
        temperature: 1.0,
        count: 1,
        words: None,
        sampling: None,
    };
    assert_eq!(
        pictures(&talk.command(Command::Make {
            recipes: sheet.recipes()
        }))
        .len(),
        784
    );
    talk.command(Command::ResetRun);
    talk.command(Command::ChangeKnobs { recipe });
    let answers = talk.command(Command::Step { steps: 5 });
    let tame = steps(&answers);
    assert_eq!(tame.len(), 5);
    assert!(
        tame.iter()
            .all(|one| one.values.iter().all(|(_, value)| value.is_finite()))
    );
}

#[test]
fn a_learning_rate_that_no_run_survives_is_refused() {
    let mut recipe = recipes::vae(NetKind::Mlp, 10);
    recipe.optimizer.kind = OptimizerKind::Sgd { momentum: 0.0 };
    let mut talk = Talk::with_data();
    for rate in [1e30, f32::NAN, f32::INFINITY, -1.0] {
        recipe.optimizer.learning_rate = rate;
        let failure = talk.fails(
            Command::StartRun {
                recipe: recipe.clone(),
            },
            vec![],
        );
        assert!(
            failure
                .to_string()
                .starts_with("learning_rate is out of range"),
            "{failure}"
        );
    }
}
