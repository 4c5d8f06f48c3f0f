//! Training the nets that models are measured with.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use burn::tensor::{Device, Tensor};
use futures::executor::block_on;
use lampwork_datasets::{Batches, Examples, Packed, Phrases, batch, steps_per_epoch};
use lampwork_judge::{Judge, JudgeCard, KEY, Net, pixels};
use lampwork_models::classifier::ClassifierRun;
use lampwork_models::matcher::MatcherRun;
use lampwork_models::{Batch, Update};
use lampwork_protocol::{Augment, DataSet};
use lampwork_weights::Precision;

use crate::{atomic, make, words};

/// Examples in a step of a classifier.
const BATCH: usize = 128;

/// Its learning rate at its highest; it falls along half a cosine.
const RATE: f32 = 2e-3;

/// Pairs in a step of a matcher: each is told from all the others.
const PAIRS: usize = 256;

/// Its learning rate at its highest.
const PAIR_RATE: f32 = 1e-3;

/// How a classifier is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schooling {
    /// Passes over the training split.
    pub epochs: usize,
    /// Seed.
    pub seed: u64,
    /// Where updates are computed.
    pub update: Update,
}

/// Trains the net that a data set is measured with, and writes its file in half
/// precision.
///
/// # Errors
/// Where the file cannot be written or the device fails.
pub fn train(
    packed: &Packed,
    schooling: &Schooling,
    file: &Path,
    device: &Device,
    say: impl FnMut(&str),
) -> Result<Judge> {
    let net = school(packed, schooling, device, say)?;
    let words = match &net {
        Net::Classifier(_) => 0,
        Net::Matcher(_) => words::table().dimensions(),
    };
    let card = JudgeCard {
        data: packed.data,
        checksum: packed.card.checksum.clone(),
        epochs: schooling.epochs,
        seed: schooling.seed,
        test_accuracy: accuracy(&net, packed.data, &packed.test, device)?,
        words,
    };
    let weights = block_on(async {
        match &net {
            Net::Classifier(net) => lampwork_weights::collect(net.as_ref()).await,
            Net::Matcher(net) => lampwork_weights::collect(net.as_ref()).await,
        }
    })?;
    let metadata = BTreeMap::from([(KEY.to_owned(), serde_json::to_string(&card)?)]);
    let bytes = lampwork_weights::write(&weights, &metadata, Precision::Half)?;
    if let Some(folder) = file.parent() {
        atomic::folder(folder)?;
    }
    atomic::write(file, &bytes)?;
    Ok(Judge::read(&bytes, device)?)
}

/// Half a cosine from the highest rate to nothing.
fn rate(highest: f32, step: u64, steps: u64) -> f32 {
    let done = step as f32 / steps as f32;
    highest * 0.5 * (1.0 + (std::f32::consts::PI * done).cos())
}

/// A net that learns to measure.
enum Pupil {
    Classifier(Box<ClassifierRun>),
    Matcher(Box<MatcherRun>),
}

impl Pupil {
    fn step_on(
        &mut self,
        batch: &Batch,
        concepts: &[u16],
        rate: f32,
        device: &Device,
    ) -> Tensor<1> {
        match self {
            Pupil::Classifier(run) => run.step_on(batch, rate, device),
            Pupil::Matcher(run) => run.step_on(batch, concepts, rate, device),
        }
    }

    fn net(&self) -> Net {
        match self {
            Pupil::Classifier(run) => Net::Classifier(Box::new(run.net())),
            Pupil::Matcher(run) => Net::Matcher(Box::new(run.net())),
        }
    }
}

/// What a pupil is shown, and how.
struct Course {
    /// Examples in a step.
    batch: usize,
    /// Learning rate at its highest.
    rate: f32,
    augment: Augment,
    /// In which words pictures are told, where they have captions.
    phrases: Option<Phrases>,
}

fn course(packed: &Packed) -> Course {
    if packed.data.captioned() {
        let dimensions = words::table().dimensions();
        return Course {
            batch: PAIRS,
            rate: PAIR_RATE,
            augment: Augment {
                shift: 2,
                flip: true,
                cutout: 8,
            },
            phrases: Some(Phrases::new(&packed.concepts, dimensions, words::meaning)),
        };
    }
    Course {
        batch: BATCH,
        rate: RATE,
        // Clothes are centred and fill the picture; digits are not as strict.
        augment: Augment {
            shift: if packed.data == DataSet::Digits { 2 } else { 0 },
            flip: true,
            cutout: 0,
        },
        phrases: None,
    }
}

fn school(
    packed: &Packed,
    schooling: &Schooling,
    device: &Device,
    mut say: impl FnMut(&str),
) -> Result<Net> {
    let Schooling {
        epochs,
        seed,
        update,
    } = *schooling;
    let (data, train) = (packed.data, &packed.train);
    let course = course(packed);
    let phrases = course.phrases.as_ref();
    let mut pupil = match phrases {
        Some(phrases) => {
            let words = phrases.dimensions();
            let run = MatcherRun::new(data.classes(), words, seed, device, update);
            Pupil::Matcher(Box::new(run))
        }
        None => {
            let run = ClassifierRun::new(data.classes(), seed, device, update);
            Pupil::Classifier(Box::new(run))
        }
    };
    let per_epoch = steps_per_epoch(train.len(), course.batch);
    let mut batches = Batches::new(train.len(), course.batch, seed);
    for epoch in 0..epochs as u64 {
        let mut loss = None;
        for step in 0..per_epoch {
            let total = epoch * per_epoch + step;
            let indices = batches.indices(epoch, step);
            let augment = &course.augment;
            let shown = batch(train, &indices, data, augment, phrases, seed, total);
            let concepts: Vec<u16> = indices
                .iter()
                .filter_map(|&index| train.concepts.get(index as usize).copied())
                .collect();
            let rate = rate(course.rate, total, per_epoch * epochs as u64);
            let shown = Batch {
                pictures: &shown.pictures,
                labels: &shown.labels,
                words: &shown.words,
            };
            loss = Some(pupil.step_on(&shown, &concepts, rate, device));
        }
        let loss = loss.map_or(Ok(vec![f32::NAN]), make::read)?;
        let accuracy = accuracy(&pupil.net(), data, &packed.validation, device)?;
        say(&format!(
            "epoch {}: loss {:.3}, validation accuracy {:.2} %",
            epoch + 1,
            loss[0],
            100.0 * accuracy
        ));
    }
    Ok(pupil.net())
}

fn accuracy(net: &Net, data: DataSet, examples: &Examples, device: &Device) -> Result<f32> {
    let seen = block_on(net.see(&pixels(&examples.pictures), data, device))?;
    Ok(lampwork_metrics::agreement(&examples.labels, &seen.classes)? as f32)
}
