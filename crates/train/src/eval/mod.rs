//! `train eval`: how good, how varied and how original a model's pictures are.
//!
//! Every figure stands beside a floor (the same figure for real training
//! pictures: as good as it gets) and a ceiling (for noise: as bad as it gets),
//! each from as many pictures, since the distances depend on how many there are.

mod bound;
mod captions;
mod likeness;
mod originality;
mod table;

use anyhow::{Result, bail};
use burn::tensor::Device;
use lampwork_datasets::{Batches, Examples, Packed};
use lampwork_models::Sampler;
use lampwork_protocol::{Figure, ModelConfig, Sampling};

use crate::judge::{Judge, pixels};
use crate::make;
use crate::publish::Model;

pub use bound::bound;
pub use likeness::frechet;
pub use table::table;

/// What does not belong to the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Pictures on each side of a comparison; `None` for as many as the test
    /// split has.
    pub count: Option<usize>,
    /// Seed of the draws.
    pub seed: u64,
    /// How a flow makes them; `None` for its usual way.
    pub sampling: Option<Sampling>,
}

/// Pictures of a flow that are compared unless more are asked for: each takes
/// dozens of evaluations of its net.
const FLOW_PICTURES: usize = 2000;

/// Fewest pictures that a comparison makes sense with, for each dimension of the
/// features: the Frechet distance needs more of them than those.
const FEWEST: usize = 2;

/// How many of at most `most` pictures are compared unless said otherwise.
pub fn usual_count(config: &ModelConfig, most: usize) -> usize {
    match config {
        ModelConfig::Flow(_) => most.min(FLOW_PICTURES),
        _ => most,
    }
}

/// Measures a model.
///
/// # Errors
/// Where the model cannot be sampled, or there are too few pictures to compare.
pub fn measure(
    model: &Model,
    packed: &Packed,
    judge: &Judge,
    device: &Device,
    options: &Options,
    mut say: impl FnMut(&str),
) -> Result<Vec<Figure>> {
    let config = &model.card.recipe.model;
    let sampler = Sampler::new(config, &model.weights, device)?;
    let most = packed.test.len().min(packed.train.len());
    let count = options.count.unwrap_or(usual_count(config, most)).min(most);
    let fewest = FEWEST * judge.dimensions();
    if count < fewest {
        bail!("{count} pictures are too few to compare: at least {fewest} are needed on each side");
    }
    let mut figures = Vec::new();
    if sampler.encodes() {
        say("measuring the bound on the test split");
        figures.extend(bound::figures(
            &sampler,
            &packed.test,
            options.seed,
            device,
        )?);
    }
    say(&format!("making {count} pictures"));
    let sets = Sets::gather(&sampler, packed, count, options, device)?;
    say("comparing them with real ones");
    figures.extend(likeness::figures(&sets, judge, config.classes() > 0)?);
    if config.words() > 0 {
        say("looking for their captions");
        figures.extend(captions::figures(
            &sampler, packed, judge, &sets, options, device,
        )?);
    }
    say("looking for near copies of training pictures");
    figures.extend(originality::figures(&sets, &packed.train)?);
    if matches!(config, ModelConfig::Flow(_)) {
        let Sampling {
            steps,
            guidance,
            solver,
        } = options
            .sampling
            .or(Sampling::usual(config))
            .unwrap_or_default();
        let way = format!("; made in {steps} steps of {solver:?} with guidance {guidance}");
        for figure in &mut figures {
            figure.how.push_str(&way);
        }
    }
    Ok(figures)
}

/// The pictures that are compared, equally many of each.
struct Sets {
    /// Of the test split: what all others are compared with.
    test: Set,
    /// Of the training split.
    train: Set,
    /// Made by the model, the classes asked for as often as `test` has them.
    made: Set,
    /// Every pixel uniform in 0..1.
    noise: Set,
}

/// Pictures with their classes.
#[derive(Clone)]
struct Set {
    /// `[count, values]` in 0..1.
    pictures: Vec<f32>,
    /// The class of each; asked for, where it was made.
    classes: Vec<u8>,
    /// The concept of each, where there are captions.
    concepts: Vec<u16>,
}

impl Set {
    /// Numbers of one picture.
    fn values(&self) -> usize {
        self.pictures.len() / self.classes.len()
    }

    /// The first `count` pictures.
    fn first(&self, count: usize) -> &[f32] {
        &self.pictures[..count * self.values()]
    }
}

impl Sets {
    fn gather(
        sampler: &Sampler,
        packed: &Packed,
        count: usize,
        options: &Options,
        device: &Device,
    ) -> Result<Sets> {
        let Options { seed, sampling, .. } = *options;
        let test = some(&packed.test, count, seed);
        let conditional = sampler.space().classes > 0;
        let latents = make::draws(seed, count as u32, 1.0, |index| {
            conditional.then(|| test.classes[index as usize])
        });
        let latents = captions::said(sampler, packed, latents, &test.concepts);
        let values = test.values();
        Ok(Sets {
            made: Set {
                pictures: make::pictures(sampler, &latents, sampling, device)?,
                ..test.clone()
            },
            noise: Set {
                pictures: lampwork_models::Noise::new(seed, 0).uniform(count * values),
                ..test.clone()
            },
            train: some(&packed.train, count, seed),
            test,
        })
    }

    fn count(&self) -> usize {
        self.test.classes.len()
    }
}

/// So many examples, drawn without replacement.
fn some(examples: &Examples, count: usize, seed: u64) -> Set {
    let indices = Batches::new(examples.len(), count, seed).indices(0, 0);
    let indices: Vec<usize> = indices.into_iter().map(|index| index as usize).collect();
    let chosen = examples.select(&indices);
    Set {
        pictures: pixels(&chosen.pictures),
        classes: chosen.labels,
        concepts: chosen.concepts,
    }
}

/// A figure with floor and ceiling.
struct Measured {
    value: f64,
    floor: Option<f64>,
    ceiling: Option<f64>,
}

impl Measured {
    fn into_figure(self, name: &str, unit: &str, how: String) -> Figure {
        Figure {
            name: name.into(),
            value: self.value,
            unit: unit.into(),
            floor: self.floor,
            ceiling: self.ceiling,
            how,
        }
    }
}
