//! What the page reads of a safetensors file before it hands it to the worker:
//! of weights the card, to know which net they are of; of a data set a few
//! pictures, to show what goes in. Everything else is the worker's to check.

use std::collections::BTreeMap;

use lampwork_protocol::{FlowConfig, ModelCard, ModelConfig, Shape, TransformerConfig};
use serde::Deserialize;

/// Largest weights file that is read at all; the worker takes no more either.
pub const LIMIT: u64 = 64 << 20;

/// Largest header that is parsed for a card.
const HEADER_LIMIT: usize = 1 << 20;

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__", default)]
    metadata: BTreeMap<String, String>,
    #[serde(flatten)]
    tensors: BTreeMap<String, Tensor>,
}

#[derive(Deserialize)]
struct Tensor {
    data_offsets: [usize; 2],
}

/// The header of a safetensors file and the bytes after it.
fn open(bytes: &[u8]) -> Option<(Header, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (header, data) = rest
        .split_at_checked(length)
        .filter(|_| length <= HEADER_LIMIT)?;
    Some((serde_json::from_slice(header).ok()?, data))
}

/// The card in a weights file's metadata, if it has one that can be read.
pub fn card(bytes: &[u8]) -> Option<ModelCard> {
    let (header, _) = open(bytes)?;
    serde_json::from_str(header.metadata.get(ModelCard::METADATA_KEY)?).ok()
}

/// The first training pictures of a packed data set, each with its class, or the
/// style that it is drawn in.
pub fn examples(bytes: &[u8], most: usize) -> Option<Vec<(Vec<u8>, u8)>> {
    let (header, data) = open(bytes)?;
    let part = |name: &str| {
        let [from, to] = header.tensors.get(name)?.data_offsets;
        data.get(from..to)
    };
    let pictures = part("train.pictures")?;
    let labels = part("train.labels").or_else(|| part("train.styles"))?;
    let values = pictures.len().checked_div(labels.len())?;
    let pictures = pictures.chunks_exact(Shape::of(values)?.values());
    Some(
        pictures
            .map(<[u8]>::to_vec)
            .zip(labels.iter().copied())
            .take(most)
            .collect(),
    )
}

/// Whether weights of one net fit the other: the same family and sizes, whatever
/// it was trained for.
pub fn same_net(a: &ModelConfig, b: &ModelConfig) -> bool {
    match (a, b) {
        (ModelConfig::Vae(a), ModelConfig::Vae(b)) => {
            (a.net, a.latent, a.classes, a.width) == (b.net, b.latent, b.classes, b.width)
        }
        (ModelConfig::Gan(a), ModelConfig::Gan(b)) => {
            (a.net, a.latent, a.classes, a.width) == (b.net, b.latent, b.classes, b.width)
        }
        (ModelConfig::Flow(a), ModelConfig::Flow(b)) => {
            let sizes = |flow: &FlowConfig| {
                (
                    flow.classes,
                    flow.width,
                    flow.blocks,
                    flow.words,
                    flow.colour,
                )
            };
            sizes(a) == sizes(b)
        }
        (ModelConfig::Transformer(a), ModelConfig::Transformer(b)) => {
            let sizes = |net: &TransformerConfig| {
                (net.vocabulary, net.layers, net.width, net.heads, net.hidden)
            };
            sizes(a) == sizes(b)
        }
        (ModelConfig::Lstm(a), ModelConfig::Lstm(b)) => {
            (a.vocabulary, a.layers, a.width) == (b.vocabulary, b.layers, b.width)
        }
        (ModelConfig::TextVae(a), ModelConfig::TextVae(b)) => {
            (a.vocabulary, a.width, a.latent) == (b.vocabulary, b.width, b.latent)
        }
        _ => false,
    }
}

/// A size in bytes as a reader wants it.
pub fn size(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{:.0}\u{a0}kB", bytes as f64 / 1e3)
    } else {
        format!("{:.1}\u{a0}MB", bytes as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::knobs::{Knob, Value};
    use crate::workbench::presets::{Family, preset};
    use lampwork_protocol::{DataSet, NetKind, PICTURE_PIXELS};

    fn a_card() -> ModelCard {
        ModelCard {
            version: ModelCard::VERSION,
            name: "gan-digits".to_owned(),
            recipe: preset(Family::Gan, NetKind::Conv, DataSet::Digits),
            licence: "MIT".to_owned(),
            data_source: String::new(),
            commit: String::new(),
            device: "cpu".to_owned(),
            steps: 3,
            seconds: 1.0,
            directions: Vec::new(),
            figures: Vec::new(),
        }
    }

    fn file(metadata: &serde_json::Value) -> Vec<u8> {
        let header = serde_json::json!({ "__metadata__": metadata }).to_string();
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes
    }

    #[test]
    fn a_card_is_found_in_the_metadata() {
        let json = serde_json::to_string(&a_card()).expect("a card is JSON");
        let bytes = file(&serde_json::json!({ "lampwork.card": json }));
        assert_eq!(card(&bytes), Some(a_card()));
    }

    #[test]
    fn no_prefix_of_a_file_and_no_nonsense_is_taken_for_a_card() {
        let json = serde_json::to_string(&a_card()).expect("a card is JSON");
        let bytes = file(&serde_json::json!({ "lampwork.card": json }));
        for end in 0..bytes.len() {
            assert_eq!(card(&bytes[..end]), None);
        }
        assert_eq!(card(&[0xff; 64]), None);
        assert_eq!(
            card(&file(&serde_json::json!({ "lampwork.card": "{}" }))),
            None
        );
        assert_eq!(
            card(&file(&serde_json::json!({ "lampwork.card": 7 }))),
            None
        );
    }

    #[test]
    fn examples_are_read_from_a_packed_set_and_from_nothing_else() {
        let header = serde_json::json!({
            "train.labels": { "dtype": "U8", "shape": [2], "data_offsets": [0, 2] },
            "train.pictures": {
                "dtype": "U8", "shape": [2, 28, 28],
                "data_offsets": [2, 2 + 2 * PICTURE_PIXELS]
            },
        })
        .to_string();
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend([7, 3]);
        bytes.extend([9; PICTURE_PIXELS]);
        bytes.extend([5; PICTURE_PIXELS]);
        let read = examples(&bytes, 10).expect("it is a packed set");
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].0[0], read[0].1), (9, 7));
        assert_eq!((read[1].0[783], read[1].1), (5, 3));
        for end in 0..bytes.len() {
            assert_eq!(examples(&bytes[..end], 10), None);
        }
    }

    #[test]
    fn examples_in_colour_have_their_styles() {
        let values = Shape::COLOUR.values();
        let header = serde_json::json!({
            "train.pictures": {
                "dtype": "U8", "shape": [2, 32, 32, 3], "data_offsets": [0, 2 * values]
            },
            "train.styles": {
                "dtype": "U8", "shape": [2], "data_offsets": [2 * values, 2 * values + 2]
            },
        })
        .to_string();
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend(vec![9; values]);
        bytes.extend(vec![5; values]);
        bytes.extend([1, 3]);
        let read = examples(&bytes, 10).expect("it is a packed set");
        assert_eq!(read, [(vec![9; values], 1), (vec![5; values], 3)]);
    }

    #[test]
    fn what_a_net_was_trained_for_does_not_matter_but_its_shape_does() {
        let base = preset(Family::Vae, NetKind::Mlp, DataSet::Fashion);
        for (knob, value, same) in [
            (Knob::Beta, Value::Real(4.0), true),
            (Knob::Dropout, Value::Real(0.5), true),
            (Knob::Width, Value::Whole(64), false),
            (Knob::Latent, Value::Whole(3), false),
            (Knob::Conditional, Value::Switch(true), false),
        ] {
            let mut other = base.clone();
            knob.write(&mut other, value);
            assert_eq!(same_net(&base.model, &other.model), same, "{knob:?}");
        }
        let gan = preset(Family::Gan, NetKind::Mlp, DataSet::Fashion);
        assert!(!same_net(&base.model, &gan.model));
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(812_345), "812\u{a0}kB");
        assert_eq!(size(2_500_000), "2.5\u{a0}MB");
    }
}
