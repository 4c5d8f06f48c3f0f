//! Weights as files: out of one studio and into another.

use expect_test::expect;
use lampwork_protocol::{Command, ModelCard, NetKind, RunRecipe, Sheet};

use crate::talk::{Talk, pictures};
use lampwork_tests::recipes;

/// A sheet of three of a model with these weights.
fn sheet(model: &str, weights: [u8; 8]) -> Sheet {
    Sheet {
        model: model.to_owned(),
        weights,
        seed: 3,
        class: None,
        temperature: 1.0,
        count: 3,
        words: None,
        sampling: None,
    }
}

#[test]
fn an_exported_file_loads_in_another_studio_and_makes_the_same_pictures() {
    let nets = [
        recipes::vae(NetKind::Mlp, 0),
        recipes::vae(NetKind::Conv, 10),
        recipes::gan(NetKind::Mlp),
        recipes::gan(NetKind::Conv),
    ];
    for recipe in nets {
        let mut here = Talk::with_run(&recipe);
        here.command(Command::Step { steps: 2 });
        here.command(Command::UseRun);
        let (bytes, card) = here.export();
        assert_eq!((card.name.as_str(), card.steps), (ModelCard::YOURS, 2));
        assert_eq!(card.recipe, recipe);

        let mut there = Talk::new();
        let info = there.load(&bytes, None);
        assert_eq!(info.card, card);
        assert_eq!(info.weights, lampwork_weights::hash(&bytes));
        let make = Command::Make {
            recipes: sheet(ModelCard::YOURS, info.weights).recipes(),
        };
        assert_eq!(
            pictures(&there.command(make.clone())),
            pictures(&here.command(make))
        );
    }
}

#[test]
fn a_dropped_file_is_called_yours_whatever_its_card_says() {
    let (bytes, card) = crate::talk::trained(&recipes::gan(NetKind::Mlp), "gan-fashion");
    let (named, mut metadata) = lampwork_weights::read(&bytes).expect("a file of ours");
    let json = serde_json::to_string(&card).expect("a card");
    metadata.insert(ModelCard::METADATA_KEY.to_owned(), json);
    let renamed = lampwork_weights::write(&named, &metadata, lampwork_weights::Precision::Full);
    let mut talk = Talk::new();
    let info = talk.load(&renamed.expect("a file"), None);
    assert_eq!(info.card.name, ModelCard::YOURS);
}

#[test]
fn data_and_snapshots_read_as_text() {
    let mut talk = Talk::new();
    let bytes = lampwork_tests::data::packed(lampwork_protocol::DataSet::Fashion).to_bytes();
    let data = lampwork_protocol::DataSet::Fashion;
    talk.ask(Command::LoadData { data }, vec![bytes]);
    let recipe = RunRecipe {
        data,
        ..recipes::vae(NetKind::Mlp, 0)
    };
    talk.command(Command::StartRun {
        recipe: recipe.clone(),
    });
    talk.command(Command::Step { steps: 6 });
    let file = talk.snapshot();
    talk.command(Command::ResetRun);
    talk.ask(Command::RestoreRun { recipe }, vec![file]);
    talk.check(expect![[r#"
        #1 data fashion: [40, 20, 20]
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
        - steps 6: loss reconstruction kl
        - filmstrip of 16 at step 6 [16x28x28]
        - run paused at step 6, epoch 1 of 5 steps
        #4 snapshot paused at step 6, epoch 1 of 5 steps [a file]
        - filmstrip of 16 at step 0 [16x28x28]
        #5 run paused at step 0, epoch 0 of 5 steps
        - filmstrip of 16 at step 6 [16x28x28]
        #6 run paused at step 6, epoch 1 of 5 steps
    "#]]);
}
