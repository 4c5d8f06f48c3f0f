//! Nets that write: their cache, their writing, their training.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use futures::executor::block_on;
use lampwork_kernels::language::Places;
use lampwork_models::language::{Allowed, Cache, Draft, Ending, Transformer, Writer, WritingNet};
use lampwork_models::{ModelError, Noise, StepReport, TextBatch, TextRun, Update};
use lampwork_protocol::*;

const VOCABULARY: usize = 23;

fn transformer() -> TransformerConfig {
    TransformerConfig {
        vocabulary: VOCABULARY,
        context: 16,
        layers: 2,
        width: 12,
        heads: 3,
        hidden: 20,
        dropout: 0.1,
    }
}

fn recipe(model: ModelConfig) -> RunRecipe {
    RunRecipe {
        data: DataSet::Poems,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::AdamW {
                beta1: 0.9,
                beta2: 0.99,
                weight_decay: 0.1,
            },
            learning_rate: 3e-3,
            schedule: Schedule::Cosine { floor: 0.1 },
            warmup: 2,
            clip_norm: Some(1.0),
        },
        batch: 6,
        micro_batch: 6,
        epochs: 10,
        seed: 4,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.99,
    }
}

fn models() -> Vec<ModelConfig> {
    vec![ModelConfig::Transformer(transformer())]
}

/// Texts in which each token is the one before it and 3 more, of six lengths.
struct Texts {
    inputs: Vec<u16>,
    targets: Vec<u16>,
    counts: Vec<u8>,
}

const COLUMNS: usize = 9;

fn texts(step: u64) -> Texts {
    let mut noise = Noise::new(9, step);
    let mut texts = Texts {
        inputs: Vec::new(),
        targets: Vec::new(),
        counts: Vec::new(),
    };
    for row in 0..6 {
        let first = noise.below(VOCABULARY as u32) as usize;
        for at in 0..COLUMNS {
            texts.inputs.push(((first + 3 * at) % VOCABULARY) as u16);
            texts.targets.push(((first + 3 * at + 3) % VOCABULARY) as u16);
            texts.counts.push(u8::from(at > 0 && at < COLUMNS - row));
        }
    }
    texts
}

impl Texts {
    fn batch(&self) -> TextBatch<'_> {
        TextBatch {
            rows: 6,
            columns: COLUMNS,
            inputs: &self.inputs,
            targets: &self.targets,
            counts: &self.counts,
        }
    }
}

fn run(recipe: &RunRecipe) -> TextRun {
    TextRun::begin(recipe, 100, &Device::flex(), Update::Host).expect("a sound recipe")
}

fn read(report: StepReport) -> Vec<(String, f32)> {
    block_on(report.read()).expect("numbers")
}

fn train(run: &mut TextRun, from: u64, until: u64) -> Vec<Vec<(String, f32)>> {
    (from..until).map(|step| read(run.step_on(&texts(step).batch()))).collect()
}

fn drawn() -> Transformer {
    let device = Device::flex();
    Transformer::new(&transformer(), &device).drawn(&mut Noise::new(1, 0), &device)
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

#[track_caller]
fn near(a: &[f32], b: &[f32], allowed: f32) {
    assert_eq!(a.len(), b.len());
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() < allowed, "{at}: {a} is not {b}");
    }
}

/// Whatever is read at once, the logits are those of the whole text, to 1e-5 of
/// numbers that are about 1.
#[test]
fn the_cache_gives_the_logits_of_the_whole() {
    let net = drawn();
    let tokens: Vec<u32> = (0..2 * 11).map(|at| at * 7 % VOCABULARY as u32).collect();
    let positions: Vec<u32> = (0..22).map(|at| at % 11).collect();
    let places = Places::new(&positions, 11, 4);
    let whole = net.forward(&Arc::from(&tokens[..]), &places, None);
    let whole = numbers(whole);
    for pieces in [vec![11], vec![1; 11], vec![4, 1, 1, 5]] {
        let mut cache = Cache::default();
        let mut from = 0;
        for piece in pieces {
            let row = |row: usize| &tokens[row * 11 + from..row * 11 + from + piece];
            let both = [row(0), row(1)].concat();
            let seen = net.read(&mut cache, &both, 2, true).expect("it fits");
            from += piece;
            let last = numbers(seen.last);
            for row in 0..2 {
                let at = (row * 11 + from - 1) * 12;
                near(&last[row * 12..(row + 1) * 12], &whole[at..at + 12], 1e-5);
            }
            assert_eq!(seen.attention.len(), 2);
            assert_eq!(seen.attention[0].dims(), [2, 3, piece, from]);
            let looks = numbers(seen.attention[1].clone().sum_dim(3));
            near(&looks, &vec![1.0; looks.len()], 1e-5);
        }
        assert_eq!((cache.len(), cache.numbers()), (11, 2 * 2 * 2 * 11 * 12));
    }
}

#[test]
fn a_cache_can_be_cut_short_and_its_rows_picked() {
    let net = drawn();
    let read = |cache: &mut Cache, tokens: &[u32], rows| {
        numbers(net.read(cache, tokens, rows, false).expect("it fits").last)
    };
    let mut two = Cache::default();
    read(&mut two, &[1, 2, 3, 4, 5, 6], 2);
    let mut second = two.select(&[1]);
    second.truncate(2);
    let mut fresh = Cache::default();
    read(&mut fresh, &[4, 5], 1);
    near(&read(&mut second, &[9], 1), &read(&mut fresh, &[9], 1), 1e-6);
}

#[test]
fn too_much_text_and_unknown_tokens_are_refused() {
    let net = drawn();
    let mut cache = Cache::default();
    let refused = |cache: &mut Cache, tokens: &[u32]| match net.read(cache, tokens, 1, false) {
        Err(ModelError::Text(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert!(refused(&mut cache, &[1; 17]).contains("16 tokens at once"));
    assert!(refused(&mut cache, &[VOCABULARY as u32]).contains("no token 23"));
    net.read(&mut cache, &[1; 16], 1, false).expect("it fits");
    assert!(refused(&mut cache, &[1]).contains("these are 17"));
}

fn writer() -> Writer {
    let net = WritingNet::Transformer(Box::new(drawn()));
    Writer::of(net, &ModelConfig::Transformer(transformer()))
}

fn write(draft: &mut Draft, writer: &Writer) {
    while !draft.is_done() {
        block_on(draft.turn(writer, |_, _| Allowed::All)).expect("a token");
    }
}

#[test]
fn a_seed_writes_the_same_and_rows_differ() {
    let writer = writer();
    let texts = |seed| {
        let how = Writing::default();
        let mut draft = Draft::begin(&writer, &[1, 2], 3, how, seed, &[], 10).expect("it fits");
        write(&mut draft, &writer);
        (0..3).map(|row| draft.written(row).to_vec()).collect::<Vec<_>>()
    };
    let first = texts(5);
    assert_eq!(first, texts(5));
    assert_ne!(first, texts(6));
    assert!(first[0] != first[1] && first[1] != first[2]);
    assert!(first.iter().all(|text| text.len() == 10));
}

#[test]
fn a_text_ends_by_a_stop_at_its_length_or_at_the_context() {
    let writer = writer();
    let begin = |stops: &[u32], most| {
        Draft::begin(&writer, &[1, 2], 1, Writing::default(), 1, stops, most).expect("it fits")
    };
    let all: Vec<u32> = (0..VOCABULARY as u32).collect();
    let mut stopped = begin(&all, 10);
    write(&mut stopped, &writer);
    assert_eq!((stopped.written(0).len(), stopped.ending(0)), (1, Some(Ending::Stop)));
    let mut full = begin(&[], 100);
    write(&mut full, &writer);
    // What was read fills the context; one more token comes after it.
    assert_eq!((full.written(0).len(), full.ending(0)), (15, Some(Ending::Full)));
    let mut only = begin(&[], 4);
    while !only.is_done() {
        only.attention = true;
        only.shown = 3;
        let turn = block_on(only.turn(&writer, |_, written| {
            Allowed::Only(if written.len() % 2 == 0 { &[7] } else { &[8] })
        }));
        let turn = turn.expect("a token");
        let choice = turn.choices[0].as_ref().expect("it had not ended");
        assert_eq!(choice.best.len(), 3);
        assert!(choice.entropy > 0.0 && choice.entropy <= (VOCABULARY as f32).ln());
    }
    assert_eq!(only.written(0), [7, 8, 7, 8]);
}

#[test]
fn a_net_that_draws_is_no_writer_and_the_other_way_round() {
    let device = Device::flex();
    let config = ModelConfig::Transformer(transformer());
    let sampler = lampwork_models::Sampler::new(&config, &[], &device);
    assert!(matches!(sampler, Err(ModelError::Writes)));
    let run = lampwork_models::Run::new(&recipe(config), 1, &device, Update::Host);
    assert!(matches!(run, Err(ModelError::Writes)));
}

#[test]
fn nets_that_cannot_be_built_are_refused() {
    let refused = |change: fn(&mut TransformerConfig)| {
        let mut config = transformer();
        change(&mut config);
        let recipe = recipe(ModelConfig::Transformer(config));
        match TextRun::begin(&recipe, 1, &Device::flex(), Update::Host) {
            Err(ModelError::Knob { knob, .. }) => knob,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(|config| config.heads = 5), "heads");
    assert_eq!(refused(|config| config.vocabulary = 1 << 20), "vocabulary");
    assert_eq!(refused(|config| config.context = 1), "context");
    assert_eq!(refused(|config| config.dropout = f32::NAN), "dropout");
    let mut pictures = recipe(ModelConfig::Transformer(transformer()));
    pictures.data = DataSet::Digits;
    let refused = TextRun::begin(&pictures, 1, &Device::flex(), Update::Host);
    assert!(matches!(refused, Err(ModelError::Knob { knob: "data", .. })));
}

#[test]
fn the_same_recipe_gives_the_same_numbers() {
    for model in models() {
        let recipe = recipe(model);
        let losses = || train(&mut run(&recipe), 0, 4);
        assert_eq!(losses(), losses());
        let other = RunRecipe {
            seed: 5,
            ..recipe.clone()
        };
        assert_ne!(losses(), train(&mut run(&other), 0, 4));
    }
}

#[test]
fn slices_side_by_side_give_the_same_numbers() {
    for model in models() {
        let mut recipe = recipe(model);
        recipe.micro_batch = 2;
        let (mut one, mut all) = (run(&recipe), run(&recipe));
        for step in 0..3 {
            let texts = texts(step);
            let alone = read(one.step_on(&texts.batch()));
            assert_eq!(read(all.step_side_by_side(&texts.batch())), alone);
        }
        let weights = |run: &TextRun| block_on(run.save()).expect("arrays");
        assert!(weights(&one) == weights(&all), "other weights");
    }
}

/// Slices of which one has few places that count: the loss is the mean over places.
#[test]
fn slices_change_nothing_but_rounding() {
    let config = TransformerConfig {
        dropout: 0.0,
        ..transformer()
    };
    let losses = |micro_batch| {
        let recipe = RunRecipe {
            micro_batch,
            ..recipe(ModelConfig::Transformer(config.clone()))
        };
        let steps = train(&mut run(&recipe), 0, 5);
        steps.iter().map(|step| step[0].1).collect::<Vec<_>>()
    };
    near(&losses(2), &losses(6), 1e-4);
}

#[test]
fn a_restored_run_goes_on_as_if_nothing_had_happened() {
    for model in models() {
        let recipe = recipe(model);
        let mut whole = run(&recipe);
        train(&mut whole, 0, 3);
        let saved = block_on(whole.save()).expect("arrays");
        let rest = train(&mut whole, 3, 6);
        let mut restored = run(&recipe);
        restored.restore(&saved).expect("the same net");
        assert_eq!(restored.step(), 3);
        assert_eq!(train(&mut restored, 3, 6), rest);
        let weights = |run: &TextRun| block_on(run.weights()).expect("weights");
        assert!(weights(&restored) == weights(&whole), "other weights");
    }
}

#[test]
fn a_net_learns_a_rule_and_writes_by_it() {
    for model in models() {
        let mut recipe = recipe(model);
        recipe.ema = 0.0;
        recipe.optimizer.learning_rate = 1e-2;
        recipe.optimizer.schedule = Schedule::Constant;
        let mut run = run(&recipe);
        train(&mut run, 0, 300);
        let measured = block_on(run.validate(&texts(1_000).batch())).expect("numbers");
        assert!(measured[0].1 < 0.2, "{measured:?}");
        let writer = run.writer();
        let mut draft = Draft::begin(&writer, &[2, 5], 1, Writing::GREEDY, 1, &[], 5).expect("fits");
        write(&mut draft, &writer);
        assert_eq!(draft.written(0), [8, 11, 14, 17, 20]);
    }
}

/// Gains and the table stay where the others shrink.
#[test]
fn neither_gains_nor_the_table_shrink() {
    let mut recipe = recipe(ModelConfig::Transformer(transformer()));
    recipe.ema = 0.0;
    recipe.optimizer.kind = OptimizerKind::AdamW {
        beta1: 0.9,
        beta2: 0.99,
        weight_decay: 1.0,
    };
    recipe.optimizer.schedule = Schedule::Constant;
    recipe.optimizer.warmup = 0;
    let decayed = |decay: f32| {
        let mut recipe = recipe.clone();
        if let OptimizerKind::AdamW { weight_decay, .. } = &mut recipe.optimizer.kind {
            *weight_decay = decay;
        }
        let mut run = run(&recipe);
        train(&mut run, 0, 1);
        block_on(run.weights()).expect("weights")
    };
    for (plain, shrunk) in decayed(0.0).iter().zip(decayed(1.0)) {
        let stays = plain.name == "table" || plain.name.ends_with("gamma");
        assert_eq!(plain.values == shrunk.values, stays, "{}", plain.name);
    }
}
