//! Every measure against NumPy, SciPy and scikit-image (`reference/metrics.py`).

use lampwork_metrics::{
    class_entropy, copying_score, frechet_distance, kernel_distance, mean_pairwise_distance,
    nearest_distances, precision_recall, psnr, retrieval_ranks, ssim,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    distributions: Vec<Distributions>,
    pictures: Vec<Pictures>,
    entropies: Vec<Entropy>,
    scores: Vec<Scores>,
    retrieval: Retrieval,
}

#[derive(Deserialize)]
struct Scores {
    name: String,
    test: Vec<f64>,
    made: Vec<f64>,
    z: f64,
}

#[derive(Deserialize)]
struct Retrieval {
    dims: usize,
    queries: Vec<f32>,
    keys: Vec<f32>,
    own: Vec<usize>,
    ranks: Vec<usize>,
}

#[derive(Deserialize)]
struct Distributions {
    name: String,
    dims: usize,
    a: Vec<f32>,
    b: Vec<f32>,
    frechet: f64,
    kernel: f64,
    k: usize,
    manifold: Manifold,
    nearest_index: Vec<u32>,
    nearest_distance: Vec<f64>,
    mean_pairwise_a: f64,
    mean_pairwise_b: f64,
}

#[derive(Deserialize)]
struct Manifold {
    precision: f64,
    recall: f64,
    density: f64,
    coverage: f64,
}

#[derive(Deserialize)]
struct Pictures {
    name: String,
    width: usize,
    height: usize,
    peak: f64,
    a: Vec<f32>,
    b: Vec<f32>,
    psnr: f64,
    ssim: f64,
}

#[derive(Deserialize)]
struct Entropy {
    counts: Vec<u64>,
    bits: f64,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/metrics.json")).unwrap()
}

#[track_caller]
fn close(found: f64, wanted: f64, tolerance: f64, what: &str) {
    let allowed = tolerance * wanted.abs().max(1.0);
    assert!(
        (found - wanted).abs() <= allowed,
        "{what}: {found} and not {wanted}"
    );
}

#[test]
fn distances_between_distributions() {
    for case in reference().distributions {
        let found = frechet_distance(&case.a, &case.b, case.dims).unwrap();
        // SciPy's root of a singular product is good to about a root of epsilon.
        close(found, case.frechet, 1e-6, &case.name);
        let found = kernel_distance(&case.a, &case.b, case.dims).unwrap();
        close(found, case.kernel, 1e-12, &case.name);
    }
}

#[test]
fn precision_recall_density_coverage() {
    for case in reference().distributions {
        let found = precision_recall(&case.a, &case.b, case.dims, case.k).unwrap();
        close(found.precision, case.manifold.precision, 1e-12, &case.name);
        close(found.recall, case.manifold.recall, 1e-12, &case.name);
        close(found.density, case.manifold.density, 1e-12, &case.name);
        close(found.coverage, case.manifold.coverage, 1e-12, &case.name);
    }
}

#[test]
fn nearest_and_pairwise_distances() {
    for case in reference().distributions {
        let found = nearest_distances(&case.a, &case.b, case.dims).unwrap();
        assert_eq!(found.len(), case.nearest_index.len());
        for (found, (index, distance)) in found
            .iter()
            .zip(case.nearest_index.iter().zip(&case.nearest_distance))
        {
            assert_eq!(found.index, *index, "{}", case.name);
            close(found.distance, *distance, 1e-12, &case.name);
        }
        let found = mean_pairwise_distance(&case.a, case.dims).unwrap();
        close(found, case.mean_pairwise_a, 1e-12, &case.name);
        let found = mean_pairwise_distance(&case.b, case.dims).unwrap();
        close(found, case.mean_pairwise_b, 1e-12, &case.name);
    }
}

#[test]
fn pictures() {
    for case in reference().pictures {
        let found = psnr(&case.a, &case.b, case.peak).unwrap();
        close(found, case.psnr, 1e-10, &case.name);
        let found = ssim(&case.a, &case.b, case.width, case.height, case.peak).unwrap();
        close(found, case.ssim, 1e-10, &case.name);
    }
}

#[test]
fn entropies() {
    for case in reference().entropies {
        let found = class_entropy(&case.counts).unwrap();
        close(found.bits, case.bits, 1e-12, "bits");
        let most = (case.counts.len() as f64).log2();
        close(found.normalised, case.bits / most, 1e-12, "normalised");
    }
}

#[test]
fn scores_of_the_copying_test() {
    for case in reference().scores {
        let found = copying_score(&case.test, &case.made).unwrap();
        close(found, case.z, 1e-9, &case.name);
    }
}

#[test]
fn ranks_of_own_keys() {
    let case = reference().retrieval;
    let found = retrieval_ranks(&case.queries, &case.keys, case.dims, &case.own).unwrap();
    assert_eq!(found, case.ranks);
}
