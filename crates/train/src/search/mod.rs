//! `train search`: trials of a recipe at random or by the tree-structured Parzen
//! estimator (Bergstra 2011).

pub mod log;
pub mod propose;
pub mod space;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_protocol::RunRecipe;
use serde_json::{Map, Value};

use crate::checkpoint;
use crate::cli::Method;
use crate::folder::{RunFile, RunFolder};
use crate::recipe;
use crate::runner::{self, Ending, Options, Start, Trained};
use log::{Header, SearchLog, Trial};
use space::Dimension;

/// What is searched, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The recipe that the trials change.
    pub recipe: RunRecipe,
    /// The settings and where to look.
    pub over: Vec<String>,
    /// How the next trial is chosen.
    pub method: Method,
    /// Trials in all.
    pub trials: usize,
    /// Seed of the choices.
    pub seed: u64,
}

/// Where a search is done.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Folder of the log and of the trials' runs.
    pub folder: &'a Path,
    /// The data.
    pub packed: &'a Packed,
    /// The device.
    pub device: &'a Device,
    /// How each trial is run.
    pub options: &'a Options,
}

/// Runs trials until there are as many as planned or `stop`; returns the log.
///
/// `loss` says how good a trained trial is; less is better. A trial that fails
/// (say, diverges) counts as the worst.
///
/// # Errors
/// Where a setting is not there, the log is of another search, or a file cannot
/// be written.
pub fn search(
    plan: &Plan,
    place: &Place,
    stop: &AtomicBool,
    loss: impl Fn(&RunRecipe, &Trained) -> Result<f64>,
    mut say: impl FnMut(&Trial),
) -> Result<SearchLog> {
    let dimensions = plan
        .over
        .iter()
        .map(|text| text.parse::<Dimension>())
        .collect::<Result<Vec<_>>>()?;
    for dimension in &dimensions {
        dimension.check(&plan.recipe)?;
    }
    crate::atomic::folder(place.folder)?;
    let header = Header {
        recipe: plan.recipe.clone(),
        over: plan.over.clone(),
        seed: plan.seed,
    };
    let mut log = SearchLog::open(&place.folder.join("trials.jsonl"), &header)?;
    while log.trials.len() < plan.trials && !stop.load(Ordering::Relaxed) {
        let tried: Vec<propose::Tried> = log
            .trials
            .iter()
            .map(|trial| {
                (
                    trial.coordinates.clone(),
                    trial.loss.unwrap_or(f64::INFINITY),
                )
            })
            .collect();
        let coordinates = propose::next(&dimensions, &tried, plan.method, plan.seed)?;
        let settings: Map<String, Value> = dimensions
            .iter()
            .zip(&coordinates)
            .map(|(dimension, &coordinate)| (dimension.path.clone(), dimension.value(coordinate)))
            .collect();
        let number = log.trials.len();
        let Some((result, seconds)) = run_trial(plan, place, number, &settings, stop, &loss)?
        else {
            break;
        };
        let trial = Trial {
            trial: number,
            settings,
            coordinates,
            loss: result
                .as_ref()
                .ok()
                .copied()
                .filter(|loss| loss.is_finite()),
            error: result.err().map(|error| format!("{error:#}")),
            method: format!("{:?}", plan.method).to_lowercase(),
            seconds,
        };
        say(&trial);
        log.add(trial)?;
    }
    Ok(log)
}

/// One trial: its loss, or why it failed; `None` where it was interrupted.
fn run_trial(
    plan: &Plan,
    place: &Place,
    number: usize,
    settings: &Map<String, Value>,
    stop: &AtomicBool,
    loss: &impl Fn(&RunRecipe, &Trained) -> Result<f64>,
) -> Result<Option<(Result<f64>, f64)>> {
    let mut recipe = plan.recipe.clone();
    for (path, value) in settings {
        recipe = recipe::set(&recipe, path, value)?;
    }
    let name = format!("trial-{number:04}");
    let folder = RunFolder::new(place.folder.join(&name));
    let what = RunFile {
        out: folder.path().join("model"),
        name,
        recipe: recipe.clone(),
        data_folder: place.folder.to_owned(),
    };
    // The trial that an interrupted search was at goes on; another's is removed.
    let start = match folder.read() {
        Ok(there) if there.recipe == recipe => Start::from(checkpoint::read_newest(&folder)?),
        _ => {
            folder.remove()?;
            folder.start(&what)?;
            Start::Fresh
        }
    };
    let began = std::time::Instant::now();
    let trained = runner::train(
        &folder,
        &recipe,
        place.packed,
        place.device,
        place.options,
        start,
        stop,
    );
    let result = match trained {
        Ok(trained) if trained.ending == Ending::Interrupted => return Ok(None),
        Ok(trained) => (loss(&recipe, &trained), trained.state.seconds),
        Err(error) => (Err(error), began.elapsed().as_secs_f64()),
    };
    // A finished trial needs no checkpoints, and they are most of its bytes.
    if folder.checkpoints().exists() {
        std::fs::remove_dir_all(folder.checkpoints())
            .with_context(|| format!("cannot remove {}", folder.checkpoints().display()))?;
    }
    Ok(Some(result))
}
