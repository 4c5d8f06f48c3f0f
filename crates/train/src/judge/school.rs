//! Training the nets that models are measured with.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use burn::tensor::Device;
use lampwork_datasets::{Batches, Examples, Packed, Phrases, batch, steps_per_epoch};
use lampwork_models::classifier::{Classifier, ClassifierRun};
use lampwork_models::matcher::{Matcher, MatcherRun};
use lampwork_models::{Batch, Update};
use lampwork_protocol::{Augment, DataSet};
use lampwork_weights::Precision;

use super::{Judge, JudgeCard, KEY, Net, pixels, see};
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
    mut say: impl FnMut(&str),
) -> Result<Judge> {
    let (net, words) = if packed.data.captioned() {
        let net = matcher(packed, schooling, device, &mut say)?;
        (Net::Matcher(Box::new(net)), words::table().dimensions())
    } else {
        let net = classifier(packed, schooling, device, &mut say)?;
        (Net::Classifier(Box::new(net)), 0)
    };
    let card = JudgeCard {
        data: packed.data,
        checksum: packed.card.checksum.clone(),
        epochs: schooling.epochs,
        seed: schooling.seed,
        test_accuracy: accuracy(&net, packed.data, &packed.test, device)?,
        words,
    };
    let weights = futures::executor::block_on(async {
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
    Judge::read(&bytes, device)
}

/// Half a cosine from the highest rate to nothing.
fn rate(highest: f32, step: u64, steps: u64) -> f32 {
    let done = step as f32 / steps as f32;
    highest * 0.5 * (1.0 + (std::f32::consts::PI * done).cos())
}

fn classifier(
    packed: &Packed,
    schooling: &Schooling,
    device: &Device,
    say: &mut impl FnMut(&str),
) -> Result<Classifier> {
    let Schooling { epochs, seed, .. } = *schooling;
    let mut run = ClassifierRun::new(packed.data.classes(), seed, device, schooling.update);
    let per_epoch = steps_per_epoch(packed.train.len(), BATCH);
    let mut batches = Batches::new(packed.train.len(), BATCH, seed);
    // Clothes are centred and fill the picture; digits are not as strict.
    let augment = Augment {
        shift: if packed.data == DataSet::Digits { 2 } else { 0 },
        flip: true,
        cutout: 0,
    };
    for epoch in 0..epochs as u64 {
        let mut loss = None;
        for step in 0..per_epoch {
            let total = epoch * per_epoch + step;
            let indices = batches.indices(epoch, step);
            let data = packed.data;
            let shown = batch(&packed.train, &indices, data, &augment, None, seed, total);
            let rate = rate(RATE, total, per_epoch * epochs as u64);
            let shown = Batch {
                pictures: &shown.pictures,
                labels: &shown.labels,
                words: &[],
            };
            loss = Some(run.step_on(&shown, rate, device));
        }
        let loss = loss.map_or(Ok(vec![f32::NAN]), make::read)?;
        let net = Net::Classifier(Box::new(run.net()));
        let accuracy = accuracy(&net, packed.data, &packed.validation, device)?;
        say(&format!(
            "epoch {}: loss {:.3}, validation accuracy {:.2} %",
            epoch + 1,
            loss[0],
            100.0 * accuracy
        ));
    }
    Ok(run.net())
}

fn matcher(
    packed: &Packed,
    schooling: &Schooling,
    device: &Device,
    say: &mut impl FnMut(&str),
) -> Result<Matcher> {
    let Schooling { epochs, seed, .. } = *schooling;
    let data = packed.data;
    let phrases = Phrases::new(
        &packed.concepts,
        words::table().dimensions(),
        words::meaning,
    );
    let mut run = MatcherRun::new(
        data.classes(),
        phrases.dimensions(),
        seed,
        device,
        schooling.update,
    );
    let per_epoch = steps_per_epoch(packed.train.len(), PAIRS);
    let mut batches = Batches::new(packed.train.len(), PAIRS, seed);
    let augment = Augment {
        shift: 2,
        flip: true,
        cutout: 8,
    };
    for epoch in 0..epochs as u64 {
        let mut loss = None;
        for step in 0..per_epoch {
            let total = epoch * per_epoch + step;
            let indices = batches.indices(epoch, step);
            let phrases = Some(&phrases);
            let shown = batch(
                &packed.train,
                &indices,
                data,
                &augment,
                phrases,
                seed,
                total,
            );
            let concepts: Vec<u16> = indices
                .iter()
                .map(|&index| packed.train.concepts[index as usize])
                .collect();
            let rate = rate(PAIR_RATE, total, per_epoch * epochs as u64);
            let shown = Batch {
                pictures: &shown.pictures,
                labels: &shown.labels,
                words: &shown.words,
            };
            loss = Some(run.step_on(&shown, &concepts, rate, device));
        }
        let loss = loss.map_or(Ok(vec![f32::NAN]), make::read)?;
        let net = Net::Matcher(Box::new(run.net()));
        let accuracy = accuracy(&net, data, &packed.validation, device)?;
        say(&format!(
            "epoch {}: loss {:.3}, validation style accuracy {:.2} %",
            epoch + 1,
            loss[0],
            100.0 * accuracy
        ));
    }
    Ok(run.net())
}

fn accuracy(net: &Net, data: DataSet, examples: &Examples, device: &Device) -> Result<f32> {
    let seen = see(net, data, &pixels(&examples.pictures), device)?;
    Ok(lampwork_metrics::agreement(&examples.labels, &seen.classes)? as f32)
}
