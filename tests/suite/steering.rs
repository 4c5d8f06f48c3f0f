//! Play, pause, step, reset and knobs.

use expect_test::expect;
use lampwork_protocol::event::RunState;
use lampwork_protocol::{Command, DataSet, ModelConfig, NetKind, RunRecipe, Sheet, Side};

use crate::talk::{Talk, pictures, steps};
use lampwork_tests::recipes;

#[test]
fn without_a_run_there_is_nothing_to_steer() {
    let mut talk = Talk::with_data();
    let recipe = recipes::gan(NetKind::Mlp);
    for command in [
        Command::Play,
        Command::Pause,
        Command::Step { steps: 1 },
        Command::StepSide {
            side: Side::Generator,
            steps: 1,
        },
        Command::ResetRun,
        Command::ChangeKnobs { recipe },
        Command::UseRun,
        Command::ExportRun,
        Command::Snapshot,
    ] {
        talk.command(command);
    }
    talk.check(expect![[r#"
        #2 FAILED: no run is set up. Set one up in the Workbench.
        #3 FAILED: no run is set up. Set one up in the Workbench.
        #4 FAILED: no run is set up. Set one up in the Workbench.
        #5 FAILED: no run is set up. Set one up in the Workbench.
        #6 FAILED: no run is set up. Set one up in the Workbench.
        #7 FAILED: no run is set up. Set one up in the Workbench.
        #8 FAILED: no run is set up. Set one up in the Workbench.
        #9 FAILED: no run is set up. Set one up in the Workbench.
        #10 FAILED: no run is set up. Set one up in the Workbench.
    "#]]);
}

#[test]
fn a_run_pauses_within_a_step_and_goes_on_as_if_it_had_not() {
    let recipe = recipes::vae(NetKind::Mlp, 10);
    let mut whole = Talk::with_run(&recipe);
    whole.command(Command::Play);

    let mut talk = Talk::with_run(&recipe);
    talk.send(Command::Play, vec![]);
    // Three slices: one step and a half.
    talk.work(3);
    talk.command(Command::Pause);
    assert_eq!(talk.status().step, 1);
    assert_eq!(talk.status().state, RunState::Paused);
    talk.command(Command::Pause);
    talk.command(Command::Play);
    assert_eq!(talk.steps(), whole.steps());
}

#[test]
fn steps_are_counted() {
    let mut talk = Talk::with_run(&recipes::vae(NetKind::Mlp, 0));
    talk.command(Command::Step { steps: 1 });
    talk.command(Command::Step { steps: 3 });
    // Across the end of an epoch, and no step at all is one.
    talk.command(Command::Step { steps: 2 });
    talk.command(Command::Step { steps: 0 });
    talk.check(expect![[r#"
        #3 run playing at step 0, epoch 0 of 5 steps
        - steps 1: loss reconstruction kl
        - filmstrip of 16 at step 1 [16x28x28]
        - run paused at step 1, epoch 0 of 5 steps
        #4 run playing at step 1, epoch 0 of 5 steps
        - filmstrip of 16 at step 2 [16x28x28]
        - run playing at step 2, epoch 0 of 5 steps
        - steps 2..=4: loss reconstruction kl
        - filmstrip of 16 at step 4 [16x28x28]
        - run paused at step 4, epoch 0 of 5 steps
        #5 run playing at step 4, epoch 0 of 5 steps
        - steps 5: loss reconstruction kl
        - filmstrip of 16 at step 5 [16x28x28]
        - run playing at step 5, epoch 1 of 5 steps
        - validated at step 5: loss reconstruction kl
        - run playing at step 5, epoch 1 of 5 steps
        - steps 6: loss reconstruction kl
        - filmstrip of 16 at step 6 [16x28x28]
        - run paused at step 6, epoch 1 of 5 steps
        #6 run playing at step 6, epoch 1 of 5 steps
        - steps 7: loss reconstruction kl
        - filmstrip of 16 at step 7 [16x28x28]
        - run paused at step 7, epoch 1 of 5 steps
    "#]]);
}

#[test]
fn one_side_of_a_gan_is_trained_alone() {
    let recipe = recipes::gan(NetKind::Mlp);
    let weights = |talk: &mut Talk| {
        let (bytes, _) = talk.export();
        lampwork_weights::read(&bytes).expect("a file of ours").0
    };
    let mut talk = Talk::with_run(&recipe);
    let first = weights(&mut talk);
    talk.command(Command::StepSide {
        side: Side::Discriminator,
        steps: 2,
    });
    assert_eq!(talk.status().step, 2);
    assert_eq!(weights(&mut talk), first, "the generator moved");
    talk.command(Command::StepSide {
        side: Side::Generator,
        steps: 2,
    });
    assert_eq!(talk.status().step, 4);
    assert_ne!(weights(&mut talk), first, "the generator did not move");
    // After it both are trained again.
    talk.command(Command::Step { steps: 1 });
    talk.check(expect![[r#"
        #3 exported yours of 0 steps [a file]
        #4 run playing at step 0, epoch 0 of 5 steps
        - filmstrip of 16 at step 1 [16x28x28]
        - validated at step 1: diversity
        - run playing at step 1, epoch 0 of 5 steps
        - steps 1..=2: d_loss d_real d_fake
        - filmstrip of 16 at step 2 [16x28x28]
        - validated at step 2: diversity
        - run paused at step 2, epoch 0 of 5 steps
        #5 exported yours of 2 steps [a file]
        #6 run playing at step 2, epoch 0 of 5 steps
        - steps 3..=4: g_loss
        - filmstrip of 16 at step 4 [16x28x28]
        - validated at step 4: diversity
        - run paused at step 4, epoch 0 of 5 steps
        #7 exported yours of 4 steps [a file]
        #8 run playing at step 4, epoch 0 of 5 steps
        - steps 5: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 5 [16x28x28]
        - validated at step 5: diversity
        - run paused at step 5, epoch 1 of 5 steps
    "#]]);

    let mut vae = Talk::with_run(&recipes::vae(NetKind::Mlp, 0));
    vae.command(Command::StepSide {
        side: Side::Generator,
        steps: 1,
    });
    vae.check(expect![[r#"
        #3 FAILED: VAE cannot do this: it has no two sides. Choose another model.
    "#]]);
}

#[test]
fn a_reset_run_begins_again_exactly() {
    let mut talk = Talk::with_run(&recipes::gan(NetKind::Mlp));
    let first = steps(&talk.command(Command::Step { steps: 3 }));
    talk.command(Command::ResetRun);
    assert_eq!(talk.status().step, 0);
    assert_eq!(steps(&talk.command(Command::Step { steps: 3 })), first);
}

#[test]
fn knobs_are_changed_on_the_way_where_the_net_stays() {
    let recipe = recipes::gan(NetKind::Mlp);
    let mut talk = Talk::with_run(&recipe);
    talk.command(Command::Step { steps: 2 });
    let mut gentle = recipe.clone();
    gentle.optimizer.learning_rate = 1e-4;
    gentle.batch = 20;
    gentle.micro_batch = 10;
    gentle.augment.shift = 0;
    talk.command(Command::ChangeKnobs {
        recipe: gentle.clone(),
    });
    assert_eq!(talk.status().recipe, gentle);
    talk.command(Command::Step { steps: 2 });

    let mut wide = gentle.clone();
    if let ModelConfig::Gan(config) = &mut wide.model {
        config.width += 1;
    }
    let other_data = RunRecipe {
        data: DataSet::Fashion,
        ..gentle.clone()
    };
    let other_seed = RunRecipe {
        seed: 99,
        ..gentle.clone()
    };
    let other_family = recipes::vae(NetKind::Mlp, 10);
    let bad_batch = RunRecipe {
        batch: 41,
        micro_batch: 41,
        ..gentle.clone()
    };
    let bad_slices = RunRecipe {
        micro_batch: 3,
        ..gentle.clone()
    };
    for recipe in [
        wide,
        other_data,
        other_seed,
        other_family,
        bad_batch,
        bad_slices,
    ] {
        talk.command(Command::ChangeKnobs { recipe });
    }
    // What was refused changed nothing.
    talk.command(Command::Step { steps: 1 });
    assert_eq!(talk.status().recipe, gentle);
    talk.check(expect![[r#"
        #3 run playing at step 0, epoch 0 of 5 steps
        - filmstrip of 16 at step 1 [16x28x28]
        - validated at step 1: diversity
        - run playing at step 1, epoch 0 of 5 steps
        - steps 1..=2: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 2 [16x28x28]
        - validated at step 2: diversity
        - run paused at step 2, epoch 0 of 5 steps
        #4 run paused at step 2, epoch 1 of 2 steps
        #5 run playing at step 2, epoch 1 of 2 steps
        - steps 3..=4: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 4 [16x28x28]
        - validated at step 4: diversity
        - run paused at step 4, epoch 2 of 2 steps
        #6 FAILED: changing width alters the net, so the run must start over. Press Reset to start over with the new knobs, or put it back.
        #7 FAILED: changing data alters the net, so the run must start over. Press Reset to start over with the new knobs, or put it back.
        #8 FAILED: changing seed alters the net, so the run must start over. Press Reset to start over with the new knobs, or put it back.
        #9 FAILED: changing family alters the net, so the run must start over. Press Reset to start over with the new knobs, or put it back.
        #10 FAILED: batch is out of range: the training split has 40 examples. Change it and try again.
        #11 FAILED: micro_batch is out of range: it must divide the batch of 20 into at most 64 slices. Change it and try again.
        #12 run playing at step 4, epoch 2 of 2 steps
        - steps 5: d_loss d_real d_fake g_loss
        - filmstrip of 16 at step 5 [16x28x28]
        - validated at step 5: diversity
        - run paused at step 5, epoch 2 of 2 steps
    "#]]);
}

#[test]
fn the_run_makes_pictures_as_the_model_yours() {
    let mut talk = Talk::with_run(&recipes::vae(NetKind::Mlp, 10));
    talk.command(Command::Step { steps: 2 });
    talk.command(Command::UseRun);
    let (bytes, card) = talk.export();
    let sheet = Sheet {
        model: card.name,
        weights: lampwork_weights::hash(&bytes),
        seed: 1,
        class: Some(2),
        temperature: 1.0,
        count: 2,
        words: None,
        sampling: None,
    };
    let made = pictures(&talk.command(Command::Make {
        recipes: sheet.recipes(),
    }));
    assert_eq!(made.len(), 2 * 784);
    // Training goes on beside it, and what is used stays what it was.
    talk.command(Command::Step { steps: 1 });
    assert_eq!(
        pictures(&talk.command(Command::Make {
            recipes: sheet.recipes()
        })),
        made
    );
    // Pictures are made while the run plays, before its next slice.
    talk.send(Command::Play, vec![]);
    talk.send(
        Command::Make {
            recipes: sheet.recipes(),
        },
        vec![],
    );
    talk.work(1);
    talk.send(Command::Pause, vec![]);
    talk.check(expect![[r#"
        #3 run playing at step 0, epoch 0 of 5 steps
        - filmstrip of 16 at step 1 [16x28x28]
        - run playing at step 1, epoch 0 of 5 steps
        - steps 1..=2: loss reconstruction kl
        - filmstrip of 16 at step 2 [16x28x28]
        - run paused at step 2, epoch 0 of 5 steps
        #4 model yours: encodes
        #5 exported yours of 2 steps [a file]
        #6 pictures 0..2, done [2x28x28]
        #7 run playing at step 2, epoch 0 of 5 steps
        - steps 3: loss reconstruction kl
        - filmstrip of 16 at step 3 [16x28x28]
        - run paused at step 3, epoch 0 of 5 steps
        #8 pictures 0..2, done [2x28x28]
        #9 run playing at step 3, epoch 0 of 5 steps
        #10 pictures 0..2, done [2x28x28]
        #11 run paused at step 3, epoch 0 of 5 steps
    "#]]);
}
