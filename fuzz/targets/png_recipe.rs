//! Any file that a visitor may drop: a recipe within the limits and a picture of
//! 28 x 28, or whole, or a failure.
#![no_main]

use lampwork_pictures::{read_content, read_manner, read_picture, read_recipe, read_whole};
use lampwork_protocol::Manner;
use lampwork_protocol::link::{self, Content};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(recipe) = read_recipe(bytes) {
        assert_eq!(link::check(&recipe), Ok(()));
    }
    if let Some(manner) = read_manner(bytes) {
        assert!(manner.strength <= 100);
        assert_eq!(Manner::from_text(&manner.to_text()).map(|m| m.weights), Some(manner.weights));
    }
    match read_content(bytes) {
        Ok(Content::Grid(grid)) => assert_eq!(link::check_grid(&grid), Ok(())),
        Ok(Content::Motion(motion)) => assert_eq!(link::check_motion(&motion), Ok(())),
        Ok(Content::Picture(_)) | Err(_) => {}
    }
    if let Ok(picture) = read_picture(bytes) {
        assert_eq!(picture.len(), 28 * 28);
    }
    if let Ok(whole) = read_whole(bytes, 1024) {
        assert!(whole.width.max(whole.height) <= 1024 && whole.channels >= 3);
        let values = whole.width * whole.height * whole.channels;
        assert_eq!(whole.values.len(), values);
    }
});
