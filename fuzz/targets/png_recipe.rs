//! Any file that a visitor may drop: a recipe within the limits and a picture of
//! 28 x 28, or a failure.
#![no_main]

use lampwork_pictures::{read_content, read_picture, read_recipe};
use lampwork_protocol::link::{self, Content};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(recipe) = read_recipe(bytes) {
        assert_eq!(link::check(&recipe), Ok(()));
    }
    match read_content(bytes) {
        Ok(Content::Grid(grid)) => assert_eq!(link::check_grid(&grid), Ok(())),
        Ok(Content::Motion(motion)) => assert_eq!(link::check_motion(&motion), Ok(())),
        Ok(Content::Picture(_)) | Err(_) => {}
    }
    if let Ok(picture) = read_picture(bytes) {
        assert_eq!(picture.len(), 28 * 28);
    }
});
