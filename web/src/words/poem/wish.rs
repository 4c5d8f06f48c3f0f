//! What the visitor asks for: the part of the address that a poem is written by.

use lampwork_protocol::Writing;
use lampwork_protocol::words::{Base, FORMS, Keep, MOODS, Poem, THEMES, TextPrompt, TextRecipe};

use super::verse;

/// Most tokens that are written: more than the longest tune has.
const MOST: u16 = 192;

/// The form that a visit begins with.
const FORM: &str = "seven-quatrain";

/// The seed that a visit begins with.
const SEED: u64 = 7;

/// How many sheets lie side by side, to choose from.
pub const SHEETS: [u32; 2] = [1, 4];

/// Most characters that are typed into a field.
pub const MOST_TYPED: usize = 64;

/// How tokens are chosen unless somebody says otherwise.
pub const USUAL: Writing = Writing {
    temperature: 0.9,
    top_k: 0,
    top_p: 1.0,
    min_p: 0.05,
    repetition: 1.0,
};

/// What is kept of the form unless somebody says otherwise.
const KEEP: Option<Keep> = Some(Keep {
    tones: true,
    rhymes: true,
});

/// What a poem is asked to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// One of [`FORMS`], or a tune.
    pub form: String,
    /// One of [`MOODS`].
    pub mood: Option<String>,
    /// One of [`THEMES`].
    pub theme: Option<String>,
    /// What it begins with, as it was typed.
    pub first: String,
    /// First characters of its lines, as they were typed.
    pub heads: String,
    /// What of the form is kept.
    pub keep: Option<Keep>,
    /// How each token is chosen.
    pub writing: Writing,
    /// Seed of the noise.
    pub seed: u64,
    /// How many poems are written side by side.
    pub sheets: u32,
}

impl Wish {
    /// The wish of an address; what it says that cannot be counts as not said.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Wish {
        let known = |name: &str, all: &[&str]| get(name).filter(|one| all.contains(&&**one));
        // The tunes are the model's, which says so where it knows none of a name.
        let tune = |name: &String| {
            !name.is_empty() && name.len() <= TextRecipe::MAX_NAME && !name.contains(is_ascii)
        };
        let number = |name: &str, usual: f32, most: f32| {
            let value = get(name).and_then(|value| value.parse::<f32>().ok());
            value
                .filter(|value| value.is_finite())
                .map_or(usual, |value| value.clamp(0.0, most))
        };
        Wish {
            form: known("form", &FORMS)
                .or_else(|| get("form").filter(tune))
                .unwrap_or_else(|| FORM.to_owned()),
            mood: known("mood", &MOODS),
            theme: known("theme", &THEMES),
            first: get("first").unwrap_or_default(),
            heads: get("heads").unwrap_or_default(),
            keep: get("keep").map_or(KEEP, |name| keep_of(&name)),
            writing: Writing {
                temperature: number("temperature", USUAL.temperature, Writing::MAX_TEMPERATURE),
                top_p: number("top_p", USUAL.top_p, 1.0),
                min_p: number("min_p", USUAL.min_p, 1.0),
                repetition: number("repetition", USUAL.repetition, Writing::MAX_REPETITION)
                    .max(1.0),
                ..USUAL
            },
            seed: get("seed")
                .and_then(|seed| seed.parse().ok())
                .unwrap_or(SEED),
            sheets: get("sheets")
                .and_then(|count| count.parse().ok())
                .filter(|count| SHEETS.contains(count))
                .unwrap_or(SHEETS[0]),
        }
    }

    /// The wish that a recipe was written by; nothing for a recipe of prose.
    pub fn of(recipe: &TextRecipe) -> Option<Wish> {
        let TextPrompt::Poem(poem) = &recipe.prompt else {
            return None;
        };
        // Whole lines were written or worked on here; who types begins one.
        let typed = !poem.before.contains(verse::is_mark) && poem.after.is_none();
        Some(Wish {
            form: poem.form.clone().unwrap_or_else(|| FORM.to_owned()),
            mood: poem.mood.clone(),
            theme: poem.theme.clone(),
            first: if typed {
                poem.before.clone()
            } else {
                String::new()
            },
            heads: poem.heads.clone(),
            keep: recipe.keep,
            writing: recipe.writing,
            seed: recipe.seed,
            sheets: SHEETS[0],
        })
    }

    /// It as values of the address: the form always, so that a wish can be told from an
    /// address that says nothing; the rest where it is not as usual.
    pub fn query(&self) -> Vec<(&'static str, Option<String>)> {
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let number = |value: f32, usual: f32| (value != usual).then(|| format!("{value:.2}"));
        vec![
            ("form", Some(self.form.clone())),
            ("mood", self.mood.clone()),
            ("theme", self.theme.clone()),
            ("first", text(&self.first)),
            ("heads", text(&self.heads)),
            (
                "keep",
                (self.keep != KEEP).then(|| keep_name(self.keep).to_owned()),
            ),
            (
                "temperature",
                number(self.writing.temperature, USUAL.temperature),
            ),
            ("top_p", number(self.writing.top_p, USUAL.top_p)),
            ("min_p", number(self.writing.min_p, USUAL.min_p)),
            (
                "repetition",
                number(self.writing.repetition, USUAL.repetition),
            ),
            ("seed", (self.seed != SEED).then(|| self.seed.to_string())),
            (
                "sheets",
                (self.sheets != SHEETS[0]).then(|| self.sheets.to_string()),
            ),
        ]
    }

    /// The recipes of its sheets. `first` and `heads` are what was typed, in the
    /// characters of the model.
    pub fn recipes(&self, base: &Base, first: &str, heads: &str) -> Vec<TextRecipe> {
        let poem = Poem {
            form: Some(self.form.clone()),
            mood: self.mood.clone(),
            theme: self.theme.clone(),
            heads: heads.to_owned(),
            before: first.to_owned(),
            after: None,
        };
        let recipe = TextRecipe {
            model: base.model.clone(),
            weights: base.weights,
            adapter: base.adapter,
            prompt: TextPrompt::Poem(poem),
            writing: self.writing,
            keep: self.keep,
            most: MOST,
            seed: self.seed,
            index: 0,
        };
        (0..self.sheets)
            .map(|index| TextRecipe {
                index,
                ..recipe.clone()
            })
            .collect()
    }
}

fn is_ascii(one: char) -> bool {
    one.is_ascii()
}

/// Names of what is kept, for the address.
const KEEPS: [(&str, Option<Keep>); 5] = [
    ("nothing", None),
    (
        "lengths",
        Some(Keep {
            tones: false,
            rhymes: false,
        }),
    ),
    (
        "tones",
        Some(Keep {
            tones: true,
            rhymes: false,
        }),
    ),
    (
        "rhymes",
        Some(Keep {
            tones: false,
            rhymes: true,
        }),
    ),
    ("all", KEEP),
];

fn keep_name(keep: Option<Keep>) -> &'static str {
    let found = KEEPS.iter().find(|entry| entry.1 == keep);
    found.map_or("all", |entry| entry.0)
}

fn keep_of(name: &str) -> Option<Keep> {
    let found = KEEPS.iter().find(|entry| entry.0 == name);
    found.map_or(KEEP, |entry| entry.1)
}

/// Characters in each line of a form of shi; nothing for a tune, whose lines the table
/// of readings knows.
pub fn shape_of(form: &str) -> Option<Vec<usize>> {
    let (lines, width) = match form {
        "five-quatrain" => (4, 5),
        "seven-quatrain" => (4, 7),
        "five-regulated" => (8, 5),
        "seven-regulated" => (8, 7),
        // As many lines as the model likes: as it is written, it is seen.
        "five-other" | "seven-other" => (0, 0),
        _ => return None,
    };
    Some(vec![width; lines])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(query: &[(&str, Option<String>)]) -> Wish {
        let all: BTreeMap<&str, String> = query
            .iter()
            .filter_map(|(name, value)| Some((*name, value.clone()?)))
            .collect();
        Wish::read(|name| all.get(name).cloned())
    }

    fn base() -> Base {
        Base {
            model: "poems-small".to_owned(),
            weights: [3; 8],
            adapter: None,
        }
    }

    #[test]
    fn an_address_gives_back_its_wish() {
        let usual = read(&[]);
        assert_eq!((usual.form.as_str(), usual.sheets), (FORM, 1));
        assert_eq!(read(&usual.query()), usual);
        let said = usual.query();
        let said: Vec<&str> = said
            .iter()
            .filter(|entry| entry.1.is_some())
            .map(|entry| entry.0)
            .collect();
        assert_eq!(said, ["form"]);
        let mut other = Wish {
            form: "如夢令".to_owned(),
            mood: Some("joy".to_owned()),
            theme: Some("moon".to_owned()),
            first: "明月".to_owned(),
            heads: "春夏秋冬".to_owned(),
            keep: None,
            writing: Writing {
                temperature: 0.5,
                top_p: 0.8,
                min_p: 0.0,
                repetition: 1.2,
                top_k: 0,
            },
            seed: u64::MAX,
            sheets: 4,
        };
        assert_eq!(read(&other.query()), other);
        for (_, keep) in KEEPS {
            other.keep = keep;
            assert_eq!(read(&other.query()), other);
        }
    }

    #[test]
    fn what_an_address_cannot_mean_is_not_said() {
        let strange = [
            ("form", "sonnet"),
            ("mood", "bored"),
            ("theme", "<script>"),
            ("keep", "?"),
            ("temperature", "NaN"),
            ("top_p", "-3"),
            ("repetition", "0"),
            ("seed", "-1"),
            ("sheets", "1000000"),
        ];
        let strange = strange.map(|(name, value)| (name, Some(value.to_owned())));
        let usual = read(&[]);
        let wish = read(&strange);
        assert_eq!(wish.writing.top_p, 0.0);
        let writing = usual.writing;
        assert_eq!(Wish { writing, ..wish }, usual);
        let long = [("form", Some("令".repeat(99)))];
        assert_eq!(read(&long), usual);
    }

    #[test]
    fn sheets_differ_in_their_number_alone_and_say_what_was_wished() {
        let wish = Wish {
            sheets: 4,
            mood: Some("calm".to_owned()),
            first: "春".to_owned(),
            ..read(&[])
        };
        let recipes = wish.recipes(&base(), "春", "");
        let indices: Vec<u32> = recipes.iter().map(|recipe| recipe.index).collect();
        assert_eq!(indices, [0, 1, 2, 3]);
        let back = Wish::of(&recipes[2]).unwrap();
        assert_eq!(Wish { sheets: 4, ..back }, wish);
        for recipe in &recipes {
            lampwork_protocol::link::check_text(recipe).unwrap();
        }
    }

    #[test]
    fn lines_that_were_worked_on_are_no_first_words() {
        let recipe = |before: &str, after: Option<&str>| {
            let mut recipe = read(&[]).recipes(&base(), before, "").remove(0);
            if let TextPrompt::Poem(poem) = &mut recipe.prompt {
                poem.after = after.map(str::to_owned);
            }
            Wish::of(&recipe).unwrap().first
        };
        assert_eq!(recipe("明月", None), "明月");
        assert_eq!(recipe("明月松間照，", None), "");
        assert_eq!(recipe("明月", Some("清泉石上流。")), "");
    }
}
