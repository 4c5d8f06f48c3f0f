//! Nets between two domains: what a step is shown, training, and what comes of it.

pub mod runner;
pub mod sheet;

use std::collections::HashMap;

use anyhow::{Result, bail};
use lampwork_datasets::{Examples, Packed};
use lampwork_models::{DomainBatch, Noise};
use lampwork_protocol::DomainsConfig;

/// Stream of the noise that pairs are drawn by; that of a step is above it.
const STREAM: u64 = 1 << 50;

/// The pictures of one split, by domain.
#[derive(Debug)]
struct Part<'a> {
    examples: &'a Examples,
    /// Those of the first domain.
    firsts: Vec<u32>,
    /// Those of each hand of the second.
    seconds: Vec<Vec<u32>>,
    /// Of a concept, the picture in a hand.
    of: HashMap<(u16, usize), u32>,
}

/// What a step is shown out of a data set.
#[derive(Debug)]
pub struct Course<'a> {
    parts: [Part<'a>; 3],
    paired: bool,
    /// Of a concept of the training split, its place among those that a teacher knows.
    known: HashMap<u16, u32>,
}

/// Pictures of both domains.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// `[count, values]`, of the first domain.
    pub first: Vec<f32>,
    /// `[count, values]`, of the second.
    pub second: Vec<f32>,
    /// `[count]`.
    pub hands: Vec<u8>,
    /// `[count]`.
    pub known: Vec<u32>,
}

impl Shown {
    /// As a run takes it.
    pub fn batch(&self) -> DomainBatch<'_> {
        DomainBatch {
            first: &self.first,
            second: &self.second,
            hands: &self.hands,
            known: &self.known,
        }
    }
}

/// Of each concept of the training split, its place among all of them in order.
pub fn known(packed: &Packed) -> HashMap<u16, u32> {
    let mut concepts = packed.train.concepts.clone();
    concepts.sort_unstable();
    concepts.dedup();
    (0..)
        .zip(concepts)
        .map(|(at, concept)| (concept, at))
        .collect()
}

impl<'a> Course<'a> {
    /// What a lesson takes of a data set.
    ///
    /// # Errors
    /// A split has no pictures of a domain.
    pub fn new(config: &DomainsConfig, packed: &'a Packed) -> Result<Self> {
        let paired = !config.both_ways();
        let part = |examples: &'a Examples| -> Result<Part<'a>> {
            let of_class = |class: u8| -> Vec<u32> {
                let all = examples.labels.iter().enumerate();
                all.filter(|(_, label)| **label == class)
                    .map(|(at, _)| at as u32)
                    .collect()
            };
            let seconds: Vec<Vec<u32>> = config.to.iter().map(|&class| of_class(class)).collect();
            let concept = |at: u32| examples.concepts.get(at as usize).copied();
            let of: HashMap<(u16, usize), u32> = seconds
                .iter()
                .enumerate()
                .flat_map(|(hand, all)| {
                    all.iter()
                        .filter_map(move |&at| Some(((concept(at)?, hand), at)))
                })
                .collect();
            let mut firsts = of_class(config.from);
            if paired {
                let has = |at: &u32| {
                    let concept = concept(*at);
                    concept.is_some_and(|c| (0..seconds.len()).any(|h| of.contains_key(&(c, h))))
                };
                firsts.retain(has);
            }
            if firsts.is_empty() || seconds.iter().any(Vec::is_empty) {
                bail!(
                    "{} has no pictures of a class that is asked for in one of its splits",
                    packed.data.name()
                );
            }
            Ok(Part {
                examples,
                firsts,
                seconds,
                of,
            })
        };
        Ok(Self {
            parts: [
                part(&packed.train)?,
                part(&packed.validation)?,
                part(&packed.test)?,
            ],
            paired,
            known: known(packed),
        })
    }

    /// How many pictures the first domain has in a split.
    pub fn len(&self, split: usize) -> usize {
        self.parts[split].firsts.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self, split: usize) -> bool {
        self.len(split) == 0
    }

    /// The first pictures of these numbers, and with each one of the second domain: the
    /// same thing in any hand by pairs, else anything in any hand.
    pub fn shown(&self, split: usize, indices: &[u32], seed: u64, step: u64) -> Shown {
        let part = &self.parts[split];
        let mut noise = Noise::new(seed, STREAM + step);
        let values = part.examples.shape.values();
        let mut shown = Shown {
            first: Vec::with_capacity(indices.len() * values),
            second: Vec::with_capacity(indices.len() * values),
            hands: Vec::with_capacity(indices.len()),
            known: Vec::with_capacity(indices.len()),
        };
        let concepts = &part.examples.concepts;
        for &index in indices {
            let first = part.firsts[index as usize];
            let concept = concepts.get(first as usize).copied().unwrap_or_default();
            let hands = part.seconds.len();
            let hand = noise.below(hands as u32) as usize;
            let (hand, second) = if self.paired {
                let mut having = (0..hands).map(|more| (hand + more) % hands);
                let found = having.find_map(|hand| Some((hand, *part.of.get(&(concept, hand))?)));
                found.expect("a first picture has a pair")
            } else {
                let all = &part.seconds[hand];
                (hand, all[noise.below(all.len() as u32) as usize])
            };
            let picture = |at: u32| part.examples.picture(at as usize).iter();
            let number = |&value: &u8| f32::from(value) / 255.0;
            shown.first.extend(picture(first).map(number));
            shown.second.extend(picture(second).map(number));
            shown.hands.push(hand as u8);
            shown
                .known
                .push(self.known.get(&concept).copied().unwrap_or_default());
        }
        shown
    }

    /// So many first pictures, spread over a split, and of each the true one in each
    /// hand, where there is one.
    pub fn truths(&self, split: usize, most: usize) -> Vec<Truth> {
        let part = &self.parts[split];
        let count = most.min(part.firsts.len());
        let picture = |at: u32| -> Vec<f32> {
            let values = part.examples.picture(at as usize).iter();
            values.map(|&value| f32::from(value) / 255.0).collect()
        };
        (0..count)
            .map(|at| {
                let first = part.firsts[at * part.firsts.len() / count];
                let concept = part.examples.concepts.get(first as usize).copied();
                let concept = concept.unwrap_or_default();
                Truth {
                    concept,
                    first: picture(first),
                    seconds: (0..part.seconds.len())
                        .map(|hand| part.of.get(&(concept, hand)).map(|&at| picture(at)))
                        .collect(),
                }
            })
            .collect()
    }
}

/// A thing in both domains.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// What it is.
    pub concept: u16,
    /// In the first domain.
    pub first: Vec<f32>,
    /// In each hand of the second.
    pub seconds: Vec<Option<Vec<f32>>>,
}

#[cfg(test)]
mod tests {
    use lampwork_datasets::glyphs::{GlyphCard, Glyphs};
    use lampwork_protocol::{DataSet, Lesson};

    use super::*;
    use crate::presets;

    /// Thirty characters of three hands, each picture of one value; every fourth is
    /// missing in the last hand.
    fn packed() -> Packed {
        let characters: Vec<char> = (0..30).filter_map(|n| char::from_u32(0x4e00 + n)).collect();
        let splits = (0..30).map(|at| (at % 5).min(2) as u8).collect();
        let drawn = (0..90).map(|at| u8::from(at < 60 || at % 4 > 0)).collect();
        let pictures = (0..90_u8).flat_map(|at| [at; 4]).collect();
        let card = GlyphCard {
            version: GlyphCard::VERSION,
            data: DataSet::Brush,
            title: String::new(),
            sources: vec![],
            licence: String::new(),
            side: 2,
            hands: ["plain", "a", "b"].map(str::to_owned).to_vec(),
            characters: [0; 3],
            drawn: vec![],
            checksum: String::new(),
            how: String::new(),
        };
        Glyphs::new(characters, splits, drawn, pictures, card)
            .unwrap()
            .packed()
    }

    fn config(lesson: Lesson) -> DomainsConfig {
        let preset = presets::load("cycle-brush").unwrap();
        let lampwork_protocol::ModelConfig::Domains(config) = preset.recipe.model else {
            panic!("not between domains");
        };
        DomainsConfig {
            to: vec![1, 2],
            lesson,
            ..config
        }
    }

    fn value(picture: f32) -> usize {
        (picture * 255.0).round() as usize
    }

    #[test]
    fn pairs_are_of_one_character_and_others_of_the_same_split() {
        let packed = packed();
        for paired in [true, false] {
            let lesson = match paired {
                true => Lesson::Pairs { distance: 1.0 },
                false => presets_cycle(),
            };
            let course = Course::new(&config(lesson), &packed).unwrap();
            let mut apart = 0;
            for split in 0..3 {
                let indices: Vec<u32> = (0..course.len(split) as u32).collect();
                let shown = course.shown(split, &indices, 1, 5);
                assert_eq!(shown, course.shown(split, &indices, 1, 5));
                for at in 0..indices.len() {
                    let (first, second) = (value(shown.first[4 * at]), value(shown.second[4 * at]));
                    let hand = usize::from(shown.hands[at]);
                    assert_eq!(second / 30, hand + 1);
                    assert_eq!((second % 5).min(2), split, "no character leaves its split");
                    apart += usize::from(first != second % 30);
                }
            }
            assert_eq!(apart == 0, paired);
        }
    }

    fn presets_cycle() -> Lesson {
        Lesson::Cycle {
            cycle: 1.0,
            identity: 1.0,
            noise: 0.0,
            legible: 0.0,
        }
    }

    #[test]
    fn a_teacher_knows_the_characters_of_training_in_order() {
        let packed = packed();
        let known = known(&packed);
        assert_eq!(known.len(), 6);
        assert_eq!((known[&0], known[&5], known[&25]), (0, 1, 5));
        assert!(!known.contains_key(&1), "that is of validation");
    }
}
