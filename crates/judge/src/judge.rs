//! The net that models are measured with.
//!
//! Of grey pictures a classifier, of captioned ones a net that matches pictures
//! and words. Its features take the place of Inception's, which know nothing of
//! pictures this small. Figures in them tell our models apart and nothing else,
//! so its hash is shown with each.

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_models::ModelError;
use lampwork_models::classifier::{Classifier, FEATURES};
use lampwork_models::matcher::{self, MATCHED, Matcher};
use lampwork_protocol::DataSet;
use serde::{Deserialize, Serialize};

use crate::JudgeError;

/// Key of a judge's card in its file's metadata.
pub const KEY: &str = "lampwork.classifier";

/// Most dimensions of the word vectors that a net may match with pictures.
pub const MAX_WORDS: usize = 1024;

/// Pictures seen at once.
const AT_ONCE: usize = 500;

/// How a net that measures was made.
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
#[derive(Debug, Clone)]
pub struct Judge {
    net: Net,
    /// How it was made.
    pub card: JudgeCard,
    /// First eight bytes of the SHA-256 of its file.
    pub hash: [u8; 8],
    device: Device,
}

/// What looks.
#[derive(Debug, Clone)]
pub enum Net {
    /// At grey pictures.
    Classifier(Box<Classifier>),
    /// At captioned ones in colour.
    Matcher(Box<Matcher>),
}

/// What is seen in pictures.
#[derive(Debug, Clone, Default, PartialEq)]
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

impl Seen {
    /// Numbers of a picture's features.
    pub fn dimensions(&self) -> usize {
        self.features.len() / self.classes.len().max(1)
    }
}

impl Judge {
    /// A judge of a file, which may come from anyone.
    ///
    /// # Errors
    ///
    /// [`JudgeError::Weights`] or [`JudgeError::NotAJudge`] where the file is not one.
    pub fn read(bytes: &[u8], device: &Device) -> Result<Judge, JudgeError> {
        let (weights, metadata) = lampwork_weights::read(bytes)?;
        let no = |reason: &str| JudgeError::NotAJudge(reason.to_owned());
        let card = metadata.get(KEY).ok_or_else(|| no("it has no card"))?;
        let card: JudgeCard =
            serde_json::from_str(card).map_err(|error| no(&format!("its card: {error}")))?;
        // The net is built before its weights are looked at.
        if card.words > MAX_WORDS {
            return Err(no("its words have too many dimensions"));
        }
        if (card.words > 0) != card.data.captioned() {
            return Err(no("its net does not fit its data"));
        }
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
            hash: lampwork_weights::hash(bytes),
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

    /// [`Judge::hash`], as it is shown.
    pub fn hash_shown(&self) -> String {
        hexadecimal(&self.hash)
    }

    /// Features and classes of pictures, `[count, values]` in 0..1.
    ///
    /// # Errors
    ///
    /// Where the device fails.
    pub async fn see(&self, pictures: &[f32]) -> Result<Seen, JudgeError> {
        self.net.see(pictures, self.card.data, &self.device).await
    }

    /// [`Judge::see`] of a few more pictures, which come after those in `seen`.
    ///
    /// # Errors
    ///
    /// Where the device fails.
    pub async fn see_more(&self, pictures: &[f32], seen: &mut Seen) -> Result<(), JudgeError> {
        let values = self.card.data.shape().values();
        self.net.look(pictures, values, &self.device, seen).await
    }

    /// Word vectors, `[count, dimensions]`, as vectors to compare with
    /// [`Seen::matched`]; nothing of a classifier.
    ///
    /// # Errors
    ///
    /// Where the device fails.
    pub async fn words(&self, words: &[f32]) -> Result<Vec<f32>, JudgeError> {
        match &self.net {
            Net::Classifier(_) => Ok(Vec::new()),
            Net::Matcher(net) => {
                let shape = [words.len() / self.card.words, self.card.words];
                let data = TensorData::new(words.to_vec(), shape);
                read(net.words(Tensor::from_data(data, &self.device))).await
            }
        }
    }
}

impl Net {
    /// Features and classes of pictures of `data`, `[count, values]` in 0..1.
    ///
    /// # Errors
    ///
    /// Where the device fails.
    pub async fn see(
        &self,
        pictures: &[f32],
        data: DataSet,
        device: &Device,
    ) -> Result<Seen, JudgeError> {
        let values = data.shape().values();
        let mut seen = Seen::default();
        for pictures in pictures.chunks(AT_ONCE * values) {
            self.look(pictures, values, device, &mut seen).await?;
        }
        Ok(seen)
    }

    async fn look(
        &self,
        pictures: &[f32],
        values: usize,
        device: &Device,
        seen: &mut Seen,
    ) -> Result<(), JudgeError> {
        let shape = [pictures.len() / values, values];
        let pictures = Tensor::from_data(TensorData::new(pictures.to_vec(), shape), device);
        let (features, logits) = match self {
            Net::Classifier(net) => net.forward(pictures, None),
            Net::Matcher(net) => {
                let looked = net.look(pictures, None);
                seen.matched.extend(read(looked.matched).await?);
                (looked.features, looked.logits)
            }
        };
        let classes = logits.dims()[1];
        seen.features.extend(read(features).await?);
        let logits = read(logits).await?;
        seen.classes
            .extend(logits.chunks_exact(classes).map(likeliest));
        Ok(())
    }
}

async fn read(tensor: Tensor<2>) -> Result<Vec<f32>, JudgeError> {
    let data = tensor.into_data_async().await?;
    data.try_into_vec()
        .map_err(|error| ModelError::Device(format!("{error:?}")).into())
}

fn likeliest(logits: &[f32]) -> u8 {
    let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
    best.unwrap_or(0) as u8
}

/// A hash as hexadecimal digits.
pub fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lampwork_weights::Precision;

    use super::*;

    const DIGITS: &[u8] = include_bytes!("../../../static/judges/digits.safetensors");

    #[track_caller]
    fn refuse(change: impl FnOnce(&mut BTreeMap<String, String>), part: &str) {
        let (weights, mut metadata) = lampwork_weights::read(DIGITS).unwrap();
        change(&mut metadata);
        let bytes = lampwork_weights::write(&weights, &metadata, Precision::Half).unwrap();
        let error = Judge::read(&bytes, &Device::flex()).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }

    fn card(metadata: &mut BTreeMap<String, String>, change: impl FnOnce(&mut JudgeCard)) {
        let mut card: JudgeCard = serde_json::from_str(&metadata[KEY]).unwrap();
        change(&mut card);
        metadata.insert(KEY.to_owned(), serde_json::to_string(&card).unwrap());
    }

    #[test]
    fn files_that_are_no_judges_are_refused() {
        refuse(|all| all.clear(), "no card");
        refuse(
            |all| {
                all.insert(KEY.to_owned(), "{".to_owned());
            },
            "its card",
        );
        refuse(
            |all| card(all, |card| card.words = usize::MAX),
            "too many dimensions",
        );
        refuse(|all| card(all, |card| card.words = 80), "does not fit");
        refuse(
            |all| card(all, |card| card.data = DataSet::Emoji),
            "does not fit",
        );
        assert!(matches!(
            Judge::read(&DIGITS[..1000], &Device::flex()),
            Err(JudgeError::Weights(_))
        ));
    }

    #[test]
    fn pictures_are_seen_the_same_in_pieces() {
        let judge = Judge::read(DIGITS, &Device::flex()).unwrap();
        let values = judge.card.data.shape().values();
        let pictures = lampwork_models::Noise::new(3, 0).uniform(7 * values);
        futures::executor::block_on(async {
            let whole = judge.see(&pictures).await.unwrap();
            let mut pieces = Seen::default();
            for piece in pictures.chunks(3 * values) {
                judge.see_more(piece, &mut pieces).await.unwrap();
            }
            assert_eq!(whole.classes, pieces.classes);
            assert_eq!(whole.dimensions(), judge.dimensions());
            for (a, b) in whole.features.iter().zip(&pieces.features) {
                assert!((a - b).abs() < 1e-3, "{a} {b}");
            }
        });
    }
}
