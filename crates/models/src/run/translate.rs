//! What a net from picture to picture is trained for.

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{Shape, TranslateConfig};

use super::single::Objective;
use super::{Batch, Slice};
use crate::Noise;
use crate::sample::Net;
use crate::translate::{Generator, distance, psnr, spoiled};

/// What a net from picture to picture is trained for: to undo what was done to a
/// picture, or to show it in a style.
#[derive(Debug, Clone)]
pub(super) struct Translation {
    pub(super) config: TranslateConfig,
    /// What styles are learned by.
    #[cfg(feature = "perceptual")]
    pub(super) eye: Option<std::sync::Arc<crate::perceptual::Perceptual>>,
}

impl Translation {
    pub(super) fn new(config: &TranslateConfig) -> Self {
        Self {
            config: config.clone(),
            #[cfg(feature = "perceptual")]
            eye: None,
        }
    }

    /// The same, by another recipe.
    pub(super) fn changed(&self, config: &TranslateConfig) -> Self {
        let mut changed = self.clone();
        changed.config = config.clone();
        changed
    }
}

impl Objective for Translation {
    type Net = Generator;
    type Batch<'a> = Batch<'a>;
    type Made = Net;

    const STILL: bool = true;

    fn names(&self) -> &'static [&'static str] {
        match self.config.restyle {
            None => &["loss", "psnr"],
            Some(_) => &["loss", "content", "style", "variation"],
        }
    }

    fn net(&self, device: &Device) -> Generator {
        Generator::new(&self.config, device)
    }

    fn measure(
        &self,
        net: &mut Generator,
        _guide: Option<&Generator>,
        slice: &Slice<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        #[cfg(feature = "perceptual")]
        if let Some(restyle) = &self.config.restyle {
            return self.restyled(net, restyle, slice, noise, device);
        }
        let (shown, truth) = self.config.pairs(&slice.batch, noise, device);
        let made = net.forward(shown, None);
        let near = psnr(made.clone().detach(), truth.clone());
        vec![distance(self.config.distance, made, truth), near]
    }

    fn validate(
        &self,
        net: &Generator,
        batch: &Batch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Tensor<2> {
        #[cfg(feature = "perceptual")]
        if let Some(restyle) = &self.config.restyle {
            return self.validated(net, restyle, batch, device);
        }
        let (shown, truth) = self.config.pairs(batch, noise, device);
        let made = net.forward(shown, None);
        let near = psnr(made.clone(), truth.clone());
        Tensor::cat(vec![distance(self.config.distance, made, truth), near], 0).reshape([1, 2])
    }

    fn made(&self, net: Generator, average: Option<Generator>) -> Net {
        Net::Translate(Box::new(average.unwrap_or(net)))
    }
}

/// How a picture becomes a pair.
trait Pairs {
    /// What a net is shown, and what it should make of that:
    /// `[count, channels, height, width]`.
    fn pairs(
        &self,
        batch: &Batch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> (Tensor<4>, Tensor<4>);
}

impl Pairs for TranslateConfig {
    fn pairs(
        &self,
        batch: &Batch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> (Tensor<4>, Tensor<4>) {
        let count = batch.labels.len();
        let channels = self.shape().channels;
        let pixels = batch.pictures.len() / (count * channels);
        let shape = Shape {
            side: pixels.isqrt(),
            channels,
        };
        let shown = spoiled(batch.pictures, shape, &self.spoil, noise);
        let small = Shape {
            side: shape.side / self.spoil.shrink,
            channels,
        };
        (
            pictures(shown, count, small, device),
            pictures(batch.pictures.to_vec(), count, shape, device),
        )
    }
}

/// `[count, side, side, channels]` as `[count, channels, side, side]`.
pub(crate) fn pictures(values: Vec<f32>, count: usize, shape: Shape, device: &Device) -> Tensor<4> {
    let Shape { side, channels } = shape;
    let data = TensorData::new(values, [count, side, side, channels]);
    Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2])
}
