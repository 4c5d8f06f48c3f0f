//! Any bytes as a weights file, or an adapter's: finite tensors of the size they say, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((tensors, metadata)) = lampwork_weights::read(bytes) {
        for tensor in &tensors {
            assert_eq!(tensor.shape.iter().product::<usize>(), tensor.values.len());
        }
        let _ = lampwork_weights::card(&metadata);
    }
    if let Ok((card, factors)) = lampwork_weights::read_adapter(bytes) {
        // What is read can be written, but for numbers that half precision lacks.
        if let Ok(again) = lampwork_weights::write_adapter(&card, &factors) {
            assert!(lampwork_weights::read_adapter(&again).is_ok());
        }
    }
});
