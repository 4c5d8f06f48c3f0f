//! What the tests share: a small net with every kind of container.

// Each test file uses a part of this.
#![allow(dead_code, missing_docs)]

use burn::module::{Module, Param, ParamId};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, Linear, LinearConfig, LinearLayout,
};
use burn::tensor::{Device, Tensor};
use lampwork_weights::Named;

#[derive(Module, Debug)]
pub enum Head {
    Plain(Linear),
    Deep(Vec<Linear>),
}

#[derive(Module, Debug)]
pub struct Net {
    pub convolutions: Vec<Conv2d>,
    pub norm: GroupNorm,
    pub running: BatchNorm,
    pub head: Head,
    pub columns: Linear,
    pub maybe: Option<Linear>,
    pub pair: (Linear, Linear),
    pub scale: Param<Tensor<1>>,
}

pub fn net(device: &Device) -> Net {
    let linear = |i, o| LinearConfig::new(i, o).init(device);
    Net {
        convolutions: vec![
            Conv2dConfig::new([1, 2], [3, 3]).init(device),
            Conv2dConfig::new([2, 4], [3, 3])
                .with_bias(false)
                .init(device),
        ],
        norm: GroupNormConfig::new(2, 4).init(device),
        running: BatchNormConfig::new(4).init(device),
        head: Head::Deep(vec![linear(4, 3), linear(3, 2)]),
        columns: LinearConfig::new(3, 5)
            .with_layout(LinearLayout::Col)
            .init(device),
        maybe: None,
        pair: (linear(2, 2), linear(2, 1)),
        scale: Param::from_data([0.5f32], device),
    }
}

/// A parameter that must never be drawn.
#[derive(Module, Debug)]
pub struct Lazy {
    pub weight: Param<Tensor<2>>,
}

pub fn lazy(device: &Device) -> Lazy {
    Lazy {
        weight: Param::uninitialized(
            ParamId::new(),
            |_, _| panic!("the lazy value was drawn"),
            device.clone(),
            true,
            [2, 3].into(),
        ),
    }
}

pub fn named(name: &str, shape: &[usize], values: &[f32]) -> Named {
    Named {
        name: name.into(),
        shape: shape.to_vec(),
        values: values.to_vec(),
    }
}

/// Waits for a future that has no one to wait for but itself: flex answers at
/// once.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("flex did not answer at once"),
    }
}
