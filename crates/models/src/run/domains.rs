//! Runs of nets between two domains.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::side_by_side;
use lampwork_protocol::{DomainsConfig, Lesson, ModelConfig, RunRecipe, Side};
use lampwork_weights::Named;

use super::gather::{Gathered, Sums};
use super::state::{prefixed, read_state, steps, steps_of, under};
use super::{Examples, Families, Run, Slice, StepReport, planes};
use crate::blocks::init::{Spread, initialise};
use crate::blocks::optimizer::Optimizer;
use crate::blocks::{ema, one_hot};
use crate::domains::{Critics, Nets, critic_loss, losses, view};
use crate::reader::Teacher;
use crate::translate::distance;
use crate::{ModelError, Noise, Update};

/// Stream of the noise of the first weights; that of step `s` is above it.
const INIT_STREAM: u64 = 0;

const BY_CYCLE: &[&str] = &["loss", "fooled", "cycle", "identity", "misread", "critic"];
const BY_PAIRS: &[&str] = &["loss", "fooled", "apart", "critic"];

/// A training run of nets between two domains.
pub type DomainRun = Run<Domains>;

/// Pictures of one step, of both domains side by side.
#[derive(Debug, Clone, Copy)]
pub struct DomainBatch<'a> {
    /// `[count, values]` in 0..1, of the first domain.
    pub first: &'a [f32],
    /// The same of the second; pairs where the lesson is by pairs.
    pub second: &'a [f32],
    /// The hand of each second picture, `[count]`.
    pub hands: &'a [u8],
    /// Of each first picture, its place among those that the teacher knows, `[count]`.
    pub known: &'a [u32],
}

impl Examples for DomainBatch<'_> {
    fn count(&self) -> usize {
        self.hands.len()
    }

    fn part(&self, first: usize, count: usize) -> Self {
        let values = self.first.len() / self.hands.len();
        let pictures = first * values..(first + count) * values;
        Self {
            first: &self.first[pictures.clone()],
            second: &self.second[pictures],
            hands: &self.hands[first..first + count],
            known: &self.known[first..first + count],
        }
    }
}

/// Nets between two domains, and what judges them.
#[derive(Debug, Clone)]
pub struct Domains {
    config: DomainsConfig,
    /// Both on the autodiff device.
    nets: Nets,
    critics: Critics,
    /// On the plain device.
    average: Option<Nets>,
    teacher: Option<Teacher>,
    of_nets: Optimizer,
    of_critics: Optimizer,
    update: Update,
    gradients: Gathered<Nets>,
    critic_gradients: Gathered<Critics>,
    sums: Sums,
}

/// What one slice led to.
struct Measured {
    nets: GradientsParams,
    critics: GradientsParams,
    values: Vec<Tensor<1>>,
}

impl DomainRun {
    /// Puts a reader beside the nets, which keeps what they write legible.
    pub fn teach(&mut self, teacher: Teacher) {
        self.family.teacher = Some(teacher);
    }
}

impl Domains {
    fn finish(&mut self, slice: &Slice<'_, DomainBatch<'_>>) -> StepReport {
        let gradients = self.gradients.take();
        self.nets = self.of_nets.step(self.nets.clone(), gradients, slice.rate);
        let gradients = self.critic_gradients.take();
        let rate = slice.rate * self.config.critic_rate;
        self.critics = self.of_critics.step(self.critics.clone(), gradients, rate);
        if let Some(average) = self.average.take() {
            let average = ema::towards(average, &self.nets, slice.ema, slice.step, self.update);
            self.average = Some(average);
        }
        let names = match self.config.lesson {
            Lesson::Cycle { .. } => BY_CYCLE,
            Lesson::Pairs { .. } => BY_PAIRS,
        };
        StepReport::new(names, self.sums.take())
    }

    fn add(&mut self, measured: Measured, share: f32) {
        self.gradients.add(&self.nets, measured.nets);
        self.critic_gradients.add(&self.critics, measured.critics);
        self.sums.add(measured.values, share);
    }

    fn forget_slices(&mut self) {
        self.gradients = Gathered::default();
        self.critic_gradients = Gathered::default();
        self.sums = Sums::default();
    }

    /// The nets as they are used.
    fn used(&self) -> Nets {
        self.average.clone().unwrap_or_else(|| self.nets.valid())
    }
}

/// Both sides' losses on one slice, and their gradients.
fn measure(
    config: &DomainsConfig,
    nets: &Nets,
    critics: &Critics,
    teacher: Option<&Teacher>,
    slice: &Slice<'_, DomainBatch<'_>>,
) -> Measured {
    let device = slice.device.clone().autodiff();
    let stream = 1 + slice.step * 64 + slice.index as u64;
    let mut noise = Noise::new(slice.seed, stream);
    let batch = &slice.batch;
    let shown = |device: &Device| pictures(config, batch, device);
    let hands = one_hot(batch.hands, config.to.len(), &device);
    // The critics only pass gradients on to the nets: none for their own weights.
    let judges = critics.clone().no_grad();
    let measured = losses(
        config,
        nets,
        &judges,
        teacher,
        shown(&device),
        &hands,
        batch.known,
        &mut noise,
    );
    let gradients = (measured.loss.clone() * slice.share).backward();
    let of_nets = GradientsParams::from_grads(gradients, nets);
    // What was made, as pictures without a past.
    let plain = |made: Tensor<4>| made.inner().autodiff();
    let critic = critic_loss(
        critics,
        shown(&device),
        &hands,
        (plain(measured.second), measured.first.map(plain)),
        view(config, &mut noise),
    );
    let gradients = (critic.clone() * slice.share).backward();
    let mut values = vec![measured.loss];
    values.extend(measured.parts);
    values.push(critic);
    Measured {
        nets: of_nets,
        critics: GradientsParams::from_grads(gradients, critics),
        values,
    }
}

/// Pictures of both domains.
fn pictures(
    config: &DomainsConfig,
    batch: &DomainBatch<'_>,
    device: &Device,
) -> (Tensor<4>, Tensor<4>) {
    let of = |values: &[f32]| planes(values.to_vec(), batch.hands.len(), config.shape(), device);
    (of(batch.first), of(batch.second))
}

impl Families for Domains {
    type Batch<'a> = DomainBatch<'a>;
    type Made = Nets;

    fn begin(recipe: &RunRecipe, device: &Device, update: Update) -> Result<Self, ModelError> {
        let ModelConfig::Domains(config) = &recipe.model else {
            return Err(ModelError::Knob {
                knob: "family",
                reason: "these are no nets between two domains".to_owned(),
            });
        };
        let mut noise = Noise::new(recipe.seed, INIT_STREAM);
        let nets = initialise(Nets::new(config, device), Spread::He, &mut noise, device);
        let critics = Critics::new(config, device);
        let critics = initialise(critics, Spread::He, &mut noise, device);
        let optimizer =
            || Optimizer::new(recipe.optimizer.kind, recipe.optimizer.clip_norm, update);
        Ok(Self {
            config: config.clone(),
            average: (recipe.ema > 0.0).then(|| nets.clone()),
            nets: nets.train(),
            critics: critics.train(),
            teacher: None,
            of_nets: optimizer(),
            of_critics: optimizer(),
            update,
            gradients: Gathered::default(),
            critic_gradients: Gathered::default(),
            sums: Sums::default(),
        })
    }

    fn advance(
        &mut self,
        slice: &Slice<'_, DomainBatch<'_>>,
        _phase: usize,
        _side: Option<Side>,
    ) -> Option<StepReport> {
        let teacher = self.teacher.as_ref();
        let measured = measure(&self.config, &self.nets, &self.critics, teacher, slice);
        self.add(measured, slice.share);
        (slice.index + 1 == slice.count).then(|| self.finish(slice))
    }

    fn side_by_side(&mut self, slices: &[Slice<'_, DomainBatch<'_>>]) -> Option<StepReport> {
        let last = slices.last()?;
        // Copies with leaves of their own, as the graphs of nets that share their
        // leaves are one graph, which only one thread can walk back.
        let copies = slices
            .iter()
            .map(|slice| {
                let nets = self.nets.valid().train();
                let critics = self.critics.valid().train();
                (slice, nets, critics, self.teacher.clone())
            })
            .collect();
        let config = &self.config;
        let all = side_by_side(copies, |(slice, nets, critics, teacher)| {
            measure(config, &nets, &critics, teacher.as_ref(), slice)
        });
        for (measured, slice) in all.into_iter().zip(slices) {
            self.add(measured, slice.share);
        }
        Some(self.finish(last))
    }

    /// How far pictures that went there and back are from what they were, without
    /// noise; of pairs, how far what was made is from the true picture.
    async fn validate(
        &self,
        batch: &Self::Batch<'_>,
        _seed: u64,
        device: &Device,
    ) -> Result<Vec<(String, f32)>, ModelError> {
        let nets = self.used();
        let hands = one_hot(batch.hands, self.config.to.len(), device);
        let (first, second) = pictures(&self.config, batch, device);
        let kind = lampwork_protocol::Distance::L1;
        let made = nets.to().forward(first.clone(), Some(&hands));
        let (name, value) = match nets.back() {
            Some(back) => {
                let there = distance(kind, back.forward(made, None), first);
                let plain = back.forward(second.clone(), None);
                let here = distance(kind, nets.to().forward(plain, Some(&hands)), second);
                ("cycle", there + here)
            }
            None => ("apart", distance(kind, made, second)),
        };
        let value: Vec<f32> = value
            .into_data_async()
            .await?
            .try_into_vec()
            .map_err(|e| ModelError::Device(format!("{e:?}")))?;
        Ok(vec![(name.to_owned(), value[0])])
    }

    fn made(&self, _recipe: &RunRecipe) -> Nets {
        self.used()
    }

    async fn weights(&self) -> Result<Vec<Named>, ModelError> {
        Ok(lampwork_weights::collect(&self.used()).await?)
    }

    async fn save(&self) -> Result<Vec<Named>, ModelError> {
        let mut all = Vec::new();
        let nets = lampwork_weights::collect(&self.nets.valid()).await?;
        all.extend(prefixed(nets, "nets"));
        let critics = lampwork_weights::collect(&self.critics.valid()).await?;
        all.extend(prefixed(critics, "critics"));
        if let Some(average) = &self.average {
            let average = lampwork_weights::collect(average).await?;
            all.extend(prefixed(average, "average"));
        }
        all.extend(read_state(self.of_nets.state(&self.nets, "n")).await?);
        all.extend(read_state(self.of_critics.state(&self.critics, "c")).await?);
        all.push(steps("n", self.of_nets.steps()));
        all.push(steps("c", self.of_critics.steps()));
        Ok(all)
    }

    fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError> {
        let own = under(named, "nets");
        // A shipped file holds the nets alone: the critics start anew.
        let shipped = own.is_empty();
        let weights = if shipped { named.to_vec() } else { own };
        let nets = lampwork_weights::fill(self.nets.valid(), &weights, device)?;
        if !shipped {
            let own = under(named, "critics");
            let critics = lampwork_weights::fill(self.critics.valid(), &own, device)?;
            self.critics = critics.train();
        }
        if self.average.is_some() {
            let average = under(named, "average");
            let average = if average.is_empty() { weights } else { average };
            self.average = Some(lampwork_weights::fill(nets.clone(), &average, device)?);
        }
        self.nets = nets.train();
        let (n, c) = (steps_of(named, "n"), steps_of(named, "c"));
        self.of_nets.restore(&self.nets, "n", named, n, device)?;
        self.of_critics
            .restore(&self.critics, "c", named, c, device)?;
        self.forget_slices();
        Ok(())
    }

    fn change(&mut self, recipe: &RunRecipe) -> Result<(), ModelError> {
        let ModelConfig::Domains(config) = &recipe.model else {
            return Err(ModelError::NeedsReset { knob: "family" });
        };
        self.config = config.clone();
        let optimizer = &recipe.optimizer;
        self.of_nets.change(optimizer.kind, optimizer.clip_norm);
        self.of_critics.change(optimizer.kind, optimizer.clip_norm);
        self.average = match (self.average.take(), recipe.ema > 0.0) {
            (Some(average), true) => Some(average),
            (None, true) => Some(self.nets.valid()),
            (_, false) => None,
        };
        self.forget_slices();
        Ok(())
    }
}
