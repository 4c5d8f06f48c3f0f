//! `train round`, `sample`, `eval` and `classifier`.

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_protocol::{DataSet, Figure, Modality, ModelCard, ModelConfig};

use super::{data_folder, say, update};
use crate::cli::{
    ClassifierArgs, Common, EvalArgs, RestyleArgs, RoundArgs, SampleArgs, TranslateArgs,
};
use crate::eval::{self, Options};
use crate::folder::project_root;
use crate::judge::{self, Schooling};
use crate::publish::{self, Model};
use crate::{atomic, data, device, restyle, sample as make, translate};

pub(super) fn sample(arguments: &SampleArgs) -> Result<u8> {
    let device = device::open(arguments.common.device)?;
    let model = publish::read(&arguments.model)?;
    if model.card.recipe.data.modality() == Modality::Text {
        return super::text::sample(arguments, &model);
    }
    if model.card.recipe.model.translates() {
        bail!(
            "{} makes pictures of pictures: give it one by `train translate`",
            model.card.name
        );
    }
    let order = make::Order {
        count: arguments.count,
        seed: arguments.seed,
        class: arguments.class,
        temperature: arguments.temperature,
        words: arguments.words.clone(),
        sampling: arguments.flow.sampling(&model)?,
    };
    let files = make::run(&model, &order, &arguments.out, &device)?;
    if let (Some(first), Some(last)) = (files.first(), files.last()) {
        let said = match files.len() {
            1 => first.display().to_string(),
            _ => format!("{} to {}", first.display(), last.display()),
        };
        say(&arguments.common)(&format!("written: {said}"));
    }
    Ok(0)
}

pub(super) fn round(arguments: &RoundArgs) -> Result<u8> {
    let common = &arguments.common;
    let Model {
        card,
        mut weights,
        mut metadata,
        file,
        bytes,
        ..
    } = publish::read(&arguments.model)?;
    for named in &mut weights {
        lampwork_weights::round(&mut named.values, arguments.bits);
    }
    let folder = match &arguments.out {
        Some(folder) => folder,
        None => file.parent().context("a weights file is in a folder")?,
    };
    // The figures were those of other weights.
    let card = ModelCard {
        figures: Vec::new(),
        ..card
    };
    metadata.remove(ModelCard::METADATA_KEY);
    publish::write_with(folder, &card, &weights, &metadata)?;
    let model = publish::read(folder)?;
    say(common)(&format!(
        "{bytes} bytes rounded to {} bits: {}, hash {}",
        arguments.bits,
        folder.display(),
        publish::hexadecimal(&model.hash)
    ));
    if !arguments.no_eval {
        let folder = data_folder(common)?;
        if model.card.recipe.data.modality() == Modality::Text {
            let corpus = crate::text::load(&folder, model.card.recipe.data)?;
            super::text::measure_model(&model, &corpus, &super::text::usual(), true, common)?;
            return Ok(0);
        }
        let device = device::open(common.device)?;
        let packed = data::load_for(&folder, &model.card.recipe)?;
        measure(&model, &packed, &device, true, common)?;
    }
    Ok(0)
}

pub(super) fn eval(arguments: &EvalArgs) -> Result<u8> {
    let common = &arguments.common;
    let device = device::open(common.device)?;
    let model = publish::read(&arguments.model)?;
    if model.card.recipe.data.modality() == Modality::Text {
        return super::text::eval(arguments, &model);
    }
    let packed = data::load_for(&data_folder(common)?, &model.card.recipe)?;
    let options = Options {
        count: arguments.count,
        seed: arguments.seed,
        sampling: arguments.flow.sampling(&model)?,
    };
    if let Some(file) = &arguments.pairs {
        if packed.data == DataSet::Photos {
            bail!("a net that restyles has no pairs: leave --pairs out");
        }
        eval::pairs(&model, &packed, &device, &options, file)?;
        say(common)(&format!("written: {}", file.display()));
    }
    measure_with(&model, &packed, &device, &options, arguments.write, common)?;
    Ok(0)
}

pub(super) fn translate(arguments: &TranslateArgs) -> Result<u8> {
    let device = device::open(arguments.common.device)?;
    let model = publish::read(&arguments.model)?;
    translate::file(
        &model,
        &arguments.picture,
        arguments.times,
        &restyle::blend(&model, &arguments.style)?,
        &arguments.out,
        &device,
    )?;
    say(&arguments.common)(&format!("written: {}", arguments.out.display()));
    Ok(0)
}

pub(super) fn restyle(arguments: &RestyleArgs) -> Result<u8> {
    let common = &arguments.common;
    let device = device::open(common.device)?;
    let model = publish::read(&arguments.model)?;
    let sheet = restyle::slowly(&model, arguments, &data_folder(common)?, &device)?;
    atomic::write(&arguments.out, &sheet.bytes)?;
    say(common)(&format!("written: {}", arguments.out.display()));
    Ok(0)
}

/// Measures a model, prints the table, and puts the figures into its card if
/// asked to.
pub(super) fn measure(
    model: &Model,
    packed: &Packed,
    device: &Device,
    write: bool,
    common: &Common,
) -> Result<()> {
    if !model.card.recipe.model.translates() && !judge::known(packed.data) {
        say(common)(&format!(
            "not measured: this build has no net to measure {} with",
            packed.data.name()
        ));
        return Ok(());
    }
    let options = Options {
        count: None,
        seed: 1,
        sampling: None,
    };
    measure_with(model, packed, device, &options, write, common)
}

fn measure_with(
    model: &Model,
    packed: &Packed,
    device: &Device,
    options: &Options,
    write: bool,
    common: &Common,
) -> Result<()> {
    if matches!(model.card.recipe.model, ModelConfig::Domains(_)) {
        let figures = eval::domains(model, packed, device, options, say(common))?;
        return show(model, figures, write, common);
    }
    if model.card.recipe.data == DataSet::Photos {
        let count = options.count.unwrap_or(packed.validation.len());
        let folder = data_folder(common)?;
        let figures = restyle::figures(model, &packed.validation, count, &folder, device)?;
        return show(model, figures, write, common);
    }
    if model.card.recipe.model.translates() {
        let figures = eval::translated(model, packed, device, options)?;
        return show(model, figures, write, common);
    }
    let judge = judge::shipped(packed.data, device)?;
    let figures = eval::measure(model, packed, &judge, device, options, say(common))?;
    show(model, figures, write, common)
}

/// Prints the table of a model, and puts the figures into its card if asked to.
pub(super) fn show(
    model: &Model,
    figures: Vec<Figure>,
    write: bool,
    common: &Common,
) -> Result<()> {
    println!(
        "{} (hash {}, {} bytes)\n\n{}",
        model.card.name,
        publish::hexadecimal(&model.hash),
        model.bytes,
        eval::table(&figures)
    );
    if write {
        let folder = model
            .file
            .parent()
            .context("a weights file is in a folder")?;
        let card = ModelCard {
            figures,
            ..model.card.clone()
        };
        publish::write_card(folder, &card)?;
        say(common)(&format!(
            "written to {}",
            folder.join("card.json").display()
        ));
    }
    Ok(())
}

pub(super) fn classifier(arguments: &ClassifierArgs) -> Result<u8> {
    if arguments.data == DataSet::Brush {
        return super::domains::reader(arguments);
    }
    if arguments.teacher {
        bail!(
            "{} is not read: --teacher is for brush alone",
            arguments.data.name()
        );
    }
    let device = device::open(arguments.common.device)?;
    let packed = data::load(&data_folder(&arguments.common)?, arguments.data)?;
    let file = arguments.out.clone().unwrap_or_else(|| {
        let name = format!("{}.safetensors", arguments.data.name());
        project_root().join("static/judges").join(name)
    });
    let schooling = Schooling {
        epochs: arguments.epochs.unwrap_or(8),
        seed: arguments.seed.unwrap_or(1),
        update: update(arguments.common.device),
    };
    let judge = judge::train(&packed, &schooling, &file, &device, say(&arguments.common))?;
    println!(
        "{}: {:.2} % of the test split told right, hash {}",
        file.display(),
        100.0 * judge.card.test_accuracy,
        judge.hash_shown()
    );
    Ok(0)
}
