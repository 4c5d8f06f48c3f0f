//! The classifier that models are measured with, and training it.
//!
//! Its features take the place of Inception's, which know nothing of 28 x 28
//! grey pictures. Figures in them tell our models apart and nothing else, so its
//! hash is printed with each.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_datasets::{Batches, Examples, Packed, batch, steps_per_epoch};
use lampwork_models::classifier::{Classifier, ClassifierRun, FEATURES};
use lampwork_models::{Batch, Update};
use lampwork_protocol::{Augment, DataSet, PICTURE_PIXELS};
use lampwork_weights::Precision;
use serde::{Deserialize, Serialize};

use crate::{atomic, make, publish};

/// Key of the classifier's card in its file's metadata.
const KEY: &str = "lampwork.classifier";

/// Pictures seen at once.
const AT_ONCE: usize = 500;

/// Examples in a training step.
const BATCH: usize = 128;

/// Learning rate at its highest; it falls along half a cosine.
const RATE: f32 = 2e-3;

/// How a classifier was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeCard {
    /// What it tells the classes of.
    pub data: DataSet,
    /// Checksum of the data it was trained on.
    pub checksum: String,
    /// Passes over the training split.
    pub epochs: usize,
    /// Seed.
    pub seed: u64,
    /// Share of the test split that it tells right.
    pub test_accuracy: f32,
}

/// A classifier that is ready.
#[derive(Debug)]
pub struct Judge {
    net: Classifier,
    /// How it was made.
    pub card: JudgeCard,
    /// First eight bytes of the SHA-256 of its file, as hexadecimal digits.
    pub hash: String,
    device: Device,
}

/// What a classifier sees in pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// `[count, 64]`.
    pub features: Vec<f32>,
    /// The likeliest class of each.
    pub classes: Vec<u8>,
}

/// Dimensions of [`Seen::features`].
pub const DIMENSIONS: usize = FEATURES;

/// The file of the classifier that is part of this binary.
fn shipped(data: DataSet) -> Result<&'static [u8]> {
    Ok(match data {
        DataSet::Fashion => include_bytes!("../classifiers/fashion.safetensors"),
        DataSet::Digits => include_bytes!("../classifiers/digits.safetensors"),
        DataSet::Emoji | DataSet::Pixel | DataSet::Faces => {
            bail!("there is no classifier of {}", data.name())
        }
    })
}

impl Judge {
    /// The classifier of this data set that is part of this binary, so that a
    /// figure is the same wherever it is measured.
    ///
    /// # Errors
    /// Where its file cannot be read.
    pub fn shipped(data: DataSet, device: &Device) -> Result<Judge> {
        Judge::read(shipped(data)?, device)
            .with_context(|| format!("the classifier of {}", data.name()))
    }

    /// A classifier of a file.
    ///
    /// # Errors
    /// Where the file is not one.
    pub fn read(bytes: &[u8], device: &Device) -> Result<Judge> {
        let (weights, metadata) = lampwork_weights::read(bytes)?;
        let Some(card) = metadata.get(KEY) else {
            bail!("this weights file is not a classifier's");
        };
        let card: JudgeCard = serde_json::from_str(card)?;
        let net = Classifier::new(card.data.classes(), device);
        Ok(Judge {
            net: lampwork_weights::fill(net, &weights, device)?,
            card,
            hash: publish::hexadecimal(&lampwork_weights::hash(bytes)),
            device: device.clone(),
        })
    }

    /// Features and classes of pictures, `[count, 784]` in 0..1.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn see(&self, pictures: &[f32]) -> Result<Seen> {
        see(&self.net, pictures, &self.device)
    }
}

fn see(net: &Classifier, pictures: &[f32], device: &Device) -> Result<Seen> {
    let mut seen = Seen {
        features: Vec::new(),
        classes: Vec::new(),
    };
    for pictures in pictures.chunks(AT_ONCE * PICTURE_PIXELS) {
        let shape = [pictures.len() / PICTURE_PIXELS, PICTURE_PIXELS];
        let data = TensorData::new(pictures.to_vec(), shape);
        let (features, logits) = net.forward(Tensor::from_data(data, device), None);
        let classes = logits.dims()[1];
        seen.features.extend(make::read(features)?);
        let logits = make::read(logits)?;
        seen.classes
            .extend(logits.chunks_exact(classes).map(likeliest));
    }
    Ok(seen)
}

fn likeliest(logits: &[f32]) -> u8 {
    let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
    best.unwrap_or(0) as u8
}

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

/// Trains a classifier and writes its file in half precision.
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
    let Schooling { epochs, seed, .. } = *schooling;
    let mut run = ClassifierRun::new(packed.data.classes(), seed, device, schooling.update);
    let per_epoch = steps_per_epoch(packed.train.len(), BATCH);
    let mut batches = Batches::new(packed.train.len(), BATCH, seed);
    // Clothes are centred and fill the picture; digits are not as strict.
    let augment = Augment {
        shift: match packed.data {
            DataSet::Fashion => 0,
            DataSet::Digits => 2,
            DataSet::Emoji | DataSet::Pixel | DataSet::Faces => 1,
        },
        flip: true,
        cutout: 0,
    };
    for epoch in 0..epochs as u64 {
        let mut loss = None;
        for step in 0..per_epoch {
            let total = epoch * per_epoch + step;
            let indices = batches.indices(epoch, step);
            let shown = batch(
                &packed.train,
                &indices,
                packed.data,
                &augment,
                None,
                seed,
                total,
            );
            let done = total as f32 / (per_epoch * epochs as u64) as f32;
            let rate = RATE * 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
            let shown = Batch {
                pictures: &shown.pictures,
                labels: &shown.labels,
                words: &[],
            };
            loss = Some(run.step_on(&shown, rate, device));
        }
        let loss = loss.map_or(Ok(vec![f32::NAN]), make::read)?;
        let accuracy = accuracy(&run.net(), &packed.validation, device)?;
        say(&format!(
            "epoch {}: loss {:.3}, validation accuracy {:.2} %",
            epoch + 1,
            loss[0],
            100.0 * accuracy
        ));
    }
    let card = JudgeCard {
        data: packed.data,
        checksum: packed.card.checksum.clone(),
        epochs,
        seed,
        test_accuracy: accuracy(&run.net(), &packed.test, device)?,
    };
    let weights = futures::executor::block_on(lampwork_weights::collect(&run.net()))?;
    let metadata = BTreeMap::from([(KEY.to_owned(), serde_json::to_string(&card)?)]);
    let bytes = lampwork_weights::write(&weights, &metadata, Precision::Half)?;
    if let Some(folder) = file.parent() {
        atomic::folder(folder)?;
    }
    atomic::write(file, &bytes)?;
    Judge::read(&bytes, device)
}

fn accuracy(net: &Classifier, examples: &Examples, device: &Device) -> Result<f32> {
    let seen = see(net, &pixels(&examples.pictures), device)?;
    Ok(lampwork_metrics::agreement(&examples.labels, &seen.classes)? as f32)
}

/// How often each class is there.
pub fn counts(classes: &[u8]) -> [u64; 10] {
    let mut counts = [0; 10];
    for &class in classes {
        counts[usize::from(class) % 10] += 1;
    }
    counts
}

/// Bytes as numbers in 0..1.
pub fn pixels(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_classifiers_tell_their_classes() {
        let device = Device::flex();
        for data in DataSet::GREY {
            let judge = Judge::shipped(data, &device).unwrap();
            assert_eq!(judge.card.data, data);
            // Shirts, pullovers and coats are hard to tell for a net this small.
            let least = match data {
                DataSet::Fashion => 0.88,
                _ => 0.98,
            };
            assert!(judge.card.test_accuracy > least, "{:?}", judge.card);
            assert_eq!(judge.hash.len(), 16);
            let seen = judge.see(&vec![0.0; 3 * PICTURE_PIXELS]).unwrap();
            assert_eq!(seen.features.len(), 3 * DIMENSIONS);
            assert_eq!(seen.classes.len(), 3);
            assert!(shipped(data).unwrap().len() < 300_000);
        }
    }
}
