//! Any bytes as a picture file from outside: looked at, whatever they are.
#![no_main]

use lampwork_pictures::outside::look;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    look(bytes);
});
