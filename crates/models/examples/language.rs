//! How fast a Transformer of the shipped size trains here: tokens a second, and which
//! part of the machine's products that is.
//!
//! `cargo run -p lampwork-models -p lampwork-native --example language [ROWS COLUMNS]`

use std::time::Instant;

use burn::tensor::{Device, Distribution, Tensor};
use futures::executor::block_on;
use lampwork_models::language::{Allowed, Draft, Writer};
use lampwork_models::{Noise, TextBatch, TextRun, Update};
use lampwork_protocol::{
    Augment, DataSet, ModelConfig, OptimizerConfig, OptimizerKind, RunRecipe, Schedule,
    TransformerConfig, Writing,
};

fn main() {
    lampwork_native::keep_memory();
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|size| size.parse().ok())
        .collect();
    let [rows, columns] = [0, 1].map(|at| sizes.get(at).copied().unwrap_or([128, 32][at]));
    let config = TransformerConfig {
        vocabulary: 5000,
        context: 128,
        layers: 5,
        width: 160,
        heads: 5,
        hidden: 432,
        dropout: 0.0,
    };
    let slices = sizes.get(2).copied().unwrap_or(2);
    let recipe = RunRecipe {
        data: DataSet::Poems,
        model: ModelConfig::Transformer(config.clone()),
        optimizer: OptimizerConfig {
            kind: OptimizerKind::AdamW {
                beta1: 0.9,
                beta2: 0.98,
                weight_decay: 0.1,
            },
            learning_rate: 1e-3,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: Some(1.0),
        },
        batch: rows,
        micro_batch: rows / slices,
        epochs: 1,
        seed: 1,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.0,
    };
    let device = Device::flex();
    let mut run = TextRun::begin(&recipe, 100, &device, Update::Host).expect("a sound recipe");
    let mut noise = Noise::new(1, 0);
    let mut tokens = || -> Vec<u16> {
        (0..rows * columns)
            .map(|_| noise.below(config.vocabulary as u32) as u16)
            .collect()
    };
    let (inputs, targets) = (tokens(), tokens());
    let batch = TextBatch {
        rows,
        columns,
        inputs: &inputs,
        targets: &targets,
        counts: &vec![1; rows * columns],
    };
    run.step_side_by_side(&batch);
    let mut best = f64::INFINITY;
    for _ in 0..10 {
        let start = Instant::now();
        let report = run.step_side_by_side(&batch);
        block_on(report.read()).expect("numbers");
        best = best.min(start.elapsed().as_secs_f64());
    }
    let each = 6 * config.parameters() + 12 * config.layers * config.width * columns / 2;
    let rate = (rows * columns) as f64 / best;
    let done = rate * each as f64 / 1e9;
    println!(
        "{} parameters, {rows} x {columns} tokens in {slices} slices: {:.0} ms, {rate:.0} tokens/s, {done:.0} GFLOP/s",
        config.parameters(),
        best * 1e3
    );
    let square = 1024;
    let matrix = || Tensor::<2>::random([square, square], Distribution::Default, &device);
    let (a, b) = (matrix(), matrix());
    let mut peak = 0.0_f64;
    for _ in 0..10 {
        let start = Instant::now();
        let _ = a.clone().matmul(b.clone()).into_data();
        peak =
            peak.max(2.0 * (square * square * square) as f64 / start.elapsed().as_secs_f64() / 1e9);
    }
    println!(
        "a product of {square} x {square}: {peak:.0} GFLOP/s; {:.0} %",
        100.0 * done / peak
    );
    for rows in [1, 8] {
        write(&run.writer(), rows);
    }
}

/// How fast it writes, by its cache.
fn write(writer: &Writer, rows: usize) {
    let begin = || {
        let prompt = [1, 2, 3, 4, 5, 6, 7, 8];
        Draft::begin(writer, &prompt, rows, Writing::default(), 1, &[], 100).expect("it fits")
    };
    let mut best = [f64::INFINITY; 2];
    for _ in 0..3 {
        let start = Instant::now();
        let mut draft = begin();
        block_on(draft.turn(writer, |_, _| Allowed::All)).expect("a token");
        best[0] = best[0].min(start.elapsed().as_secs_f64());
        while !draft.is_done() {
            block_on(draft.turn(writer, |_, _| Allowed::All)).expect("a token");
        }
        best[1] = best[1].min(start.elapsed().as_secs_f64());
    }
    println!(
        "{rows} texts of 100 tokens: the first token after {:.1} ms, {:.0} tokens/s",
        best[0] * 1e3,
        (100 * rows) as f64 / best[1]
    );
}
