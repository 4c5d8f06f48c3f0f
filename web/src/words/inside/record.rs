//! A text as the model went through it: its tokens, how expected each was, what each
//! looks at, and what all of it cost.

use std::sync::Arc;

use lampwork_protocol::words::Seen;

use super::shape::{Choice, Shape, Sums};
use crate::words::filter::Filtering;

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It tells the model of the text, and is no part of it.
    Told,
    /// A part of the text.
    Text,
    /// A character that the model has never seen.
    Unknown,
    /// The model says that the text is over.
    End,
}

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Its text; empty for one that stands for none.
    pub text: String,
    /// What it stands for.
    pub kind: Kind,
    /// How expected it was; `None` for what was told.
    pub seen: Option<Arc<Seen>>,
}

impl Token {
    /// What it cost to foretell, in bits: the logarithm of its odds.
    pub fn bits(&self) -> Option<f32> {
        self.seen.as_ref().map(|seen| bits(seen.odds))
    }

    /// Takes a text that may be shown in place of its own.
    fn show(&mut self, text: String) {
        if self.text != text {
            self.text = text;
        }
    }

    /// Whether it is a part of a character and nothing else.
    pub fn is_broken(&self) -> bool {
        self.kind == Kind::Text
            && self
                .text
                .chars()
                .all(|one| one == char::REPLACEMENT_CHARACTER)
    }
}

/// Bits that a token of these odds costs.
pub fn bits(odds: f32) -> f32 {
    // Odds too small for a number of single precision are not none.
    -odds.max(f32::MIN_POSITIVE).log2()
}

/// A token was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadOne {
    /// Its number.
    pub at: usize,
    /// Its text.
    pub text: String,
    /// How expected it was.
    pub seen: Option<Seen>,
    /// Numbers that the model keeps.
    pub kept: u64,
    /// `[layers, heads, at + 1]`; empty where there is no attention.
    pub attention: Vec<f32>,
}

/// A text as the model went through it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The net.
    pub shape: Shape,
    /// What was told, then the text.
    pub tokens: Vec<Token>,
    /// For each token that was read: `[layers, heads, at + 1]`.
    attention: Vec<Vec<f32>>,
    /// Numbers that the model keeps.
    pub kept: u64,
    /// What the text cost, once the model has said so.
    through: Option<Sums>,
    /// The characters of a text of verse, one a token: what stands where the model has
    /// no token.
    characters: Vec<char>,
}

impl Record {
    /// Of nothing yet.
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            ..Self::default()
        }
    }

    /// The text that is about to be read, of a model that has a token a character.
    pub fn set_characters(&mut self, text: &str) {
        self.characters = text.split_whitespace().flat_map(str::chars).collect();
    }

    /// How many tokens tell of the text.
    pub fn told(&self) -> usize {
        let told = |token: &&Token| token.kind == Kind::Told;
        self.tokens.iter().take_while(told).count()
    }

    /// Takes in a token that was read. What stood in its place was written by the same
    /// model, and is now known by what its bytes say alone.
    pub fn read(&mut self, one: ReadOne) {
        let kind = match (&one.seen, one.text.is_empty()) {
            (None, _) => Kind::Told,
            (Some(_), true) => Kind::Unknown,
            (Some(_), false) => Kind::Text,
        };
        let mut text = one.text;
        if kind == Kind::Unknown {
            let place = one.at.checked_sub(self.told());
            let character = place.and_then(|place| self.characters.get(place));
            text = character.map_or_else(|| '\u{25A1}'.to_string(), char::to_string);
        }
        let token = Token {
            text,
            kind,
            seen: one.seen.map(Arc::new),
        };
        match self.tokens.get_mut(one.at) {
            // An end that was written is not read, and stays behind what is.
            Some(before) if before.kind != Kind::End => *before = token,
            _ => self.tokens.insert(one.at.min(self.tokens.len()), token),
        }
        self.attention.truncate(one.at);
        if !one.attention.is_empty() {
            self.attention.push(one.attention);
        }
        self.kept = one.kept;
    }

    /// Takes in a token that was written.
    pub fn wrote(&mut self, text: String, seen: Option<Seen>, kept: u64, over: bool) {
        self.kept = kept;
        let kind = if over { Kind::End } else { Kind::Text };
        let seen = seen.map(Arc::new);
        self.tokens.push(Token { text, kind, seen });
    }

    /// Takes in what the text cost.
    pub fn read_through(&mut self, sums: Sums) {
        self.through = Some(sums);
        let end = self.tokens.iter().position(|token| token.kind == Kind::End);
        let read = self.told() + sums.tokens as usize;
        let last = end.map(|at| self.tokens.remove(at));
        // Written in more tokens than the same text is read in.
        self.tokens.truncate(read);
        self.tokens.extend(last);
    }

    /// Masks the words of the filter's list, in what came and in what might have; a word
    /// is often whole only with the token behind it, so all of it is gone through.
    pub fn veil(&mut self, filter: Filtering) {
        let texts: Vec<&str> = self.tokens.iter().map(|token| &*token.text).collect();
        let Some(shown) = filter.parts(&texts) else {
            return;
        };
        for (token, text) in self.tokens.iter_mut().zip(shown) {
            token.show(text);
            let Some(seen) = &mut token.seen else {
                continue;
            };
            for place in 0..seen.best.len() {
                let one = &seen.best[place].text;
                let shown = filter.parts(&[one]).and_then(|mut one| one.pop());
                if let Some(shown) = shown.filter(|shown| shown != one) {
                    Arc::make_mut(seen).best[place].text = shown;
                }
            }
        }
    }

    /// The text goes on: what it cost so far is not all.
    pub fn goes_on(&mut self) {
        self.through = None;
    }

    /// What the text cost: as the model said, or as far as it is known.
    pub fn sums(&self) -> Sums {
        if let Some(sums) = self.through {
            return sums;
        }
        let mut sums = Sums::default();
        for token in self.tokens.iter().filter(|token| token.kind != Kind::End) {
            let Some(seen) = &token.seen else {
                continue;
            };
            sums.tokens += 1;
            sums.characters += token.text.chars().count() as u32;
            sums.nats -= f64::from(seen.odds.max(f32::MIN_POSITIVE).ln());
        }
        sums
    }

    /// Tokens whose attention is known.
    pub fn attended(&self) -> usize {
        self.attention.len()
    }

    /// What a token looks at: how much of it goes to each token up to itself. `None`
    /// where that is not known.
    pub fn looks_at(&self, at: usize, choice: Choice) -> Option<Vec<f32>> {
        let odds = self.attention.get(at)?;
        let (layers, heads, width) = (self.shape.layers, self.shape.heads, at + 1);
        if odds.len() != layers * heads * width {
            return None;
        }
        match choice {
            Choice::Head(layer, head) => {
                let start = (layer * heads + head) * width;
                odds.get(start..start + width).map(<[f32]>::to_vec)
            }
            Choice::Mean => {
                let mut mean = vec![0.0; width];
                for head in odds.chunks_exact(width) {
                    for (sum, odds) in mean.iter_mut().zip(head) {
                        *sum += odds / (layers * heads) as f32;
                    }
                }
                Some(mean)
            }
        }
    }

    /// The least expected token of the second half of the text, which has much to look
    /// back at.
    pub fn least_expected(&self) -> Option<usize> {
        let cost = |token: &Token| match token.kind {
            Kind::Text => token.bits().unwrap_or(0.0),
            _ => 0.0,
        };
        let tokens = self.tokens.iter().enumerate().skip(self.tokens.len() / 2);
        let found = tokens.max_by(|a, b| cost(a.1).total_cmp(&cost(b.1)))?;
        (cost(found.1) > 0.0).then_some(found.0)
    }

    /// Characters that the model has never seen.
    pub fn unknown(&self) -> usize {
        let unknown = |token: &&Token| token.kind == Kind::Unknown;
        self.tokens.iter().filter(unknown).count()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A net of two layers of two heads.
    pub const SHAPE: Shape = Shape {
        layers: 2,
        heads: 2,
        width: 8,
        context: 16,
    };

    fn seen(odds: f32) -> Option<Seen> {
        Some(Seen {
            odds,
            entropy: 1.0,
            best: vec![],
        })
    }

    /// A token whose heads look at: the first, itself, the one before, everything.
    pub fn read(at: usize, text: &str, odds: Option<f32>) -> ReadOne {
        let width = at + 1;
        let one = |to: usize| (0..width).map(move |other| f32::from(u8::from(other == to)));
        let attention = one(0)
            .chain(one(at))
            .chain(one(at.saturating_sub(1)))
            .chain((0..width).map(|_| 1.0 / width as f32));
        ReadOne {
            at,
            text: text.to_owned(),
            seen: odds.and_then(seen),
            kept: (SHAPE.cached() * width) as u64,
            attention: attention.collect(),
        }
    }

    #[test]
    fn what_was_written_is_read_again_in_its_place() {
        let mut record = Record::new(SHAPE);
        record.read(read(0, "", None));
        record.wrote(String::new(), seen(0.5), 32, false);
        record.wrote("\nAy".to_owned(), seen(0.25), 64, false);
        record.wrote(" extra".to_owned(), seen(0.5), 96, false);
        record.wrote(String::new(), seen(0.125), 128, true);
        assert_eq!((record.tokens.len(), record.attended()), (5, 1));
        assert_eq!(record.sums().tokens, 3);

        record.read(read(0, "", None));
        record.read(read(1, "\n", Some(0.5)));
        record.read(read(2, "Ay", Some(0.25)));
        assert_eq!(record.attended(), 3);
        let sums = Sums {
            tokens: 2,
            characters: 3,
            nats: 8_f64.ln(),
            cut: false,
        };
        record.read_through(sums);
        let texts: Vec<_> = record.tokens.iter().map(|token| &*token.text).collect();
        assert_eq!(texts, ["", "\n", "Ay", ""]);
        assert_eq!(record.tokens[3].kind, Kind::End);
        assert_eq!(record.told(), 1);
        assert_eq!(record.sums().bits_a_character(), Some(1.0));
        assert!((record.sums().perplexity().unwrap() - 8_f64.sqrt()).abs() < 1e-9);
        assert_eq!(Sums::default().bits_a_character(), None);
        assert_eq!(Sums::default().perplexity(), None);
    }

    #[test]
    fn a_character_without_a_token_is_shown_as_it_was_typed() {
        let mut record = Record::new(SHAPE);
        record.set_characters("月\n🌙。");
        record.read(read(0, "", None));
        record.read(read(1, "", None));
        record.read(read(2, "月", Some(0.5)));
        record.read(read(3, "", Some(0.001)));
        record.read(read(4, "。", Some(0.5)));
        let kinds: Vec<_> = record.tokens[2..].iter().map(|token| token.kind).collect();
        assert_eq!(kinds, [Kind::Text, Kind::Unknown, Kind::Text]);
        assert_eq!(record.tokens[3].text, "🌙");
        assert_eq!(record.unknown(), 1);
        assert_eq!(
            record.least_expected(),
            Some(4),
            "not the one that is unknown"
        );
    }

    #[test]
    fn heads_are_told_apart_and_averaged() {
        let mut record = Record::new(SHAPE);
        for at in 0..8 {
            record.read(read(at, "x", Some(0.5)));
        }
        let head = |layer, head| record.looks_at(5, Choice::Head(layer, head)).unwrap();
        assert_eq!(head(0, 0), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(head(0, 1), [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(head(1, 0), [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let mean = record.looks_at(5, Choice::Mean).unwrap();
        assert!((mean.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((mean[0] - (1.0 + 1.0 / 6.0) / 4.0).abs() < 1e-6);
        assert_eq!(record.looks_at(8, Choice::Mean), None);
    }

    #[test]
    fn bits_are_counted_by_halves() {
        assert_eq!(bits(0.25), 2.0);
        assert!(bits(0.0).is_finite());
    }
}
