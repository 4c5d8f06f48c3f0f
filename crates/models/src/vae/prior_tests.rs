use burn::tensor::{Device, Tensor};

use super::{LEAST, cholesky, solve};

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

#[test]
fn a_covariance_that_rounding_left_singular_still_has_a_factor() {
    let device = Device::flex();
    // The second direction is the first; the last has no variance at all.
    let singular = Tensor::<3>::from_floats(
        [[[4.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]],
        &device,
    );
    let factors = cholesky(singular);
    let least = LEAST.sqrt();
    let known = [2.0, 0.0, 0.0, 1.0, least, 0.0, 0.0, 0.0, least];
    for (made, known) in read(factors.clone()).iter().zip(known) {
        assert!((made - known).abs() < 1e-6, "{made} is not {known}");
    }
    let column = Tensor::<3>::from_floats([[[2.0], [3.0], [1.0]]], &device);
    let (solved, log_det) = solve(factors, column);
    assert!(read(solved).iter().all(|x| x.is_finite()));
    let known = (2.0 * LEAST).ln();
    assert!((read(log_det)[0] - known).abs() < 1e-5);
}
