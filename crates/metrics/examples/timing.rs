//! How long the largest uses of the measures take, some half a minute in all:
//! `cargo run -p lampwork-metrics --example timing`, or `cargo xtask bench --measures`.

use std::time::Instant;

use lampwork_metrics::{
    frechet_distance, kernel_distance_over_subsets, mean_pairwise_distance, nearest_distances,
    precision_recall,
};

/// Numbers in 0..1 without a pattern.
fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 24) as f32
        })
        .collect()
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = run();
    println!("{what}: {:.2} s", start.elapsed().as_secs_f64());
    value
}

fn main() {
    let train = noise(55_000 * 784, 1);
    let mut made = noise(2_000 * 784, 2);
    // A copy must be found among them all.
    let copied = 41_234;
    made[..784].copy_from_slice(&train[copied * 784..(copied + 1) * 784]);
    let found = timed("nearest of 2,000 among 55,000 of 784", || {
        nearest_distances(&train, &made, 784).unwrap()
    });
    assert_eq!((found[0].index as usize, found[0].distance), (copied, 0.0));
    timed("mean pairwise distance of 2,000 of 784", || {
        mean_pairwise_distance(&made, 784).unwrap()
    });
    let (a, b) = (noise(10_000 * 64, 3), noise(10_000 * 64, 4));
    timed("Frechet distance of 10,000 and 10,000 of 64", || {
        frechet_distance(&a, &b, 64).unwrap()
    });
    timed("kernel distance, 100 subsets of 1,000 of 64", || {
        kernel_distance_over_subsets(&a, &b, 64, 100, 1_000, 1).unwrap()
    });
    timed("precision and recall of 10,000 and 10,000 of 64", || {
        precision_recall(&a, &b, 64, 3).unwrap()
    });
}
