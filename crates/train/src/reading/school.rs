//! Training of a panel of readers.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Result, bail};
use burn::tensor::Device;
use lampwork_datasets::{Batches, Packed, kin};
use lampwork_kernels::side_by_side;
use lampwork_models::reader::{Looks, Panel, ReaderRun, spoilt};
use lampwork_models::{Noise, Update};
use lampwork_protocol::Shape;

use super::{Memory, ReaderCard, Role, each, write};
use crate::make;

/// Characters in a step that stand for themselves; each brings its kin.
const SEEDS: usize = 12;

/// Characters that look like one, which are shown with it.
const KIN: usize = 3;

/// Kin that these are drawn from.
const NEAR: usize = 9;

/// Pictures of each character in a step.
const VIEWS: usize = 3;

/// Learning rate at its highest; it falls along half a cosine.
const RATE: f32 = 1.5e-3;

/// Epochs between two tests.
const TEST_EVERY: usize = 10;

/// Stream of the noise of what is shown; that of a step is above it.
const STREAM: u64 = 1 << 51;

/// How a panel is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schooling {
    /// Which one.
    pub role: Role,
    /// Passes over the characters, each as part of some other's kin or for itself.
    pub epochs: usize,
    /// Seed of the first net; each further one has the next.
    pub seed: u64,
    /// Nets that read together.
    pub nets: usize,
    /// Where updates are computed.
    pub update: Update,
}

/// Trains a panel and writes its file, at each test and at the end.
///
/// # Errors
/// Where the data has no hands, the device fails, or the file cannot be written.
pub fn train(
    packed: &Packed,
    schooling: &Schooling,
    file: &Path,
    device: &Device,
    mut say: impl FnMut(&str),
) -> Result<ReaderCard> {
    let Schooling {
        role,
        epochs,
        seed,
        nets,
        update,
    } = *schooling;
    let lessons = Lessons::new(packed, role)?;
    let seeds: Vec<u64> = (seed..).take(nets).collect();
    let mut pupils: Vec<Pupil> = seeds
        .iter()
        .map(|&seed| Pupil {
            run: ReaderRun::new(seed, device, update),
            batches: Batches::new(lessons.concepts.len(), SEEDS, seed),
            seed,
        })
        .collect();
    let mut card = ReaderCard {
        role,
        checksum: packed.card.checksum.clone(),
        epochs,
        seeds,
        read: vec![],
    };
    for epoch in 0..epochs {
        let learned = side_by_side(pupils, |mut pupil| {
            let loss = pupil.epoch(&lessons, epoch, epochs, device);
            (pupil, loss)
        });
        let mut losses = Vec::new();
        pupils = Vec::new();
        for (pupil, loss) in learned {
            losses.push(loss?);
            pupils.push(pupil);
        }
        let losses = spelled(&losses, 3);
        let epoch = epoch + 1;
        if epoch.is_multiple_of(TEST_EVERY) || epoch == epochs {
            let panel: Panel = pupils.iter().map(|pupil| pupil.run.net()).collect();
            card.read = test(&panel, packed, role, device)?;
            card.epochs = epoch;
            write(&panel, &card, file)?;
            let shares: Vec<f32> = card.read.iter().map(|r| 100.0 * r).collect();
            let shares = spelled(&shares, 1);
            say(&format!(
                "epoch {epoch}: loss {losses}, read by hand {shares} %"
            ));
        } else {
            say(&format!("epoch {epoch}: loss {losses}"));
        }
    }
    Ok(card)
}

fn spelled(numbers: &[f32], digits: usize) -> String {
    let all = numbers.iter().map(|number| format!("{number:.digits$}"));
    all.collect::<Vec<_>>().join(" ")
}

/// One of the nets that learn.
struct Pupil {
    run: ReaderRun,
    batches: Batches,
    seed: u64,
}

impl Pupil {
    /// A pass over the characters; the loss of its last step.
    fn epoch(
        &mut self,
        lessons: &Lessons<'_>,
        epoch: usize,
        epochs: usize,
        device: &Device,
    ) -> Result<f32> {
        let steps = (lessons.concepts.len() / (SEEDS * (1 + KIN))).max(1) as u64;
        let mut loss = None;
        for step in 0..steps {
            let total = epoch as u64 * steps + step;
            // Each epoch begins elsewhere in its order, as kin fill most of a step.
            let seeds = self.batches.indices(epoch as u64, step);
            let (pictures, characters) = lessons.shown(&seeds, self.seed, total);
            let done = total as f32 / (steps * epochs as u64) as f32;
            let rate = RATE * 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
            // The first steps are small, as the moments know nothing yet.
            let rate = rate * ((total + 1) as f32 / 100.0).min(1.0);
            loss = Some(self.run.step_on(pictures, &characters, rate, device));
        }
        let loss = loss.map_or(Ok(vec![f32::NAN]), make::read)?[0];
        if !loss.is_finite() {
            bail!("the loss is {loss}: the reader has diverged");
        }
        Ok(loss)
    }
}

/// Share of the held pictures of each hand that are read as what they are.
fn test(panel: &Panel, packed: &Packed, role: Role, device: &Device) -> Result<Vec<f32>> {
    let memory = Memory::new(panel, packed, role, device)?;
    let (mut pictures, mut truths) = (vec![], vec![]);
    each(packed, role, |picture, concept, hand, held| {
        if held {
            pictures.push(picture);
            truths.push((concept, hand));
        }
    });
    let read = memory.read(panel, &pictures, device)?;
    let hands = packed.card.classes.len();
    let (mut right, mut all) = (vec![0.0; hands], vec![0.0_f32; hands]);
    for ((concept, hand), (found, _)) in truths.into_iter().zip(read) {
        all[usize::from(hand)] += 1.0;
        right[usize::from(hand)] += f32::from(u8::from(found == concept));
    }
    let share = |(right, all): (&f32, &f32)| right / all.max(1.0);
    Ok(right.iter().zip(&all).skip(1).map(share).collect())
}

/// What a reader is shown.
struct Lessons<'a> {
    /// Characters of which there are two pictures or more.
    concepts: Vec<u16>,
    /// The pictures of each.
    pictures: HashMap<u16, Vec<&'a [u8]>>,
    /// Of each, those that look most like it, as numbers of [`Lessons::concepts`].
    kin: Vec<Vec<u32>>,
}

impl<'a> Lessons<'a> {
    fn new(packed: &'a Packed, role: Role) -> Result<Self> {
        let mut pictures: HashMap<u16, Vec<&[u8]>> = HashMap::new();
        each(packed, role, |picture, concept, _, held| {
            if !held {
                pictures.entry(concept).or_default().push(picture);
            }
        });
        let mut plain: HashMap<u16, &[u8]> = HashMap::new();
        for split in [&packed.train, &packed.validation, &packed.test] {
            for at in (0..split.len()).filter(|&at| split.labels[at] == 0) {
                plain.insert(split.concepts[at], split.picture(at));
            }
        }
        pictures.retain(|concept, some| some.len() > 1 && plain.contains_key(concept));
        let mut concepts: Vec<u16> = pictures.keys().copied().collect();
        concepts.sort_unstable();
        if concepts.len() <= NEAR {
            bail!(
                "{} has too few characters to learn to read",
                packed.data.name()
            );
        }
        let plain: Vec<&[u8]> = concepts.iter().map(|concept| plain[concept]).collect();
        Ok(Self {
            kin: kin(&plain, Shape::BRUSH.side, NEAR),
            concepts,
            pictures,
        })
    }

    /// Pictures of a step, `[count, 48, 48]`, and their characters.
    fn shown(&self, seeds: &[u32], seed: u64, step: u64) -> (Vec<f32>, Vec<u32>) {
        let mut noise = Noise::new(seed, STREAM + step);
        let mut chosen: Vec<u32> = Vec::with_capacity(SEEDS * (1 + KIN));
        for &one in seeds {
            let mut kin = self.kin[one as usize].clone();
            let mut all = vec![one];
            for _ in 0..KIN {
                all.push(kin.swap_remove(noise.below(kin.len() as u32) as usize));
            }
            chosen.extend(
                all.into_iter()
                    .filter(|c| !chosen.contains(c))
                    .collect::<Vec<_>>(),
            );
        }
        let looks = Looks::default();
        let (mut pictures, mut characters) = (vec![], vec![]);
        for character in chosen {
            let mut some = self.pictures[&self.concepts[character as usize]].clone();
            for _ in 0..VIEWS {
                if some.is_empty() {
                    some = self.pictures[&self.concepts[character as usize]].clone();
                }
                let picture = some.swap_remove(noise.below(some.len() as u32) as usize);
                let picture: Vec<f32> = picture.iter().map(|&v| f32::from(v) / 255.0).collect();
                pictures.extend(spoilt(&picture, &looks, &mut noise));
                characters.push(character);
            }
        }
        (pictures, characters)
    }
}
