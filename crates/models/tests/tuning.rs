//! Nets that write, trained on: whole, in their last layers, by adapters.

mod writing;

use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_models::language::{Writer, tune};
use lampwork_models::{ModelError, TextRun, Update};
use lampwork_protocol::*;

use writing::{
    Texts, VOCABULARY, lstm, near, numbers, read, recipe, run, texts, train, transformer,
};

/// A trained net, and texts by another rule for it to learn.
fn trained() -> (RunRecipe, Vec<lampwork_weights::Named>) {
    let mut recipe = recipe(ModelConfig::Transformer(TransformerConfig {
        dropout: 0.0,
        ..transformer()
    }));
    recipe.ema = 0.0;
    recipe.optimizer.learning_rate = 1e-2;
    let mut run = run(&recipe);
    train(&mut run, 0, 100);
    (recipe, block_on(run.weights()).expect("weights"))
}

/// The same texts backwards.
fn other_texts(step: u64) -> Texts {
    let mut texts = texts(step);
    for numbers in [&mut texts.inputs, &mut texts.targets] {
        for token in numbers.iter_mut() {
            *token = (VOCABULARY as u16 - 1) - *token;
        }
    }
    texts
}

#[test]
fn each_way_of_tuning_moves_what_it_says_and_learns() {
    let (recipe, weights) = trained();
    let device = Device::flex();
    let lora = Tuning::Lora {
        rank: 4,
        alpha: 8.0,
    };
    for tuning in [Tuning::Full, Tuning::Last { layers: 1 }, lora] {
        let mut run = TextRun::tune(&recipe, tuning, &weights, 100, &device, Update::Host)
            .expect("the same net");
        let loss = |run: &TextRun| {
            block_on(run.validate(&other_texts(1_000).batch())).expect("numbers")[0].1
        };
        let before = loss(&run);
        for step in 0..60 {
            run.step_on(&other_texts(step).batch());
        }
        let after = loss(&run);
        assert!(after < 0.7 * before, "{tuning:?}: {before} and {after}");
        let moved = block_on(run.weights()).expect("weights");
        let value = |name: &str| moved.iter().find(|named| named.name == name);
        let same = |name: &str| {
            let old = weights
                .iter()
                .find(|named| named.name == name)
                .expect("it is there");
            value(name).map(|new| new.values == old.values)
        };
        let ship = [
            same("table"),
            same("layers.0.up.weight"),
            same("layers.1.up.weight"),
        ];
        match tuning {
            Tuning::Full => assert_eq!(ship, [Some(false); 3]),
            Tuning::Last { .. } => assert_eq!(ship, [Some(true), Some(true), Some(false)]),
            Tuning::Lora { .. } => {
                assert_eq!(ship, [None; 3]);
                // Two factors of four weights of two layers.
                assert_eq!(moved.len(), 16);
            }
        }
    }
}

#[test]
fn an_adapter_is_saved_loaded_slid_and_merged() {
    let (recipe, weights) = trained();
    let device = Device::flex();
    let tuning = Tuning::Lora {
        rank: 2,
        alpha: 4.0,
    };
    let mut run =
        TextRun::tune(&recipe, tuning, &weights, 100, &device, Update::Host).expect("the same net");
    let logits = |writer: &Writer| numbers(writer.logits(&[3, 1, 4]).expect("it fits"));
    let plain = Writer::new(&recipe.model, &weights, &device).expect("the same net");
    assert_eq!(
        logits(&run.writer()),
        logits(&plain),
        "it begins as the net was"
    );
    for step in 0..10 {
        run.step_on(&other_texts(step).batch());
    }
    let card = AdapterCard {
        version: AdapterCard::VERSION,
        name: "backwards".into(),
        model: "counting".into(),
        weights: "00".repeat(8),
        rank: 2,
        alpha: 4.0,
        steps: run.step(),
        held_out: None,
    };
    let factors = block_on(run.weights()).expect("weights");
    let bytes = lampwork_weights::write_adapter(&card, &factors).expect("a file");
    let (read, loaded) = lampwork_weights::read_adapter(&bytes).expect("an adapter");
    assert_eq!(read, card);
    let adapted = |factors: &[lampwork_weights::Named], strength, merged| {
        logits(
            &plain
                .adapted(&card, factors, strength, merged, &device)
                .expect("it fits"),
        )
    };
    let tuned = logits(&run.writer());
    assert_eq!(adapted(&factors, 1.0, false), tuned);
    near(&adapted(&factors, 1.0, true), &tuned, 1e-5);
    // Half precision.
    near(&adapted(&loaded, 1.0, false), &tuned, 2e-2);
    assert_eq!(adapted(&factors, 0.0, false), logits(&plain));
    let half = adapted(&factors, 0.5, true);
    assert!(half != tuned && half != logits(&plain));
    // Those of another net, and those that are broken.
    assert!(
        plain
            .adapted(&card, &factors[1..], 1.0, false, &device)
            .is_err()
    );
    let mut broken = factors.clone();
    broken[0].values[0] = f32::NAN;
    assert!(plain.adapted(&card, &broken, 1.0, false, &device).is_err());
    assert!(
        plain
            .adapted(&card, &factors, f32::NAN, false, &device)
            .is_err()
    );
    assert_eq!(tune::factors(weights), []);
    assert!(lampwork_weights::read_adapter(&bytes[..40]).is_err());
}

#[test]
fn a_tuning_resumes_as_if_nothing_had_happened() {
    let (recipe, weights) = trained();
    let tuning = Tuning::Lora {
        rank: 2,
        alpha: 4.0,
    };
    let device = Device::flex();
    let begin = || {
        TextRun::tune(&recipe, tuning, &weights, 100, &device, Update::Host).expect("the same net")
    };
    let steps = |run: &mut TextRun, from: u64| {
        (from..from + 3)
            .map(|step| read(run.step_on(&other_texts(step).batch())))
            .collect::<Vec<_>>()
    };
    let mut whole = begin();
    steps(&mut whole, 0);
    let saved = block_on(whole.save()).expect("arrays");
    let mut restored = begin();
    restored.restore(&saved).expect("the same net");
    assert_eq!(steps(&mut restored, 3), steps(&mut whole, 3));
}

#[test]
fn tunings_that_cannot_be_are_refused() {
    let (recipe, weights) = trained();
    let device = Device::flex();
    let tune = |recipe: &RunRecipe, tuning| {
        TextRun::tune(recipe, tuning, &weights, 1, &device, Update::Host).map(|_| ())
    };
    let lora = |rank| Tuning::Lora { rank, alpha: 1.0 };
    let refused = [lora(0), lora(65), Tuning::Last { layers: 3 }];
    for tuning in refused {
        assert!(matches!(
            tune(&recipe, tuning),
            Err(ModelError::Knob { .. })
        ));
    }
    let mut other = recipe.clone();
    other.model = ModelConfig::Lstm(lstm());
    assert!(matches!(
        tune(&other, Tuning::Full),
        Err(ModelError::Knob { knob: "family", .. })
    ));
    other.model = ModelConfig::Transformer(TransformerConfig {
        layers: 1,
        ..transformer()
    });
    assert!(matches!(
        tune(&other, Tuning::Full),
        Err(ModelError::Weights(_))
    ));
}
