//! The net that models are measured with.
//!
//! Of grey pictures a classifier, of captioned ones a net that matches pictures
//! and words. Its features take the place of Inception's, which know nothing of
//! pictures this small. Figures in them tell our models apart and nothing else,
//! so its hash is printed with each.

mod school;

use anyhow::{Context, Result, bail};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_models::classifier::{Classifier, FEATURES};
use lampwork_models::matcher::{self, MATCHED, Matcher};
use lampwork_protocol::DataSet;
use serde::{Deserialize, Serialize};

use crate::{make, publish};

pub use school::{Schooling, train};

/// Key of the classifier's card in its file's metadata.
const KEY: &str = "lampwork.classifier";

/// Pictures seen at once.
const AT_ONCE: usize = 500;

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
    /// Share of the test split that it tells right; of a captioned set, the styles.
    pub test_accuracy: f32,
    /// Dimensions of the word vectors that it matches with pictures; 0 for a
    /// classifier.
    #[serde(default)]
    pub words: usize,
}

/// A net that is ready to measure.
#[derive(Debug)]
pub struct Judge {
    net: Net,
    /// How it was made.
    pub card: JudgeCard,
    /// First eight bytes of the SHA-256 of its file, as hexadecimal digits.
    pub hash: String,
    device: Device,
}

/// What looks.
#[derive(Debug, Clone)]
enum Net {
    Classifier(Box<Classifier>),
    Matcher(Box<Matcher>),
}

/// What is seen in pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// `[count, n]`.
    pub features: Vec<f32>,
    /// The likeliest class of each, or style.
    pub classes: Vec<u8>,
    /// `[count, m]` of length 1, to compare with [`Judge::words`]; empty for a
    /// classifier.
    pub matched: Vec<f32>,
}

/// Dimensions of [`Seen::matched`].
pub const COMPARED: usize = MATCHED;

/// Whether this build has a net to measure pictures of `data` with.
pub fn known(data: DataSet) -> bool {
    shipped(data).is_ok()
}

/// The file of the net that is part of this binary.
fn shipped(data: DataSet) -> Result<&'static [u8]> {
    Ok(match data {
        DataSet::Fashion => include_bytes!("../../classifiers/fashion.safetensors"),
        DataSet::Digits => include_bytes!("../../classifiers/digits.safetensors"),
        DataSet::Emoji => include_bytes!("../../classifiers/emoji.safetensors"),
        DataSet::Pixel | DataSet::Faces => bail!(
            "this build has no net to measure {} with; the model is whole without its figures",
            data.name()
        ),
    })
}

impl Seen {
    /// Numbers of a picture's features.
    pub fn dimensions(&self) -> usize {
        self.features.len() / self.classes.len().max(1)
    }
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
        let classes = card.data.classes();
        let net = if card.words > 0 {
            let net = Matcher::new(classes, card.words, device);
            Net::Matcher(Box::new(lampwork_weights::fill(net, &weights, device)?))
        } else {
            let net = Classifier::new(classes, device);
            Net::Classifier(Box::new(lampwork_weights::fill(net, &weights, device)?))
        };
        Ok(Judge {
            net,
            card,
            hash: publish::hexadecimal(&lampwork_weights::hash(bytes)),
            device: device.clone(),
        })
    }

    /// Numbers of a picture's features.
    pub fn dimensions(&self) -> usize {
        match self.net {
            Net::Classifier(_) => FEATURES,
            Net::Matcher(_) => matcher::FEATURES,
        }
    }

    /// What kind of net it is, in a word or two.
    pub fn kind(&self) -> &'static str {
        match self.net {
            Net::Classifier(_) => "classifier",
            Net::Matcher(_) => "picture-word net",
        }
    }

    /// Features and classes of pictures, `[count, values]` in 0..1.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn see(&self, pictures: &[f32]) -> Result<Seen> {
        see(&self.net, self.card.data, pictures, &self.device)
    }

    /// Word vectors, `[count, dimensions]`, as vectors to compare with
    /// [`Seen::matched`]; nothing of a classifier.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn words(&self, words: &[f32]) -> Result<Vec<f32>> {
        match &self.net {
            Net::Classifier(_) => Ok(Vec::new()),
            Net::Matcher(net) => {
                let shape = [words.len() / self.card.words, self.card.words];
                let data = TensorData::new(words.to_vec(), shape);
                make::read(net.words(Tensor::from_data(data, &self.device)))
            }
        }
    }
}

fn see(net: &Net, data: DataSet, pictures: &[f32], device: &Device) -> Result<Seen> {
    let values = data.shape().values();
    let mut seen = Seen {
        features: Vec::new(),
        classes: Vec::new(),
        matched: Vec::new(),
    };
    for pictures in pictures.chunks(AT_ONCE * values) {
        let shape = [pictures.len() / values, values];
        let pictures = Tensor::from_data(TensorData::new(pictures.to_vec(), shape), device);
        let (features, logits) = match net {
            Net::Classifier(net) => net.forward(pictures, None),
            Net::Matcher(net) => {
                let looked = net.look(pictures, None);
                seen.matched.extend(make::read(looked.matched)?);
                (looked.features, looked.logits)
            }
        };
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
        for data in [DataSet::Fashion, DataSet::Digits, DataSet::Emoji] {
            let judge = Judge::shipped(data, &device).unwrap();
            assert_eq!(judge.card.data, data);
            // Shirts, pullovers and coats are hard to tell for a net this small.
            let least = match data {
                DataSet::Fashion => 0.88,
                // Of styles, of concepts that it has not seen.
                DataSet::Emoji => 0.7,
                _ => 0.98,
            };
            assert!(judge.card.test_accuracy > least, "{:?}", judge.card);
            assert_eq!(judge.hash.len(), 16);
            let pictures = vec![0.0; 3 * data.shape().values()];
            let seen = judge.see(&pictures).unwrap();
            assert_eq!(seen.features.len(), 3 * judge.dimensions());
            assert_eq!(seen.classes.len(), 3);
            assert!(shipped(data).unwrap().len() < 1_200_000);
        }
    }
}
