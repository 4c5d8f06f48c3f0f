//! Any bytes as a weights file: finite tensors of the size they say, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((tensors, metadata)) = lampwork_weights::read(bytes) {
        for tensor in &tensors {
            assert_eq!(tensor.shape.iter().product::<usize>(), tensor.values.len());
        }
        let _ = lampwork_weights::card(&metadata);
    }
});
