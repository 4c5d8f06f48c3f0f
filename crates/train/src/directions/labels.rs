//! What is told of the pictures of a set, by their captions, their style, or their
//! colours.

use lampwork_datasets::{Examples, Packed};
use lampwork_protocol::DataSet;

/// A label that pictures have or have not.
#[derive(Debug, Clone, Copy)]
pub struct Label {
    /// What a direction by it is called: what there is more of.
    pub en: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// How it is told.
    pub by: By,
}

/// How a label is told.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// Words of a caption: of those that have one of `so` or of `not`, the pictures that
    /// have one of `so`. Where `not` is empty, all others are not.
    Words {
        /// In these it is so.
        so: &'static [&'static str],
        /// In these it is not.
        not: &'static [&'static str],
    },
    /// The style a picture is drawn in.
    Style(u8),
    /// A number that is computed of its colours.
    Colours(fn(&[f32]) -> f64),
}

const BRIGHT: Label = Label {
    en: "bright",
    zh: "明亮",
    by: By::Colours(brightness),
};
const COLOURFUL: Label = Label {
    en: "colourful",
    zh: "鲜艳",
    by: By::Colours(colourfulness),
};
const WARM: Label = Label {
    en: "warm colours",
    zh: "暖色",
    by: By::Colours(warmth),
};

const fn words(en: &'static str, zh: &'static str, so: &'static [&'static str]) -> Label {
    Label {
        en,
        zh,
        by: By::Words { so, not: &[] },
    }
}

const FACES: &[Label] = &[
    Label {
        en: "dark skin",
        zh: "深色皮肤",
        by: By::Words {
            so: &["dark skin", "brown skin"],
            not: &["light skin", "white skin"],
        },
    },
    words("glasses", "眼镜", &["glasses"]),
    words("beard", "胡子", &["beard", "moustache", "goatee"]),
    words("long hair", "长发", &["long "]),
    Label {
        en: "fair hair",
        zh: "浅色头发",
        by: By::Words {
            so: &["blond", "white hair", "grey hair", "light brown"],
            not: &["black", "dark brown"],
        },
    },
    Label {
        en: "smiling",
        zh: "微笑",
        by: By::Words {
            so: &["smil", "laugh", "grin"],
            not: &["sad", "serious", "angry", "afraid", "solemn", "tired"],
        },
    },
    BRIGHT,
    WARM,
];

const PIXEL: &[Label] = &[BRIGHT, COLOURFUL, WARM];

/// Styles of faces, and of tiles, by their numbers.
const FACE_STYLES: [(&str, &str); 5] = [
    ("ink drawing", "墨线画"),
    ("black and white", "黑白画"),
    ("coloured drawing", "彩色手绘"),
    ("pixel art", "像素画"),
    ("thumb", "拇指人"),
];
const TILE_STYLES: [(&str, &str); 5] = [
    ("monster", "怪物"),
    ("item", "物品"),
    ("dungeon", "地牢"),
    ("worn", "穿戴"),
    ("effect", "特效"),
];

/// What is told of the pictures of a set: the styles first.
pub fn of(data: DataSet) -> Vec<Label> {
    let (styles, others): (&[_], _) = match data {
        DataSet::Faces => (&FACE_STYLES, FACES),
        DataSet::Pixel => (&TILE_STYLES, PIXEL),
        _ => (&[], &[BRIGHT, COLOURFUL, WARM][..]),
    };
    let styles = styles.iter().enumerate().map(|(at, &(en, zh))| Label {
        en,
        zh,
        by: By::Style(at as u8),
    });
    styles.chain(others.iter().copied()).collect()
}

/// Of each example whether it has the label; `None` where nothing is told of it.
pub fn told(by: By, packed: &Packed, examples: &Examples) -> Vec<Option<bool>> {
    match by {
        By::Style(style) => {
            let labels = examples.labels.iter();
            labels.map(|&label| Some(label == style)).collect()
        }
        By::Words { so, not } => (examples.concepts.iter())
            .map(|&concept| {
                let caption = &packed.concepts[usize::from(concept)].en;
                let has = |words: &[&str]| words.iter().any(|word| caption.contains(word));
                match (has(so), not.is_empty() || has(not)) {
                    (true, _) => Some(true),
                    (false, true) => Some(false),
                    (false, false) => None,
                }
            })
            .collect(),
        By::Colours(_) => vec![None; examples.len()],
    }
}

/// Mean of the three colours.
fn brightness(picture: &[f32]) -> f64 {
    let sum: f32 = picture.iter().sum();
    f64::from(sum) / picture.len() as f64
}

/// Mean difference of the strongest and the weakest colour of a pixel.
fn colourfulness(picture: &[f32]) -> f64 {
    over_pixels(picture, |[r, g, b]| r.max(g).max(b) - r.min(g).min(b))
}

/// Mean of red without blue.
fn warmth(picture: &[f32]) -> f64 {
    over_pixels(picture, |[r, _, b]| r - b)
}

fn over_pixels(picture: &[f32], of: impl Fn([f32; 3]) -> f32) -> f64 {
    let (pixels, _) = picture.as_chunks::<3>();
    let sum: f64 = pixels.iter().map(|&pixel| f64::from(of(pixel))).sum();
    sum / pixels.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use lampwork_protocol::StyleConfig;

    #[test]
    fn colours_are_measured_as_they_are_called() {
        let red = [1.0, 0.0, 0.0].repeat(4);
        let grey = [0.5; 12];
        let blue = [0.2, 0.2, 0.6].repeat(4);
        assert!((brightness(&grey) - 0.5).abs() < 1e-6);
        assert!((colourfulness(&red) - 1.0).abs() < 1e-6);
        assert!(colourfulness(&grey).abs() < 1e-6);
        assert!(warmth(&red) > warmth(&grey) && warmth(&grey) > warmth(&blue));
    }

    #[test]
    fn names_are_there_in_both_languages_and_told_once() {
        for data in DataSet::COLOUR {
            let labels = of(data);
            assert!(labels.len() < StyleConfig::MAX_DIRECTIONS);
            for label in &labels {
                assert!(!label.en.is_empty() && !label.zh.is_ascii(), "{}", label.en);
                assert_eq!(labels.iter().filter(|l| l.en == label.en).count(), 1);
                assert_eq!(labels.iter().filter(|l| l.zh == label.zh).count(), 1);
            }
        }
    }
}
