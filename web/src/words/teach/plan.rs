//! How a model is taught: the few choices that a visitor has, and the run that they
//! make. No browser in here.

use lampwork_protocol::words::{Base, PassageKind, RunOrder, Source, TextModelInfo, TextRecipe};
use lampwork_protocol::{
    Augment, EarlyStopping, ModelConfig, OptimizerConfig, OptimizerKind, RunRecipe, Schedule,
    Tuning,
};

/// What of the model moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// An adapter of low rank beside the weights (Hu 2021).
    Lora,
    /// The last layers.
    Last,
    /// All of it.
    Full,
}

impl Method {
    /// All of them, as they stand in the form.
    pub const ALL: [Method; 3] = [Method::Lora, Method::Last, Method::Full];

    /// Its name in test ids.
    pub fn name(self) -> &'static str {
        match self {
            Method::Lora => "lora",
            Method::Last => "last",
            Method::Full => "full",
        }
    }

    /// A learning rate that was found to do well with it.
    pub fn rate(self) -> f32 {
        match self {
            Method::Lora => 1e-3,
            Method::Last => 1e-3,
            Method::Full => 5e-4,
        }
    }
}

/// What a visitor chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// What of the model moves.
    pub method: Method,
    /// Columns of an adapter's first factors.
    pub rank: usize,
    /// Layers that move, from the last.
    pub layers: usize,
    /// Learning rate at its highest.
    pub rate: f32,
    /// Most passes over what is learned from.
    pub epochs: usize,
    /// Share that is held out.
    pub held_out: f32,
    /// What kind of text it is, of English.
    pub of: PassageKind,
}

impl Default for Plan {
    fn default() -> Self {
        let method = Method::Lora;
        Self {
            method,
            rank: 16,
            layers: 2,
            rate: method.rate(),
            epochs: 10,
            held_out: 0.1,
            of: PassageKind::Prose,
        }
    }
}

/// Epochs without progress before a run stops.
const PATIENCE: usize = 3;

/// Texts of a step at most; few, as a text of one's own has few.
const LARGEST_BATCH: usize = 8;

/// Probability that a number is dropped in training.
const DROPOUT: f32 = 0.1;

/// Steps that an epoch should have.
const STEPS: f64 = 10.0;

/// Texts that are computed between two answers to the page: passages are long.
const SLICE: [usize; 2] = [1, 4];

/// Longest name of what is learned, in characters.
pub const LONGEST_NAME: usize = 20;

impl Plan {
    /// The run of this plan on a model, for a text of so many characters. What it makes
    /// has this name.
    pub fn order(
        &self,
        info: &TextModelInfo,
        base: &Base,
        characters: u32,
        name: &str,
    ) -> RunOrder {
        let card = &info.card;
        let mut model = card.recipe.model.clone();
        if let ModelConfig::Transformer(config) = &mut model {
            // A text of a few pages is soon known by heart.
            config.dropout = DROPOUT;
        }
        let batch = batch(info, characters);
        RunOrder {
            recipe: RunRecipe {
                data: card.recipe.data,
                model,
                optimizer: OptimizerConfig {
                    kind: OptimizerKind::AdamW {
                        beta1: 0.9,
                        beta2: 0.98,
                        weight_decay: 0.01,
                    },
                    learning_rate: self.rate,
                    schedule: Schedule::Cosine { floor: 0.1 },
                    warmup: 8,
                    clip_norm: Some(1.0),
                },
                batch,
                micro_batch: batch.min(SLICE[usize::from(info.poems)]),
                epochs: self.epochs,
                seed: 1,
                augment: Augment::default(),
                early_stopping: Some(EarlyStopping {
                    patience: PATIENCE,
                    min_delta: 0.0,
                }),
                ema: 0.0,
            },
            source: Source::Own {
                held_out: self.held_out,
                of: (!info.poems).then_some(self.of),
            },
            base: Some(Base {
                adapter: None,
                ..base.clone()
            }),
            tuning: match self.method {
                Method::Lora => Tuning::Lora {
                    rank: self.rank,
                    // What is learned counts twice, whatever the rank.
                    alpha: 2.0 * self.rank as f32,
                },
                Method::Last => Tuning::Last {
                    layers: self.layers,
                },
                Method::Full => Tuning::Full,
            },
            name: Some(short(name)).filter(|name| !name.is_empty()),
        }
    }
}

/// Texts of a step: so many that an epoch has [`STEPS`] or somewhat more, a power of two.
///
/// A poem is some forty characters; of a passage each text fills what the model sees,
/// a token being some three characters and a half.
fn batch(info: &TextModelInfo, characters: u32) -> usize {
    let characters_each = if info.poems {
        40.0
    } else {
        3.5 * f64::from(info.context)
    };
    let texts = f64::from(characters) / characters_each;
    let batch = (texts / STEPS).max(1.0) as usize;
    let power = 1 << batch.ilog2();
    power.min(LARGEST_BATCH)
}

/// The same order with half as many texts in a step; `None` where it has one already.
pub fn halved(order: &RunOrder) -> Option<RunOrder> {
    let batch = order.recipe.batch / 2;
    if batch == 0 {
        return None;
    }
    let mut order = order.clone();
    order.recipe.batch = batch;
    order.recipe.micro_batch = order.recipe.micro_batch.min(batch);
    Some(order)
}

/// A name as a card takes it: one line, and not too long.
pub fn short(name: &str) -> String {
    let plain = name.chars().filter(|one| !one.is_control());
    let mut short: String = plain.take(LONGEST_NAME).collect();
    while short.len() > TextRecipe::MAX_NAME {
        short.pop();
    }
    short.trim().to_owned()
}

/// The name of a file without its ending.
pub fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

/// How long something takes, to read: `1:05`.
pub fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lampwork_protocol::{DataSet, ModelCard, TransformerConfig};

    fn info(poems: bool) -> TextModelInfo {
        let recipe = RunRecipe {
            data: if poems {
                DataSet::Poems
            } else {
                DataSet::Plays
            },
            model: ModelConfig::Transformer(TransformerConfig {
                vocabulary: 100,
                context: 128,
                layers: 4,
                width: 16,
                heads: 2,
                hidden: 32,
                dropout: 0.2,
            }),
            optimizer: OptimizerConfig {
                kind: OptimizerKind::Sgd { momentum: 0.0 },
                learning_rate: 1.0,
                schedule: Schedule::Constant,
                warmup: 0,
                clip_norm: None,
            },
            batch: 256,
            micro_batch: 128,
            epochs: 2,
            seed: 3,
            augment: Augment::default(),
            early_stopping: None,
            ema: 0.999,
        };
        TextModelInfo {
            card: ModelCard {
                version: ModelCard::VERSION,
                name: "poems".to_owned(),
                recipe,
                licence: String::new(),
                data_source: String::new(),
                commit: String::new(),
                device: String::new(),
                steps: 0,
                seconds: 0.0,
                directions: Vec::new(),
                figures: vec![],
            },
            weights: [7; 8],
            poems,
            tunes: vec![],
            context: 128,
            parameters: 1,
        }
    }

    fn order(plan: &Plan, poems: bool, characters: u32) -> RunOrder {
        let base = Base {
            model: "poems".to_owned(),
            weights: [7; 8],
            adapter: Some(lampwork_protocol::words::Adapter {
                hash: [1; 8],
                strength: 1.0,
            }),
        };
        plan.order(&info(poems), &base, characters, "  a\nname ")
    }

    #[test]
    fn a_plan_goes_on_from_the_weights_alone() {
        let plan = Plan::default();
        let order = order(&plan, true, 6_700);
        assert_eq!(order.base.as_ref().and_then(|base| base.adapter), None);
        assert_eq!(order.name.as_deref(), Some("aname"));
        assert_eq!(order.recipe.model.vocabulary(), 100);
        assert_eq!(
            order.tuning,
            Tuning::Lora {
                rank: 16,
                alpha: 32.0
            }
        );
        let Source::Own { of, .. } = order.source else {
            panic!("it learns from the visitor's text");
        };
        assert_eq!(of, None, "a poem is no passage");
    }

    #[test]
    fn a_step_has_few_texts_where_there_are_few() {
        for (poems, characters, batch) in [
            (true, 6_700, 8),
            (true, 100_000, 8),
            (true, 300, 1),
            (false, 20_000, 4),
            (false, 0, 1),
        ] {
            let order = order(&Plan::default(), poems, characters);
            assert_eq!(order.recipe.batch, batch, "{characters}");
            assert!(batch.is_multiple_of(order.recipe.micro_batch));
        }
    }

    #[test]
    fn a_batch_is_halved_down_to_one() {
        let mut now = order(&Plan::default(), true, 100_000);
        let mut batches = vec![now.recipe.batch];
        while let Some(next) = halved(&now) {
            assert!(next.recipe.batch.is_multiple_of(next.recipe.micro_batch));
            batches.push(next.recipe.batch);
            now = next;
        }
        assert_eq!(batches, [8, 4, 2, 1]);
    }

    #[test]
    fn names_are_cut_to_what_a_card_takes() {
        assert_eq!(short("漁父詞"), "漁父詞");
        let long = short(&"😀".repeat(40));
        assert!(long.len() <= TextRecipe::MAX_NAME && !long.is_empty());
        assert_eq!(stem("a.b.txt"), "a.b");
        assert_eq!(stem(".txt"), ".txt");
        assert_eq!(stem("text"), "text");
        assert_eq!((clock(65.4), clock(-1.0)), ("1:05".into(), "0:00".into()));
    }
}
