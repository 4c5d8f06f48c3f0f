//! Spectral normalisation (Miyato 2018).

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::{Convolve, conv2d};

/// A linear layer whose weight may be divided by its largest singular value.
#[derive(Module, Debug)]
pub struct SpectralLinear {
    /// `[input, output]`.
    weight: Param<Tensor<2>>,
    /// `[output]`.
    bias: Option<Param<Tensor<1>>>,
    /// Estimate of the left singular vector, `[output]`; not trained.
    direction: Param<Tensor<1>>,
    normalised: bool,
}

/// A 4x4 convolution of stride 2, or a 3x3 of stride 2, whose weight may be
/// divided by its largest singular value as a `[output, input * 4 * 4]` matrix.
#[derive(Module, Debug)]
pub struct SpectralConv {
    conv: Conv2d,
    /// Estimate of the left singular vector, `[output]`; not trained.
    direction: Param<Tensor<1>>,
    normalised: bool,
}

impl SpectralLinear {
    /// A layer from `input` to `output` units.
    pub fn new(input: usize, output: usize, bias: bool, normalised: bool, device: &Device) -> Self {
        Self {
            weight: Initializer::Zeros.init([input, output], device),
            bias: bias.then(|| Initializer::Zeros.init([output], device)),
            direction: untrained(output, device),
            normalised,
        }
    }

    /// # Shapes
    /// - input: `[count, input]`
    /// - output: `[count, output]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let mut weight = self.weight.val();
        if self.normalised {
            let matrix = weight.clone().transpose();
            weight = weight / largest(matrix, self.direction.val()).reshape([1, 1]);
        }
        let output = input.matmul(weight);
        match &self.bias {
            Some(bias) => output + bias.val().unsqueeze(),
            None => output,
        }
    }

    /// Takes one step of the power iteration; call once a training step.
    pub fn iterate(mut self) -> Self {
        if self.normalised {
            let matrix = self.weight.val().detach().transpose();
            self.direction = self.direction.map(|u| power_step(matrix, u));
        }
        self
    }
}

impl SpectralConv {
    /// A layer with a `kernel` x `kernel` window, stride 2 and padding 1.
    pub fn new(channels: [usize; 2], kernel: usize, normalised: bool, device: &Device) -> Self {
        Self {
            conv: Conv2dConfig::new(channels, [kernel, kernel])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device),
            direction: untrained(channels[1], device),
            normalised,
        }
    }

    /// # Shapes
    /// - input: `[count, input, height, width]`
    /// - output: `[count, output, height / 2, width / 2]`, rounded up for a 3x3
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        if !self.normalised {
            return self.conv.convolve(input);
        }
        let weight = self.conv.weight.val();
        let sigma = largest(flattened(weight.clone()), self.direction.val());
        conv2d(
            input,
            weight / sigma.reshape([1, 1, 1, 1]),
            self.conv.bias.as_ref().map(Param::val),
            2,
            1,
        )
    }

    /// Takes one step of the power iteration; call once a training step.
    pub fn iterate(mut self) -> Self {
        if self.normalised {
            let matrix = flattened(self.conv.weight.val().detach());
            self.direction = self.direction.map(|u| power_step(matrix, u));
        }
        self
    }
}

fn untrained(size: usize, device: &Device) -> Param<Tensor<1>> {
    let direction: Param<Tensor<1>> = Initializer::Ones.init([size], device);
    direction.set_require_grad(false)
}

/// `[output, ...]` as `[output, rest]`.
fn flattened(weight: Tensor<4>) -> Tensor<2> {
    let [output, input, height, width] = weight.dims();
    weight.reshape([output, input * height * width])
}

/// The largest singular value of `matrix` `[output, input]`, as estimated with
/// the left singular vector `u`; its gradient is `u v^T` as the paper's.
pub fn largest(matrix: Tensor<2>, u: Tensor<1>) -> Tensor<1> {
    let u: Tensor<2> = unit(u.detach().unsqueeze_dim(0));
    let v = unit(u.clone().matmul(matrix.clone().detach()));
    (u.matmul(matrix) * v).sum()
}

/// One step of the power iteration: `u <- W W^T u`, of length one.
pub fn power_step(matrix: Tensor<2>, u: Tensor<1>) -> Tensor<1> {
    let u: Tensor<2> = u.detach().unsqueeze_dim(0);
    let v = unit(u.matmul(matrix.clone()));
    unit(v.matmul(matrix.transpose())).squeeze_dim(0)
}

/// A row of length one.
fn unit(row: Tensor<2>) -> Tensor<2> {
    let length = row.clone().square().sum_dim(1).sqrt() + 1e-12;
    row / length
}
