//! What a flow is trained for.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use lampwork_protocol::FlowConfig;

use super::single::{Objective, tensor};
use super::{Batch, Labels, Slice};
use crate::Noise;
use crate::blocks::matrix;
use crate::flow::{FlowNet, Guide, LEAPS, Told, leap_loss, loss, times};
use crate::sample::Net;
use lampwork_weights::Named;

/// For one example in so many, leaps along a path are learned as well.
const LEAPING: usize = 8;

impl Objective for FlowConfig {
    type Net = FlowNet;
    type Batch<'a> = Batch<'a>;
    type Made = Net;

    const STILL: bool = true;

    fn names(&self) -> &'static [&'static str] {
        match self.shortcut {
            None => &["loss"],
            Some(_) => &["loss", "leaps"],
        }
    }

    fn net(&self, device: &Device) -> FlowNet {
        FlowNet::new(self, device)
    }

    /// Leaps are learned along the paths of the flow that it began as: those of the
    /// net as it comes to be move with what it learns, and carry each other away.
    fn guided(&self) -> bool {
        self.shortcut.is_some()
    }

    fn measure(
        &self,
        net: &mut FlowNet,
        guide: Option<&FlowNet>,
        slice: &Slice<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        let (pictures, labels) = (tensor(&slice.batch, device), slice.batch.labels());
        let times = times(self.times, labels.classes.len(), noise);
        let sometimes = told(self, labels, self.class_dropout, noise, device);
        let values = pictures.dims()[1];
        let flow = loss(net, pictures, sometimes, &times, noise);
        let Some(guidance) = self.shortcut else {
            return vec![flow];
        };
        // For a part of the examples: a path takes many evaluations.
        let count = (labels.classes.len() / LEAPING).max(1);
        let asked = told(self, labels.first(count), self.class_dropout, noise, device);
        // Without anyone to follow it goes by itself as it is.
        let own = guide.is_none().then(|| net.valid());
        let guide = Guide {
            net: guide.or(own.as_ref()).expect("one of the two"),
            guidance,
        };
        let start = noise.normal(count * values);
        let start = matrix(start, count, values, &device.clone().inner());
        let leaps = leap_loss(net, guide, start, asked, noise);
        vec![flow + leaps.clone(), leaps]
    }

    fn validate(
        &self,
        net: &FlowNet,
        batch: &Batch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Tensor<2> {
        let (pictures, labels) = (tensor(batch, device), batch.labels());
        let times = times(self.times, labels.classes.len(), noise);
        let told = told(self, labels, 0.0, noise, device);
        loss(net, pictures, told, &times, noise).reshape([1, 1])
    }

    /// A flow that has learned no leaps begins to where this one does: the layer
    /// of leaps starts at zero.
    fn adapted(&self, mut weights: Vec<Named>) -> Vec<Named> {
        let layer = "condition.zero_leap.weight";
        let has = weights.iter().any(|named| named.name == layer);
        if self.shortcut.is_some() && !has {
            let shape = vec![LEAPS, 4 * self.width];
            weights.push(Named {
                name: layer.to_owned(),
                values: vec![0.0; shape.iter().product()],
                shape,
            });
        }
        weights
    }

    fn made(&self, net: FlowNet, average: Option<FlowNet>) -> Net {
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
