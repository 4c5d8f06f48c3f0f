//! Causal attention, text by text and head by head.
//!
//! Places are done a block at a time, each block with those before its end: what
//! would be masked is for the most part never computed. Nothing but the input is kept
//! for the gradient, as in FlashAttention (Dao 2022).

use super::places::Places;
use super::product::{Matrix, product};
use super::wide::{exponentials, largest, sum, wide};

/// Places whose looks are computed at once.
const BLOCK: usize = 64;

/// Room for one head of the longest text.
struct Room {
    queries: Vec<f32>,
    keys: Vec<f32>,
    odds: Vec<f32>,
    /// For the gradients alone.
    slopes: Vec<f32>,
    to_queries: Vec<f32>,
    to_keys: Vec<f32>,
    to_values: Vec<f32>,
}

impl Room {
    fn new(places: &Places, head: usize, gradients: bool) -> Self {
        let texts = places.texts().iter();
        let longest = texts.map(|(begin, end)| end - begin).max().unwrap_or(0);
        let vectors = || vec![0.0; longest * head];
        let if_gradients = |size: usize| vec![0.0; if gradients { size } else { 0 }];
        let block = longest * BLOCK.min(longest);
        Self {
            queries: vectors(),
            keys: vectors(),
            odds: vec![0.0; block],
            slopes: if_gradients(block),
            to_queries: if_gradients(longest * head),
            to_keys: if_gradients(longest * head),
            to_values: if_gradients(longest * head),
        }
    }
}

/// One head of one text within a batch of queries, keys and values.
struct Head {
    /// First number of its first query.
    at: usize,
    /// Numbers from one place to the next: three times the width.
    wide: usize,
    size: usize,
    begin: usize,
    length: usize,
}

impl Head {
    fn scale(&self) -> f32 {
        1.0 / (self.size as f32).sqrt()
    }

    /// Copies queries, scaled, and keys, both turned.
    #[inline(always)]
    fn turn(&self, input: &[f32], places: &Places, room: &mut Room) {
        let (half, scale) = (self.size / 2, self.scale());
        for place in 0..self.length {
            let turns = &places.turn(self.begin + place)[..half];
            let from = self.at + place * self.wide;
            let to = place * self.size;
            let keys = from + self.wide / 3;
            for (vectors, from, scale) in [
                (&mut room.queries, from, scale),
                (&mut room.keys, keys, 1.0),
            ] {
                let (a, b) = input[from..from + self.size].split_at(half);
                let (to_a, to_b) = vectors[to..to + self.size].split_at_mut(half);
                for pair in 0..half {
                    let (cos, sin) = turns[pair];
                    to_a[pair] = (a[pair] * cos - b[pair] * sin) * scale;
                    to_b[pair] = (b[pair] * cos + a[pair] * sin) * scale;
                }
            }
        }
    }

    /// Writes the gradients of queries and keys, turned back, and of values.
    #[inline(always)]
    fn turn_back(&self, to: &mut [f32], places: &Places, room: &Room) {
        let (half, scale) = (self.size / 2, self.scale());
        for place in 0..self.length {
            let turns = &places.turn(self.begin + place)[..half];
            let at = self.at + place * self.wide;
            let from = place * self.size;
            let keys = at + self.wide / 3;
            for (gradient, to_at, scale) in
                [(&room.to_queries, at, scale), (&room.to_keys, keys, 1.0)]
            {
                let (a, b) = gradient[from..from + self.size].split_at(half);
                let (to_a, to_b) = to[to_at..to_at + self.size].split_at_mut(half);
                for pair in 0..half {
                    let (cos, sin) = turns[pair];
                    to_a[pair] = (a[pair] * cos + b[pair] * sin) * scale;
                    to_b[pair] = (b[pair] * cos - a[pair] * sin) * scale;
                }
            }
            let values = at + 2 * self.wide / 3;
            to[values..values + self.size].copy_from_slice(&room.to_values[from..from + self.size]);
        }
    }

    /// How much the places `from..until` look at those before `until`:
    /// `[until - from, until]`.
    fn odds(&self, from: usize, until: usize, room: &mut Room) {
        product(
            &mut room.odds,
            until,
            [until - from, self.size, until],
            Matrix::rows(&room.queries[from * self.size..], self.size),
            Matrix::rows(&room.keys, self.size).turned(),
            false,
        );
        wide(|| {
            let rows = room.odds.chunks_exact_mut(until).take(until - from);
            for (row, last) in rows.zip(from..) {
                let (seen, unseen) = row.split_at_mut(last + 1);
                let most = largest(seen);
                let total = 1.0 / exponentials(seen, most);
                for odds in seen {
                    *odds *= total;
                }
                unseen.fill(0.0);
            }
        });
    }

    fn blocks(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let length = self.length;
        (0..length)
            .step_by(BLOCK)
            .map(move |from| (from, length.min(from + BLOCK)))
    }
}

/// Every head of every text.
fn heads(places: &Places, count: usize, wide: usize) -> impl Iterator<Item = Head> {
    let size = wide / 3 / count;
    places.texts().iter().flat_map(move |&(begin, end)| {
        (0..count).map(move |head| Head {
            at: begin * wide + head * size,
            wide,
            size,
            begin,
            length: end - begin,
        })
    })
}

/// [`super::attention`].
pub(super) fn attention(input: &[f32], width: usize, count: usize, places: &Places) -> Vec<f32> {
    let mut made = vec![0.0; input.len() / 3];
    let mut room = Room::new(places, width / count, false);
    for head in heads(places, count, 3 * width) {
        wide(|| head.turn(input, places, &mut room));
        let values = head.at + 2 * width;
        let first = head.at - 2 * head.begin * width;
        for (from, until) in head.blocks() {
            head.odds(from, until, &mut room);
            product(
                &mut made[first + from * width..],
                width,
                [until - from, until, head.size],
                Matrix::rows(&room.odds, until),
                Matrix::rows(&input[values..], head.wide),
                false,
            );
        }
    }
    made
}

/// The gradient that its input gets.
pub(super) fn attention_back(
    input: &[f32],
    width: usize,
    count: usize,
    places: &Places,
    gradient: &[f32],
) -> Vec<f32> {
    let mut made = vec![0.0; input.len()];
    let mut room = Room::new(places, width / count, true);
    for head in heads(places, count, 3 * width) {
        wide(|| head.turn(input, places, &mut room));
        let size = head.size;
        let values = Matrix::rows(&input[head.at + 2 * width..], head.wide);
        let gradient = &gradient[head.at - 2 * head.begin * width..];
        room.to_keys[..head.length * size].fill(0.0);
        room.to_values[..head.length * size].fill(0.0);
        for (from, until) in head.blocks() {
            let rows = until - from;
            head.odds(from, until, &mut room);
            let gradient = Matrix::rows(&gradient[from * width..], width);
            let odds = Matrix::rows(&room.odds, until).turned();
            product(
                &mut room.to_values,
                size,
                [until, rows, size],
                odds,
                gradient,
                true,
            );
            let shape = [rows, size, until];
            product(
                &mut room.slopes,
                until,
                shape,
                gradient,
                values.turned(),
                false,
            );
            wide(|| {
                let odds = room.odds.chunks_exact(until).take(rows);
                for (odds, slopes) in odds.zip(room.slopes.chunks_exact_mut(until)) {
                    let mean = sum(until, |at| odds[at] * slopes[at]);
                    for (slope, &odds) in slopes.iter_mut().zip(odds) {
                        *slope = odds * (*slope - mean);
                    }
                }
            });
            let slopes = Matrix::rows(&room.slopes, until);
            product(
                &mut room.to_queries[from * size..],
                size,
                [rows, until, size],
                slopes,
                Matrix::rows(&room.keys, size),
                false,
            );
            product(
                &mut room.to_keys,
                size,
                [until, rows, size],
                slopes.turned(),
                Matrix::rows(&room.queries[from * size..], size),
                true,
            );
        }
        wide(|| head.turn_back(&mut made, places, &room));
    }
    made
}
