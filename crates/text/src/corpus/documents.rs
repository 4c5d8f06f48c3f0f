//! The documents of one split.

use std::ops::Range;

/// Documents, one behind the other, each with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    /// All tokens.
    pub(super) tokens: Vec<u16>,
    /// `[n + 1]`: where each document begins, and where the last one ends.
    pub(super) starts: Vec<u32>,
    /// `[n]`: for poems the number of the form, otherwise 0.
    pub(super) forms: Vec<u8>,
    /// `[n]`: for poems one more than the number of the mood, or 0.
    pub(super) moods: Vec<u8>,
    /// `[n]`: for poems a bit for each theme.
    pub(super) themes: Vec<u16>,
    /// `author TAB title` of each, with a line feed behind each.
    pub(super) names: String,
    /// Where each name begins.
    pub(super) name_starts: Vec<u32>,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            starts: vec![0],
            forms: Vec::new(),
            moods: Vec::new(),
            themes: Vec::new(),
            names: String::new(),
            name_starts: Vec::new(),
        }
    }
}

/// What is known of a document but its tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About<'a> {
    /// For poems the number of the form, otherwise 0.
    pub form: u8,
    /// For poems one more than the number of the mood, or 0.
    pub mood: u8,
    /// For poems a bit for each theme.
    pub themes: u16,
    /// Who wrote it.
    pub author: &'a str,
    /// Its title.
    pub title: &'a str,
}

impl Documents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// All tokens, document by document.
    pub fn tokens(&self) -> &[u16] {
        &self.tokens
    }

    /// Where the tokens of document `index` stand among all.
    ///
    /// # Panics
    /// There is no such document.
    pub fn range(&self, index: usize) -> Range<usize> {
        self.starts[index] as usize..self.starts[index + 1] as usize
    }

    /// The tokens of document `index`.
    ///
    /// # Panics
    /// There is no such document.
    pub fn document(&self, index: usize) -> &[u16] {
        &self.tokens[self.range(index)]
    }

    /// The document that token `at` of all belongs to.
    pub fn document_at(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= at) - 1
    }

    /// What else is known of document `index`.
    ///
    /// # Panics
    /// There is no such document.
    pub fn about(&self, index: usize) -> About<'_> {
        let start = self.name_starts[index] as usize;
        let name = self.names[start..].lines().next().unwrap_or("");
        let (author, title) = name.split_once('\t').unwrap_or(("", name));
        About {
            form: self.forms[index],
            mood: self.moods[index],
            themes: self.themes[index],
            author,
            title,
        }
    }

    /// Adds a document.
    ///
    /// Control characters of the names become blanks, since names are kept in lines.
    pub fn push(&mut self, tokens: &[u16], about: About<'_>) {
        self.tokens.extend_from_slice(tokens);
        self.starts.push(self.tokens.len() as u32);
        self.forms.push(about.form);
        self.moods.push(about.mood);
        self.themes.push(about.themes);
        self.name_starts.push(self.names.len() as u32);
        let plain =
            |name: &str| name.replace(|one: char| one.is_control() || one == '\u{2028}', " ");
        self.names.push_str(&plain(about.author));
        self.names.push('\t');
        self.names.push_str(&plain(about.title));
        self.names.push('\n');
    }
}
