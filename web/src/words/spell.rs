//! What a visitor types, in the characters that a model of poems has.

use lampwork_protocol::Failure;
use lampwork_protocol::words::{Base, Command, Event};

use super::shelf::{Shelf, unexpected};

/// A text in the characters of a model of poems: simplified ones become traditional.
/// Blanks and lines stay, and so does what the model has no character for; all of it
/// stays where the table of readings cannot be had.
pub async fn in_characters(shelf: Shelf, base: &Base, text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    match spelled(shelf, base, text).await {
        Ok(spelled) => laid_over(text, &spelled),
        Err(_) => text.to_owned(),
    }
}

async fn spelled(shelf: Shelf, base: &Base, text: &str) -> Result<String, Failure> {
    shelf.load_readings().await?;
    // The vocabulary is that of the weights, whatever was learned on top.
    let base = Base {
        adapter: None,
        ..base.clone()
    };
    let text = text.to_owned();
    match shelf
        .link
        .ask(Command::Spell { base, text }, vec![])
        .await?
    {
        (Event::Spelled { text, .. }, _) => Ok(text),
        (event, _) => Err(unexpected(&event)),
    }
}

/// A spelled text, which has no blanks, with the blanks of what was typed: it has a
/// character for each other one.
fn laid_over(typed: &str, spelled: &str) -> String {
    let mut spelled = spelled.chars();
    let mut next = |one: char| {
        if one.is_whitespace() {
            one
        } else {
            spelled.next().unwrap_or(one)
        }
    };
    typed.chars().map(&mut next).collect()
}

#[cfg(test)]
mod tests {
    use super::laid_over;

    #[test]
    fn blanks_and_lines_stay_where_they_were() {
        assert_eq!(laid_over("云 来\n山", "雲來山"), "雲 來\n山");
        assert_eq!(laid_over("\n", ""), "\n");
        assert_eq!(laid_over("山水", "山"), "山水");
    }
}
