//! Nets that write: their cache, their writing, their training.

mod writing;

use std::sync::Arc;

use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_kernels::language::Places;
use lampwork_models::language::{
    Allowed, Beam, Cache, Draft, Ending, Transformer, Writer, WritingNet, between,
};
use lampwork_models::{ModelError, Noise, TextRun, Update};
use lampwork_protocol::*;

use writing::{VOCABULARY, lstm, near, numbers, read, recipe, run, texts, train, transformer};

fn text_vae() -> TextVaeConfig {
    TextVaeConfig {
        vocabulary: VOCABULARY,
        context: 16,
        width: 16,
        latent: 4,
        beta: 0.5,
        kl_warmup: 10,
        word_dropout: 0.2,
        free_nats: 0.1,
    }
}

fn models() -> Vec<ModelConfig> {
    vec![
        ModelConfig::Transformer(transformer()),
        ModelConfig::Lstm(lstm()),
        ModelConfig::TextVae(text_vae()),
    ]
}

fn drawn() -> Transformer {
    drawn_on(1, &Device::flex())
}

fn drawn_on(seed: u64, device: &Device) -> Transformer {
    Transformer::new(&transformer(), device).drawn(&mut Noise::new(seed, 0), device)
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
    near(
        &read(&mut second, &[9], 1),
        &read(&mut fresh, &[9], 1),
        1e-6,
    );
}

/// A net that is followed for gradients is read by burn's operations, as on a GPU;
/// another by weights in place.
#[test]
fn both_ways_to_read_see_the_same() {
    let nets = [drawn(), drawn_on(1, &Device::flex().autodiff())];
    let read = |net: &Transformer| {
        let mut cache = Cache::default();
        let mut seen = Vec::new();
        for tokens in [&[1, 2, 3, 4, 5, 6][..], &[7, 8], &[9, 10, 11, 12]] {
            let next = net.read(&mut cache, tokens, 2, true).expect("it fits");
            seen.extend(numbers(next.last));
            for odds in next.attention {
                seen.extend(numbers(odds));
            }
        }
        (seen, cache.len(), cache.numbers())
    };
    let [ours, burns] = [read(&nets[0]), read(&nets[1])];
    near(&ours.0, &burns.0, 1e-5);
    assert_eq!((ours.1, ours.2), (burns.1, burns.2));
}

#[test]
fn a_cache_takes_the_weights_of_the_net_that_reads_and_keeps_its_rows() {
    let (net, other) = (drawn(), drawn_on(2, &Device::flex()));
    let read = |net: &Transformer, cache: &mut Cache| {
        let seen = net.read(cache, &[1, 2, 3], 1, false).expect("it fits");
        numbers(seen.last)
    };
    let mut cache = Cache::default();
    let first = read(&net, &mut cache);
    cache.truncate(0);
    let second = read(&other, &mut cache);
    assert_ne!(first, second);
    assert_eq!(second, read(&other, &mut Cache::default()));
    assert!(matches!(
        other.read(&mut cache, &[1, 2], 2, false),
        Err(ModelError::Text(_))
    ));
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
        (0..3)
            .map(|row| draft.written(row).to_vec())
            .collect::<Vec<_>>()
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
    assert_eq!(
        (stopped.written(0).len(), stopped.ending(0)),
        (1, Some(Ending::Stop))
    );
    let mut full = begin(&[], 100);
    write(&mut full, &writer);
    // What was read fills the context; one more token comes after it.
    assert_eq!(
        (full.written(0).len(), full.ending(0)),
        (15, Some(Ending::Full))
    );
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
    assert!(matches!(
        refused,
        Err(ModelError::Knob { knob: "data", .. })
    ));
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
        train(&mut run, 0, 400);
        let measured = block_on(run.validate(&texts(1_000).batch())).expect("numbers");
        // 23 tokens as likely as each other are 3.1 nats.
        assert!(measured[0].1 < 0.6, "{measured:?}");
        let writer = run.writer();
        let mut draft =
            Draft::begin(&writer, &[2, 5], 1, Writing::GREEDY, 1, &[], 5).expect("fits");
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

#[test]
fn weights_make_the_same_writer_again_and_others_are_refused() {
    let device = Device::flex();
    for model in models() {
        let recipe = recipe(model.clone());
        let mut first = run(&recipe);
        train(&mut first, 0, 2);
        let weights = block_on(first.weights()).expect("weights");
        let logits = |writer: &Writer| {
            let mut memory = writer.blank();
            numbers(
                writer
                    .read(&mut memory, &[1, 2, 3], 1, false)
                    .expect("it fits")
                    .logits,
            )
        };
        let again = Writer::new(&model, &weights, &device).expect("the same net");
        assert_eq!(logits(&again), logits(&first.writer()));
        for other in models() {
            let made = Writer::new(&other, &weights, &device);
            assert_eq!(made.is_ok(), other == model);
        }
        let mut second = run(&recipe);
        second.restore(&weights).expect("the same net");
        assert_eq!(second.step(), 0);
        train(&mut second, 0, 1);
    }
}

/// Whatever is read at once, what comes next is the same, for every net.
#[test]
fn reading_in_pieces_is_reading() {
    for model in models() {
        let writer = run(&recipe(model)).writer();
        let text = [1, 5, 9, 2, 7];
        let read = |pieces: &[usize]| {
            let mut memory = writer.blank();
            let (mut from, mut logits) = (0, Vec::new());
            for piece in pieces {
                let tokens = &text[from..from + piece];
                let next = writer.read(&mut memory, tokens, 1, false).expect("it fits");
                logits = numbers(next.logits);
                from += piece;
            }
            (logits, memory)
        };
        let (whole, memory) = read(&[5]);
        near(&read(&[2, 1, 2]).0, &whole, 1e-5);
        // Rows that were picked go on as the one they came from.
        let mut two = memory.select(&[0, 0]);
        let mut one = memory;
        let next = numbers(
            writer
                .read(&mut one, &[3], 1, false)
                .expect("it fits")
                .logits,
        );
        let both = numbers(
            writer
                .read(&mut two, &[3, 4], 2, false)
                .expect("it fits")
                .logits,
        );
        near(&both[..VOCABULARY], &next, 1e-5);
        assert!(both[VOCABULARY..] != both[..VOCABULARY]);
    }
}

#[test]
fn a_text_is_foretold_as_its_loss_says() {
    for model in models() {
        let writer = run(&recipe(model)).writer();
        let text = [1, 5, 9, 2, 7];
        let foretold = block_on(writer.foretell(&text)).expect("it fits");
        let logits = numbers(writer.logits(&text).expect("it fits"));
        assert_eq!(foretold.len(), 4);
        for (at, foretold) in foretold.iter().enumerate() {
            let row = &logits[at * VOCABULARY..(at + 1) * VOCABULARY];
            let total: f32 = row.iter().map(|logit| logit.exp()).sum();
            let loss = total.ln() - row[text[at + 1] as usize];
            assert!(
                (foretold.loss - loss).abs() < 1e-4,
                "{foretold:?} and {loss}"
            );
            assert!(foretold.entropy > 0.0 && foretold.rank < VOCABULARY as u32);
        }
    }
}

/// With room for all, a search finds what trying everything finds.
#[test]
fn a_wide_search_finds_the_likeliest_text() {
    let writer = run(&recipe(ModelConfig::Lstm(lstm()))).writer();
    let likelihood = |tokens: [u32; 2]| {
        let text = [1, 2, tokens[0], tokens[1]];
        let foretold = block_on(writer.foretell(&text)).expect("it fits");
        -foretold[1..]
            .iter()
            .map(|foretold| foretold.loss)
            .sum::<f32>()
    };
    let tokens = 0..VOCABULARY as u32;
    let all = tokens
        .clone()
        .flat_map(|a| tokens.clone().map(move |b| [a, b]));
    let best = all
        .max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b)))
        .expect("some");
    let mut beam = block_on(Beam::begin(&writer, &[1, 2], 16, 1.0, &[], 2)).expect("it fits");
    while !block_on(beam.turn(&writer)).expect("a token") {}
    let found = beam.found();
    assert_eq!(found[0].written, best);
    assert!((found[0].likelihood - likelihood(best)).abs() < 1e-4);
    assert!(
        found
            .windows(2)
            .all(|two| two[0].likelihood >= two[1].likelihood)
    );
    let none = block_on(Beam::begin(&writer, &[1], 17, 1.0, &[], 2));
    assert!(matches!(none, Err(ModelError::Knob { knob: "width", .. })));
}

#[test]
fn a_search_ends_at_a_stop() {
    let writer = run(&recipe(ModelConfig::Lstm(lstm()))).writer();
    let all: Vec<u32> = (0..VOCABULARY as u32).collect();
    let mut beam = block_on(Beam::begin(&writer, &[1, 2], 2, 0.0, &all, 9)).expect("it fits");
    while !block_on(beam.turn(&writer)).expect("a token") {}
    assert!(beam.found().iter().all(|found| found.written.len() == 1));
}

#[test]
fn a_text_vae_walks_between_two_sentences() {
    let writer = run(&recipe(ModelConfig::TextVae(text_vae()))).writer();
    let ends = [[1, 4, 7], [2, 5, 8]].map(|text| block_on(writer.encode(&text)).expect("it fits"));
    let points = between(&ends[0], &ends[1], 5);
    assert_eq!(
        (points.len(), &points[0], &points[4]),
        (5, &ends[0], &ends[1])
    );
    let next = |points: &[Vec<f32>]| {
        let mut memory = writer.from_points(points).expect("they fit");
        let tokens = vec![1; points.len()];
        numbers(
            writer
                .read(&mut memory, &tokens, points.len(), false)
                .expect("fits")
                .logits,
        )
    };
    let all = next(&points);
    for (row, point) in points.iter().enumerate() {
        let alone = next(std::slice::from_ref(point));
        near(&all[row * VOCABULARY..(row + 1) * VOCABULARY], &alone, 1e-5);
    }
    assert!(all[..VOCABULARY] != all[4 * VOCABULARY..]);
    assert!(writer.from_points(&[vec![0.0; 3]]).is_err());
    let transformer = run(&recipe(ModelConfig::Transformer(transformer()))).writer();
    assert!(block_on(transformer.encode(&[1])).is_err());
}
