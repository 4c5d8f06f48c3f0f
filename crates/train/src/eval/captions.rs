//! Whether pictures show what was said: the rank of their caption among all.

use anyhow::Result;
use burn::tensor::Device;
use lampwork_datasets::{Examples, Packed};
use lampwork_metrics::retrieval_ranks;
use lampwork_models::{Noise, Sampler};
use lampwork_protocol::{Figure, Latent};

use super::{Measured, Options, Set, Sets, some};
use crate::judge::{COMPARED, Judge};
use crate::{make, words};

/// Pictures of the training split whose captions are looked for, unless another
/// count is asked for.
const MOST: usize = 705;

/// A caption that ranks this high is found.
const FOUND: usize = 10;

/// Draws, each told the caption of its concept; as they are where a model knows
/// no words.
pub(super) fn said(
    sampler: &Sampler,
    packed: &Packed,
    draws: Vec<Latent>,
    concepts: &[u16],
) -> Vec<Latent> {
    if sampler.space().words == 0 {
        return draws;
    }
    let told = draws.into_iter().zip(concepts).map(|(draw, &concept)| {
        let words = packed.concepts[usize::from(concept)].en.clone();
        // A caption of which no word is known is as good as none.
        if words::meaning(&words).is_none() {
            return draw;
        }
        Latent::Worded {
            of: Box::new(draw),
            words,
        }
    });
    told.collect()
}

/// What is compared: the captions of all concepts.
struct Captions<'a> {
    judge: &'a Judge,
    /// Word vectors, `[concepts, dimensions]`.
    meant: Vec<f32>,
    /// As the net compares them, `[concepts, 64]`.
    keys: Vec<f32>,
}

impl Captions<'_> {
    /// Ranks of the captions of `concepts`, as the net sees `pictures`.
    fn ranks(&self, pictures: &[f32], concepts: &[usize]) -> Result<Vec<usize>> {
        let seen = self.judge.see(pictures)?;
        Ok(retrieval_ranks(
            &seen.matched,
            &self.keys,
            COMPARED,
            concepts,
        )?)
    }

    /// The concept of the training split whose caption means most nearly the same.
    fn kin(&self, concept: usize, trained: &[usize]) -> usize {
        let dims = words::table().dimensions();
        let of = |concept: usize| &self.meant[concept * dims..(concept + 1) * dims];
        let alike =
            |other: usize| -> f32 { of(concept).iter().zip(of(other)).map(|(a, b)| a * b).sum() };
        trained
            .iter()
            .copied()
            .max_by(|&a, &b| alike(a).total_cmp(&alike(b)))
            .unwrap_or(concept)
    }
}

pub(super) fn figures(
    sampler: &Sampler,
    packed: &Packed,
    judge: &Judge,
    sets: &Sets,
    options: &Options,
    device: &Device,
) -> Result<Vec<Figure>> {
    let dims = words::table().dimensions();
    let meant: Vec<f32> = packed
        .concepts
        .iter()
        .flat_map(|concept| words::meaning(&concept.en).unwrap_or_else(|| vec![0.0; dims]))
        .collect();
    let captions = Captions {
        judge,
        keys: judge.words(&meant)?,
        meant,
    };
    let mut trained: Vec<usize> = packed.train.concepts.iter().map(|&c| c.into()).collect();
    trained.sort_unstable();
    trained.dedup();

    let seen = Kind::gather(sampler, packed, &packed.train, options, device)?;
    // What was compared with the test split was told its captions already.
    let unseen = Kind {
        drawn: sets.test.clone(),
        made: sets.made.pictures.clone(),
        noise: sets.noise.pictures.clone(),
    };
    let all = packed.concepts.len();
    let how = |what: &str, count: usize| {
        format!(
            "{what}, by the {} {} of {count} pictures, one for each drawing drawn from the split, \
             made from its style and its English caption; among the captions of all {all} concepts; \
             floor: the drawings themselves; ceiling: noise",
            judge.kind(),
            judge.hash
        )
    };
    let own = |kind: &Kind| kind.concepts();
    let kin = |kind: &Kind| -> Vec<usize> {
        let each = kind.concepts();
        each.into_iter()
            .map(|concept| captions.kin(concept, &trained))
            .collect()
    };
    let mut figures = Vec::new();
    for (name, what, kind, wanted, of) in [
        (
            "caption_found_seen",
            "share of captions of the training split that rank among the first 10",
            &seen,
            own(&seen),
            found as fn(Vec<usize>) -> f64,
        ),
        (
            "caption_rank_seen",
            "median rank of a caption of the training split",
            &seen,
            own(&seen),
            median,
        ),
        (
            "caption_found_unseen",
            "share of captions of the test split, which no net has seen, that rank among the first 10",
            &unseen,
            own(&unseen),
            found,
        ),
        (
            "caption_rank_unseen",
            "median rank of a caption of the test split, which no net has seen",
            &unseen,
            own(&unseen),
            median,
        ),
        (
            "kin_rank_unseen",
            "median rank of the caption of the training split that means most nearly the same as \
             the caption of the test split that was said",
            &unseen,
            kin(&unseen),
            median,
        ),
    ] {
        let rank =
            |pictures: &[f32]| Ok::<f64, anyhow::Error>(of(captions.ranks(pictures, &wanted)?));
        let measured = Measured {
            value: rank(&kind.made)?,
            floor: Some(rank(&kind.drawn.pictures)?),
            ceiling: Some(rank(&kind.noise)?),
        };
        figures.push(measured.into_figure(name, "", how(what, wanted.len())));
    }
    Ok(figures)
}

/// Pictures whose captions are looked for, of one split.
struct Kind {
    drawn: Set,
    made: Vec<f32>,
    noise: Vec<f32>,
}

impl Kind {
    fn gather(
        sampler: &Sampler,
        packed: &Packed,
        split: &Examples,
        options: &Options,
        device: &Device,
    ) -> Result<Kind> {
        let count = split.len().min(options.count.unwrap_or(MOST));
        let drawn = some(split, count, options.seed);
        let conditional = sampler.space().classes > 0;
        let draws = make::draws(options.seed, count as u32, 1.0, |index| {
            conditional.then(|| drawn.classes[index as usize])
        });
        let latents = said(sampler, packed, draws, &drawn.concepts);
        Ok(Kind {
            made: make::pictures(sampler, &latents, options.sampling, device)?,
            noise: Noise::new(options.seed, 1).uniform(count * drawn.values()),
            drawn,
        })
    }

    fn concepts(&self) -> Vec<usize> {
        self.drawn
            .concepts
            .iter()
            .map(|&c| usize::from(c))
            .collect()
    }
}

fn found(ranks: Vec<usize>) -> f64 {
    ranks.iter().filter(|&&rank| rank <= FOUND).count() as f64 / ranks.len().max(1) as f64
}

fn median(mut ranks: Vec<usize>) -> f64 {
    ranks.sort_unstable();
    let middle = ranks.len() / 2;
    match ranks.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => ranks[middle] as f64,
        _ => (ranks[middle - 1] + ranks[middle]) as f64 / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_summed_up() {
        assert_eq!(found(vec![1, 10, 11, 500]), 0.5);
        assert_eq!(median(vec![9, 1, 5]), 5.0);
        assert_eq!(median(vec![4, 1, 2, 9]), 3.0);
    }
}
