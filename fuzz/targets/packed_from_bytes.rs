//! Any bytes as a packed data set: whole and as its card says, or refused.
#![no_main]

use lampwork_datasets::Packed;
use lampwork_protocol::DataSet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for data in DataSet::ALL {
        if let Ok(packed) = Packed::from_bytes(data, bytes) {
            assert_eq!(packed.card.data, data);
            let again = packed.to_bytes();
            assert_eq!(Packed::from_bytes(data, &again), Ok(packed));
        }
    }
});
