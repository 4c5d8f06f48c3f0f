//! Any file that a visitor may drop, taken for a GIF: what is inside keeps its limits,
//! or a failure.
#![no_main]

use lampwork_pictures::read_content;
use lampwork_protocol::link::{self, Content};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    // Past the signature, which the fuzzer would have to find.
    let mut gif = b"GIF89a".to_vec();
    gif.extend_from_slice(bytes);
    check(&gif);
});

fn check(file: &[u8]) {
    match read_content(file) {
        Ok(Content::Picture(recipe)) => assert_eq!(link::check(&recipe), Ok(())),
        Ok(Content::Grid(grid)) => assert_eq!(link::check_grid(&grid), Ok(())),
        Ok(Content::Motion(motion)) => assert_eq!(link::check_motion(&motion), Ok(())),
        Err(_) => {}
    }
}
