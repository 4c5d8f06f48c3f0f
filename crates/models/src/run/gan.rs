//! What a plain GAN plays for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::{GanConfig, NetKind, PICTURE_PIXELS};

use super::Slice;
use super::game::Game;
use crate::Noise;
use crate::blocks::init::{Spread, initialise};
use crate::blocks::{matrix, one_hot};
use crate::gan::{Discriminator, DiscriminatorLoss, Generator, discriminator_loss, generator_loss};
use crate::sample::Net;

impl Game for GanConfig {
    type Generator = Generator;
    type Discriminator = Discriminator;

    fn nets(&self, noise: &mut Noise, device: &Device) -> (Generator, Discriminator) {
        let spread = match self.net {
            NetKind::Mlp => Spread::He,
            NetKind::Conv => Spread::Fixed(0.02),
        };
        let generator = initialise(Generator::new(self, device), spread, noise, device);
        let discriminator = Discriminator::new(self, device);
        // A normalised weight's scale is its own affair; an unnormalised one's
        // must carry the signal.
        let discriminator = initialise(discriminator, Spread::He, noise, device);
        (generator, discriminator)
    }

    fn iterate(discriminator: Discriminator) -> Discriminator {
        discriminator.iterate()
    }

    fn judged(
        &self,
        generator: &Generator,
        discriminator: &Discriminator,
        slice: &Slice,
        noise: &mut Noise,
    ) -> DiscriminatorLoss {
        let device = slice.device;
        let count = slice.batch.labels.len();
        // Made of the same classes as the real ones.
        let classes = classes(self, slice.batch.labels, device);
        let z = latents(self, count, noise, device);
        let fake = generator.forward(z, classes.clone());
        let real = matrix(slice.batch.pictures.to_vec(), count, PICTURE_PIXELS, device);
        discriminator_loss(
            discriminator,
            self,
            real.autodiff(),
            fake.autodiff(),
            classes.map(Tensor::autodiff),
            noise,
        )
    }

    fn played(
        &self,
        generator: &Generator,
        discriminator: &Discriminator,
        slice: &Slice,
        noise: &mut Noise,
    ) -> Tensor<1> {
        let device = slice.device;
        let count = slice.batch.labels.len();
        let labels: Vec<u8> = (0..count)
            .map(|_| noise.below(self.classes.max(1) as u32) as u8)
            .collect();
        let classes = classes(self, &labels, device);
        let z = latents(self, count, noise, device);
        generator_loss(
            generator,
            discriminator,
            self,
            z.autodiff(),
            classes.map(Tensor::autodiff),
            noise,
        )
    }

    fn d_rate(&self) -> f32 {
        self.d_rate
    }

    fn made(&self, generator: Generator) -> Net {
        Net::Gan(Box::new(generator))
    }
}

fn latents(config: &GanConfig, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
    let latent = config.latent;
    matrix(noise.normal(count * latent), count, latent, device)
}

fn classes(config: &GanConfig, labels: &[u8], device: &Device) -> Option<Tensor<2>> {
    (config.classes > 0).then(|| one_hot(labels, config.classes, device))
}
