//! What a flow is trained for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::FlowConfig;

use super::Slice;
use super::single::Objective;
use crate::Noise;
use crate::blocks::matrix;
use crate::flow::{FlowNet, loss, times};
use crate::sample::Net;

impl Objective for FlowConfig {
    type Net = FlowNet;

    const NAMES: &'static [&'static str] = &["loss"];

    fn net(&self, device: &Device) -> FlowNet {
        FlowNet::new(self, device)
    }

    fn measure(
        &self,
        net: &mut FlowNet,
        pictures: Tensor<2>,
        labels: &[u8],
        _slice: &Slice<'_>,
        noise: &mut Noise,
    ) -> Vec<Tensor<1>> {
        let times = times(self.times, labels.len(), noise);
        let classes = classes(self, labels, self.class_dropout, noise, &pictures.device());
        vec![loss(net, pictures, classes, &times, noise)]
    }

    fn validate(
        &self,
        net: &FlowNet,
        pictures: Tensor<2>,
        labels: &[u8],
        noise: &mut Noise,
    ) -> Tensor<2> {
        let times = times(self.times, labels.len(), noise);
        let classes = classes(self, labels, 0.0, noise, &pictures.device());
        loss(net, pictures, classes, &times, noise).reshape([1, 1])
    }

    fn sampled(&self, net: FlowNet, average: Option<FlowNet>) -> Net {
        Net::Flow(Box::new(average.unwrap_or(net)))
    }
}

/// One row a label, all zero where the class is left out.
fn classes(
    config: &FlowConfig,
    labels: &[u8],
    dropout: f32,
    noise: &mut Noise,
    device: &Device,
) -> Option<Tensor<2>> {
    let columns = config.classes;
    if columns == 0 {
        return None;
    }
    let mut rows = vec![0.0; labels.len() * columns];
    for (row, &label) in labels.iter().enumerate() {
        if noise.one_uniform() >= dropout {
            rows[row * columns + usize::from(label)] = 1.0;
        }
    }
    Some(matrix(rows, labels.len(), columns, device))
}
