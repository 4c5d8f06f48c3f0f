//! Runs of nets that write: their course, and going on from weights on a text of one's
//! own.

use lampwork_protocol::event::RunState;
use lampwork_protocol::words::{Command, Event, PassageKind, RunOrder, Source};
use lampwork_protocol::{DataSet, EarlyStopping, RunStatus};
use lampwork_tests::text;

use super::talk::{Talk, base, corpus, order, passage, recipe, trained};

/// How the run last said it stands.
#[track_caller]
fn status(talk: &Talk) -> RunStatus {
    let found = talk
        .said()
        .iter()
        .rev()
        .find_map(|(reply, _)| match &reply.event {
            Event::Run(status) => Some(status.clone()),
            _ => None,
        });
    found.expect("a word of a run")
}

/// Losses of all steps so far, bit by bit.
fn losses(talk: &Talk) -> Vec<(u64, u32)> {
    let steps = talk
        .said()
        .iter()
        .filter_map(|(reply, _)| match &reply.event {
            Event::Steps { steps } => Some(steps.clone()),
            _ => None,
        });
    steps
        .flatten()
        .map(|step| (step.step, step.values[0].1.to_bits()))
        .collect()
}

/// What was measured of what is held out: step, then loss, perplexity and bits.
fn validations(talk: &Talk) -> Vec<(u64, [f32; 3])> {
    let measured = talk
        .said()
        .iter()
        .filter_map(|(reply, _)| match &reply.event {
            Event::Validated { step, values } => {
                let names: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(names, ["loss", "perplexity", "bits"]);
                Some((*step, [0, 1, 2].map(|at| values[at].1)))
            }
            _ => None,
        });
    measured.collect()
}

#[test]
fn a_run_is_trained_to_its_end_and_writes_as_it_learns() {
    let data = DataSet::Poems;
    let mut talk = Talk::new();
    talk.ask(Command::LoadCorpus { data }, vec![corpus(data)]);
    talk.command(Command::StartRun { order: order(data) });
    assert_eq!(status(&talk).state, RunState::Paused);
    assert_eq!(status(&talk).steps_per_epoch, 15);
    talk.command(Command::Play);
    let end = status(&talk);
    assert_eq!(
        (end.state, end.step, end.epoch),
        (RunState::Finished, 30, 2)
    );
    let measured = validations(&talk);
    let steps: Vec<u64> = measured.iter().map(|one| one.0).collect();
    assert_eq!(steps, [4, 8, 12, 15, 19, 23, 27, 30]);
    for (_, [loss, perplexity, bits]) in &measured {
        assert!((perplexity / loss.exp() - 1.0).abs() < 1e-4);
        // A token is a character, and the end of a poem is none: 25 of 24.
        assert!((bits - loss / std::f32::consts::LN_2 * 25.0 / 24.0).abs() < 1e-3);
    }
    assert!(measured[7].1[0] < measured[0].1[0] - 0.2, "{measured:?}");
    let samples = talk
        .said()
        .iter()
        .filter(|(reply, _)| matches!(reply.event, Event::Sample { .. }));
    assert_eq!(samples.count(), 8);
}

#[test]
fn a_run_goes_on_from_its_snapshot_bit_by_bit() {
    let data = DataSet::Plays;
    let begin = || {
        let mut talk = Talk::new();
        talk.ask(Command::LoadCorpus { data }, vec![corpus(data)]);
        talk
    };
    let mut whole = begin();
    whole.command(Command::StartRun { order: order(data) });
    whole.command(Command::Step { steps: 6 });

    let mut first = begin();
    first.command(Command::StartRun { order: order(data) });
    first.command(Command::Step { steps: 4 });
    let snapshot = first
        .command(Command::Snapshot)
        .pop()
        .expect("a snapshot")
        .1
        .remove(0);
    let mut second = begin();
    second.ask(Command::RestoreRun { order: order(data) }, vec![snapshot]);
    assert_eq!(status(&second).step, 4);
    second.command(Command::Step { steps: 2 });
    let mut joined = losses(&first);
    joined.extend(losses(&second));
    assert_eq!(joined, losses(&whole));

    second.command(Command::ResetRun);
    assert_eq!(status(&second).step, 0);
}

#[test]
fn a_run_becomes_a_model_and_pauses_when_asked() {
    let (_, mut talk) = trained(DataSet::Plays, 3);
    let Event::ModelLoaded(info) = talk.last(Command::UseRun) else {
        panic!("no model");
    };
    assert_eq!(
        (info.card.name.as_str(), info.poems, info.context),
        ("yours", false, 64)
    );
    assert!(!talk.texts(&[recipe(&info, passage("The"), 0)])[0].is_empty());
    talk.forget();
    talk.send(Command::Play, vec![]);
    talk.work(3);
    talk.command(Command::Pause);
    assert_eq!(status(&talk).state, RunState::Paused);
    let mut changed = order(DataSet::Plays).recipe;
    changed.model = status(&talk).recipe.model;
    changed.optimizer.learning_rate = 1e-4;
    talk.command(Command::ChangeKnobs {
        recipe: changed.clone(),
    });
    assert_eq!(status(&talk).recipe, changed);
}

/// A run on the text of one's own, from the weights of the plays.
fn own(talk: &mut Talk, file: &[u8], early_stopping: Option<EarlyStopping>) {
    let info = talk.load(file.to_vec());
    talk.ask(Command::OpenText, vec![text::own().into_bytes()]);
    let mut recipe = text::transformer(DataSet::Plays);
    recipe.epochs = 6;
    recipe.early_stopping = early_stopping;
    talk.command(Command::StartRun {
        order: RunOrder {
            recipe,
            source: Source::Own {
                held_out: 0.2,
                of: Some(PassageKind::Prose),
            },
            base: Some(base(&info)),
        },
    });
}

#[test]
fn going_on_from_weights_learns_a_text_of_ones_own() {
    let (file, _) = trained(DataSet::Plays, 30);
    let mut talk = Talk::new();
    own(&mut talk, &file, None);
    // How good they are is said before anything is learned.
    assert_eq!(validations(&talk).len(), 1);
    let before = validations(&talk)[0];
    assert_eq!(before.0, 0);
    talk.command(Command::Play);
    let after = *validations(&talk).last().expect("it was measured");
    assert_eq!(status(&talk).state, RunState::Finished);
    assert!(
        after.1[0] < 0.7 * before.1[0],
        "{before:?} and then {after:?}"
    );
    let (exported, _) = {
        let answers = talk.command(Command::ExportRun);
        let (reply, mut payload) = answers.last().cloned().expect("a file");
        let Event::Exported { card } = reply.event else {
            panic!("no file");
        };
        assert!(card.data_source.contains("own"), "{}", card.data_source);
        (payload.remove(0), card)
    };
    let info = talk.load(exported);
    assert_eq!(info.card.name, "yours");
}

#[test]
fn a_run_that_no_longer_gets_better_stops_at_its_best() {
    let (file, _) = trained(DataSet::Plays, 30);
    let mut talk = Talk::new();
    let rule = EarlyStopping {
        patience: 1,
        // More than any epoch gains.
        min_delta: 50.0,
    };
    own(&mut talk, &file, Some(rule));
    talk.command(Command::Play);
    assert_eq!(
        status(&talk).state,
        RunState::StoppedEarly { best_epoch: 1 }
    );
}
