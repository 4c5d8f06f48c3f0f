//! A text file that says at its beginning how it was written.
//!
//! ```text
//! ---
//! lampwork: 1
//! model: poems
//! ...
//! ---
//!
//! the text
//! ```
//!
//! The lines between the marks are the beginning of a YAML document, as many tools of
//! writers know it; each is a name and a number, a plain word or a JSON string. Each
//! recipe is written in one way, and only what is written so is read back.

use std::fmt::Write;

use super::recipe::{Adapter, Keep, Passage, PassageKind, Poem, TextPrompt, TextRecipe};
use crate::{Failure, Writing, link};

/// Version of the form written now, and the newest that is read.
pub const VERSION: u32 = 1;

/// Longest front matter that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

const MARK: &str = "---\n";
const FIRST: &str = "lampwork: ";
/// By the vocabulary of the IPTC for digital sources.
const ORIGIN: &str = "digital-source-type: trainedAlgorithmicMedia";

/// The file of a text: its recipe, then the text.
pub fn write(recipe: &TextRecipe, text: &str) -> String {
    let mut lines = vec![format!("{FIRST}{VERSION}"), ORIGIN.to_owned()];
    let mut add = |name: &str, value: String| lines.push(format!("{name}: {value}"));
    add("model", recipe.model.clone());
    add("weights", hexadecimal(&recipe.weights));
    if let Some(adapter) = &recipe.adapter {
        add("adapter", hexadecimal(&adapter.hash));
        add("strength", adapter.strength.to_string());
    }
    let mut texts = |names: &[(&str, Option<&String>)]| {
        for (name, text) in names {
            if let Some(text) = text {
                add(name, quoted(text));
            }
        }
    };
    match &recipe.prompt {
        TextPrompt::Poem(poem) => texts(&[
            ("prompt", Some(&"poem".to_owned())),
            ("form", poem.form.as_ref()),
            ("mood", poem.mood.as_ref()),
            ("theme", poem.theme.as_ref()),
            ("heads", Some(&poem.heads)),
            ("before", Some(&poem.before)),
            ("after", poem.after.as_ref()),
        ]),
        TextPrompt::Passage(passage) => {
            let of = passage.of.map(|kind| kind_name(kind).to_owned());
            texts(&[
                ("prompt", Some(&"passage".to_owned())),
                ("of", of.as_ref()),
                ("before", Some(&passage.before)),
                ("after", passage.after.as_ref()),
            ]);
        }
        TextPrompt::Dialogue { speaker, so_far } => texts(&[
            ("prompt", Some(&"dialogue".to_owned())),
            ("speaker", Some(speaker)),
            ("so-far", Some(so_far)),
        ]),
    }
    let how = &recipe.writing;
    add("temperature", how.temperature.to_string());
    add("top-k", how.top_k.to_string());
    add("top-p", how.top_p.to_string());
    add("min-p", how.min_p.to_string());
    add("repetition", how.repetition.to_string());
    if let Some(keep) = recipe.keep {
        add("keep", kept_name(keep).to_owned());
    }
    add("most", recipe.most.to_string());
    add("seed", recipe.seed.to_string());
    add("index", recipe.index.to_string());
    let mut file = MARK.to_owned();
    for line in lines {
        let _ = writeln!(file, "{line}");
    }
    file + MARK + "\n" + text
}

/// The recipe of a file and its text; `None` for a file that does not begin as ours.
///
/// # Errors
/// [`Failure::BadRecipe`] where the front matter is damaged or breaks a limit of
/// [`link::check_text`]; [`Failure::NewerRecipe`] where a later version wrote it.
pub fn read(file: &str) -> Result<Option<(TextRecipe, &str)>, Failure> {
    let Some(version) = file
        .strip_prefix(MARK)
        .and_then(|rest| rest.strip_prefix(FIRST))
    else {
        return Ok(None);
    };
    let version = version.lines().next().unwrap_or_default();
    match version.parse::<u32>() {
        Ok(VERSION) => {}
        Ok(found) if found > VERSION => {
            return Err(Failure::NewerRecipe {
                found,
                known: VERSION,
            });
        }
        _ => return Err(bad("its version is no number from 1 up")),
    }
    let inside = &file[MARK.len()..];
    let end = inside.find("\n---\n").map(|at| at + 1);
    let end = end.ok_or_else(|| bad("there is no line --- behind the recipe"))?;
    if end > MAX_BYTES {
        return Err(bad("it is too long"));
    }
    let text = &inside[end + MARK.len()..];
    let text = text.strip_prefix('\n').unwrap_or(text);
    let recipe = Lines::new(&inside[..end]).recipe()?;
    link::check_text(&recipe)?;
    // One recipe has one form: whatever else says the same was not written here.
    if write(&recipe, text) != file {
        return Err(bad("its lines are not as they were written here"));
    }
    Ok(Some((recipe, text)))
}

/// The lines that are left, in order.
struct Lines<'a>(std::iter::Peekable<std::str::Lines<'a>>);

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self(text.lines().peekable())
    }

    /// The value of the next line, if it has this name.
    fn optional(&mut self, name: &str) -> Option<&'a str> {
        let line = self.0.peek()?;
        let value = line.strip_prefix(name)?.strip_prefix(": ")?;
        self.0.next();
        Some(value)
    }

    fn value(&mut self, name: &str) -> Result<&'a str, Failure> {
        self.optional(name)
            .ok_or_else(|| bad(&format!("there is no line `{name}` where it should be")))
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str) -> Result<T, Failure> {
        let number = self.value(name)?.parse();
        number.map_err(|_| bad(&format!("its `{name}` is no such number")))
    }

    fn string(&mut self, name: &str) -> Result<String, Failure> {
        unquoted(name, self.value(name)?)
    }

    fn optional_string(&mut self, name: &str) -> Result<Option<String>, Failure> {
        self.optional(name)
            .map(|value| unquoted(name, value))
            .transpose()
    }

    fn recipe(mut self) -> Result<TextRecipe, Failure> {
        self.value("lampwork")?;
        self.value("digital-source-type")?;
        let model = self.value("model")?.to_owned();
        let weights = hash_of("weights", self.value("weights")?)?;
        let adapter = match self.optional("adapter") {
            Some(hash) => Some(Adapter {
                hash: hash_of("adapter", hash)?,
                strength: self.number("strength")?,
            }),
            None => None,
        };
        let prompt = self.prompt()?;
        let writing = Writing {
            temperature: self.number("temperature")?,
            top_k: self.number("top-k")?,
            top_p: self.number("top-p")?,
            min_p: self.number("min-p")?,
            repetition: self.number("repetition")?,
        };
        let keep = self.optional("keep").map(kept_of).transpose()?;
        let recipe = TextRecipe {
            model,
            weights,
            adapter,
            prompt,
            writing,
            keep,
            most: self.number("most")?,
            seed: self.number("seed")?,
            index: self.number("index")?,
        };
        match self.0.next() {
            None => Ok(recipe),
            Some(_) => Err(bad("it has a line that no recipe has")),
        }
    }

    fn prompt(&mut self) -> Result<TextPrompt, Failure> {
        Ok(match self.string("prompt")?.as_str() {
            "poem" => TextPrompt::Poem(Poem {
                form: self.optional_string("form")?,
                mood: self.optional_string("mood")?,
                theme: self.optional_string("theme")?,
                heads: self.string("heads")?,
                before: self.string("before")?,
                after: self.optional_string("after")?,
            }),
            "passage" => TextPrompt::Passage(Passage {
                of: match self.optional_string("of")?.as_deref() {
                    None => None,
                    Some("play") => Some(PassageKind::Play),
                    Some("prose") => Some(PassageKind::Prose),
                    Some(_) => return Err(bad("it is of an unknown kind of text")),
                },
                before: self.string("before")?,
                after: self.optional_string("after")?,
            }),
            "dialogue" => TextPrompt::Dialogue {
                speaker: self.string("speaker")?,
                so_far: self.string("so-far")?,
            },
            _ => return Err(bad("it gives the model what is no prompt")),
        })
    }
}

fn quoted(text: &str) -> String {
    // A string of JSON is one of YAML, too.
    serde_json::Value::from(text).to_string()
}

fn unquoted(name: &str, value: &str) -> Result<String, Failure> {
    serde_json::from_str(value).map_err(|_| bad(&format!("its `{name}` is not in quotes")))
}

fn hexadecimal(hash: &[u8; 8]) -> String {
    // In quotes, or a hash of digits alone would be a number.
    format!("\"{:016x}\"", u64::from_be_bytes(*hash))
}

fn hash_of(name: &str, value: &str) -> Result<[u8; 8], Failure> {
    let digits = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let digits = digits.filter(|digits| digits.len() == 16);
    let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let number = number.ok_or_else(|| bad(&format!("its `{name}` has no 16 digits")))?;
    Ok(number.to_be_bytes())
}

fn kind_name(kind: PassageKind) -> &'static str {
    match kind {
        PassageKind::Play => "play",
        PassageKind::Prose => "prose",
    }
}

fn kept_name(keep: Keep) -> &'static str {
    match (keep.tones, keep.rhymes) {
        (false, false) => "lengths",
        (true, false) => "lengths, tones",
        (false, true) => "lengths, rhymes",
        (true, true) => "lengths, tones, rhymes",
    }
}

fn kept_of(name: &str) -> Result<Keep, Failure> {
    let all = [(false, false), (true, false), (false, true), (true, true)];
    let mut keeps = all
        .map(|(tones, rhymes)| Keep { tones, rhymes })
        .into_iter();
    let found = keeps.find(|&keep| kept_name(keep) == name);
    found.ok_or_else(|| bad("it keeps what no form has"))
}

fn bad(reason: &str) -> Failure {
    Failure::BadRecipe {
        reason: reason.to_owned(),
    }
}
