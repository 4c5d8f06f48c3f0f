//! Words by how they begin, and by what they mean.

use crate::fold::{is_chinese, push_plain};
use crate::table::Table;

impl Table {
    /// Words that begin so, most frequent first, at most `count`.
    ///
    /// The prefix may be written in capitals, with accents or in traditional
    /// characters. Words that only hold a phrase together are passed over, and
    /// an empty prefix suggests nothing.
    pub fn suggest(&self, prefix: &str, count: usize) -> Vec<&str> {
        let prefix = self.spelt(prefix);
        if prefix.is_empty() {
            return Vec::new();
        }
        let sorted = self.sorted();
        let first = sorted.partition_point(|&row| self.word(row) < &*prefix);
        let mut rows: Vec<u32> = sorted[first..]
            .iter()
            .copied()
            .take_while(|&row| self.word(row).starts_with(&*prefix))
            .filter(|&row| self.scale(row) > 0.0)
            .collect();
        rows.sort_unstable();
        rows.truncate(count);
        rows.into_iter().map(|row| self.word(row)).collect()
    }

    /// The beginning of a word as the table spells it.
    fn spelt(&self, prefix: &str) -> String {
        let mut spelt = String::new();
        // More than any word holds is the prefix of none.
        for c in prefix.trim_start().chars().take(Self::MAX_WORD + 1) {
            match c {
                '\'' | '’' => spelt.push('\''),
                ' ' | '-' => spelt.push(' '),
                _ if is_chinese(c) => spelt.push(self.folds().get(&c).copied().unwrap_or(c)),
                _ => push_plain(c, &mut spelt),
            }
        }
        spelt
    }

    /// The words whose vectors point most nearly the same way, nearest first,
    /// at most `count`, each with the cosine of the angle.
    ///
    /// Words that only hold a phrase together are passed over. Nothing is near
    /// a vector of another length than [`Table::dimensions`], of zeros, or of
    /// numbers that are not finite.
    pub fn nearest(&self, vector: &[f32], count: usize) -> Vec<(&str, f32)> {
        let length = dot(vector, vector).sqrt();
        if vector.len() != self.dimensions() || !length.is_normal() {
            return Vec::new();
        }
        let mut all: Vec<(u32, f32)> = (0..self.len() as u32)
            .filter(|&row| self.scale(row) > 0.0)
            .filter_map(|row| {
                let values = self.row(row);
                let squares: i32 = values.iter().map(|&v| i32::from(v).pow(2)).sum();
                let product = values
                    .iter()
                    .zip(vector)
                    .fold(0f32, |all, (&a, b)| all + f32::from(a) * b);
                (squares > 0).then(|| (row, product / ((squares as f32).sqrt() * length)))
            })
            .collect();
        all.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(count);
        all.into_iter()
            .map(|(row, cosine)| (self.word(row), cosine))
            .collect()
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).fold(0f32, |all, (a, b)| all + a * b)
}
