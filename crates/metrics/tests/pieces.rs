//! What is measured a piece at a time is what is measured at once.

use lampwork_metrics::{
    KernelDistance, Manifold, Overlap, Spread, kernel_distance_over_subsets, precision_recall,
    spread,
};

/// Numbers in 0..1 without a pattern.
fn rows(count: usize, dims: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    (0..count * dims)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 24) as f32
        })
        .collect()
}

#[test]
fn precision_and_recall_do_not_depend_on_the_pieces() {
    let (real, fake) = (rows(70, 6, 1), rows(50, 6, 2));
    let whole = precision_recall(&real, &fake, 6, 3).unwrap();
    // Less than a row's work, a few rows', and all.
    for work in [1, 2000, 1 << 30] {
        let mut manifold = Manifold::new(&real, 6, 3).unwrap();
        let mut pieces = 1;
        while !manifold.advance(work) {
            pieces += 1;
        }
        let mut overlap = Overlap::new(&manifold, &fake).unwrap();
        while !overlap.advance(&manifold, work) {
            pieces += 1;
        }
        assert_eq!(overlap.value(), whole);
        assert_eq!(pieces > 100, work == 1, "{pieces}");
    }
}

#[test]
fn spread_does_not_depend_on_the_pieces() {
    let pictures = rows(40, 9, 3);
    let classes: Vec<u8> = (0..40).map(|at| at % 3).collect();
    let whole = spread(&pictures, &classes).unwrap();
    let mut pieces = Spread::new(&pictures, &classes).unwrap();
    while !pieces.advance(300) {}
    assert!((pieces.value() - whole).abs() < 1e-12);
    assert_eq!(Spread::new(&[], &[]).unwrap().value(), 0.0);
    assert!(Spread::new(&[], &[]).unwrap().advance(1));
}

#[test]
fn one_picture_a_class_has_no_spread() {
    let flat = |shades: &[f32]| -> Vec<f32> {
        let pictures = shades.iter().flat_map(|&shade| [shade; 784]);
        pictures.collect()
    };
    let pictures = flat(&[0.0, 0.0, 1.0, 1.0]);
    assert_eq!(spread(&pictures, &[0, 0, 1, 1]).unwrap(), 0.0);
    // Without classes the same pictures are 28 apart in four pairs of six.
    let all = spread(&pictures, &[0; 4]).unwrap();
    assert!((all - 28.0 * 4.0 / 6.0).abs() < 1e-4, "{all}");
    // Classes without a pair do not count.
    assert_eq!(spread(&flat(&[0.0, 0.5, 1.0]), &[3, 3, 7]).unwrap(), 14.0);
    assert_eq!(spread(&[], &[]).unwrap(), 0.0);
}

#[test]
fn subsets_are_the_same_one_by_one() {
    let (a, b) = (rows(30, 5, 4), rows(40, 5, 5));
    let whole = kernel_distance_over_subsets(&a, &b, 5, 7, 10, 9).unwrap();
    let mut pieces = KernelDistance::new(&a, &b, 5, 7, 10, 9).unwrap();
    let mut count = 1;
    while !pieces.advance() {
        count += 1;
    }
    assert_eq!((count, pieces.value()), (7, whole));
}
