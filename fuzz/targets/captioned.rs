//! Any bytes as a captioned set: whole and as its card says, or refused.
#![no_main]

use lampwork_datasets::Captioned;
use lampwork_protocol::DataSet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for data in DataSet::COLOUR {
        if let Ok(set) = Captioned::from_bytes(data, bytes) {
            assert_eq!(set.card.data, data);
            let again = set.to_bytes();
            assert_eq!(Captioned::from_bytes(data, &again), Ok(set));
        }
    }
});
