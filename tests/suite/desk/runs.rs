//! Runs of nets that write: their course, and going on from weights on a text of one's
//! own.

use lampwork_protocol::event::RunState;
use lampwork_protocol::words::{
    Adapter, Base, Command, Event, PassageKind, RunOrder, Source, TextModelInfo, TextPrompt,
    TextRecipe,
};
use lampwork_protocol::{DataSet, EarlyStopping, ModelConfig, RunStatus, TextVaeConfig, Tuning};
use lampwork_tests::text;

use super::talk::{Talk, base, corpus, order, passage, quatrain, recipe, trained};

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
    assert_eq!(steps, [8, 15, 23, 30]);
    for (_, [loss, perplexity, bits]) in &measured {
        assert!((perplexity / loss.exp() - 1.0).abs() < 1e-4);
        // A token is a character, and the end of a poem is none: 25 of 24.
        assert!((bits - loss / std::f32::consts::LN_2 * 25.0 / 24.0).abs() < 1e-3);
    }
    assert!(measured[3].1[0] < measured[0].1[0] - 0.1, "{measured:?}");
    let samples = talk
        .said()
        .iter()
        .filter(|(reply, _)| matches!(reply.event, Event::Sample { .. }));
    assert_eq!(samples.count(), 4);
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
fn own(
    talk: &mut Talk,
    file: &[u8],
    early_stopping: Option<EarlyStopping>,
    tuning: Tuning,
) -> TextModelInfo {
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
            tuning,
            name: Some("quay".to_owned()),
        },
    });
    info
}

#[test]
fn going_on_from_weights_learns_a_text_of_ones_own() {
    let (file, _) = trained(DataSet::Plays, 30);
    let mut talk = Talk::new();
    own(&mut talk, &file, None, Tuning::Full);
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
    own(&mut talk, &file, Some(rule), LORA);
    talk.command(Command::Play);
    assert_eq!(
        status(&talk).state,
        RunState::StoppedEarly { best_epoch: 1 }
    );
    // Its card tells of the weights in it, not of those measured last.
    let best = status(&talk).step;
    let measured = validations(&talk);
    let loss = |step| {
        measured
            .iter()
            .find(|one| one.0 == step)
            .map(|one| one.1[0])
    };
    let answers = talk.command(Command::ExportRun);
    let Event::AdapterExported { card } = &answers.last().expect("a file").0.event else {
        panic!("no adapter but {answers:?}");
    };
    assert_eq!(card.steps, best);
    assert_eq!(card.held_out.map(|[_, after]| after), loss(best));
}

const LORA: Tuning = Tuning::Lora {
    rank: 4,
    alpha: 8.0,
};

#[test]
fn an_adapter_learns_a_text_and_is_put_on_as_strongly_as_asked() {
    let (file, _) = trained(DataSet::Plays, 30);
    let mut talk = Talk::new();
    let info = own(&mut talk, &file, None, LORA);
    talk.command(Command::Play);
    let measured = validations(&talk);
    let (before, after) = (measured[0].1[0], measured[measured.len() - 1].1[0]);
    assert!(after < 0.9 * before, "{before} and then {after}");

    let answers = talk.command(Command::ExportRun);
    let (reply, payload) = answers.last().expect("a file");
    let Event::AdapterExported { card } = &reply.event else {
        panic!("no adapter but {:?}", reply.event);
    };
    assert_eq!(card.held_out, Some([before, after]));
    assert_eq!(card.name, "quay");
    assert!(payload[0].len() < file.len());

    // Another desk: the model and the adapter come as files.
    let mut fresh = Talk::new();
    fresh.load(file);
    let plain = recipe(&info, passage("A "), 0);
    let alone = fresh.texts(std::slice::from_ref(&plain));
    let with = |hash, strength| TextRecipe {
        adapter: Some(Adapter { hash, strength }),
        ..plain.clone()
    };
    let write = Command::Write {
        recipes: vec![with([1; 8], 1.0)],
        shown: None,
    };
    let failure = fresh.fails(write, vec![]);
    assert_eq!(failure, lampwork_protocol::Failure::NoAdapter);
    let answers = fresh.ask(Command::LoadAdapter, payload.clone());
    let Event::AdapterLoaded { hash, .. } = answers[0].0.event else {
        panic!("no adapter but {answers:?}");
    };
    assert_eq!(fresh.texts(&[with(hash, 0.0)]), alone);
    let mut nats = |strength| {
        let answer = fresh.last(Command::Read {
            base: Base {
                adapter: Some(Adapter { hash, strength }),
                ..base(&info)
            },
            prompt: passage("Seven quiet zebras by the quay."),
            attention: false,
            shown: 0,
        });
        let Event::ReadThrough { nats, .. } = answer else {
            panic!("{answer:?}");
        };
        nats
    };
    let strengths = [0.0, 0.5, 1.0].map(&mut nats);
    assert!(strengths.is_sorted_by(|a, b| a > b), "{strengths:?}");
    assert_ne!(fresh.texts(&[with(hash, 1.0)]), alone);

    // It is of no other model.
    let other = fresh.load(trained(DataSet::Plays, 3).0);
    let wrong = TextRecipe {
        adapter: Some(Adapter {
            hash,
            strength: 1.0,
        }),
        ..recipe(&other, passage("A "), 0)
    };
    let write = Command::Write {
        recipes: vec![wrong],
        shown: None,
    };
    assert!(
        fresh
            .fails(write, vec![])
            .to_string()
            .contains("other weights")
    );
}

#[test]
fn the_last_layers_alone_may_move() {
    let (file, _) = trained(DataSet::Plays, 30);
    let mut talk = Talk::new();
    own(&mut talk, &file, None, Tuning::Last { layers: 1 });
    talk.command(Command::Play);
    let measured = validations(&talk);
    assert!(measured[measured.len() - 1].1[0] < measured[0].1[0]);
    let exported = talk.command(Command::ExportRun).pop().expect("a file");
    let tensors = |file: &[u8]| lampwork_weights::read(file).expect("a file of ours").0;
    let moved: Vec<String> = tensors(&file)
        .iter()
        .zip(tensors(&exported.1[0]))
        .filter(|(before, after)| before.values != after.values)
        .map(|(before, _)| before.name.clone())
        .collect();
    let last = |name: &String| name.starts_with("layers.1.") || name.starts_with("norm");
    assert!(!moved.is_empty() && moved.iter().all(last), "{moved:?}");
}

#[test]
fn a_walk_goes_from_one_sentence_to_another() {
    let data = DataSet::Poems;
    let mut talk = Talk::new();
    talk.ask(Command::LoadCorpus { data }, vec![corpus(data)]);
    let mut asked = order(data);
    asked.recipe.model = ModelConfig::TextVae(TextVaeConfig {
        vocabulary: 0,
        context: 64,
        width: 24,
        latent: 4,
        beta: 1.0,
        kl_warmup: 20,
        word_dropout: 0.3,
        free_nats: 0.0,
    });
    talk.command(Command::StartRun { order: asked });
    talk.command(Command::Step { steps: 4 });
    let Event::ModelLoaded(info) = talk.last(Command::UseRun) else {
        panic!("no model");
    };
    let poem = |number| {
        let poems = text::poems();
        let lines = poems.tokenizer.decode(poems.splits()[0].document(number));
        TextPrompt::Poem(quatrain(&lines))
    };
    let walk = |info, steps| Command::Walk {
        base: base(info),
        a: poem(0),
        b: poem(1),
        steps,
    };
    let Event::Walked { texts } = talk.last(walk(&info, 5)) else {
        panic!("no walk");
    };
    assert_eq!(texts.len(), 5);
    assert_eq!(talk.last(walk(&info, 5)), Event::Walked { texts });
    assert!(
        talk.fails(walk(&info, 33), vec![])
            .to_string()
            .contains("32")
    );
    let (mut other, info) = Talk::with_model(data, 1);
    let failure = other.fails(walk(&info, 5), vec![]);
    assert!(failure.to_string().contains("latent space"), "{failure}");
}
