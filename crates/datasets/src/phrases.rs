//! In which words a picture is told to a net.

use rand_chacha::ChaCha8Rng;

use crate::Concept;
use crate::random::below;

/// What the captions and tags of each concept mean, as vectors.
///
/// A net that was always told a whole caption would not know what to do with one
/// word of it, and a visitor types as few as he can. So a picture is told by its
/// caption, in one language or the other, by its caption and a tag, or by a tag
/// alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrases {
    dimensions: usize,
    concepts: Vec<Spoken>,
}

/// The vectors of one concept; those in which no word is known are left out.
#[derive(Debug, Clone, Default, PartialEq)]
struct Spoken {
    /// In English, then in Chinese.
    captions: Vec<Vec<f32>>,
    /// In both.
    tags: Vec<Vec<f32>>,
}

/// How often, of 100, a caption stands alone.
const CAPTION: u32 = 55;
/// How often a tag stands beside it.
const CAPTION_AND_TAG: u32 = 30;
/// Share of the tag where it stands beside a caption.
const TAG_SHARE: f32 = 0.6;

impl Phrases {
    /// Reads the words of `concepts` by `meaning`, which gives a vector of
    /// `dimensions` numbers and length 1, or nothing where no word is known.
    pub fn new(
        concepts: &[Concept],
        dimensions: usize,
        meaning: impl Fn(&str) -> Option<Vec<f32>>,
    ) -> Self {
        let all = |texts: &mut dyn Iterator<Item = &String>| -> Vec<Vec<f32>> {
            texts
                .filter_map(|text| meaning(text))
                .inspect(|vector| debug_assert_eq!(vector.len(), dimensions))
                .collect()
        };
        Self {
            dimensions,
            concepts: concepts
                .iter()
                .map(|concept| Spoken {
                    captions: all(&mut [&concept.en, &concept.zh].into_iter()),
                    tags: all(&mut concept.tags_en.iter().chain(&concept.tags_zh)),
                })
                .collect(),
        }
    }

    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// What the English caption of a concept means, or the Chinese where there is
    /// no other; all zero where no word is known.
    ///
    /// # Panics
    /// There is no such concept.
    pub fn caption(&self, concept: usize) -> Vec<f32> {
        match self.concepts[concept].captions.first() {
            Some(caption) => caption.clone(),
            None => vec![0.0; self.dimensions],
        }
    }

    /// A way to say a concept; all zero, which is no words, where none of its
    /// words is known.
    pub(crate) fn pick(&self, concept: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
        let Spoken { captions, tags } = &self.concepts[concept];
        // Always as many draws, so that one concept's words do not decide what
        // is said of the next.
        let (kind, caption, tag) = (below(rng, 100), below(rng, 1 << 16), below(rng, 1 << 16));
        let one = |of: &[Vec<f32>], draw: u32| {
            (!of.is_empty()).then(|| of[draw as usize % of.len()].clone())
        };
        let (caption, tag) = (one(captions, caption), one(tags, tag));
        match (caption, tag) {
            (None, None) => vec![0.0; self.dimensions],
            (Some(caption), None) => caption,
            (None, Some(tag)) => tag,
            (Some(caption), Some(_)) if kind < CAPTION => caption,
            (Some(caption), Some(tag)) if kind < CAPTION + CAPTION_AND_TAG => both(&caption, &tag),
            (_, Some(tag)) => tag,
        }
    }
}

/// A caption with a tag beside it, of length 1 again.
fn both(caption: &[f32], tag: &[f32]) -> Vec<f32> {
    let sum: Vec<f32> = caption
        .iter()
        .zip(tag)
        .map(|(c, t)| c + TAG_SHARE * t)
        .collect();
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length < 1e-6 {
        return caption.to_vec();
    }
    sum.into_iter().map(|x| x / length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::generator;

    /// Knows "a", "b" and "c".
    fn meaning(text: &str) -> Option<Vec<f32>> {
        let at = ["a", "b", "c"].iter().position(|known| *known == text)?;
        let mut vector = vec![0.0; 3];
        vector[at] = 1.0;
        Some(vector)
    }

    fn phrases(en: &str, zh: &str, tags: &[&str]) -> Phrases {
        let concept = Concept {
            name: "it".to_owned(),
            en: en.to_owned(),
            zh: zh.to_owned(),
            tags_en: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Concept::default()
        };
        Phrases::new(&[concept], 3, meaning)
    }

    fn picked(phrases: &Phrases) -> Vec<Vec<f32>> {
        let mut rng = generator(b"lampwork test   ", 1, 0);
        (0..1000).map(|_| phrases.pick(0, &mut rng)).collect()
    }

    #[test]
    fn a_concept_is_told_in_several_ways_all_of_length_one() {
        let all = picked(&phrases("a", "b", &["c"]));
        for vector in &all {
            let length: f32 = vector.iter().map(|x| x * x).sum();
            assert!((length - 1.0).abs() < 1e-6);
        }
        let count = |wanted: [f32; 3]| all.iter().filter(|v| ***v == wanted).count();
        let captions = count([1.0, 0.0, 0.0]) + count([0.0, 1.0, 0.0]);
        // Six standard deviations of 1,000 throws at 0.55 are 94.
        assert!(captions.abs_diff(550) < 94, "{captions}");
        assert!(count([0.0, 0.0, 1.0]).abs_diff(150) < 68);
    }

    #[test]
    fn words_that_are_not_known_are_passed_over() {
        assert!(
            picked(&phrases("?", "b", &["?"]))
                .iter()
                .all(|v| *v == [0.0, 1.0, 0.0])
        );
        assert!(
            picked(&phrases("?", "?", &["c", "?"]))
                .iter()
                .all(|v| *v == [0.0, 0.0, 1.0])
        );
        let unknown = phrases("?", "", &[]);
        assert!(picked(&unknown).iter().all(|v| *v == [0.0; 3]));
        assert_eq!(unknown.caption(0), [0.0; 3]);
        assert_eq!(phrases("a", "b", &[]).caption(0), [1.0, 0.0, 0.0]);
    }
}
