//! How a photograph is shown: in which styles, how strongly, in whose colours.

use std::fmt::Write;

/// How a photograph is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Manner {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`crate::Recipe::weights`].
    pub weights: [u8; 8],
    /// Names of styles and their weights, in hundredths; those of zero are left out.
    pub styles: Vec<(String, u8)>,
    /// How much of it is shown over the photograph, in hundredths.
    pub strength: u8,
    /// Whether the photograph's own colours stay (Gatys 2016, "Preserving color in neural
    /// artistic style transfer", arXiv 1606.05897): then the style changes light and
    /// dark alone.
    pub own_colours: bool,
}

/// Longest text that is read.
const LONGEST: usize = 4_000;

/// Most styles in one.
const MOST_STYLES: usize = 64;

impl Manner {
    /// It as a line of text; the photograph is no part of it.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} ", self.model);
        for byte in self.weights {
            write!(text, "{byte:02x}").expect("writing to a string");
        }
        let colours = if self.own_colours { "own" } else { "style" };
        write!(
            text,
            " {} {} {colours}",
            styles_to_text(&self.styles),
            self.strength
        )
        .expect("writing to a string");
        text
    }

    /// Reads such a line; `None` for any other text.
    pub fn from_text(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut parts = text.split(' ');
        let model = parts.next().filter(|name| is_name(name))?.to_owned();
        let hash = parts.next()?;
        if hash.len() != 16 || !hash.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let mut weights = [0; 8];
        for (at, byte) in weights.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hash[2 * at..2 * at + 2], 16).ok()?;
        }
        let styles = styles_from_text(parts.next()?)?;
        let strength = hundredths(parts.next()?)?;
        let own_colours = match parts.next()? {
            "own" => true,
            "style" => false,
            _ => return None,
        };
        parts.next().is_none().then_some(Self {
            model,
            weights,
            styles,
            strength,
            own_colours,
        })
    }
}

/// Styles as `wave-70_mosaic-30`.
pub fn styles_to_text(styles: &[(String, u8)]) -> String {
    let parts = styles.iter().filter(|(_, weight)| *weight > 0);
    let parts: Vec<String> = parts
        .map(|(name, weight)| format!("{name}-{weight}"))
        .collect();
    parts.join("_")
}

/// Reads that; `None` for any other text.
pub fn styles_from_text(text: &str) -> Option<Vec<(String, u8)>> {
    let styles: Option<Vec<_>> = text
        .split('_')
        .map(|part| {
            let (name, weight) = part.rsplit_once('-')?;
            Some((is_name(name).then(|| name.to_owned())?, hundredths(weight)?))
        })
        .collect();
    styles.filter(|styles| styles.len() <= MOST_STYLES)
}

/// Weights of a model's styles that sum to one, in the order of `names`: those that are
/// named, over their sum; the first alone where none is.
pub fn blend(names: &[String], styles: &[(String, u8)]) -> Vec<f32> {
    let weight = |name: &String| {
        let found = styles.iter().find(|(known, _)| known == name);
        found.map_or(0.0, |(_, weight)| f32::from(*weight))
    };
    let mut weights: Vec<f32> = names.iter().map(weight).collect();
    let sum: f32 = weights.iter().sum();
    if sum > 0.0 {
        weights.iter_mut().for_each(|weight| *weight /= sum);
    } else if let Some(first) = weights.first_mut() {
        *first = 1.0;
    }
    weights
}

/// Letters, digits and hyphens.
fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&text.len()) && text.chars().all(fits)
}

/// 0 to 100.
fn hundredths(text: &str) -> Option<u8> {
    if text.is_empty() || text.len() > 3 || !text.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|value| *value <= 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn manner() -> Manner {
        Manner {
            model: "restyle".to_owned(),
            weights: [0, 17, 34, 51, 68, 85, 102, 255],
            styles: vec![("wave".to_owned(), 70), ("mosaic".to_owned(), 30)],
            strength: 85,
            own_colours: true,
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let text = manner().to_text();
        assert_eq!(text, "restyle 00112233445566ff wave-70_mosaic-30 85 own");
        assert_eq!(Manner::from_text(&text), Some(manner()));
    }

    #[test]
    fn other_lines_are_none() {
        for text in [
            "",
            "restyle",
            "restyle 0011 wave-70 85 own",
            "restyle 00112233445566ff wave-101 85 own",
            "restyle 00112233445566ff wave-70 101 own",
            "restyle 00112233445566ff wave-70 85 mine",
            "restyle 00112233445566ff wave-70 85 own more",
            "restyle 00112233445566ff wave 85 own",
            "re style 00112233445566ff wave-70 85 own",
        ] {
            assert_eq!(Manner::from_text(text), None, "{text}");
        }
        assert_eq!(Manner::from_text(&"a".repeat(5_000)), None);
    }

    #[test]
    fn weights_of_a_blend_sum_to_one() {
        let names = ["wave", "village", "mosaic"].map(str::to_owned);
        assert_eq!(blend(&names, &manner().styles), [0.7, 0.0, 0.3]);
        assert_eq!(blend(&names, &[]), [1.0, 0.0, 0.0]);
        assert_eq!(blend(&names, &[("none".to_owned(), 9)]), [1.0, 0.0, 0.0]);
        assert_eq!(blend(&names, &[("mosaic".to_owned(), 9)]), [0.0, 0.0, 1.0]);
        assert!(blend(&[], &manner().styles).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at(text: String) {
            if let Some(manner) = Manner::from_text(&text) {
                prop_assert_eq!(Manner::from_text(&manner.to_text()).map(|m| m.strength), Some(manner.strength));
            }
        }
    }
}
