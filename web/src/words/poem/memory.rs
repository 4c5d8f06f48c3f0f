//! Poems that were written, kept so that the back button shows them at once.

use std::collections::HashMap;

use lampwork_protocol::words::{TextPrompt, TextRecipe};

/// Poems that are remembered.
const REMEMBERED: usize = 256;

/// Poems that were written, by the code of their recipe.
#[derive(Default)]
pub struct Memory {
    texts: HashMap<String, String>,
    order: Vec<String>,
}

impl Memory {
    /// Keeps one, and forgets the oldest of too many.
    pub fn keep(&mut self, code: String, text: String) {
        if self.texts.insert(code.clone(), text).is_some() {
            return;
        }
        self.order.push(code);
        if self.order.len() > REMEMBERED {
            self.texts.remove(&self.order.remove(0));
        }
    }

    /// The poem of a recipe's code.
    pub fn find(&self, code: &str) -> Option<&String> {
        self.texts.get(code)
    }
}

/// What of a poem was written: it lies between what its recipe gives. Nothing if it is
/// no poem of that recipe.
pub fn between<'a>(recipe: &TextRecipe, whole: &'a str) -> Option<&'a str> {
    let TextPrompt::Poem(poem) = &recipe.prompt else {
        return None;
    };
    let after = poem.after.as_deref().unwrap_or_default();
    whole.strip_prefix(&*poem.before)?.strip_suffix(after)
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::words::Base;

    use super::super::wish::Wish;
    use super::*;

    #[test]
    fn what_was_written_lies_between_what_was_given() {
        let base = Base {
            model: "poems-small".to_owned(),
            weights: [3; 8],
            adapter: None,
        };
        let wish = Wish::read(|_| None);
        let mut recipe = wish.recipes(&base, "春，", "").remove(0);
        assert_eq!(between(&recipe, "春，夏。"), Some("夏。"));
        assert_eq!(between(&recipe, "秋，夏。"), None);
        if let TextPrompt::Poem(poem) = &mut recipe.prompt {
            poem.after = Some("冬。".to_owned());
        }
        assert_eq!(between(&recipe, "春，秋，冬。"), Some("秋，"));
        assert_eq!(between(&recipe, "春，秋。"), None);
    }

    #[test]
    fn what_was_written_longest_ago_is_forgotten_first() {
        let mut memory = Memory::default();
        for number in 0..=REMEMBERED {
            memory.keep(number.to_string(), String::new());
            memory.keep("0".to_owned(), "anew".to_owned());
        }
        assert_eq!(memory.texts.len(), REMEMBERED);
        assert!(!memory.texts.contains_key("1"));
    }
}
