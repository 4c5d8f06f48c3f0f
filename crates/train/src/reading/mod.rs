//! Readers of characters: the teacher beside nets that write, and the judge of what they
//! have written.
//!
//! Both are panels of nets that learn from real characters, written with a brush, and know
//! nothing of any net's. The teacher is shown the characters of the training split alone.
//! The judge is shown those of all splits, as it is to read what a net writes of
//! characters that the net has never seen; its nets are of other seeds, and no net learns
//! by it.

mod school;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_datasets::Packed;
use lampwork_models::reader::{Panel, Teacher};
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
    /// Seed of its first net, unless said otherwise. They lie apart: a net of the same seed
    /// would have the quirks that others learned to please.
    pub fn seed(self) -> u64 {
        match self {
            Role::Teacher => 1,
            Role::Judge => 7,
        }
    }

    /// Where its file is, unless said otherwise: the teacher's beside the data, as only
    /// who trains needs it; the judge's in the checkout, as figures name it.
    pub fn file(self, data: &Path) -> PathBuf {
        match self {
            Role::Teacher => data.join("brush-teacher.safetensors"),
            Role::Judge => project_root().join("crates/train/readers/brush.safetensors"),
        }
    }
}

/// What a panel of readers is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReaderCard {
    /// Which one.
    pub role: Role,
    /// Checksum of the data.
    pub checksum: String,
    /// Passes over the characters.
    pub epochs: usize,
    /// Seeds, one of each of the nets that read together.
    pub seeds: Vec<u64>,
    /// Share of the pictures kept from it that it reads as what they are, by hand.
    pub read: Vec<f32>,
}

/// A panel of a file.
#[derive(Debug)]
pub struct Known {
    /// The nets.
    pub panel: Panel,
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
pub fn write(panel: &Panel, card: &ReaderCard, file: &Path) -> Result<[u8; 8]> {
    let weights = futures::executor::block_on(lampwork_weights::collect(panel))?;
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
    let card: ReaderCard = serde_json::from_str(card)
        .with_context(|| format!("{} is of another version; make it anew", file.display()))?;
    let panel = Panel::new(card.seeds.len(), device);
    Ok(Known {
        panel: lampwork_weights::fill(panel, &weights, device)?,
        card,
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
    let means = means(&known.panel, packed, device)?;
    Ok(Teacher::new(known.panel, means))
}

/// The mean place of each character of the training split, `[characters, dimensions]`, of
/// its pictures with a brush.
fn means(panel: &Panel, packed: &Packed, device: &Device) -> Result<Tensor<2>> {
    let known = known(packed);
    let split = &packed.train;
    let brushed: Vec<usize> = (0..split.len())
        .filter(|&at| split.labels[at] > 0)
        .collect();
    let pictures: Vec<&[u8]> = brushed.iter().map(|&at| split.picture(at)).collect();
    let places = places(panel, &pictures, Looking::Once, device)?;
    let dimensions = panel.dimensions();
    let mut sums = vec![0.0; known.len() * dimensions];
    for (&at, place) in brushed.iter().zip(places.chunks_exact(dimensions)) {
        let row = known[&split.concepts[at]] as usize * dimensions;
        for (sum, value) in sums[row..row + dimensions].iter_mut().zip(place) {
            *sum += value;
        }
    }
    let data = TensorData::new(sums, [known.len(), dimensions]);
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

/// The places of pictures, `[count, dimensions]`.
///
/// # Errors
/// Where the device fails.
pub fn places(
    panel: &Panel,
    pictures: &[&[u8]],
    looking: Looking,
    device: &Device,
) -> Result<Vec<f32>> {
    let side = Shape::BRUSH.side;
    let mut all = Vec::with_capacity(pictures.len() * panel.dimensions());
    for some in pictures.chunks(AT_ONCE) {
        let values: Vec<f32> = some
            .iter()
            .flat_map(|picture| picture.iter())
            .map(|&value| f32::from(value) / 255.0)
            .collect();
        let data = TensorData::new(values, [some.len(), 1, side, side]);
        let shown = Tensor::<4>::from_data(data, device);
        all.extend(make::read(match looking {
            Looking::Once => panel.forward(shown),
            Looking::Well => panel.look(shown),
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
    pub fn new(panel: &Panel, packed: &Packed, role: Role, device: &Device) -> Result<Self> {
        let (mut pictures, mut concepts, mut hands) = (vec![], vec![], vec![]);
        each(packed, role, |picture, concept, hand, held| {
            if !held {
                pictures.push(picture);
                concepts.push(concept);
                hands.push(hand);
            }
        });
        let values = places(panel, &pictures, Looking::Well, device)?;
        let data = TensorData::new(values, [pictures.len(), panel.dimensions()]);
        Ok(Self {
            places: Tensor::from_data(data, device),
            concepts,
            hands,
        })
    }

    /// The concept of each, and the hand of the picture of it that is nearest: the concept
    /// is the one whose pictures are most alike, by the nearest of them and the mean of all
    /// added up. By the nearest alone the judge reads 4 in 100 real pictures fewer.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn read(
        &self,
        panel: &Panel,
        pictures: &[&[u8]],
        device: &Device,
    ) -> Result<Vec<(u16, u8)>> {
        let mut all = Vec::with_capacity(pictures.len());
        for some in pictures.chunks(AT_ONCE) {
            let values = places(panel, some, Looking::Well, device)?;
            let data = TensorData::new(values, [some.len(), panel.dimensions()]);
            let shown = Tensor::<2>::from_data(data, device);
            let alike = make::read(shown.matmul(self.places.clone().transpose()))?;
            for row in alike.chunks_exact(self.concepts.len()) {
                all.push(self.found(row).context("it knows no picture")?);
            }
        }
        Ok(all)
    }

    /// The concept and the hand by the likeness of each known picture.
    fn found(&self, alike: &[f32]) -> Option<(u16, u8)> {
        let mut of: BTreeMap<u16, Likeness> = BTreeMap::new();
        for ((&alike, &concept), &hand) in alike.iter().zip(&self.concepts).zip(&self.hands) {
            let likeness = of.entry(concept).or_insert(Likeness {
                nearest: alike,
                hand,
                sum: 0.0,
                count: 0.0,
            });
            if alike > likeness.nearest {
                (likeness.nearest, likeness.hand) = (alike, hand);
            }
            likeness.sum += alike;
            likeness.count += 1.0;
        }
        let whole = |likeness: &Likeness| likeness.nearest + likeness.sum / likeness.count;
        let best = of.iter().max_by(|a, b| whole(a.1).total_cmp(&whole(b.1)));
        best.map(|(&concept, likeness)| (concept, likeness.hand))
    }
}

/// How like a picture is to those of a character.
struct Likeness {
    nearest: f32,
    hand: u8,
    sum: f32,
    count: f32,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_by_its_nearest_and_by_all_pictures_of_a_character() {
        let memory = Memory {
            places: Tensor::zeros([5, 1], &Device::flex()),
            concepts: vec![3, 3, 5, 5, 5],
            hands: vec![1, 2, 1, 4, 2],
        };
        // 3 has the nearest picture; all of 5's are near.
        assert_eq!(memory.found(&[0.8, 0.0, 0.6, 0.7, 0.6]), Some((5, 4)));
        assert_eq!(memory.found(&[0.9, 0.6, 0.6, 0.7, 0.6]), Some((3, 1)));
        let empty = Memory {
            concepts: vec![],
            hands: vec![],
            ..memory
        };
        assert_eq!(empty.found(&[]), None);
    }

    #[test]
    fn a_file_gives_back_its_panel() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reader.safetensors");
        let device = Device::flex();
        let run = |seed| {
            lampwork_models::reader::ReaderRun::new(seed, &device, lampwork_models::Update::Host)
                .net()
        };
        let panel: Panel = [run(1), run(2)].into_iter().collect();
        let card = ReaderCard {
            role: Role::Judge,
            checksum: "0".to_owned(),
            epochs: 1,
            seeds: vec![1, 2],
            read: vec![0.5],
        };
        let hash = write(&panel, &card, &file).unwrap();
        let known = read(&file, &device).unwrap();
        assert_eq!((known.card, known.hash), (card.clone(), hash));
        let picture: Vec<u8> = (0..Shape::BRUSH.side.pow(2)).map(|at| at as u8).collect();
        let place = |panel: &Panel| places(panel, &[&picture], Looking::Once, &device).unwrap();
        // Weights are written in half precision.
        let (before, after) = (place(&panel), place(&known.panel));
        assert_eq!(before.len(), 2 * lampwork_models::reader::EMBEDDING);
        for (a, b) in before.iter().zip(&after) {
            assert!((a - b).abs() < 5e-3, "{a} {b}");
        }
        // One that says it has fewer nets than are there, or none at all.
        let fewer = ReaderCard {
            seeds: vec![1],
            ..card
        };
        write(&panel, &fewer, &file).unwrap();
        assert!(read(&file, &device).is_err());
    }
}
