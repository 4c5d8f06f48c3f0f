//! Any text as a link: read within the limits, or refused.
//!
//! Every input is also taken for the bytes of a link, and gets the checksum that
//! belongs to them, so that the fuzzer comes past it.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lampwork_protocol::{Still, link};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(text);
    }
    let mut sealed = bytes.to_vec();
    sealed.extend(crc32fast::hash(bytes).to_le_bytes());
    check(&URL_SAFE_NO_PAD.encode(sealed));
});

fn check(text: &str) {
    if let Ok(recipe) = link::decode(text) {
        assert_eq!(link::check(&recipe), Ok(()));
        assert_eq!(link::encode(&recipe), text);
    }
    if let Ok(sheet) = link::decode_sheet(text) {
        assert_eq!(link::check_sheet(&sheet), Ok(()));
        assert_eq!(link::encode_sheet(&sheet), text);
    }
    if let Ok(grid) = link::decode_grid(text) {
        assert_eq!(link::check_grid(&grid), Ok(()));
        assert_eq!(link::encode_grid(&grid), text);
    }
    if let Ok(scroll) = link::decode_scroll(text) {
        assert_eq!(link::check_scroll(&scroll), Ok(()));
        assert_eq!(link::encode_scroll(&scroll), text);
    }
    if let Ok(motion) = link::decode_motion(text) {
        assert_eq!(link::check_motion(&motion), Ok(()));
        assert_eq!(link::encode_motion(&motion), text);
        for still in motion.reel().stills {
            if let Still::Point(latent) = still {
                assert_eq!(link::check(&motion.recipe(latent)), Ok(()));
            }
        }
    }
    // Whatever it is said to be is one of them.
    let one_of_them = link::decode(text).is_ok()
        || link::decode_grid(text).is_ok()
        || link::decode_motion(text).is_ok();
    assert_eq!(link::decode_any(text).is_ok(), one_of_them);
}
