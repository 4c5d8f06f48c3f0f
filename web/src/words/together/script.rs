//! A conversation as the plays print one: a name, a speech, an empty line.

/// One speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// Who speaks, as the plays name them.
    pub speaker: String,
    /// What is said.
    pub said: String,
}

/// The speeches, each under its speaker's name; what a model is given.
pub fn printed(speeches: &[Speech]) -> String {
    let each = speeches
        .iter()
        .map(|one| format!("{}.\n{}", one.speaker, one.said.trim()));
    each.collect::<Vec<_>>().join("\n\n")
}

/// The last of the speeches that are `most` bytes together, printed.
pub fn last_printed(speeches: &[Speech], most: usize) -> String {
    let mut from = speeches.len();
    let mut bytes = 0;
    while from > 0 {
        let one = &speeches[from - 1];
        bytes += one.speaker.len() + one.said.len() + 5;
        if bytes > most {
            break;
        }
        from -= 1;
    }
    printed(&speeches[from..])
}

/// The speeches of a printed conversation. What stands before the first name is left
/// out, as nobody says it.
pub fn speeches(printed: &str) -> Vec<Speech> {
    let mut found: Vec<Speech> = Vec::new();
    let mut after_gap = true;
    for line in printed.lines() {
        let name = line.strip_suffix('.').filter(|name| is_name(name));
        match (name, found.last_mut()) {
            (Some(name), _) if after_gap => found.push(Speech {
                speaker: name.to_owned(),
                said: String::new(),
            }),
            (_, Some(last)) => {
                if !last.said.is_empty() {
                    last.said.push('\n');
                }
                last.said.push_str(line);
            }
            (_, None) => {}
        }
        after_gap = line.trim().is_empty();
    }
    for one in &mut found {
        one.said = one.said.trim().to_owned();
    }
    found
}

/// A name as the plays print it, of what a visitor typed; `None` where that is none.
pub fn name_of(typed: &str) -> Option<String> {
    let letters = |one: char| {
        if one.is_alphabetic() || one == '\'' {
            one
        } else {
            ' '
        }
    };
    let words: String = typed.chars().map(letters).collect();
    let name = words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase();
    (is_name(&name) && name.len() <= LONGEST).then_some(name)
}

/// Most bytes of a name.
const LONGEST: usize = 40;

fn is_name(name: &str) -> bool {
    let fits = |one: char| one.is_alphabetic() && !one.is_lowercase() || " '".contains(one);
    name.chars().any(char::is_alphabetic) && name.chars().all(fits)
}

/// A line that a visitor says: no empty lines in it, or it would end there.
pub fn line_of(typed: &str) -> String {
    let lines = typed.lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech(speaker: &str, said: &str) -> Speech {
        Speech {
            speaker: speaker.to_owned(),
            said: said.to_owned(),
        }
    }

    #[test]
    fn a_conversation_is_printed_and_read_back() {
        let all = [
            speech("HORATIO", "Good night, sweet prince.\nSleep."),
            speech("KING LEAR", "Who's there?"),
            speech("HORATIO", "It is I."),
        ];
        let text = printed(&all);
        assert!(text.starts_with("HORATIO.\nGood night, sweet prince.\nSleep.\n\nKING LEAR.\n"));
        assert_eq!(speeches(&text), all);
        assert_eq!(speeches(&format!("{text}\n\n")), all);
        assert_eq!(
            speeches("Enter two.\n\nHAMLET.\nWho?"),
            [speech("HAMLET", "Who?")]
        );
        assert!(speeches("").is_empty());
        // A line in capitals within a speech is no name.
        assert_eq!(
            speeches("A.\nhear\nHAMLET.\nthere"),
            [speech("A", "hear\nHAMLET.\nthere")]
        );
    }

    #[test]
    fn of_a_long_conversation_the_last_speeches_are_given() {
        let all: Vec<_> = (0..9).map(|_| speech("A", "twelve bytes")).collect();
        assert_eq!(last_printed(&all, 40), printed(&all[..2]));
        assert_eq!(last_printed(&all, 4), "");
        assert_eq!(last_printed(&all, 4_000), printed(&all));
    }

    #[test]
    fn names_are_capitals_without_marks() {
        assert_eq!(name_of(" lady  macbeth. "), Some("LADY MACBETH".to_owned()));
        assert_eq!(name_of("O'Neil"), Some("O'NEIL".to_owned()));
        assert_eq!(name_of("哈姆雷特"), Some("哈姆雷特".to_owned()));
        assert_eq!(name_of("a\nb"), Some("A B".to_owned()));
        for none in ["", " .", "🌙", "12", &"x".repeat(50)] {
            assert_eq!(name_of(none), None, "{none}");
        }
    }

    #[test]
    fn a_line_has_no_empty_lines() {
        assert_eq!(line_of(" hear \n\n  me\n"), "hear\n  me");
        assert_eq!(line_of("\n \n"), "");
    }
}
