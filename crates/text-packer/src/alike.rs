//! Texts that are nearly the same, by min-wise hashing (Broder 1997).
//!
//! A text is the set of its runs of three characters, marks left out. Two are alike
//! if half of what both hold together is in each of them. Sketches of 16 bands of
//! three hashes find 88 of 100 pairs at that border and all but all that are nearer;
//! each pair is then compared whole.

use std::collections::HashMap;

const BANDS: usize = 16;
const ROWS: usize = 3;
const RUN: usize = 3;

/// For each text, whether one before it is nearly the same: those are left out.
pub fn repeats(texts: &[&str]) -> Vec<bool> {
    let sets: Vec<Vec<u64>> = texts.iter().map(|text| runs(text)).collect();
    let mut repeats = vec![false; texts.len()];
    let sketches: Vec<[u64; BANDS]> = sets.iter().map(|set| sketch(set)).collect();
    for band in 0..BANDS {
        let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, sketch) in sketches.iter().enumerate() {
            if repeats[at] {
                continue;
            }
            let before = seen.entry(sketch[band]).or_default();
            if before
                .iter()
                .any(|&known| !repeats[known] && alike(&sets[known], &sets[at]))
            {
                repeats[at] = true;
            } else {
                before.push(at);
            }
        }
    }
    repeats
}

/// The hashes of the runs of a text, in order, each once.
fn runs(text: &str) -> Vec<u64> {
    let characters: Vec<char> = text
        .chars()
        .filter(|one| !"，。？！".contains(*one))
        .collect();
    let mut hashes: Vec<u64> = characters
        .windows(RUN)
        .map(|run| {
            run.iter()
                .fold(0, |hash, &one| mix(hash ^ u64::from(u32::from(one))))
        })
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn alike(a: &[u64], b: &[u64]) -> bool {
    let both = a
        .iter()
        .filter(|hash| b.binary_search(hash).is_ok())
        .count();
    2 * both >= a.len() + b.len() - both && both > 0
}

fn sketch(set: &[u64]) -> [u64; BANDS] {
    std::array::from_fn(|band| {
        (0..ROWS).fold(0, |hash, row| {
            let salt = mix((band * ROWS + row + 1) as u64);
            let least = set.iter().map(|&one| mix(one ^ salt)).min().unwrap_or(salt);
            mix(hash ^ least)
        })
    })
}

/// The finaliser of SplitMix64 (Steele 2014).
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_mark_or_a_changed_character_is_no_new_text() {
        let texts = [
            "牀前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。",
            "白日依山盡，黃河入海流。欲窮千里目，更上一層樓。",
            "牀前明月光。疑是地上霜。舉頭望明月。低頭思故鄉？",
            "牀前看月光，疑是地上霜。舉頭望明月，低頭思故鄉。",
            "春眠不覺曉，處處聞啼鳥。夜來風雨聲，花落知多少。",
        ];
        assert_eq!(repeats(&texts), [false, false, true, true, false]);
        assert_eq!(repeats(&["", "", "一"]), [false, false, false]);
    }
}
