//! The same commands for models of text.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use lampwork_models::TextRun;
use lampwork_models::language::Writer;
use lampwork_protocol::{ModelCard, Writing};
use lampwork_text::Corpus;
use lampwork_weights::Named;

use super::run::{ended, options, unwritten};
use super::{data_folder, measure, say, stop_on_signal, update};
use crate::checkpoint::State;
use crate::cli::{Common, EvalArgs, SampleArgs, Saving};
use crate::folder::{RunFile, RunFolder};
use crate::publish::{self, Model};
use crate::runner::{self, Start};
use crate::text::{self, eval, write::Order};
use crate::{atomic, device};

/// Trains, then writes and measures the model.
pub(super) fn go(
    folder: &RunFolder,
    what: &RunFile,
    corpus: &Corpus,
    start: Start,
    saving: &Saving,
    common: &Common,
) -> Result<u8> {
    let stop = stop_on_signal()?;
    // The card names the commit that trains, not the one of when it is done.
    publish::commit();
    let device = device::open(common.device)?;
    let options = options(saving, common);
    let trained = text::runner::train(
        folder,
        &what.recipe,
        corpus,
        &device,
        &options,
        start,
        &stop,
    )?;
    if !ended(&trained, folder, common) {
        return Ok(130);
    }
    let (state, weights) = (&trained.state, &trained.weights);
    publish(
        what,
        corpus,
        state,
        weights,
        &what.out,
        !saving.no_eval,
        common,
    )
    .with_context(|| unwritten(folder))?;
    Ok(0)
}

/// Writes the model of a checkpoint.
pub(super) fn export(
    folder: &RunFolder,
    what: &RunFile,
    corpus: &Corpus,
    (state, tensors): (&State, &[Named]),
    out: &Path,
    measured: bool,
    common: &Common,
) -> Result<u8> {
    let device = device::open(common.device)?;
    let mut run = TextRun::begin(&what.recipe, 1, &device, update(common.device))?;
    run.restore(tensors)?;
    let weights = runner::weights_to_ship(folder, state, &run)?;
    publish(what, corpus, state, &weights, out, measured, common)?;
    Ok(0)
}

fn publish(
    what: &RunFile,
    corpus: &Corpus,
    state: &State,
    weights: &[Named],
    out: &Path,
    measured: bool,
    common: &Common,
) -> Result<()> {
    let sources = corpus.card.sources.iter();
    let sources: Vec<_> = sources.map(|source| source.package.as_str()).collect();
    let card = ModelCard {
        version: ModelCard::VERSION,
        name: what.name.clone(),
        recipe: what.recipe.clone(),
        licence: publish::LICENCE.to_owned(),
        data_source: format!(
            "{}: {} ({})",
            corpus.card.title,
            sources.join(", "),
            corpus.card.licence
        ),
        commit: publish::commit(),
        device: device::describe(common.device),
        steps: state.step,
        seconds: state.seconds,
        directions: Vec::new(),
        figures: Vec::new(),
    };
    let tokenizer = (text::TOKENIZER_KEY.to_owned(), corpus.tokenizer.to_json());
    let hash = publish::write_with(out, &card, weights, &BTreeMap::from([tokenizer]))?;
    say(common)(&format!(
        "written to {} (hash {})",
        out.display(),
        publish::hexadecimal(&hash)
    ));
    if measured {
        // What is measured is the file: its weights are in half precision.
        measure_model(&publish::read(out)?, corpus, &usual(), true, common)?;
    }
    Ok(())
}

/// What is measured where nothing else is asked for.
pub(super) fn usual() -> eval::Options {
    eval::Options {
        count: eval::Options::COUNT,
        seed: 1,
        wordnet: None,
    }
}

/// Measures a model, prints the table, and puts the figures into its card if asked to.
pub(super) fn measure_model(
    model: &Model,
    corpus: &Corpus,
    options: &eval::Options,
    write: bool,
    common: &Common,
) -> Result<()> {
    let device = device::open(common.device)?;
    let figures = eval::measure(model, corpus, options, &device)?;
    measure::show(model, figures, write, common)
}

pub(super) fn eval(arguments: &EvalArgs, model: &Model) -> Result<u8> {
    let common = &arguments.common;
    let corpus = text::load(&data_folder(common)?, model.card.recipe.data)?;
    let options = eval::Options {
        count: arguments.count.unwrap_or(eval::Options::COUNT).max(4),
        seed: arguments.seed,
        wordnet: arguments.wordnet.clone(),
    };
    measure_model(model, &corpus, &options, arguments.write, common)?;
    Ok(0)
}

/// Writes texts into a file, or shows them where the file is `-`.
pub(super) fn sample(arguments: &SampleArgs, model: &Model) -> Result<u8> {
    if arguments.class.is_some() || arguments.flow.sampling(model)?.is_some() {
        bail!("{} writes text: leave --class out", model.card.name);
    }
    let device = device::open(arguments.common.device)?;
    let tokenizer = text::tokenizer(model)?;
    let writer = Writer::new(&model.card.recipe.model, &model.weights, &device)?;
    let words = arguments.words.as_deref().unwrap_or_default();
    let form = arguments.form.as_deref().unwrap_or_default();
    let how = Writing {
        temperature: arguments.temperature,
        ..Writing::default()
    };
    how.check()
        .map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let order = Order {
        count: arguments.count as usize,
        seed: arguments.seed,
        how,
        most: model.card.recipe.model.context(),
        ..Order::new(&tokenizer, form, words)?
    };
    let texts = text::write::write(&writer, &tokenizer, &order)?.join("\n\n");
    if arguments.out == Path::new("-") {
        println!("{texts}");
    } else {
        atomic::write(&arguments.out, format!("{texts}\n").as_bytes())?;
        say(&arguments.common)(&format!("written: {}", arguments.out.display()));
    }
    Ok(0)
}
