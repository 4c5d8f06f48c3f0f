//! The texts of each step, in the order that the seed decides.

use std::rc::Rc;

use lampwork_protocol::{Failure, RunRecipe};
use lampwork_text::{Batch, Corpus, Pass, Split, Telling, TextError};

use super::Material;

/// Steps whose texts are made at once: to set up a pass takes as long as some of them.
const AT_ONCE: u64 = 32;

/// Tokens that are measured at once, and texts that are measured at most.
const MEASURED: [usize; 2] = [512, 256];

/// Batches of the training split, epoch by epoch, and those that are measured.
#[derive(Clone)]
pub(super) struct Epochs {
    corpus: Rc<Corpus>,
    telling: Telling,
    seed: u64,
    batch: usize,
    /// The epoch that was asked for last, and the examples of each of its steps.
    order: Option<(u64, Vec<Vec<usize>>)>,
    /// Texts that are made, from this step of the epoch on.
    made: Option<(u64, u64, Vec<Batch>)>,
    measured: Option<Rc<Vec<Batch>>>,
}

impl Epochs {
    pub(super) fn new(recipe: &RunRecipe, material: &Material) -> Result<Self, Failure> {
        if recipe.model.context() < Pass::MIN_CONTEXT {
            return Err(Failure::BadKnob {
                knob: "context".to_owned(),
                reason: format!("it must be {} or more", Pass::MIN_CONTEXT),
            });
        }
        Ok(Self {
            corpus: Rc::clone(&material.corpus),
            telling: material.telling,
            seed: recipe.seed,
            batch: recipe.batch,
            order: None,
            made: None,
            measured: None,
        })
    }

    pub(super) fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// Takes up a batch of another size.
    pub(super) fn change(&mut self, recipe: &RunRecipe) {
        self.batch = recipe.batch;
        self.order = None;
        self.made = None;
    }

    /// Steps in an epoch: those of the first.
    pub(super) fn steps(&mut self) -> Result<u64, Failure> {
        let corpus = Rc::clone(&self.corpus);
        let pass = self.pass(&corpus, 0)?;
        Ok(self.arranged(&pass, 0)?.len() as u64)
    }

    /// The texts of a step, both counted from 0.
    pub(super) fn texts(&mut self, epoch: u64, step: u64) -> Result<Batch, Failure> {
        let there = |made: &(u64, u64, Vec<Batch>)| {
            let at = step.checked_sub(made.1)? as usize;
            (made.0 == epoch).then(|| made.2.get(at).cloned()).flatten()
        };
        if let Some(batch) = self.made.as_ref().and_then(there) {
            return Ok(batch);
        }
        let corpus = Rc::clone(&self.corpus);
        let pass = self.pass(&corpus, epoch)?;
        let order = self.arranged(&pass, epoch)?;
        // Passes over plays are cut at other places, and may be a batch shorter.
        let examples = |step: u64| &order[step as usize % order.len()];
        let steps = step..step + AT_ONCE.min(order.len() as u64);
        let made: Vec<Batch> = steps.map(|step| pass.batch(examples(step))).collect();
        let first = made[0].clone();
        self.made = Some((epoch, step, made));
        Ok(first)
    }

    /// A pass over the training split.
    fn pass<'a>(&self, corpus: &'a Corpus, epoch: u64) -> Result<Pass<'a>, Failure> {
        let seed = Some(self.seed);
        Pass::new(corpus, Split::Train, self.telling, seed, epoch).map_err(unsound)
    }

    /// The examples of each step of an epoch, which are kept for the next time.
    fn arranged(&mut self, pass: &Pass<'_>, epoch: u64) -> Result<&[Vec<usize>], Failure> {
        if self.order.as_ref().is_none_or(|order| order.0 != epoch) {
            let mut batches = if self.batch == 0 {
                Vec::new()
            } else {
                pass.batches(self.batch)
            };
            batches.retain(|batch| batch.len() == self.batch);
            if batches.is_empty() {
                return Err(self.too_few(pass.len()));
            }
            self.order = Some((epoch, batches));
        }
        Ok(self.order.as_ref().map_or(&[], |order| &order.1))
    }

    fn too_few(&self, count: usize) -> Failure {
        Failure::BadKnob {
            knob: "batch".to_owned(),
            reason: format!("it is {}, and {count} texts fit the context", self.batch),
        }
    }

    /// Batches of what is not learned from, spread over all of it.
    pub(super) fn measured(&mut self) -> Result<Rc<Vec<Batch>>, Failure> {
        if let Some(measured) = &self.measured {
            return Ok(Rc::clone(measured));
        }
        let telling = Telling::measuring(self.telling.context);
        let pass = Pass::new(&self.corpus, Split::Validation, telling, None, 0).map_err(unsound)?;
        let rows = (MEASURED[0] / self.telling.context).max(1);
        let batches = pass.batches(rows);
        let every = (batches.len() * rows).div_ceil(MEASURED[1]).max(1);
        let chosen = batches.iter().step_by(every).map(|batch| pass.batch(batch));
        let measured: Vec<Batch> = chosen.filter(|batch| batch.counted() > 0).collect();
        if measured.is_empty() {
            return Err(Failure::ShortText {
                reason: "nothing of what is held out fits the context".to_owned(),
            });
        }
        let measured = Rc::new(measured);
        self.measured = Some(Rc::clone(&measured));
        Ok(measured)
    }
}

fn unsound(error: TextError) -> Failure {
    Failure::BadData {
        reason: error.to_string(),
    }
}
