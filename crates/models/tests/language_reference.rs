//! Nets that write against what PyTorch computes: logits, losses and every gradient.
//!
//! `reference/language.py` wrote `reference/language.json`: weights in single precision,
//! outputs from double. What differs is the rounding of the code here.

use std::sync::Arc;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::language::{Places, Targets};
use lampwork_models::blocks::walk;
use lampwork_models::language::{Lstm, Sentences, TextVae, Transformer};
use lampwork_protocol::{LstmConfig, TextVaeConfig, TransformerConfig};
use serde_json::Value;

fn reference(net: &str) -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/language.json");
    let text = std::fs::read_to_string(path).expect("the reference is kept beside the test");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    all[net].clone()
}

fn numbers(value: &Value) -> Vec<f32> {
    let items = value.as_array().expect("numbers").iter();
    items
        .map(|number| number.as_f64().expect("a number") as f32)
        .collect()
}

fn whole(value: &Value) -> Vec<u32> {
    let items = value.as_array().expect("numbers").iter();
    items
        .map(|number| number.as_u64().expect("a number") as u32)
        .collect()
}

fn size(value: &Value) -> usize {
    value.as_u64().expect("a size") as usize
}

#[track_caller]
fn close(name: &str, made: &[f32], known: &[f32]) {
    assert_eq!(made.len(), known.len(), "{name}: other counts");
    let scale = known.iter().fold(0.1_f32, |most, x| most.max(x.abs()));
    for (at, (made, known)) in made.iter().zip(known).enumerate() {
        assert!(
            (made - known).abs() <= 2e-6 * scale,
            "{name}[{at}]: {made} and should be {known}"
        );
    }
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// The net with the reference's weights, on the device with gradients.
fn filled<M: Module>(net: M, known: &Value) -> M {
    let weights = known["weights"].as_array().expect("weights");
    let plain = Device::flex();
    walk::set(net, &plain, |path, _, shape| {
        let found = weights.iter().find(|weight| weight["name"] == path);
        let found = found.unwrap_or_else(|| panic!("no weight {path}"));
        let known: Vec<usize> = whole(&found["shape"])
            .iter()
            .map(|&size| size as usize)
            .collect();
        assert_eq!(known, shape, "{path}");
        numbers(&found["values"])
    })
    .train()
}

/// Every gradient of the net against the reference's.
fn check_gradients<M: Module>(net: &M, loss: &Tensor<1>, known: &Value) {
    struct Read {
        gradients: GradientsParams,
        found: Vec<(burn::module::ParamId, Vec<f32>)>,
    }
    impl ModuleVisitor for Read {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let gradient = self.gradients.remove::<D>(param.id).expect("a gradient");
            self.found.push((param.id, read(gradient)));
        }
    }
    let mut visitor = Read {
        gradients: GradientsParams::from_grads(loss.backward(), net),
        found: Vec::new(),
    };
    net.visit(&mut visitor);
    let paths = walk::paths(net);
    let weights = known["weights"].as_array().expect("weights");
    assert_eq!(visitor.found.len(), weights.len());
    for (id, gradient) in visitor.found {
        let path = &paths[&id];
        let weight = weights
            .iter()
            .find(|weight| weight["name"] == path.as_str());
        close(
            path,
            &gradient,
            &numbers(&weight.expect("a weight")["gradient"]),
        );
    }
}

/// Tokens and targets of the reference.
struct Given {
    rows: usize,
    columns: usize,
    inputs: Vec<u32>,
    targets: Vec<u32>,
    weights: Vec<f32>,
}

impl Given {
    fn new(known: &Value) -> Self {
        let counts = whole(&known["counts"]);
        let each = 1.0 / counts.iter().sum::<u32>() as f32;
        Self {
            rows: size(&known["rows"]),
            columns: size(&known["columns"]),
            inputs: whole(&known["inputs"]),
            targets: whole(&known["targets"]),
            weights: counts.iter().map(|&count| count as f32 * each).collect(),
        }
    }

    /// Row by row, or all rows of a time together.
    fn order(&self, by_time: bool) -> Vec<usize> {
        let count = self.rows * self.columns;
        let at = |index: usize| match by_time {
            true => index % self.rows * self.columns + index / self.rows,
            false => index,
        };
        (0..count).map(at).collect()
    }

    fn tokens(&self, by_time: bool) -> Arc<[u32]> {
        self.order(by_time)
            .iter()
            .map(|&at| self.inputs[at])
            .collect()
    }

    fn targets(&self, by_time: bool) -> Targets {
        let order = self.order(by_time);
        Targets {
            tokens: order.iter().map(|&at| self.targets[at]).collect(),
            weights: order.iter().map(|&at| self.weights[at]).collect(),
        }
    }

    /// Logits that came in the order of times, row by row.
    fn by_row(&self, logits: &[f32]) -> Vec<f32> {
        let wide = logits.len() / self.inputs.len();
        let mut rows = vec![0.0; logits.len()];
        for (logits, at) in logits.chunks_exact(wide).zip(self.order(true)) {
            rows[at * wide..(at + 1) * wide].copy_from_slice(logits);
        }
        rows
    }
}

#[test]
fn the_transformer_is_the_one_of_the_papers() {
    let known = reference("transformer");
    let config = TransformerConfig {
        vocabulary: size(&known["vocabulary"]),
        context: 8,
        layers: size(&known["layers"]),
        width: size(&known["width"]),
        heads: size(&known["heads"]),
        hidden: size(&known["hidden"]),
        dropout: 0.0,
    };
    let net = filled(Transformer::new(&config, &Device::flex()), &known);
    let given = Given::new(&known);
    let positions: Vec<u32> = (0..given.rows)
        .flat_map(|_| 0..given.columns as u32)
        .collect();
    let places = Places::new(&positions, given.columns, net.head());
    let tokens = given.tokens(false);
    let logits = net.logits(&tokens, &places);
    close("logits", &read(logits), &numbers(&known["logits"]));
    let loss = net.loss(&tokens, &places, &given.targets(false), None);
    close(
        "loss",
        &read(loss.clone()),
        &[known["loss"].as_f64().unwrap() as f32],
    );
    check_gradients(&net, &loss, &known);
}

#[test]
fn the_lstm_is_that_of_pytorch() {
    let known = reference("lstm");
    let config = LstmConfig {
        vocabulary: size(&known["vocabulary"]),
        context: 8,
        layers: size(&known["layers"]),
        width: size(&known["width"]),
        dropout: 0.0,
    };
    let net = filled(Lstm::new(&config, &Device::flex()), &known);
    let given = Given::new(&known);
    let logits = read(net.logits(&given.tokens(true), given.rows));
    close("logits", &given.by_row(&logits), &numbers(&known["logits"]));
    let loss = net.loss(&given.tokens(true), given.rows, &given.targets(true), None);
    close(
        "loss",
        &read(loss.clone()),
        &[known["loss"].as_f64().unwrap() as f32],
    );
    check_gradients(&net, &loss, &known);
}

#[test]
fn the_text_vae_has_the_bound_that_pytorch_computes() {
    let known = reference("text_vae");
    let config = TextVaeConfig {
        vocabulary: size(&known["vocabulary"]),
        context: 8,
        width: size(&known["width"]),
        latent: size(&known["latent"]),
        beta: 1.0,
        kl_warmup: 0,
        word_dropout: 0.0,
        free_nats: 0.0,
    };
    let net = filled(TextVae::new(&config, &Device::flex()), &known);
    let given = Given::new(&known);
    let counts = whole(&known["counts"]);
    let lengths = counts
        .chunks_exact(given.columns)
        .map(|row| row.iter().rposition(|&count| count != 0).expect("some") + 1)
        .collect();
    let sentences = Sentences {
        tokens: given.tokens(true),
        lengths,
    };
    let [mean, log_variance] = net.encode(&sentences);
    close("mean", &read(mean), &numbers(&known["mean"]));
    close(
        "log variance",
        &read(log_variance),
        &numbers(&known["log_variance"]),
    );
    let beta = known["beta"].as_f64().unwrap() as f32;
    let measured = net.loss(&sentences, &given.targets(true), beta, 0.0, None);
    for (name, made) in [
        ("loss", &measured.loss),
        ("reconstruction", &measured.reconstruction),
        ("kl", &measured.kl),
    ] {
        close(
            name,
            &read(made.clone()),
            &[known[name].as_f64().unwrap() as f32],
        );
    }
    check_gradients(&net, &measured.loss, &known);
}
