//! What a style-based GAN plays for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::StyleConfig;

use super::Slice;
use super::game::Game;
use crate::Noise;
use crate::gan::DiscriminatorLoss;
use crate::sample::Net;
use crate::style::{self, Discriminator, Generator};

impl Game for StyleConfig {
    type Generator = Generator;
    type Discriminator = Discriminator;

    fn nets(&self, noise: &mut Noise, device: &Device) -> (Generator, Discriminator) {
        (
            Generator::new(self, device).drawn(noise, device),
            Discriminator::new(self, device).drawn(noise, device),
        )
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
        let fake = style::made(generator, self, count, noise, device);
        let real = style::as_planes(slice.batch.pictures.to_vec(), count, device);
        let (real, fake) = (real.autodiff(), fake.autodiff());
        style::discriminator_loss(discriminator, self, real, fake, slice.step, noise)
    }

    fn played(
        &self,
        generator: &Generator,
        discriminator: &Discriminator,
        slice: &Slice,
        noise: &mut Noise,
    ) -> Tensor<1> {
        let count = slice.batch.labels.len();
        let device = slice.device.clone().autodiff();
        let made = style::made(generator, self, count, noise, &device);
        style::generator_loss(discriminator, self, made, noise)
    }

    fn d_rate(&self) -> f32 {
        self.d_rate
    }

    fn made(&self, generator: Generator) -> Net {
        Net::Style(Box::new(generator))
    }
}
