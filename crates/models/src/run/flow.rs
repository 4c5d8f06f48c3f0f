//! What a flow is trained for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::FlowConfig;

use super::single::Objective;
use super::{Labels, Slice};
use crate::Noise;
use crate::blocks::matrix;
use crate::flow::{FlowNet, Told, loss, times};
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
        labels: Labels<'_>,
        _slice: &Slice<'_>,
        noise: &mut Noise,
    ) -> Vec<Tensor<1>> {
        let times = times(self.times, labels.classes.len(), noise);
        let told = told(self, labels, self.class_dropout, noise, &pictures.device());
        vec![loss(net, pictures, told, &times, noise)]
    }

    fn validate(
        &self,
        net: &FlowNet,
        pictures: Tensor<2>,
        labels: Labels<'_>,
        noise: &mut Noise,
    ) -> Tensor<2> {
        let times = times(self.times, labels.classes.len(), noise);
        let told = told(self, labels, 0.0, noise, &pictures.device());
        loss(net, pictures, told, &times, noise).reshape([1, 1])
    }

    fn sampled(&self, net: FlowNet, average: Option<FlowNet>) -> Net {
        Net::Flow(Box::new(average.unwrap_or(net)))
    }
}

/// One row an example, all zero where the class is left out, or the words.
fn told(
    config: &FlowConfig,
    labels: Labels<'_>,
    dropout: f32,
    noise: &mut Noise,
    device: &Device,
) -> Told {
    let count = labels.classes.len();
    let columns = config.classes;
    let classes = (columns > 0).then(|| {
        let mut rows = vec![0.0; count * columns];
        for (row, &label) in labels.classes.iter().enumerate() {
            if noise.one_uniform() >= dropout {
                rows[row * columns + usize::from(label)] = 1.0;
            }
        }
        matrix(rows, count, columns, device)
    });
    let words = (config.words > 0).then(|| {
        assert_eq!(
            labels.words.len(),
            count * config.words,
            "a word vector for each example"
        );
        let mut rows = labels.words.to_vec();
        for row in rows.chunks_exact_mut(config.words) {
            if noise.one_uniform() < dropout {
                row.fill(0.0);
            }
        }
        matrix(rows, count, config.words, device)
    });
    Told { classes, words }
}
