//! Whether pictures show what was said: the rank of their caption among all.

use anyhow::Result;
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_datasets::{Examples, Packed};
use lampwork_judge::{Captions, Set, Sets, asked, found, how_captions, median};
use lampwork_models::{Noise, Sampler};
use lampwork_protocol::Figure;

use super::{Measured, Options};
use crate::judge::{Judge, see};
use crate::{make, words};

/// Pictures of the training split whose captions are looked for, unless another
/// count is asked for.
const MOST: usize = 705;

/// The concept of the training split whose caption means most nearly the same.
fn kin(captions: &Captions, concept: usize, trained: &[usize]) -> usize {
    let dims = words::table().dimensions();
    let of = |concept: usize| &captions.meant[concept * dims..(concept + 1) * dims];
    let alike =
        |other: usize| -> f32 { of(concept).iter().zip(of(other)).map(|(a, b)| a * b).sum() };
    trained
        .iter()
        .copied()
        .max_by(|&a, &b| alike(a).total_cmp(&alike(b)))
        .unwrap_or(concept)
}

pub(super) fn figures(
    sampler: &Sampler,
    packed: &Packed,
    judge: &Judge,
    sets: &Sets,
    options: &Options,
    device: &Device,
) -> Result<Vec<Figure>> {
    let captions = block_on(Captions::new(judge, packed, &words::meaning))?;
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
    let how = |what: &str, count: usize| how_captions(what, count, all, judge);
    let own = |kind: &Kind| kind.concepts();
    let kin = |kind: &Kind| -> Vec<usize> {
        let each = kind.concepts();
        each.into_iter()
            .map(|concept| kin(&captions, concept, &trained))
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
        let rank = |pictures: &[f32]| {
            let ranks = captions.ranks(&see(judge, pictures)?, &wanted)?;
            Ok::<f64, anyhow::Error>(of(ranks))
        };
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
        let drawn = Set::drawn(split, count, options.seed);
        let space = sampler.space();
        let latents = asked(space, packed, &drawn, options.seed, &words::meaning);
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
