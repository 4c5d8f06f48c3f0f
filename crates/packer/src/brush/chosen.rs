//! Which characters are drawn.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Hand;

/// Hands of [`lampwork_datasets::glyphs::HANDS`] by what they write.
#[derive(Debug, Clone)]
pub struct Places {
    /// The plain hand.
    pub plain: usize,
    /// Those that write traditional characters.
    pub traditional: std::ops::Range<usize>,
    /// Those that write simplified ones.
    pub simplified: std::ops::Range<usize>,
}

/// The characters of a package's `unicode.json`, the most common part first.
///
/// `None` where it is no such file.
pub fn common(json: &[u8]) -> Option<Vec<char>> {
    let parts: Map<String, Value> = serde_json::from_slice(json).ok()?;
    let mut numbered: Vec<(u32, &str)> = parts
        .iter()
        .filter_map(|(name, ranges)| {
            let number = name.strip_prefix('[')?.strip_suffix(']')?;
            Some((number.parse().ok()?, ranges.as_str()?))
        })
        .collect();
    numbered.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let mut characters = Vec::new();
    let mut seen = HashSet::new();
    for (_, ranges) in numbered {
        for range in ranges.split(',') {
            let range = range.trim().strip_prefix("U+")?;
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let point = |text| u32::from_str_radix(text, 16).ok();
            for point in point(first)?..=point(last)? {
                let character = char::from_u32(point).filter(|c| is_han(*c));
                characters.extend(character.filter(|c| seen.insert(*c)));
            }
        }
    }
    Some(characters)
}

/// Whether it is a Chinese character of the first block, which is all that is common.
fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

/// The first `simplified` characters that all simplified hands have, and the first
/// `traditional` others that all traditional ones have; the plain hand has them all.
pub fn choose(
    order: &[char],
    hands: &[Hand],
    places: &Places,
    simplified: usize,
    traditional: usize,
) -> Vec<char> {
    let has = |hands: &[Hand], character| hands.iter().all(|hand| hand.has(character));
    let plain: Vec<char> = order
        .iter()
        .copied()
        .filter(|&character| hands[places.plain].has(character))
        .collect();
    let of = |range: &std::ops::Range<usize>, character| has(&hands[range.clone()], character);
    let first = plain
        .iter()
        .copied()
        .filter(|&character| of(&places.simplified, character))
        .take(simplified);
    let second = plain
        .iter()
        .copied()
        .filter(|&c| of(&places.traditional, c) && !of(&places.simplified, c))
        .take(traditional);
    first.chain(second).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_the_highest_number_comes_first_and_holds_characters_alone() {
        let json =
            r#"{"[4]": "U+4e01,U+3001", "[119]": "U+4e00,U+4e03-4e05,U+41", "latin": "U+41"}"#;
        let found = common(json.as_bytes()).unwrap();
        assert_eq!(found, ['一', '七', '丄', '丅', '丁']);
        assert_eq!(common(b"[]"), None);
    }
}
