//! The IDX format of MNIST and Fashion-MNIST.
//!
//! Two zero bytes, a byte for the type of the values, a byte for the number of
//! dimensions, each dimension as a big-endian 32-bit number, then the values.
//! Only unsigned bytes are read: both data sets hold nothing else.

use lampwork_protocol::{PICTURE_PIXELS, PICTURE_SIDE};

use crate::{DataError, Examples};

const UNSIGNED_BYTE: u8 = 0x08;

/// Largest file that is read: Fashion-MNIST's training pictures are 47 MB.
const LIMIT: usize = 128 << 20;

/// Dimensions and values of an IDX file of unsigned bytes.
///
/// # Errors
/// The header is not that of such a file, or there are more or fewer values
/// than it says.
pub fn read(bytes: &[u8]) -> Result<(Vec<usize>, &[u8]), DataError> {
    let fault = |reason: &str| DataError::Idx(reason.to_owned());
    if bytes.len() > LIMIT {
        return Err(DataError::TooLarge {
            bytes: bytes.len() as u64,
            limit: LIMIT as u64,
        });
    }
    let Some((&[0, 0, kind, rank], mut rest)) = bytes.split_first_chunk::<4>() else {
        return Err(fault("it does not begin with two zero bytes and a type"));
    };
    if kind != UNSIGNED_BYTE {
        return Err(fault("its values are not unsigned bytes"));
    }
    let mut shape = Vec::with_capacity(usize::from(rank));
    for _ in 0..rank {
        let Some((dimension, after)) = rest.split_first_chunk::<4>() else {
            return Err(fault("it ends within its dimensions"));
        };
        shape.push(u32::from_be_bytes(*dimension) as usize);
        rest = after;
    }
    let count = shape.iter().try_fold(1_usize, |product, &dimension| {
        product.checked_mul(dimension)
    });
    if count != Some(rest.len()) {
        return Err(fault(&format!(
            "{} values follow dimensions {shape:?}",
            rest.len()
        )));
    }
    Ok((shape, rest))
}

/// Pictures and labels of a pair of IDX files.
///
/// # Errors
/// A file is not IDX, the pictures are not 28 x 28, or the two do not fit.
pub fn examples(pictures: &[u8], labels: &[u8], classes: usize) -> Result<Examples, DataError> {
    let (shape, pixels) = read(pictures)?;
    if shape.len() != 3 || shape[1..] != [PICTURE_SIDE, PICTURE_SIDE] {
        return Err(DataError::Idx(format!(
            "its dimensions are {shape:?}, and pictures of 28 x 28 were looked for"
        )));
    }
    let (shape, classes_of) = read(labels)?;
    if shape.len() != 1 {
        return Err(DataError::Idx(format!(
            "its dimensions are {shape:?}, and a list of labels was looked for"
        )));
    }
    debug_assert_eq!(pixels.len() % PICTURE_PIXELS, 0);
    Examples::new(pixels.to_vec(), classes_of.to_vec(), classes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(shape: &[u32], values: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, UNSIGNED_BYTE, shape.len() as u8];
        for dimension in shape {
            bytes.extend_from_slice(&dimension.to_be_bytes());
        }
        bytes.extend_from_slice(values);
        bytes
    }

    #[test]
    fn reads_what_the_header_says() {
        let bytes = file(&[2, 3], &[1, 2, 3, 4, 5, 6]);
        assert_eq!(read(&bytes), Ok((vec![2, 3], &[1, 2, 3, 4, 5, 6][..])));
    }

    #[test]
    fn joins_pictures_and_labels() {
        let pictures = file(&[2, 28, 28], &[7; 2 * PICTURE_PIXELS]);
        let examples = examples(&pictures, &file(&[2], &[3, 9]), 10).unwrap();
        assert_eq!(examples.len(), 2);
        assert_eq!(examples.labels, [3, 9]);
        assert_eq!(examples.picture(1), [7; PICTURE_PIXELS]);
    }

    #[test]
    fn says_what_is_wrong() {
        let pictures = file(&[1, 28, 28], &[0; PICTURE_PIXELS]);
        let cases: [(Vec<u8>, Vec<u8>, &str); 7] = [
            (vec![], file(&[1], &[0]), "two zero bytes"),
            (vec![0, 0, 0x0d, 1], file(&[1], &[0]), "not unsigned bytes"),
            (
                vec![0, 0, 8, 3, 0],
                file(&[1], &[0]),
                "within its dimensions",
            ),
            (
                file(&[1, 28, 28], &[0; 9]),
                file(&[1], &[0]),
                "9 values follow",
            ),
            (file(&[1, 4, 4], &[0; 16]), file(&[1], &[0]), "28 x 28"),
            (
                pictures.clone(),
                file(&[2], &[0, 1]),
                "1 pictures but 2 labels",
            ),
            (pictures, file(&[1], &[10]), "label 10 of example 0"),
        ];
        for (pictures, labels, expected) in cases {
            let message = examples(&pictures, &labels, 10).unwrap_err().to_string();
            assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        }
    }

    #[test]
    fn dimensions_whose_product_overflows_are_refused() {
        assert!(read(&file(&[u32::MAX; 3], &[1, 2, 3])).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok((shape, values)) = read(&bytes) {
                prop_assert_eq!(shape.iter().product::<usize>(), values.len());
            }
        }

        #[test]
        fn every_cut_is_refused(cut in 0_usize..22) {
            let bytes = file(&[2, 3], &[1, 2, 3, 4, 5, 6]);
            prop_assume!(cut < bytes.len());
            prop_assert!(read(&bytes[..cut]).is_err());
        }
    }
}
