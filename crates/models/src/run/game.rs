//! Training of two nets against each other: what all GANs share.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use lampwork_protocol::{RunRecipe, Side};
use lampwork_weights::Named;

use super::gather::{Gathered, Sums};
use super::state::{prefixed, read_state, steps, steps_of, under};
use super::{Slice, StepReport};
use crate::blocks::ema;
use crate::blocks::optimizer::Optimizer;
use crate::gan::DiscriminatorLoss;
use crate::sample::Net;
use crate::{ModelError, Noise, Update};

/// Two nets, and what each plays for.
pub(super) trait Game: Clone + std::fmt::Debug {
    /// Makes pictures.
    type Generator: Module + Clone + std::fmt::Debug;

    /// Tells them from real ones.
    type Discriminator: Module + Clone + std::fmt::Debug;

    /// Both nets with their first weights.
    fn nets(&self, noise: &mut Noise, device: &Device) -> (Self::Generator, Self::Discriminator);

    /// What moves in the discriminator without a gradient, once a step.
    fn iterate(discriminator: Self::Discriminator) -> Self::Discriminator {
        discriminator
    }

    /// What the discriminator makes of a slice's pictures beside those of the
    /// generator, which is the plain one: no gradient is wanted in it.
    fn judged(
        &self,
        generator: &Self::Generator,
        discriminator: &Self::Discriminator,
        slice: &Slice,
        noise: &mut Noise,
    ) -> DiscriminatorLoss;

    /// The generator's loss on as many pictures; the discriminator only passes
    /// gradients on.
    fn played(
        &self,
        generator: &Self::Generator,
        discriminator: &Self::Discriminator,
        slice: &Slice,
        noise: &mut Noise,
    ) -> Tensor<1>;

    /// Learning rate of the discriminator over that of the generator.
    fn d_rate(&self) -> f32;

    /// The generator as it is used.
    fn made(&self, generator: Self::Generator) -> Net;
}

/// What a GAN's step measures; a side that was not trained measures nothing.
const BOTH: &[&str] = &["d_loss", "d_real", "d_fake", "g_loss"];
const D_ALONE: &[&str] = &["d_loss", "d_real", "d_fake"];
const G_ALONE: &[&str] = &["g_loss"];

/// Stream of the noise of the first weights.
const INIT_STREAM: u64 = 0;

/// A run of two nets.
#[derive(Debug, Clone)]
pub(super) struct GanRun<G: Game> {
    game: G,
    /// Both on the autodiff device.
    generator: G::Generator,
    discriminator: G::Discriminator,
    /// On the plain device.
    average: Option<G::Generator>,
    of_generator: Optimizer,
    of_discriminator: Optimizer,
    update: Update,
    g_gradients: Gathered<G::Generator>,
    d_gradients: Gathered<G::Discriminator>,
    d_sums: Sums,
    g_sums: Sums,
}

impl<G: Game> GanRun<G> {
    pub(super) fn new(recipe: &RunRecipe, game: &G, device: &Device, update: Update) -> Self {
        let mut noise = Noise::new(recipe.seed, INIT_STREAM);
        let (generator, discriminator) = game.nets(&mut noise, device);
        let optimizer =
            || Optimizer::new(recipe.optimizer.kind, recipe.optimizer.clip_norm, update);
        Self {
            game: game.clone(),
            average: (recipe.ema > 0.0).then(|| generator.clone()),
            generator: generator.train(),
            discriminator: discriminator.train(),
            of_generator: optimizer(),
            of_discriminator: optimizer(),
            update,
            g_gradients: Gathered::default(),
            d_gradients: Gathered::default(),
            d_sums: Sums::default(),
            g_sums: Sums::default(),
        }
    }

    /// Computes one slice of phase 0 (discriminator) or 1 (generator), or of the
    /// one phase there is where a side is trained alone.
    pub(super) fn advance(
        &mut self,
        slice: &Slice,
        phase: usize,
        side: Option<Side>,
    ) -> Option<StepReport> {
        let last = slice.index + 1 == slice.count;
        match (side, phase) {
            (None | Some(Side::Discriminator), 0) => self.discriminate(slice, last),
            _ => self.generate(slice, last),
        }
        if !last || (side.is_none() && phase == 0) {
            return None;
        }
        let mut values = self.d_sums.take();
        values.extend(self.g_sums.take());
        let names = match side {
            None => BOTH,
            Some(Side::Discriminator) => D_ALONE,
            Some(Side::Generator) => G_ALONE,
        };
        Some(StepReport::new(names, values))
    }

    fn discriminate(&mut self, slice: &Slice, last: bool) {
        let mut noise = noise(slice, 0);
        if slice.index == 0 {
            self.discriminator = G::iterate(self.discriminator.clone());
        }
        let generator = self.generator.valid();
        let measured = (self.game).judged(&generator, &self.discriminator, slice, &mut noise);
        let share = 1.0 / slice.count as f32;
        let gradients = (measured.loss.clone() * share).backward();
        let gradients = GradientsParams::from_grads(gradients, &self.discriminator);
        self.d_gradients.add(&self.discriminator, gradients);
        self.d_sums
            .add([measured.loss, measured.real, measured.fake], share);
        if last {
            let rate = slice.rate * self.game.d_rate();
            let gradients = self.d_gradients.take();
            let net = self.discriminator.clone();
            self.discriminator = self.of_discriminator.step(net, gradients, rate);
        }
    }

    fn generate(&mut self, slice: &Slice, last: bool) {
        let mut noise = noise(slice, 1);
        // The discriminator only passes gradients on: none for its own weights.
        let judge = self.discriminator.clone().no_grad();
        let loss = self.game.played(&self.generator, &judge, slice, &mut noise);
        let share = 1.0 / slice.count as f32;
        let gradients = (loss.clone() * share).backward();
        let gradients = GradientsParams::from_grads(gradients, &self.generator);
        self.g_gradients.add(&self.generator, gradients);
        self.g_sums.add([loss], share);
        if last {
            let gradients = self.g_gradients.take();
            let net = self.generator.clone();
            self.generator = self.of_generator.step(net, gradients, slice.rate);
            if let Some(average) = self.average.take() {
                let (decay, step) = (slice.ema, slice.step);
                let average = ema::towards(average, &self.generator, decay, step, self.update);
                self.average = Some(average);
            }
        }
    }

    pub(super) fn net(&self) -> Net {
        self.game.made(match &self.average {
            Some(average) => average.clone(),
            None => self.generator.valid(),
        })
    }

    pub(super) async fn save(&self) -> Result<Vec<Named>, ModelError> {
        let mut all = Vec::new();
        let generator = lampwork_weights::collect(&self.generator.valid()).await?;
        all.extend(prefixed(generator, "generator"));
        let discriminator = lampwork_weights::collect(&self.discriminator.valid()).await?;
        all.extend(prefixed(discriminator, "discriminator"));
        if let Some(average) = &self.average {
            all.extend(prefixed(
                lampwork_weights::collect(average).await?,
                "average",
            ));
        }
        all.extend(read_state(self.of_generator.state(&self.generator, "g")).await?);
        all.extend(read_state(self.of_discriminator.state(&self.discriminator, "d")).await?);
        all.push(steps("g", self.of_generator.steps()));
        all.push(steps("d", self.of_discriminator.steps()));
        Ok(all)
    }

    pub(super) fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError> {
        let own = under(named, "generator");
        // A shipped file holds the generator alone: the discriminator starts anew.
        let shipped = own.is_empty();
        let weights = if shipped { named.to_vec() } else { own };
        let generator = lampwork_weights::fill(self.generator.valid(), &weights, device)?;
        if !shipped {
            let own = under(named, "discriminator");
            let net = lampwork_weights::fill(self.discriminator.valid(), &own, device)?;
            self.discriminator = net.train();
        }
        if self.average.is_some() {
            let average = under(named, "average");
            let average = if average.is_empty() { weights } else { average };
            let net = lampwork_weights::fill(generator.clone(), &average, device)?;
            self.average = Some(net);
        }
        self.generator = generator.train();
        let (g, d) = (steps_of(named, "g"), steps_of(named, "d"));
        self.of_generator
            .restore(&self.generator, "g", named, g, device)?;
        self.of_discriminator
            .restore(&self.discriminator, "d", named, d, device)?;
        self.forget_slices();
        Ok(())
    }

    pub(super) fn change(&mut self, game: &G, recipe: &RunRecipe) {
        self.game = game.clone();
        let optimizer = &recipe.optimizer;
        self.of_generator
            .change(optimizer.kind, optimizer.clip_norm);
        self.of_discriminator
            .change(optimizer.kind, optimizer.clip_norm);
        self.average = match (self.average.take(), recipe.ema > 0.0) {
            (Some(average), true) => Some(average),
            (None, true) => Some(self.generator.valid()),
            (_, false) => None,
        };
        self.forget_slices();
    }

    fn forget_slices(&mut self) {
        self.g_gradients = Gathered::default();
        self.d_gradients = Gathered::default();
        self.d_sums = Sums::default();
        self.g_sums = Sums::default();
    }
}

/// The noise of one slice of one phase.
fn noise(slice: &Slice, phase: u64) -> Noise {
    Noise::new(
        slice.seed,
        1 + slice.step * 128 + phase * 64 + slice.index as u64,
    )
}
