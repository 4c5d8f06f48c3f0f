//! Which split a concept stands in.
//!
//! A hash of the concept's key decides, so a later version of a package, with
//! more in it, moves nothing from one split to another. Concepts that look
//! alike go together: a net that has learnt one flag of two that are the same
//! has seen the other.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::Collection;

/// Training, validation and test, as the index into arrays of three.
pub type Split = usize;

/// Parts of a hundred in the training and validation split; the rest is tested.
const PARTS: [u64; 2] = [85, 5];

/// How alike pictures must be for their concepts to stay together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// Every byte the same.
    Same,
    /// The mean difference of their bytes is at most this many hundredths, as
    /// they are or one of them mirrored.
    Within(u32),
}

/// The split of every concept, in order.
pub fn splits(salt: &str, set: &Collection, alike: Alike) -> Vec<Split> {
    let mut groups = Groups::new(set.concepts.len());
    let mut keys: HashMap<&str, usize> = HashMap::new();
    for (concept, key) in set.keys.iter().enumerate() {
        groups.join(concept, *keys.entry(key).or_insert(concept));
    }
    let mut seen: HashMap<&[u8], usize> = HashMap::new();
    for drawing in &set.drawings {
        let first = *seen.entry(&drawing.pictures[0]).or_insert(drawing.concept);
        groups.join(drawing.concept, first);
    }
    if let Alike::Within(hundredths) = alike {
        join_near(set, hundredths, &mut groups);
    }

    // A group goes where the least of its keys goes.
    let mut names: HashMap<usize, &str> = HashMap::new();
    for (concept, key) in set.keys.iter().enumerate() {
        let name = names.entry(groups.root(concept)).or_insert(key);
        *name = (*name).min(key);
    }
    (0..set.concepts.len())
        .map(|concept| split(salt, names[&groups.root(concept)]))
        .collect()
}

/// The split that a key goes to.
pub fn split(salt: &str, key: &str) -> Split {
    let part = rank(&format!("{salt} split"), key) % 100;
    if part < PARTS[0] {
        0
    } else if part < PARTS[0] + PARTS[1] {
        1
    } else {
        2
    }
}

/// A number that puts names into an order that means nothing, the same always.
pub fn rank(salt: &str, name: &str) -> u64 {
    let digest = Sha256::digest(format!("lampwork {salt}: {name}"));
    u64::from_le_bytes(digest[..8].try_into().expect("32 bytes"))
}

/// Joins the concepts of pictures that are nearly the same.
fn join_near(set: &Collection, hundredths: u32, groups: &mut Groups) {
    let side = set.sides[0];
    let pictures: Vec<&[u8]> = set.drawings.iter().map(|d| &*d.pictures[0]).collect();
    let mirrored: Vec<Vec<u8>> = pictures.iter().map(|p| mirror(p, side)).collect();
    let means = |picture: &[u8]| coarse(picture, side);
    let coarse_plain: Vec<_> = pictures.iter().map(|p| means(p)).collect();
    let coarse_mirrored: Vec<_> = mirrored.iter().map(|p| means(p)).collect();
    let limit = hundredths * (side * side * 3) as u32 / 100;
    for later in 0..pictures.len() {
        for earlier in 0..later {
            let [a, b] = [later, earlier].map(|index| set.drawings[index].concept);
            if groups.root(a) == groups.root(b) {
                continue;
            }
            // Sums over squares differ by no more than the pixels in them, and
            // are far quicker to compare.
            let near = |other: &[u8], sums: &[i32]| {
                let least: u32 = coarse_plain[later]
                    .iter()
                    .zip(sums)
                    .map(|(a, b)| a.abs_diff(*b))
                    .sum();
                least <= limit && within(pictures[later], other, limit)
            };
            if near(pictures[earlier], &coarse_plain[earlier])
                || near(&mirrored[earlier], &coarse_mirrored[earlier])
            {
                groups.join(a, b);
            }
        }
    }
}

/// Whether the differences of all bytes sum to at most `limit`.
fn within(a: &[u8], b: &[u8], limit: u32) -> bool {
    let mut sum = 0;
    for (a, b) in a.chunks(96).zip(b.chunks(96)) {
        sum += a
            .iter()
            .zip(b)
            .map(|(a, b)| u32::from(a.abs_diff(*b)))
            .sum::<u32>();
        if sum > limit {
            return false;
        }
    }
    true
}

/// Sums over a 4 x 4 grid of squares, for each colour.
fn coarse(picture: &[u8], side: usize) -> [i32; 48] {
    let mut sums = [0; 48];
    for (at, &value) in picture.iter().enumerate() {
        let (pixel, channel) = (at / 3, at % 3);
        let (x, y) = (pixel % side, pixel / side);
        sums[(y * 4 / side * 4 + x * 4 / side) * 3 + channel] += i32::from(value);
    }
    sums
}

fn mirror(picture: &[u8], side: usize) -> Vec<u8> {
    picture
        .chunks_exact(side * 3)
        .flat_map(|row| row.chunks_exact(3).rev().flatten().copied())
        .collect()
}

/// Sets that can be joined (Tarjan 1975).
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut item: usize) -> usize {
        while self.0[item] != item {
            self.0[item] = self.0[self.0[item]];
            item = self.0[item];
        }
        item
    }

    fn join(&mut self, a: usize, b: usize) {
        let [a, b] = [self.root(a), self.root(b)];
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use lampwork_datasets::Concept;

    use super::*;
    use crate::Drawing;

    fn set(pictures: Vec<Vec<u8>>) -> Collection {
        let count = pictures.len();
        Collection {
            concepts: vec![Concept::default(); count],
            keys: (0..count).map(|number| format!("thing {number}")).collect(),
            styles: vec!["plain".to_owned()],
            sides: vec![4],
            drawings: pictures
                .into_iter()
                .enumerate()
                .map(|(concept, picture)| Drawing {
                    concept,
                    style: 0,
                    pictures: vec![picture],
                })
                .collect(),
            left_out: Vec::new(),
        }
    }

    /// A picture of 4 x 4 that no other number gives.
    fn picture(number: usize) -> Vec<u8> {
        (0..48)
            .map(|at| (rank("test", &format!("{number} {at}")) % 256) as u8)
            .collect()
    }

    #[test]
    fn about_85_in_100_are_for_training_and_10_for_the_test() {
        let mut counts = [0; 3];
        for number in 0..10_000 {
            counts[split("test", &format!("{number}"))] += 1;
        }
        // Five standard deviations of a binomial count.
        for (count, wanted, spread) in [
            (counts[0], 8_500_i32, 180),
            (counts[1], 500, 110),
            (counts[2], 1_000, 150),
        ] {
            assert!((count - wanted).abs() < spread, "{counts:?}");
        }
    }

    #[test]
    fn what_looks_the_same_is_never_apart() {
        let plain: Vec<Vec<u8>> = (0..200).map(picture).collect();
        let alone = splits("test", &set(plain.clone()), Alike::Same);
        assert!((0..3).all(|split| alone.contains(&split)));
        let mut twins = plain.clone();
        twins.extend(plain.clone());
        let together = splits("test", &set(twins), Alike::Same);
        assert_eq!(together[..200], together[200..]);

        // Close to it, and the mirror image of that.
        let mut near = plain.clone();
        near.extend(plain.iter().map(|p| {
            let shifted: Vec<u8> = p.iter().map(|&value| value ^ 1).collect();
            mirror(&shifted, 4)
        }));
        assert_ne!(
            splits("test", &set(near.clone()), Alike::Same)[..200],
            splits("test", &set(near.clone()), Alike::Same)[200..]
        );
        let together = splits("test", &set(near.clone()), Alike::Within(100));
        assert_eq!(together[..200], together[200..]);
        let apart = splits("test", &set(near), Alike::Within(99));
        assert_ne!(apart[..200], apart[200..]);
    }

    #[test]
    fn variants_share_a_split_and_more_of_the_rest_moves_nothing() {
        let mut variants = set((0..300).map(picture).collect());
        for (number, key) in variants.keys.iter_mut().enumerate() {
            *key = format!("thing {}", number % 100);
        }
        let all = splits("test", &variants, Alike::Same);
        assert_eq!(all[..100], all[100..200]);
        assert_eq!(all[..100], all[200..]);
        let fewer = set((0..100).map(picture).collect());
        assert_eq!(splits("test", &fewer, Alike::Same), all[..100]);
    }
}
