//! Measuring a model against real pictures, a piece at a time.
//!
//! What is measured and how stands in `lampwork_judge`, the same for `train eval`;
//! here it is cut into pieces, each short enough that a command is heard after it.

use std::collections::HashMap;

use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_judge::{Captions, Compared, Judge, Likeness, Looks, Sets, asked};
use lampwork_models::Sampler;
use lampwork_models::latent::{Meaning, Point};
use lampwork_models::sample::Making;
use lampwork_protocol::{
    DataSet, Event, Failure, Figure, MeasureOrder, MeasureStage, Measurement, ModelConfig,
    Progress, Recipe,
};

use crate::models::{Models, Points};
use lampwork_host::read;

/// Numbers that the judge looks at in one piece: some hundred grey pictures, or
/// sixteen in colour, whose net is ten times as large.
const LOOK: usize = 16 * 32 * 32 * 3;

/// Multiplications of one piece of a comparison: some tens of milliseconds.
const WORK: usize = 8_000_000;

/// The nets that measure, by data set.
pub(crate) type Judges = HashMap<DataSet, Judge>;

/// A judge of a file for pictures of `data`.
pub(crate) fn read_judge(bytes: &[u8], data: DataSet, device: &Device) -> Result<Judge, Failure> {
    let judge = Judge::read(bytes, device)?;
    if judge.card.data != data {
        let reason = format!("it is for {}", judge.card.data.name());
        return Err(Failure::BadJudge { reason });
    }
    Ok(judge)
}

/// A measuring under way. It has its own copy of all that it needs, so that a model
/// or data that is loaded meanwhile does not change what is measured.
pub(crate) struct Measuring {
    order: MeasureOrder,
    model: ModelConfig,
    judge: Judge,
    sampler: Sampler,
    /// What the model is asked for.
    points: Vec<Point>,
    batch: usize,
    sets: Sets,
    looks: Looks,
    captions: Option<Captions>,
    next: Next,
}

/// What is to be done next.
enum Next {
    /// Make the pictures from this one on.
    Make(usize, Option<Box<Making>>),
    /// Look at pictures: from this one on, of this set.
    Look(usize, usize),
    Compare(Option<Box<Likeness>>),
}

/// What is said after a piece: nothing, how far it is, or the end.
pub(crate) enum Piece {
    Nothing,
    News(Event),
    Last(Event),
}

impl Measuring {
    /// Checks an order and gathers what it takes; `batch` pictures are made at once.
    pub(crate) async fn new(
        order: MeasureOrder,
        models: &Models,
        data: &HashMap<DataSet, Packed>,
        judges: &Judges,
        meaning: Option<Meaning<'_>>,
        batch: usize,
    ) -> Result<Self, Failure> {
        let loaded = models.get(&order.model)?;
        let (sampler, set) = (&loaded.sampler, loaded.info.card.recipe.data);
        let model = &loaded.info.card.recipe.model;
        if model.translates() {
            let reason = "it changes pictures and makes none of its own".to_owned();
            return Err(Failure::CannotMeasure { reason });
        }
        // A file's card may come from anyone.
        if model.shape() != set.shape() || (model.words() > 0 && !set.captioned()) {
            let reason = format!("it does not make pictures like those of {}", set.name());
            return Err(Failure::CannotMeasure { reason });
        }
        let name = || set.name().to_owned();
        let judge = judges
            .get(&set)
            .ok_or_else(|| Failure::NoJudge { data: name() })?;
        let packed = data
            .get(&set)
            .ok_or_else(|| Failure::NoData { data: name() })?;
        let most = (packed.test.len().min(packed.train.len()) as u32).min(MeasureOrder::MOST);
        if order.count < MeasureOrder::FEWEST || order.count > most {
            return Err(Failure::BadKnob {
                knob: "count".to_owned(),
                reason: format!(
                    "{} to {most} pictures can be compared",
                    MeasureOrder::FEWEST
                ),
            });
        }
        let space = sampler.space();
        let nothing: Meaning<'_> = &|_| None;
        let meaning = match (space.words, meaning) {
            (0, _) => nothing,
            (_, None) => return Err(Failure::NoWords),
            (_, Some(meaning)) => meaning,
        };
        let sets = Sets::without_made(packed, order.count as usize, order.seed);
        let recipes: Vec<Recipe> = asked(space, packed, &sets.test, order.seed, meaning)
            .into_iter()
            .map(|latent| Recipe {
                model: order.model.clone(),
                weights: order.weights,
                latent,
                sampling: order.sampling,
                start: None,
            })
            .collect();
        let Points { points, .. } = models.points(&recipes, meaning)?;
        let captions = match space.words {
            0 => None,
            _ => Some(Captions::new(judge, packed, meaning).await?),
        };
        Ok(Self {
            model: model.clone(),
            judge: judge.clone(),
            sampler: sampler.clone(),
            points,
            batch,
            sets,
            looks: Looks::default(),
            captions,
            next: Next::Make(0, None),
            order,
        })
    }

    /// One piece: some pictures made, of a flow one evaluation of its net towards
    /// them; some looked at; or a part of the comparison.
    pub(crate) async fn piece(&mut self, device: &Device) -> Result<Piece, Failure> {
        match std::mem::replace(&mut self.next, Next::Make(0, None)) {
            Next::Make(first, making) => self.make(first, making, device).await,
            Next::Look(set, first) => self.look(set, first).await,
            Next::Compare(likeness) => self.compare(likeness),
        }
    }

    async fn make(
        &mut self,
        first: usize,
        making: Option<Box<Making>>,
        device: &Device,
    ) -> Result<Piece, Failure> {
        let count = self.points.len();
        let until = (first + self.batch).min(count);
        let mut making = making.unwrap_or_else(|| {
            let points = &self.points[first..until];
            Box::new(self.sampler.begin(points, &[], self.order.sampling, device))
        });
        if !self.sampler.advance(&mut making) {
            self.next = Next::Make(first, Some(making));
            return Ok(Piece::Nothing);
        }
        let made = read(making.pictures()).await?;
        self.sets.made.pictures.extend(made);
        self.next = match until == count {
            true => Next::Look(0, 0),
            false => Next::Make(until, None),
        };
        Ok(news(MeasureStage::Making, until, count))
    }

    async fn look(&mut self, set: usize, first: usize) -> Result<Piece, Failure> {
        let (sets, looks) = (&self.sets, &mut self.looks);
        let mut all = [
            (&sets.test, &mut looks.test),
            (&sets.train, &mut looks.train),
            (&sets.made, &mut looks.made),
            (&sets.noise, &mut looks.noise),
        ];
        let (count, number) = (sets.count(), all.len());
        let (from, seen) = &mut all[set];
        let values = from.values();
        let until = (first + (LOOK / values).max(1)).min(count);
        let pictures = &from.pictures[first * values..until * values];
        self.judge.see_more(pictures, seen).await?;
        self.next = match (until == count, set + 1 == number) {
            (false, _) => Next::Look(set, until),
            (true, false) => Next::Look(set + 1, 0),
            (true, true) => Next::Compare(None),
        };
        let done = set * count + until;
        Ok(news(MeasureStage::Looking, done, number * count))
    }

    fn compare(&mut self, likeness: Option<Box<Likeness>>) -> Result<Piece, Failure> {
        let compared = Compared {
            sets: &self.sets,
            looks: &self.looks,
            judge: &self.judge,
        };
        let conditional = self.sampler.space().classes > 0;
        let mut likeness =
            likeness.unwrap_or_else(|| Box::new(Likeness::new(&compared, conditional)));
        let (before, _) = likeness.progress();
        if !likeness.advance(&compared, WORK)? {
            let (done, pieces) = likeness.progress();
            self.next = Next::Compare(Some(likeness));
            return Ok(match done == before {
                true => Piece::Nothing,
                false => news(MeasureStage::Comparing, done, pieces),
            });
        }
        let mut figures: Vec<Figure> = likeness.into_figures();
        if let Some(captions) = &self.captions {
            figures.extend(captions.figures(&compared)?);
        }
        lampwork_judge::say_way(&mut figures, &self.model, self.order.sampling);
        Ok(Piece::Last(Event::Measured(Measurement {
            order: self.order.clone(),
            data: self.judge.card.data,
            judge: self.judge.hash,
            figures,
        })))
    }
}

fn news(stage: MeasureStage, done: usize, total: usize) -> Piece {
    let progress = Progress {
        done: done as u64,
        total: total as u64,
    };
    Piece::News(Event::Measuring { stage, progress })
}
