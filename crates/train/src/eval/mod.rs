//! `train eval`: how good, how varied and how original a model's pictures are.
//!
//! Every figure stands beside a floor (the same figure for real training
//! pictures: as good as it gets) and a ceiling (for noise: as bad as it gets),
//! each from as many pictures, since the distances depend on how many there are.

mod bound;
mod captions;
mod domains;
mod originality;
mod table;
mod translated;

use anyhow::{Result, bail};
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_datasets::Packed;
use lampwork_judge::{FEWEST, Sets};
use lampwork_metrics::frechet_distance;
use lampwork_models::Sampler;
use lampwork_protocol::{Figure, ModelConfig, Sampling};

use crate::judge::{Judge, see};
use crate::publish::Model;
use crate::{make, words};

pub use bound::bound;
pub use domains::domains;
pub use table::table;
pub use translated::{pairs, translated};

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
    let mut sets = Sets::without_made(packed, count, options.seed);
    let asked = |like| {
        let space = sampler.space();
        lampwork_judge::asked(space, packed, like, options.seed, &words::meaning)
    };
    sets.made.pictures = make::pictures(&sampler, &asked(&sets.test), options.sampling, device)?;
    say("comparing them with real ones");
    let conditional = config.classes() > 0;
    figures.extend(block_on(lampwork_judge::measure(
        &sets,
        judge,
        conditional,
    ))?);
    if config.words() > 0 {
        say("looking for their captions");
        figures.extend(captions::figures(
            &sampler, packed, judge, &sets, options, device,
        )?);
    }
    say("looking for near copies of training pictures");
    figures.extend(originality::figures(&sets, &packed.train)?);
    lampwork_judge::say_way(&mut figures, config, options.sampling);
    Ok(figures)
}

/// The Frechet distance (Heusel 2017) between two sets of pictures.
///
/// # Errors
/// Where there are too few pictures or the device fails.
pub fn frechet(judge: &Judge, a: &[f32], b: &[f32]) -> Result<f64> {
    let (a, b) = (see(judge, a)?, see(judge, b)?);
    Ok(frechet_distance(&a.features, &b.features, a.dimensions())?)
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
