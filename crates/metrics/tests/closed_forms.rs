//! Every measure where its value is known without computing, and what it refuses.

use lampwork_metrics::{
    Cell, Gaussian, MetricsError, agreement, agreement_by_class, class_entropy, copying_score,
    copying_test, frechet_distance, kernel_distance, kernel_distance_over_subsets,
    mean_pairwise_distance, nearest_distances, precision_recall, psnr, retrieval_ranks, ssim,
};
use proptest::prelude::*;

#[track_caller]
fn close(found: f64, wanted: f64, tolerance: f64) {
    assert!(
        (found - wanted).abs() <= tolerance,
        "{found} and not {wanted}"
    );
}

/// Rows with no pattern that a measure could profit from.
fn scatter(rows: usize, dims: usize, salt: u32) -> Vec<f32> {
    (0..rows * dims)
        .map(|i| {
            let mixed = (i as u32 + 1)
                .wrapping_mul(2_654_435_761)
                .wrapping_add(salt.wrapping_mul(0x9e37_79b9));
            let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
            ((mixed ^ (mixed >> 13)) >> 8) as f32 / (1 << 24) as f32
        })
        .collect()
}

#[test]
fn frechet_of_one_dimension_is_that_of_means_and_deviations() {
    // Means 2 and 7; standard deviations (n - 1) of 2 and 4.
    let a = [0.0, 2.0, 4.0];
    let b = [3.0, 7.0, 11.0];
    close(frechet_distance(&a, &b, 1).unwrap(), 25.0 + 4.0, 1e-12);
}

#[test]
fn frechet_of_commuting_covariances_is_a_sum_over_axes() {
    // Along each axis -s and s, apart: the covariances are diagonal.
    let cross = |s: [f32; 3]| -> Vec<f32> {
        (0..3)
            .flat_map(|axis| {
                [-1.0, 1.0].into_iter().flat_map(move |sign| {
                    (0..3).map(move |d| if d == axis { sign * s[axis] } else { 0.0 })
                })
            })
            .collect()
    };
    let (a, b) = ([1.0, 2.0, 3.0], [2.0, 2.0, 7.0]);
    // A variance of 2 s^2 / 5 along each axis.
    let wanted: f64 = a
        .iter()
        .zip(&b)
        .map(|(x, y)| 2.0 / 5.0 * f64::from(x - y).powi(2))
        .sum();
    close(
        frechet_distance(&cross(a), &cross(b), 3).unwrap(),
        wanted,
        1e-12,
    );
}

#[test]
fn a_set_is_no_distance_from_itself() {
    for (rows, dims) in [(50, 8), (5, 20)] {
        let a = scatter(rows, dims, 1);
        close(frechet_distance(&a, &a, dims).unwrap(), 0.0, 1e-6);
        let nearest = nearest_distances(&a, &a, dims).unwrap();
        for (row, near) in nearest.iter().enumerate() {
            assert_eq!((near.index as usize, near.distance), (row, 0.0));
        }
        let found = precision_recall(&a, &a, dims, 3).unwrap();
        assert_eq!(
            (found.precision, found.recall, found.coverage),
            (1.0, 1.0, 1.0)
        );
    }
}

#[test]
fn a_shift_adds_its_square_to_the_frechet_distance() {
    let a = scatter(64, 6, 2);
    let b: Vec<f32> = a.iter().map(|v| v + 3.0).collect();
    close(frechet_distance(&a, &b, 6).unwrap(), 6.0 * 9.0, 1e-4);
}

#[test]
fn a_kept_gaussian_gives_the_same_distance() {
    let (a, b) = (scatter(40, 5, 3), scatter(30, 5, 4));
    let kept = Gaussian::fit(&a, 5).unwrap();
    assert_eq!(kept.dims(), 5);
    assert_eq!(
        kept.distance(&Gaussian::fit(&b, 5).unwrap()).unwrap(),
        frechet_distance(&a, &b, 5).unwrap()
    );
    let other = Gaussian::fit(&a, 4).unwrap();
    assert!(matches!(
        kept.distance(&other),
        Err(MetricsError::Unequal { .. })
    ));
}

#[test]
fn the_kernel_distance_by_hand() {
    // One dimension: a = {0, 1}, b = {1, 2}.
    // Within a: k(0, 1) = 1. Within b: k(1, 2) = 27.
    // Between: k(0, 1), k(0, 2), k(1, 1), k(1, 2) = 1, 1, 8, 27; their mean 9.25.
    let found = kernel_distance(&[0.0, 1.0], &[1.0, 2.0], 1).unwrap();
    close(found, 1.0 + 27.0 - 2.0 * 9.25, 1e-12);
}

#[test]
fn the_kernel_distance_is_unbiased() {
    // Halves of one set: the mean over many subsets is near 0 beside its spread,
    // and far above it for another distribution.
    let (a, b) = (scatter(400, 6, 5), scatter(400, 6, 6));
    let same = kernel_distance_over_subsets(&a, &b, 6, 60, 50, 1).unwrap();
    assert!(same.mean.abs() < same.deviation, "{same:?}");
    let b: Vec<f32> = b.iter().map(|v| v * 1.5 + 0.2).collect();
    let other = kernel_distance_over_subsets(&a, &b, 6, 60, 50, 1).unwrap();
    assert!(other.mean > 5.0 * other.deviation, "{other:?}");
    let whole = kernel_distance(&a, &b, 6).unwrap();
    close(other.mean, whole, other.deviation);
}

#[test]
fn subsets_are_drawn_by_the_seed_without_replacement() {
    let (a, b) = (scatter(30, 3, 7), scatter(30, 3, 8));
    let draw = |size, seed| kernel_distance_over_subsets(&a, &b, 3, 5, size, seed).unwrap();
    assert_eq!(draw(10, 1), draw(10, 1));
    assert_ne!(draw(10, 1), draw(10, 2));
    // All rows of a set, in any order, give what the set gives.
    let whole = draw(30, 1);
    close(whole.mean, kernel_distance(&a, &b, 3).unwrap(), 1e-12);
    close(whole.deviation, 0.0, 1e-12);
}

#[test]
fn precision_and_recall_of_two_clusters() {
    // The real have two clusters far apart; the made know one of them, and have
    // a third of their own.
    let cluster = |at: f32| (0..8).map(move |i| at + i as f32 * 0.1);
    let real: Vec<f32> = cluster(0.0).chain(cluster(100.0)).collect();
    let fake: Vec<f32> = cluster(0.05).chain(cluster(-100.0)).collect();
    let found = precision_recall(&real, &fake, 1, 3).unwrap();
    assert_eq!((found.precision, found.recall), (0.5, 0.5));
    assert_eq!(found.coverage, 0.5);
}

#[test]
fn a_collapsed_generator_keeps_precision_and_loses_recall() {
    let real = scatter(200, 4, 9);
    let fake: Vec<f32> = (0..200)
        .flat_map(|i| (0..4).map(move |d| 0.5 + ((i * 7 + d * 3) % 11) as f32 * 1e-4))
        .collect();
    let found = precision_recall(&real, &fake, 4, 3).unwrap();
    assert!(found.precision > 0.9, "{found:?}");
    assert!(found.recall < 0.05, "{found:?}");
}

#[test]
fn doubled_points_lie_in_their_own_balls_of_radius_nothing() {
    // Far from the origin, where products in f64 would lose them.
    let real: Vec<f32> = (0..6).flat_map(|_| [1e6, 2e6, 3e6 + 0.25]).collect();
    let found = precision_recall(&real, &real, 3, 3).unwrap();
    assert_eq!((found.precision, found.recall), (1.0, 1.0));
}

#[test]
fn the_nearest_of_close_candidates_is_told_exactly() {
    // Distances that f32 products of long vectors cannot tell apart.
    let dims = 784;
    let made = scatter(3, dims, 10);
    let mut train = scatter(40, dims, 11);
    for (m, row) in made.chunks_exact(dims).enumerate() {
        for (near, step) in [(2e-4, 0), (1e-4, 1), (3e-4, 2)] {
            train.extend(
                row.iter()
                    .enumerate()
                    .map(|(d, v)| if d == m + step { v + near } else { *v }),
            );
        }
    }
    let found = nearest_distances(&train, &made, dims).unwrap();
    for (m, near) in found.iter().enumerate() {
        assert_eq!(near.index as usize, 40 + 3 * m + 1);
        close(near.distance, 1e-4, 1e-7);
    }
}

#[test]
fn blocks_meet_without_a_seam() {
    // More rows than a block has, and not a multiple of it.
    let (train, made) = (scatter(1300, 3, 12), scatter(700, 3, 13));
    let found = nearest_distances(&train, &made, 3).unwrap();
    assert_eq!(found.len(), 700);
    for (row, near) in made.chunks_exact(3).zip(&found) {
        let wanted = train
            .chunks_exact(3)
            .map(|t| {
                let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
                t.iter().zip(row).map(square).sum::<f64>().sqrt()
            })
            .fold(f64::INFINITY, f64::min);
        close(near.distance, wanted, 1e-12);
    }
    let whole = mean_pairwise_distance(&train, 3).unwrap();
    let mut sum = 0.0;
    for (i, a) in train.chunks_exact(3).enumerate() {
        for b in train.chunks_exact(3).skip(i + 1) {
            let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
            sum += a.iter().zip(b).map(square).sum::<f64>().sqrt();
        }
    }
    close(whole, sum / (1300.0 * 1299.0 / 2.0), 1e-10);
}

#[test]
fn pairwise_distances_of_the_corners_of_a_triangle() {
    // 3, 4 and 5.
    let found = mean_pairwise_distance(&[0.0, 0.0, 3.0, 0.0, 0.0, 4.0], 2).unwrap();
    close(found, 4.0, 1e-12);
    let same = mean_pairwise_distance(&[0.3; 12], 3).unwrap();
    assert_eq!(same, 0.0);
}

#[test]
fn entropy_of_even_and_single_classes() {
    let even = class_entropy(&[5; 8]).unwrap();
    close(even.bits, 3.0, 1e-12);
    close(even.normalised, 1.0, 1e-12);
    let single = class_entropy(&[0, 9, 0]).unwrap();
    assert_eq!((single.bits, single.normalised), (0.0, 0.0));
    assert!(single.bits.is_sign_positive());
}

#[test]
fn agreement_counts() {
    let (asked, predicted) = ([0, 0, 1, 1, 1, 3], [0, 2, 1, 1, 0, 3]);
    close(agreement(&asked, &predicted).unwrap(), 4.0 / 6.0, 1e-12);
    assert_eq!(
        agreement_by_class(&asked, &predicted, 4).unwrap(),
        [Some(0.5), Some(2.0 / 3.0), None, Some(1.0)]
    );
    assert!(agreement_by_class(&asked, &predicted, 3).is_err());
}

#[test]
fn psnr_of_a_constant_error() {
    let a = [0.25f32; 49];
    let b = [0.35f32; 49];
    close(psnr(&a, &b, 1.0).unwrap(), 20.0, 1e-5);
    assert_eq!(psnr(&a, &a, 1.0).unwrap(), f64::INFINITY);
}

#[test]
fn ssim_of_equal_and_of_flat_pictures() {
    let a = scatter(28, 28, 14);
    close(ssim(&a, &a, 28, 28, 1.0).unwrap(), 1.0, 1e-12);
    // Without variance only the luminance term is left.
    let (a, b) = ([0.2f32; 121], [0.6f32; 121]);
    let wanted = (2.0 * 0.2 * 0.6 + 1e-4) / (0.04 + 0.36 + 1e-4);
    close(ssim(&a, &b, 11, 11, 1.0).unwrap(), wanted, 1e-6);
    // A negative has a negative similarity.
    let a = scatter(28, 28, 15);
    let b: Vec<f32> = a.iter().map(|v| 1.0 - v).collect();
    assert!(ssim(&a, &b, 28, 28, 1.0).unwrap() < 0.0);
}

#[test]
fn input_that_is_no_rows_is_refused() {
    let good = scatter(10, 3, 16);
    type Measure = fn(&[f32], &[f32], usize) -> Result<f64, MetricsError>;
    let measures: [(Measure, usize); 4] = [
        (frechet_distance, 2),
        (kernel_distance, 2),
        (|a, b, d| precision_recall(a, b, d, 3).map(|p| p.recall), 4),
        (
            |a, b, d| nearest_distances(a, b, d).map(|n| n[0].distance),
            1,
        ),
    ];
    for (measure, least) in measures {
        assert!(measure(&good, &good, 3).is_ok());
        let cut = &good[..good.len() - 1];
        let few = &good[..3 * (least - 1)];
        let mut poisoned = good.clone();
        poisoned[7] = f32::NAN;
        for (a, b) in [
            (cut, &good[..]),
            (&good, cut),
            (few, &good),
            (&good, few),
            (&poisoned, &good),
            (&good, &poisoned),
        ] {
            assert!(measure(a, b, 3).is_err());
        }
        assert!(measure(&good, &good, 0).is_err());
        assert!(measure(&[], &[], 3).is_err());
    }
    let mut poisoned = good.clone();
    poisoned[7] = f32::INFINITY;
    assert_eq!(
        mean_pairwise_distance(&poisoned, 3)
            .unwrap_err()
            .to_string(),
        "row 2 of the set of rows has a value that is not a finite number"
    );
}

#[test]
fn parameters_out_of_range_are_refused() {
    let a = scatter(10, 3, 17);
    assert!(precision_recall(&a, &a, 3, 0).is_err());
    assert!(precision_recall(&a, &a, 3, 10).is_err());
    assert!(kernel_distance_over_subsets(&a, &a, 3, 1, 5, 0).is_err());
    assert!(kernel_distance_over_subsets(&a, &a, 3, 5, 1, 0).is_err());
    assert!(kernel_distance_over_subsets(&a, &a, 3, 5, 11, 0).is_err());
    assert!(class_entropy(&[]).is_err());
    assert!(class_entropy(&[3]).is_err());
    assert!(class_entropy(&[0, 0]).is_err());
    assert!(agreement(&[], &[]).is_err());
    assert!(agreement(&[1], &[1, 2]).is_err());
    let picture = [0.5f32; 784];
    for peak in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(psnr(&picture, &picture, peak).is_err());
    }
    assert!(psnr(&[], &[], 1.0).is_err());
    assert!(psnr(&picture, &picture[1..], 1.0).is_err());
    assert!(ssim(&picture, &picture, 28, 27, 1.0).is_err());
    assert!(ssim(&picture, &picture, 392, 2, 1.0).is_err());
    assert!(ssim(&[0.0; 100], &[0.0; 100], 10, 10, 1.0).is_err());
    assert!(ssim(&picture, &picture, usize::MAX, 28, 1.0).is_err());
    let mut poisoned = picture;
    poisoned[0] = f32::NAN;
    assert!(ssim(&picture, &poisoned, 28, 28, 1.0).is_err());
}

/// Rows of moderate size, in any number that all measures take.
fn some_rows() -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(-50f32..50.0, 5 * 3..25 * 3).prop_map(|mut values| {
        values.truncate(values.len() / 3 * 3);
        values
    })
}

proptest! {
    #[test]
    fn measures_are_symmetric_and_in_range(a in some_rows(), b in some_rows()) {
        let (ab, ba) = (frechet_distance(&a, &b, 3).unwrap(), frechet_distance(&b, &a, 3).unwrap());
        prop_assert!(ab >= 0.0);
        prop_assert!((ab - ba).abs() <= 1e-5 * ab.max(1.0), "{ab} {ba}");
        let (ab, ba) = (kernel_distance(&a, &b, 3).unwrap(), kernel_distance(&b, &a, 3).unwrap());
        prop_assert!((ab - ba).abs() <= 1e-9 * ab.abs().max(1.0) * 1e3, "{ab} {ba}");
        let one = precision_recall(&a, &b, 3, 3).unwrap();
        let other = precision_recall(&b, &a, 3, 3).unwrap();
        for fraction in [one.precision, one.recall, one.coverage] {
            prop_assert!((0.0..=1.0).contains(&fraction));
        }
        // Each is the other with the sets exchanged.
        let slack = 1.0 / (a.len().min(b.len()) / 3) as f64 + 1e-12;
        prop_assert!((one.precision - other.recall).abs() <= slack);
        prop_assert!((one.recall - other.precision).abs() <= slack);
    }

    #[test]
    fn no_row_is_nearer_than_the_nearest(train in some_rows(), made in some_rows()) {
        for (row, near) in made.chunks_exact(3).zip(nearest_distances(&train, &made, 3).unwrap()) {
            for other in train.chunks_exact(3) {
                let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
                let distance = other.iter().zip(row).map(square).sum::<f64>().sqrt();
                prop_assert!(distance >= near.distance);
            }
        }
    }
}

#[test]
fn the_copying_test_knows_a_copy_and_weighs_its_cells() {
    let far: Vec<f64> = (0..50).map(|i| 5.0 + f64::from(i)).collect();
    let near: Vec<f64> = (0..50).map(|i| f64::from(i) / 100.0).collect();
    // All made ones nearer than all test ones: U is 0, and its Z-score
    // -nm/2 / sqrt(nm(n + m + 1) / 12).
    let copied = copying_score(&far, &near).unwrap();
    close(copied, -1250.0 / (2500.0_f64 * 101.0 / 12.0).sqrt(), 1e-12);
    close(copying_score(&near, &far).unwrap(), -copied, 1e-12);
    close(copying_score(&far, &far).unwrap(), 0.0, 1e-12);
    let cell = |test: &[f64], made: &[f64]| Cell {
        test: test.to_vec(),
        made: made.to_vec(),
    };
    // A cell of half the weight, and one with too few to count.
    let cells = [
        cell(&far, &near),
        cell(&far, &far),
        cell(&far[..3], &near[..3]),
    ];
    close(copying_test(&cells, 20).unwrap(), copied / 2.0, 1e-12);
    assert!(matches!(
        copying_test(&cells, 60),
        Err(MetricsError::TooFew { rows: 50, .. })
    ));
    assert!(copying_score(&[1.0; 5], &[1.0; 5]).is_err());
    assert!(copying_score(&[1.0], &[1.0, 2.0]).is_err());
    assert!(copying_score(&[1.0, f64::NAN], &[1.0, 2.0]).is_err());
}

#[test]
fn a_rank_counts_what_is_better_and_not_what_ties() {
    let keys = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
    let queries = [2.0, 1.0, 0.0, 3.0];
    // The first query's own key ties with the third one.
    assert_eq!(
        retrieval_ranks(&queries, &keys, 2, &[2, 0]).unwrap(),
        [1, 2]
    );
    assert!(retrieval_ranks(&queries, &keys, 2, &[2]).is_err());
    assert!(retrieval_ranks(&queries, &keys, 2, &[2, 3]).is_err());
    assert!(retrieval_ranks(&queries, &[f32::NAN; 6], 2, &[2, 0]).is_err());
}
