//! Photographs, and the pictures that styles are learned from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lampwork_protocol::Shape;
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::card::{check_version, checksum};
use crate::safetensors_file::{Tensor, serialize};
use crate::{DataCard, DataError, Examples, Packed};

/// Key of the card in the file's metadata.
const CARD: &str = DataCard::METADATA_KEY;
/// Key of what is said of the styles.
const STYLES: &str = "lampwork.styles";

/// What a net that restyles is taught by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photos {
    /// Its card, that of the photographs.
    pub card: DataCard,
    /// Photographs to learn from, and those that are not learned from; all squares of
    /// one side.
    pub train: Examples,
    /// Photographs that are not learned from.
    pub validation: Examples,
    /// Pictures to learn styles from.
    pub styles: Vec<StylePicture>,
}

/// A picture that a style is learned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StylePicture {
    /// What is said of it.
    pub about: StyleAbout,
    /// `[height, width, 3]`.
    pub values: Vec<u8>,
}

/// What is said of a picture that a style is learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StyleAbout {
    /// Name of the style.
    pub name: String,
    /// The picture, its maker and year.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Its licence.
    pub licence: String,
    /// Pixels down and across.
    pub size: [usize; 2],
}

impl Photos {
    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let abouts: Vec<&StyleAbout> = self.styles.iter().map(|style| &style.about).collect();
        let metadata = BTreeMap::from([
            (CARD, self.card.to_json()),
            (
                STYLES,
                serde_json::to_string(&abouts).expect("strings and numbers"),
            ),
        ]);
        let examples = |name: &str, examples: &Examples| Tensor {
            name: name.to_owned(),
            dtype: "U8",
            shape: vec![examples.len(), examples.shape.side, examples.shape.side, 3],
            bytes: Cow::Owned(examples.pictures.clone()),
        };
        let mut tensors = vec![
            examples("train", &self.train),
            examples("validation", &self.validation),
        ];
        tensors.extend(self.styles.iter().map(|style| Tensor {
            name: format!("style.{}", style.about.name),
            dtype: "U8",
            shape: vec![style.about.size[0], style.about.size[1], 3],
            bytes: Cow::Borrowed(&style.values),
        }));
        serialize(metadata, &tensors)
    }

    /// Reads a file and checks that it is whole.
    ///
    /// # Errors
    /// [`DataError::Tensors`] where it is of another form, [`DataError::Checksum`] where it
    /// has changed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DataError> {
        let form = |what: &str| DataError::Tensors(format!("the photographs' {what}"));
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|_| form("header"))?;
        let file = SafeTensors::deserialize(bytes).map_err(|_| form("header"))?;
        let said = metadata.metadata().as_ref();
        let said = |key: &str| {
            said.and_then(|map| map.get(key))
                .ok_or_else(|| form("card"))
        };
        let card: DataCard = serde_json::from_str(said(CARD)?).map_err(|_| form("card"))?;
        check_version(card.version, DataCard::VERSION)?;
        let abouts: Vec<StyleAbout> =
            serde_json::from_str(said(STYLES)?).map_err(|_| form("styles"))?;
        let examples = |name: &str| {
            let tensor = file.tensor(name).map_err(|_| form(name))?;
            match *tensor.shape() {
                [count, side, across, 3] if tensor.dtype() == Dtype::U8 && side == across => {
                    Ok(Examples {
                        shape: Shape { side, channels: 3 },
                        pictures: tensor.data().to_vec(),
                        labels: vec![0; count],
                        concepts: vec![],
                    })
                }
                _ => Err(form(name)),
            }
        };
        let styles = abouts.into_iter().map(|about| {
            let name = format!("style.{}", about.name);
            let tensor = file.tensor(&name).map_err(|_| form(&name))?;
            let [height, width] = about.size;
            if tensor.dtype() != Dtype::U8 || tensor.shape() != [height, width, 3] {
                return Err(form(&name));
            }
            Ok(StylePicture {
                values: tensor.data().to_vec(),
                about,
            })
        });
        let photos = Self {
            train: examples("train")?,
            validation: examples("validation")?,
            styles: styles.collect::<Result<_, _>>()?,
            card,
        };
        if photos.train.shape != photos.validation.shape {
            return Err(form("sides"));
        }
        if photos.card.checksum != photos.checksum() {
            return Err(DataError::Checksum);
        }
        Ok(photos)
    }

    /// That of the photographs and of the pictures of styles.
    pub fn checksum(&self) -> String {
        let styles = Examples {
            shape: self.train.shape,
            pictures: self
                .styles
                .iter()
                .flat_map(|style| style.values.iter().copied())
                .collect(),
            labels: vec![],
            concepts: vec![],
        };
        checksum([&self.train, &self.validation, &styles])
    }

    /// The photographs as a data set.
    pub fn into_packed(self) -> Packed {
        Packed {
            data: self.card.data,
            test: Examples {
                shape: self.train.shape,
                ..Examples::default()
            },
            train: self.train,
            validation: self.validation,
            card: self.card,
            concepts: vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::DataSet;

    use super::*;

    fn small() -> Photos {
        let examples = |count: usize, value: u8| Examples {
            shape: Shape {
                side: 2,
                channels: 3,
            },
            pictures: vec![value; count * 12],
            labels: vec![0; count],
            concepts: vec![],
        };
        let mut photos = Photos {
            card: DataCard {
                version: DataCard::VERSION,
                data: DataSet::Photos,
                title: "photographs".to_owned(),
                source: "a package".to_owned(),
                licence: "CC0-1.0".to_owned(),
                copyright: "nobody".to_owned(),
                classes: vec![],
                counts: [3, 1, 0],
                checksum: String::new(),
                how: "cut".to_owned(),
            },
            train: examples(3, 5),
            validation: examples(1, 7),
            styles: vec![StylePicture {
                about: StyleAbout {
                    name: "dots".to_owned(),
                    title: "Dots".to_owned(),
                    source: "drawn here".to_owned(),
                    licence: "CC0-1.0".to_owned(),
                    size: [1, 3],
                },
                values: (0..9).collect(),
            }],
        };
        photos.card.checksum = photos.checksum();
        photos
    }

    #[test]
    fn what_is_written_is_read() {
        let photos = small();
        assert_eq!(Photos::from_bytes(&photos.to_bytes()).unwrap(), photos);
        let packed = photos.into_packed();
        assert_eq!((packed.train.len(), packed.test.len()), (3, 0));
    }

    #[test]
    fn what_has_changed_is_refused() {
        let bytes = small().to_bytes();
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(Photos::from_bytes(&changed).is_err());
        assert!(Photos::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        assert!(Photos::from_bytes(b"no file").is_err());
    }
}
