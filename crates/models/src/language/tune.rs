//! Fine-tuning: what of a trained net is moved, and adapters.
//!
//! An adapter adds `scale * a * b` to a weight, with factors of few columns and rows,
//! and the weight itself stays (Hu 2021, arXiv 2106.09685).

use std::collections::HashMap;

use burn::module::{Lora, Module, ModuleMapper, Param, ParamGroup};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{AdapterCard, TransformerConfig, Tuning};
use lampwork_weights::Named;

use super::{Transformer, Writer, WritingNet};
use crate::blocks::walk;
use crate::{ModelError, Noise};

/// The part of a path that tells the factors of an adapter.
const FACTOR: &str = ".lora.";

/// The layers that get an adapter: those by which attention and feed-forward nets read
/// and write. Neither the table, which is used both ways, nor gains.
const ADAPTED: [&str; 4] = ["attend", "gather", "up", "down"];

/// The stream of noise that first factors are drawn from.
const STREAM: u64 = u64::MAX - 1;

/// The net with what `tuning` does not move held still, and with an adapter where it
/// asks for one. The factors of an adapter are not yet set.
pub(crate) fn tuned(net: Transformer, tuning: Tuning) -> Transformer {
    match tuning {
        Tuning::Full => net,
        Tuning::Last { layers } => {
            let first = net.layers.len().saturating_sub(layers);
            net.map(&mut Still {
                first,
                path: Vec::new(),
            })
        }
        Tuning::Lora { rank, alpha } => {
            let adapted = walk::paths(&net)
                .into_iter()
                .filter(|(_, path)| {
                    let mut parts = path.rsplit('.').skip(1);
                    parts.next().is_some_and(|part| ADAPTED.contains(&part))
                })
                .map(|(id, _)| id)
                .collect();
            let lora = Lora::new(rank, f64::from(alpha));
            net.apply_lora(lora.set_param_group(ParamGroup::from_ids(adapted)))
        }
    }
}

/// Holds the table and the first layers still.
struct Still {
    /// The first layer that moves.
    first: usize,
    path: Vec<String>,
}

impl ModuleMapper for Still {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let still = match path[..] {
            ["layers", number, ..] => number
                .parse()
                .is_ok_and(|number: usize| number < self.first),
            ["table"] => true,
            _ => false,
        };
        if still {
            param.set_require_grad(false)
        } else {
            param
        }
    }
}

/// First factors of an adapter for a net of `config`: of each weight the first drawn
/// with variance `1 / rank`, the second zero, so that the net is as it was.
pub(crate) fn first_factors(config: &TransformerConfig, rank: usize, seed: u64) -> Vec<Named> {
    let mut noise = Noise::new(seed, STREAM);
    let deviation = 1.0 / (rank as f32).sqrt();
    let mut factors = Vec::new();
    for layer in 0..config.layers {
        for (name, from, to) in [
            ("attend", config.width, 3 * config.width),
            ("gather", config.width, config.width),
            ("up", config.width, 2 * config.hidden),
            ("down", config.hidden, config.width),
        ] {
            let path = format!("layers.{layer}.{name}.weight");
            let a = noise
                .normal(from * rank)
                .iter()
                .map(|x| x * deviation)
                .collect();
            for (factor, shape, values) in [
                ("a", vec![from, rank], a),
                ("b", vec![rank, to], vec![0.0; rank * to]),
            ] {
                factors.push(Named {
                    name: format!("{path}{FACTOR}{factor}"),
                    shape,
                    values,
                });
            }
        }
    }
    factors
}

/// The factors among a net's weights: all of an adapter that is saved.
pub fn factors(weights: Vec<Named>) -> Vec<Named> {
    weights
        .into_iter()
        .filter(|named| named.name.contains(FACTOR))
        .collect()
}

/// Sets factors by their names, the second of each pair times `strength`.
pub(crate) fn with_factors(
    net: Transformer,
    factors: &[Named],
    strength: f32,
    device: &Device,
) -> Transformer {
    struct Set<'a> {
        path: Vec<String>,
        factors: HashMap<&'a str, &'a Named>,
        strength: f32,
        device: &'a Device,
    }
    impl ModuleMapper for Set<'_> {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.push(name.to_owned());
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let path = self.path.join(".");
            let Some(named) = self.factors.get(path.as_str()) else {
                return param;
            };
            let strength = if path.ends_with(".b") {
                self.strength
            } else {
                1.0
            };
            let values: Vec<f32> = named.values.iter().map(|x| x * strength).collect();
            let data = TensorData::new(values, named.shape.clone());
            let id = param.id;
            param.transform_for_load(Tensor::from_data(data, self.device), id)
        }
    }
    let mut set = Set {
        path: Vec::new(),
        factors: factors
            .iter()
            .map(|named| (named.name.as_str(), named))
            .collect(),
        strength,
        device,
    };
    net.map(&mut set)
}

impl Writer {
    /// The same net with an adapter, `strength` times as strong as it was trained.
    ///
    /// With `merged` it is added to the weights once and for all, which is faster; without,
    /// the weights stay as they are and are added to at each step.
    ///
    /// # Errors
    /// [`ModelError::Text`] where the net has no layers to adapt or the factors are
    /// another net's, [`ModelError::Knob`] where the strength is out of range.
    pub fn adapted(
        &self,
        card: &AdapterCard,
        factors: &[Named],
        strength: f32,
        merged: bool,
        device: &Device,
    ) -> Result<Writer, ModelError> {
        let (WritingNet::Transformer(net), lampwork_protocol::ModelConfig::Transformer(config)) =
            (self.net(), self.config())
        else {
            return Err(ModelError::Text("adapters are for Transformers".to_owned()));
        };
        crate::run::between("strength", strength, 0.0, AdapterCard::MAX_STRENGTH)?;
        crate::run::within("rank", card.rank, 1, Tuning::MAX_RANK)?;
        let wanted = first_factors(config, card.rank, 0);
        let shapes = |all: &[Named]| -> HashMap<String, Vec<usize>> {
            all.iter()
                .map(|named| (named.name.clone(), named.shape.clone()))
                .collect()
        };
        let whole = |named: &Named| {
            named.values.len() == named.shape.iter().product::<usize>()
                && named.values.iter().all(|value| value.is_finite())
        };
        if shapes(&wanted) != shapes(factors) || !factors.iter().all(whole) {
            return Err(ModelError::Text("the adapter is another net's".to_owned()));
        }
        let tuning = Tuning::Lora {
            rank: card.rank,
            alpha: card.alpha,
        };
        let net = with_factors(
            tuned(net.as_ref().clone(), tuning),
            factors,
            strength,
            device,
        );
        let net = if merged { net.materialize() } else { net };
        Ok(Writer::of(
            WritingNet::Transformer(Box::new(net)),
            self.config(),
        ))
    }
}
