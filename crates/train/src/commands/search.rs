//! `train search`.

use std::sync::atomic::Ordering;

use anyhow::Result;
use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_models::Sampler;
use lampwork_protocol::{PICTURE_PIXELS, RunRecipe};
use serde_json::Value;

use super::{data_folder, say, stop_on_signal, update};
use crate::cli::SearchArgs;
use crate::eval;
use crate::folder::project_root;
use crate::judge::{self, Judge, pixels};
use crate::progress::Loudness;
use crate::runner::{self, Trained};
use crate::search::log::Trial;
use crate::search::{self, Place, Plan};
use crate::{data, device, make, recipe};

pub(super) fn search(arguments: &SearchArgs) -> Result<u8> {
    let common = &arguments.common;
    let preset = recipe::preset(&arguments.preset)?;
    let plan = Plan {
        recipe: recipe::apply(preset.recipe, &arguments.settings)?,
        over: arguments.over.clone(),
        method: arguments.method,
        trials: arguments.trials,
        seed: arguments.search_seed,
    };
    let folder = arguments.search_dir.clone().unwrap_or_else(|| {
        let stem = std::path::Path::new(&arguments.preset)
            .file_stem()
            .unwrap_or_default();
        project_root()
            .join("runs")
            .join(format!("search-{}", stem.to_string_lossy()))
    });
    let device = device::open(common.device)?;
    let packed = data::load(&data_folder(common)?, plan.recipe.data)?;
    let options = runner::Options {
        // One bar a trial would hide the trials' own lines.
        loudness: Loudness::Quiet,
        update: update(common.device),
        ..runner::Options::default()
    };
    let place = Place {
        folder: &folder,
        packed: &packed,
        device: &device,
        options: &options,
    };
    let objective = Objective::new(&plan.recipe, &packed, &device)?;
    let say = say(common);
    say(&format!("each trial's loss is {}", objective.name()));
    let stop = stop_on_signal()?;
    let loss = |recipe: &RunRecipe, trained: &Trained| objective.of(recipe, trained);
    let log = search::search(&plan, &place, &stop, loss, |trial| say(&line(trial)))?;
    if stop.load(Ordering::Relaxed) {
        eprintln!(
            "stopped after {} of {} trials; the same command goes on",
            log.trials.len(),
            plan.trials
        );
        return Ok(130);
    }
    match log.best() {
        Some(best) => {
            println!("best: {}", line(best));
            println!("train run {}{}", arguments.preset, flags(best));
        }
        None => println!("no trial came to a loss; see {}", folder.display()),
    }
    Ok(0)
}

fn line(trial: &Trial) -> String {
    let settings: Vec<_> = trial
        .settings
        .iter()
        .map(|(path, value)| format!("{path}={}", plain(value)))
        .collect();
    let result = match (&trial.loss, &trial.error) {
        (Some(loss), _) => format!("loss {loss:.4}"),
        (None, Some(error)) => format!("failed ({error})"),
        (None, None) => "no finite loss".to_owned(),
    };
    format!(
        "trial {}: {result} with {}",
        trial.trial,
        settings.join(" ")
    )
}

/// The settings as they are given to `train run`.
fn flags(trial: &Trial) -> String {
    trial
        .settings
        .iter()
        .map(|(path, value)| format!(" --set {path}={}", plain(value)))
        .collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a search makes small, on the validation split.
enum Objective<'a> {
    /// Of a VAE: the negative bound with the KL term whole, whatever beta a trial
    /// trains with, so that trials can be compared.
    Bound(&'a Packed, &'a Device),
    /// Of a GAN or a flow: the Frechet distance in the classifier's features.
    Frechet(&'a Packed, &'a Device, Box<Judge>),
}

/// Latent samples a picture, and seed of the draws.
const SAMPLES: usize = 1;
const SEED: u64 = 1;

impl<'a> Objective<'a> {
    fn new(recipe: &RunRecipe, packed: &'a Packed, device: &'a Device) -> Result<Objective<'a>> {
        Ok(match recipe.model {
            lampwork_protocol::ModelConfig::Vae(_) => Objective::Bound(packed, device),
            _ => {
                let judge = judge::shipped(packed.data, device)?;
                Objective::Frechet(packed, device, Box::new(judge))
            }
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Objective::Bound(..) => {
                "the negative evidence lower bound of the validation split, nats"
            }
            Objective::Frechet(..) => {
                "the Frechet distance to the validation split, in Lampwork's own features"
            }
        }
    }

    fn of(&self, recipe: &RunRecipe, trained: &Trained) -> Result<f64> {
        match self {
            Objective::Bound(packed, device) => {
                let sampler = Sampler::new(&recipe.model, &trained.weights, device)?;
                let examples = &packed.validation;
                let bound = eval::bound(&sampler, examples, SAMPLES, SEED, device)?;
                Ok(bound.map_or(f64::INFINITY, |(reconstruction, kl)| reconstruction + kl))
            }
            Objective::Frechet(packed, device, judge) => {
                let sampler = Sampler::new(&recipe.model, &trained.weights, device)?;
                let examples = &packed.validation;
                let conditional = sampler.space().classes > 0;
                let count = eval::usual_count(&recipe.model, examples.len());
                let latents = make::draws(SEED, count as u32, 1.0, |index| {
                    conditional.then(|| examples.labels[index as usize])
                });
                let made = make::pictures(&sampler, &latents, None, device)?;
                let real = &examples.pictures[..count * PICTURE_PIXELS];
                eval::frechet(judge, &pixels(real), &made)
            }
        }
    }
}
