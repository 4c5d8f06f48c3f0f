//! Readers of characters: the teacher beside nets that write, and the judge of what they
//! have written.
//!
//! Both learn from real characters, written with a brush, and know nothing of any net's.
//! The teacher is shown the characters of the training split alone. The judge is shown
//! those of all splits, as it is to read what a net writes of characters that the net has
//! never seen; it is a net of its own, and no net learns by it.

mod school;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_datasets::Packed;
use lampwork_models::reader::{EMBEDDING, Reader, Teacher};
use lampwork_protocol::Shape;
use lampwork_weights::Precision;
use serde::{Deserialize, Serialize};

use crate::domains::known;
use crate::folder::project_root;
use crate::{atomic, make};

pub use school::{Schooling, train};

/// Key of the card in a reader's metadata.
const KEY: &str = "lampwork.reader";

/// Pictures that are looked at at once.
const AT_ONCE: usize = 128;

/// One in so many pictures is kept from a reader, to be tested by.
const HELD: u64 = 12;

/// Which reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Beside nets that write.
    Teacher,
    /// Of what they have written.
    Judge,
}

impl Role {
    /// Where its file is, unless said otherwise: the teacher's beside the data, as only
    /// who trains needs it; the judge's in the checkout, as figures name it.
    pub fn file(self, data: &Path) -> PathBuf {
        match self {
            Role::Teacher => data.join("brush-teacher.safetensors"),
            Role::Judge => project_root().join("crates/train/readers/brush.safetensors"),
        }
    }
}

/// What a reader is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReaderCard {
    /// Which one.
    pub role: Role,
    /// Checksum of the data.
    pub checksum: String,
    /// Passes over the characters.
    pub epochs: usize,
    /// Seed.
    pub seed: u64,
    /// Share of the pictures kept from it that it reads as what they are, by hand.
    pub read: Vec<f32>,
}

/// A reader, and the places of the pictures that it knows.
#[derive(Debug)]
pub struct Known {
    /// The net.
    pub reader: Reader,
    /// What it is.
    pub card: ReaderCard,
    /// First eight bytes of the hash of its file.
    pub hash: [u8; 8],
}

/// Whether a picture is kept from every reader: one of a dozen, by a hash of its
/// character and hand.
pub fn held(concept: &str, hand: u8) -> bool {
    let hash = lampwork_weights::hash(format!("lampwork held: {concept} {hand}").as_bytes());
    u64::from_le_bytes(hash).is_multiple_of(HELD)
}

/// Writes a reader.
///
/// # Errors
/// Where it cannot be read from its device, or the file cannot be written.
pub fn write(reader: &Reader, card: &ReaderCard, file: &Path) -> Result<[u8; 8]> {
    let weights = futures::executor::block_on(lampwork_weights::collect(reader))?;
    let metadata = BTreeMap::from([(KEY.to_owned(), serde_json::to_string(card)?)]);
    let bytes = lampwork_weights::write(&weights, &metadata, Precision::Half)?;
    if let Some(folder) = file.parent() {
        atomic::folder(folder)?;
    }
    atomic::write(file, &bytes)?;
    Ok(lampwork_weights::hash(&bytes))
}

/// Reads a reader.
///
/// # Errors
/// Where there is none, or it is broken; the message says how to make one.
pub fn read(file: &Path, device: &Device) -> Result<Known> {
    let bytes = std::fs::read(file).with_context(|| {
        format!(
            "there is no reader at {}: `train classifier brush` makes the judge, with \
             --teacher the teacher",
            file.display()
        )
    })?;
    let (weights, metadata) =
        lampwork_weights::read(&bytes).with_context(|| file.display().to_string())?;
    let Some(card) = metadata.get(KEY) else {
        bail!("{} is no reader", file.display());
    };
    Ok(Known {
        reader: lampwork_weights::fill(Reader::new(device), &weights, device)?,
        card: serde_json::from_str(card)?,
        hash: lampwork_weights::hash(&bytes),
    })
}

/// The teacher beside a run on this data.
///
/// # Errors
/// Where there is none, or it learned from other data.
pub fn teacher(folder: &Path, packed: &Packed, device: &Device) -> Result<Teacher> {
    let file = Role::Teacher.file(folder);
    let known = read(&file, device)?;
    if known.card.checksum != packed.card.checksum || known.card.role != Role::Teacher {
        bail!(
            "{} learned from other data: make it anew by `train classifier brush --teacher`",
            file.display()
        );
    }
    Ok(Teacher::new(
        known.reader.clone(),
        means(&known.reader, packed, device)?,
    ))
}

/// The mean place of each character of the training split, `[characters, EMBEDDING]`, of
/// its pictures with a brush.
fn means(reader: &Reader, packed: &Packed, device: &Device) -> Result<Tensor<2>> {
    let known = known(packed);
    let split = &packed.train;
    let brushed: Vec<usize> = (0..split.len())
        .filter(|&at| split.labels[at] > 0)
        .collect();
    let pictures: Vec<&[u8]> = brushed.iter().map(|&at| split.picture(at)).collect();
    let places = places(reader, &pictures, Looking::Once, device)?;
    let mut sums = vec![0.0; known.len() * EMBEDDING];
    for (&at, place) in brushed.iter().zip(places.chunks_exact(EMBEDDING)) {
        let row = known[&split.concepts[at]] as usize * EMBEDDING;
        for (sum, value) in sums[row..row + EMBEDDING].iter_mut().zip(place) {
            *sum += value;
        }
    }
    let data = TensorData::new(sums, [known.len(), EMBEDDING]);
    Ok(Tensor::from_data(data, device))
}

/// How often a picture is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// Once.
    Once,
    /// Five times, each shifted.
    Well,
}

/// The places of pictures, `[count, EMBEDDING]`.
///
/// # Errors
/// Where the device fails.
pub fn places(
    reader: &Reader,
    pictures: &[&[u8]],
    looking: Looking,
    device: &Device,
) -> Result<Vec<f32>> {
    let side = Shape::BRUSH.side;
    let mut all = Vec::with_capacity(pictures.len() * EMBEDDING);
    for some in pictures.chunks(AT_ONCE) {
        let values: Vec<f32> = some
            .iter()
            .flat_map(|picture| picture.iter())
            .map(|&value| f32::from(value) / 255.0)
            .collect();
        let data = TensorData::new(values, [some.len(), 1, side, side]);
        let shown = Tensor::<4>::from_data(data, device);
        all.extend(make::read(match looking {
            Looking::Once => reader.forward(shown),
            Looking::Well => reader.look(shown),
        })?);
    }
    Ok(all)
}

/// Real pictures that a judge compares with: all with a brush that are not held back.
#[derive(Debug)]
pub struct Memory {
    places: Tensor<2>,
    concepts: Vec<u16>,
    hands: Vec<u8>,
}

impl Memory {
    /// Of the splits that a reader of this role may know.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn new(reader: &Reader, packed: &Packed, role: Role, device: &Device) -> Result<Self> {
        let (mut pictures, mut concepts, mut hands) = (vec![], vec![], vec![]);
        each(packed, role, |picture, concept, hand, held| {
            if !held {
                pictures.push(picture);
                concepts.push(concept);
                hands.push(hand);
            }
        });
        let values = places(reader, &pictures, Looking::Well, device)?;
        let data = TensorData::new(values, [pictures.len(), EMBEDDING]);
        Ok(Self {
            places: Tensor::from_data(data, device),
            concepts,
            hands,
        })
    }

    /// The concept and the hand of the nearest known picture of each.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn read(
        &self,
        reader: &Reader,
        pictures: &[&[u8]],
        device: &Device,
    ) -> Result<Vec<(u16, u8)>> {
        let mut all = Vec::with_capacity(pictures.len());
        for some in pictures.chunks(AT_ONCE) {
            let values = places(reader, some, Looking::Well, device)?;
            let data = TensorData::new(values, [some.len(), EMBEDDING]);
            let shown = Tensor::<2>::from_data(data, device);
            let alike = make::read(shown.matmul(self.places.clone().transpose()))?;
            for row in alike.chunks_exact(self.concepts.len()) {
                let nearest = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]));
                let nearest = nearest.context("it knows no picture")?;
                all.push((self.concepts[nearest], self.hands[nearest]));
            }
        }
        Ok(all)
    }
}

/// Goes through the pictures with a brush that a reader of this role may be shown:
/// picture, concept, hand, and whether it is held back.
fn each<'a>(packed: &'a Packed, role: Role, mut take: impl FnMut(&'a [u8], u16, u8, bool)) {
    let splits: &[_] = match role {
        Role::Teacher => &[&packed.train],
        Role::Judge => &[&packed.train, &packed.validation, &packed.test],
    };
    for split in splits {
        for at in 0..split.len() {
            let (hand, concept) = (split.labels[at], split.concepts[at]);
            if hand > 0 {
                let held = held(&packed.concepts[usize::from(concept)].name, hand);
                take(split.picture(at), concept, hand, held);
            }
        }
    }
}
