//! Any bytes as an IDX file and as a file of digits.
#![no_main]

use lampwork_datasets::{digits, idx};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((shape, values)) = idx::read(bytes) {
        assert_eq!(shape.iter().product::<usize>(), values.len());
    }
    if let Ok(pictures) = digits::read(bytes) {
        assert_eq!(pictures.len() % 784, 0);
    }
});
