//! A data set as one safetensors file.
//!
//! `train.pictures`, `validation.pictures` and `test.pictures` are `[n, 28, 28]`
//! bytes, `train.labels` and so on `[n]` bytes; the card stands in the metadata.

use std::collections::HashMap;

use lampwork_protocol::{DataSet, PICTURE_PIXELS, PICTURE_SIDE};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::card::{DataCard, broken, check_data, check_version, checksum, metadata, read_card};
use crate::split::Splits;
use crate::{Captioned, Concept, DataError, Drawings, Examples};

const SPLITS: [&str; 3] = ["train", "validation", "test"];

/// A data set, split, with its card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Which one.
    pub data: DataSet,
    /// What nets learn from.
    pub train: Examples,
    /// What decides when to stop.
    pub validation: Examples,
    /// What figures are measured on.
    pub test: Examples,
    /// What it is and where it comes from.
    pub card: DataCard,
    /// What the pictures of a captioned set show; empty for the others.
    pub concepts: Vec<Concept>,
}

impl Packed {
    /// Largest file that is read; all of Fashion-MNIST is 55 MB.
    pub const LIMIT: usize = 128 << 20;

    /// Joins splits with a card, whose counts and checksum are filled in.
    pub fn new(splits: Splits, card: DataCard) -> Self {
        let Splits {
            train,
            validation,
            test,
        } = splits;
        let parts = [&train, &validation, &test];
        let card = DataCard {
            counts: parts.map(|examples| examples.len() as u32),
            checksum: checksum(parts),
            ..card
        };
        Self {
            data: card.data,
            train,
            validation,
            test,
            card,
            concepts: Vec::new(),
        }
    }

    /// Reads a file of either form that nothing is known of, the one that `data`
    /// is packed in.
    ///
    /// # Errors
    /// As [`Packed::from_bytes`] and [`Captioned::from_bytes`]; and where the
    /// pictures of a captioned set are not as nets are shown them.
    pub fn read(data: DataSet, bytes: &[u8]) -> Result<Self, DataError> {
        if data.captioned() {
            Captioned::from_bytes(data, bytes)?.try_into()
        } else {
            Self::from_bytes(data, bytes)
        }
    }

    /// The file, of a set without captions.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors = Vec::with_capacity(6);
        for (split, examples) in SPLITS
            .iter()
            .zip([&self.train, &self.validation, &self.test])
        {
            let pictures = examples.pictures.len() / PICTURE_PIXELS;
            let shape = vec![pictures, PICTURE_SIDE, PICTURE_SIDE];
            tensors.push((format!("{split}.pictures"), shape, &examples.pictures));
            tensors.push((
                format!("{split}.labels"),
                vec![examples.len()],
                &examples.labels,
            ));
        }
        let views = tensors.into_iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::U8, shape, bytes).expect("a byte for every element");
            (name, view)
        });
        let card = serde_json::to_string(&self.card).expect("a card of strings and numbers");
        let metadata = HashMap::from([(DataCard::METADATA_KEY.to_owned(), card)]);
        safetensors::serialize(views, Some(metadata)).expect("tensors of bytes")
    }

    /// Reads a file that nothing is known of.
    ///
    /// # Errors
    /// The file is not a packed data set, is another one than `data`, or its
    /// contents are not the ones its card was written for.
    pub fn from_bytes(data: DataSet, bytes: &[u8]) -> Result<Self, DataError> {
        let card: DataCard = read_card(&metadata(bytes, Self::LIMIT)?)?;
        check_version(card.version, DataCard::VERSION)?;
        check_data(card.data, data)?;

        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        if file.len() != 2 * SPLITS.len() {
            return Err(DataError::Tensors(format!(
                "the file holds {} tensors, and a data set has 6",
                file.len()
            )));
        }
        let [train, validation, test] = SPLITS.map(|split| read_split(&file, split, data));
        let [train, validation, test] = [train?, validation?, test?];
        let parts = [&train, &validation, &test];
        if card.counts != parts.map(|examples| examples.len() as u32)
            || card.checksum != checksum(parts)
        {
            return Err(DataError::Checksum);
        }
        Ok(Self {
            data,
            train,
            validation,
            test,
            card,
            concepts: Vec::new(),
        })
    }
}

impl TryFrom<Captioned> for Packed {
    type Error = DataError;

    /// The styles become classes.
    fn try_from(set: Captioned) -> Result<Self, DataError> {
        let shape = set.data.shape();
        let styles = set.data.classes();
        if set.side != shape.side || set.styles.len() != styles {
            return Err(DataError::Tensors(format!(
                "pictures of {0} x {0} in {1} styles, and {2} x {2} in {styles} was looked for",
                set.side,
                set.styles.len(),
                shape.side,
            )));
        }
        let said = |what: fn(&crate::captioned::Origin) -> String| {
            let mut all: Vec<String> = set.card.sources.iter().map(what).collect();
            all.dedup();
            all.join("; ")
        };
        let card = DataCard {
            version: DataCard::VERSION,
            data: set.data,
            title: set.card.title.clone(),
            source: said(|origin| format!("{}: {}", origin.what, origin.package)),
            licence: set.card.licence.clone(),
            copyright: said(|origin| origin.copyright.clone()),
            classes: set.styles.clone(),
            counts: set.card.counts,
            checksum: set.card.checksum.clone(),
            how: set.card.how.clone(),
        };
        let examples = |drawings: Drawings| Examples {
            shape,
            pictures: drawings.pictures,
            labels: drawings.styles,
            concepts: drawings.concepts,
        };
        Ok(Self {
            data: set.data,
            train: examples(set.train),
            validation: examples(set.validation),
            test: examples(set.test),
            card,
            concepts: set.concepts,
        })
    }
}

fn read_split(file: &SafeTensors<'_>, split: &str, data: DataSet) -> Result<Examples, DataError> {
    let bytes = |name: String, inner: &[usize]| {
        let tensor = file
            .tensor(&name)
            .map_err(|_| DataError::Tensors(format!("the tensor {name} is missing")))?;
        let [count, rest @ ..] = tensor.shape() else {
            return Err(DataError::Tensors(format!("{name} is a single number")));
        };
        if tensor.dtype() != Dtype::U8 || rest != inner || *count == 0 {
            return Err(DataError::Tensors(format!(
                "{name} is {:?} {:?}, and bytes of shape [n{}] were looked for",
                tensor.dtype(),
                tensor.shape(),
                inner
                    .iter()
                    .map(|side| format!(", {side}"))
                    .collect::<String>()
            )));
        }
        Ok(tensor.data().to_vec())
    };
    let pictures = bytes(format!("{split}.pictures"), &[PICTURE_SIDE; 2])?;
    let labels = bytes(format!("{split}.labels"), &[])?;
    Examples::new(pictures, labels, data.classes())
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::Failure;
    use proptest::prelude::*;

    use super::*;
    use crate::sources;

    fn examples(count: usize, shade: u8) -> Examples {
        Examples::grey(
            vec![shade; count * PICTURE_PIXELS],
            (0..count).map(|index| (index % 10) as u8).collect(),
        )
    }

    fn packed() -> Packed {
        let splits = Splits {
            train: examples(3, 10),
            validation: examples(2, 20),
            test: examples(1, 30),
        };
        Packed::new(splits, sources::card(DataSet::Digits, "a test"))
    }

    fn refused(packed: &Packed) -> String {
        Packed::from_bytes(DataSet::Digits, &packed.to_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn reads_what_it_wrote() {
        let packed = packed();
        let bytes = packed.to_bytes();
        assert_eq!(bytes, packed.to_bytes(), "the same file every time");
        assert_eq!(packed.card.counts, [3, 2, 1]);
        assert_eq!(Packed::from_bytes(DataSet::Digits, &bytes), Ok(packed));
    }

    #[test]
    fn another_data_set_is_refused() {
        let error = Packed::from_bytes(DataSet::Fashion, &packed().to_bytes()).unwrap_err();
        assert_eq!(
            error,
            DataError::OtherData {
                wanted: "fashion",
                found: "digits"
            }
        );
        assert!(matches!(Failure::from(error), Failure::BadData { .. }));
    }

    #[test]
    fn changed_contents_are_told() {
        let mut pixel = packed();
        pixel.test.pictures[5] ^= 1;
        assert!(refused(&pixel).contains("checksum"));
        let mut label = packed();
        label.train.labels[0] = 9;
        assert!(refused(&label).contains("checksum"));
        let mut counts = packed();
        counts.card.counts[0] = 4;
        assert!(refused(&counts).contains("checksum"));
    }

    #[test]
    fn contents_that_fit_no_data_set_are_told() {
        let mut label = packed();
        label.test.labels[0] = 10;
        assert!(refused(&label).contains("label 10 of example 0"));
        let mut version = packed();
        version.card.version = 2;
        assert!(refused(&version).contains("version 2"));
        let mut fewer = packed();
        fewer.train.labels.pop();
        assert!(refused(&fewer).contains("3 pictures but 2 labels"));
        let mut empty = packed();
        empty.test = Examples::default();
        assert!(refused(&empty).contains("[0, 28, 28]"));
    }

    /// A file with these tensors, the card of [`packed`] and nothing else.
    fn file(tensors: &[(&str, Dtype, Vec<usize>)]) -> Vec<u8> {
        let zeros = vec![0; 1 << 14];
        let views = tensors.iter().map(|(name, dtype, shape)| {
            let size = shape.iter().product::<usize>() * dtype.bitsize() / 8;
            (
                *name,
                TensorView::new(*dtype, shape.clone(), &zeros[..size]).unwrap(),
            )
        });
        let card = serde_json::to_string(&packed().card).unwrap();
        let metadata = HashMap::from([(DataCard::METADATA_KEY.to_owned(), card)]);
        safetensors::serialize(views, Some(metadata)).unwrap()
    }

    #[test]
    fn tensors_of_another_name_or_type_are_told() {
        let right = [
            ("train.pictures", Dtype::U8, vec![1, 28, 28]),
            ("train.labels", Dtype::U8, vec![1]),
            ("validation.pictures", Dtype::U8, vec![1, 28, 28]),
            ("validation.labels", Dtype::U8, vec![1]),
            ("test.pictures", Dtype::U8, vec![1, 28, 28]),
            ("test.labels", Dtype::U8, vec![1]),
        ];
        let error = |tensors: &[(&str, Dtype, Vec<usize>)]| {
            Packed::from_bytes(DataSet::Digits, &file(tensors))
                .unwrap_err()
                .to_string()
        };
        assert!(error(&right).contains("checksum"), "all else is right");
        for (change, expected) in [
            (
                ("train.picture", Dtype::U8, vec![1, 28, 28]),
                "train.pictures is missing",
            ),
            (
                ("train.pictures", Dtype::F32, vec![1, 28, 28]),
                "F32 [1, 28, 28]",
            ),
            (
                ("train.pictures", Dtype::U8, vec![1, 14, 56]),
                "U8 [1, 14, 56]",
            ),
            (("train.pictures", Dtype::U8, vec![]), "single number"),
        ] {
            let mut tensors = right.clone();
            tensors[0] = change;
            let message = error(&tensors);
            assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        }
        assert!(error(&right[..5]).contains("5 tensors"));
    }

    #[test]
    fn a_file_without_a_card_is_told() {
        let bytes = safetensors::serialize(Vec::<(String, TensorView)>::new(), None).unwrap();
        let error = Packed::from_bytes(DataSet::Digits, &bytes).unwrap_err();
        assert!(error.to_string().contains("card cannot be read"), "{error}");
    }

    #[test]
    fn a_huge_file_is_refused_unread() {
        let error = Packed::from_bytes(DataSet::Digits, &vec![0; Packed::LIMIT + 1]).unwrap_err();
        assert!(matches!(Failure::from(error), Failure::TooLarge { .. }));
    }

    proptest! {
        #[test]
        fn every_cut_is_refused(part in 0.0_f64..1.0) {
            let bytes = packed().to_bytes();
            let cut = (bytes.len() as f64 * part) as usize;
            prop_assert!(Packed::from_bytes(DataSet::Digits, &bytes[..cut]).is_err());
        }

        /// A changed byte is refused, or (within white space or a text of the
        /// card) leaves every example as it was.
        #[test]
        fn a_changed_byte_changes_no_example(part in 0.0_f64..1.0, flip in 1_u8..) {
            let good = packed();
            let mut bytes = good.to_bytes();
            let at = (bytes.len() as f64 * part) as usize;
            bytes[at] ^= flip;
            if let Ok(read) = Packed::from_bytes(DataSet::Digits, &bytes) {
                prop_assert_eq!(read.train, good.train);
                prop_assert_eq!(read.validation, good.validation);
                prop_assert_eq!(read.test, good.test);
            }
        }

        #[test]
        fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            prop_assert!(Packed::from_bytes(DataSet::Digits, &bytes).is_err());
        }
    }
}
