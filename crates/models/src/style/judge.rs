//! The discriminator.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::leaky;
use lampwork_protocol::StyleConfig;

use super::even::{EvenConv, EvenLinear, Followed};
use crate::Noise;
use crate::blocks::walk;

/// Pictures whose spread is told together; batches are cut into multiples of it.
pub const TOGETHER: usize = 4;

/// From a picture to a logit: how real it looks.
#[derive(Module, Debug)]
pub struct Discriminator {
    /// From 32 x 32 to 4 x 4.
    convs: Vec<EvenConv>,
    /// After the spread of the pictures is added as one more channel.
    last: EvenConv,
    layers: Vec<EvenLinear>,
}

impl Discriminator {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &StyleConfig, device: &Device) -> Self {
        let width = config.judge;
        let conv = |channels, kernel, stride| EvenConv::new(channels, [kernel, stride], device);
        let linear = |sizes, followed| EvenLinear::new(sizes, followed, 1.0, device);
        let wide = 3 * width;
        Self {
            convs: vec![
                conv([3, width], 4, 2),
                conv([width, width], 3, 1),
                conv([width, 2 * width], 4, 2),
                conv([2 * width, 2 * width], 3, 1),
                conv([2 * width, wide], 4, 2),
            ],
            last: conv([wide + 1, wide], 3, 1),
            layers: vec![
                linear([wide * 16, wide], Followed::Rectified),
                linear([wide, 1], Followed::Plain),
            ],
        }
    }

    /// The net with its first weights.
    pub fn drawn(self, noise: &mut Noise, device: &Device) -> Self {
        walk::set(self, device, |path, _, shape| {
            let count = shape.iter().product();
            match path.rsplit('.').next() {
                Some("weight") => noise.normal(count),
                _ => vec![0.0; count],
            }
        })
    }

    /// How real each picture looks, beside its neighbours in groups of [`TOGETHER`].
    ///
    /// # Shapes
    /// - pictures: `[count, 3, 32, 32]` in -1..1
    /// - output: logits `[count, 1]`
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<2> {
        let mut image = pictures;
        for conv in &self.convs {
            image = leaky(conv.forward(image));
        }
        let spread = spread(image.clone());
        let image = leaky(self.last.forward(Tensor::cat(vec![image, spread], 1)));
        let [first, last] = [&self.layers[0], &self.layers[1]];
        last.forward(leaky(first.forward(image.flatten(1, 3))))
    }
}

/// The mean over channels and positions of the standard deviation within each group
/// of neighbours, as a channel: what tells that all pictures are alike (the minibatch
/// deviation of Karras 2018).
///
/// # Shapes
/// - image: `[count, channels, height, width]`
/// - output: `[count, 1, height, width]`
fn spread(image: Tensor<4>) -> Tensor<4> {
    let [count, channels, height, width] = image.dims();
    let together = if count.is_multiple_of(TOGETHER) {
        TOGETHER
    } else {
        count
    };
    let groups = count / together;
    let all = channels * height * width;
    let image = image.reshape([groups, together, all]);
    let centred = image.clone() - image.mean_dim(1);
    let deviation = (centred.square().mean_dim(1) + 1e-8).sqrt();
    // [groups, 1, 1]
    deviation
        .mean_dim(2)
        .repeat_dim(1, together)
        .reshape([count, 1, 1, 1])
        .repeat_dim(2, height)
        .repeat_dim(3, width)
}
