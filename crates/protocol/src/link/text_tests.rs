use proptest::prelude::*;

use super::*;
use crate::Writing;
use crate::words::{
    Adapter, FORMS, Keep, MOODS, Passage, PassageKind, Poem, THEMES, TextPrompt, TextRecipe,
    front_matter,
};

fn recipe(prompt: TextPrompt) -> TextRecipe {
    TextRecipe {
        model: "poems-small".to_owned(),
        weights: [1, 2, 3, 4, 5, 6, 7, 8],
        adapter: None,
        prompt,
        writing: Writing::default(),
        keep: None,
        most: 120,
        seed: u64::MAX,
        index: 3,
    }
}

fn poem() -> TextRecipe {
    TextRecipe {
        keep: Some(Keep {
            tones: true,
            rhymes: false,
        }),
        adapter: Some(Adapter {
            hash: [0, 0, 0, 0, 0, 0, 0, 9],
            strength: 0.3,
        }),
        ..recipe(TextPrompt::Poem(Poem {
            form: Some("five-quatrain".to_owned()),
            mood: Some("longing".to_owned()),
            theme: None,
            heads: "春江".to_owned(),
            before: "春眠不覺曉，\n---\n".to_owned(),
            after: Some(String::new()),
        }))
    }
}

fn dialogue() -> TextRecipe {
    recipe(TextPrompt::Dialogue {
        speaker: "HAMLET".to_owned(),
        so_far: "HORATIO.\nMy \"lord\": \\ é 🌙\u{2028} مرحبا\n\n".to_owned(),
    })
}

#[track_caller]
fn refused(recipe: &TextRecipe, why: &str) {
    for failure in [
        decode_text(&encode_text(recipe)).unwrap_err(),
        front_matter::read(&front_matter::write(recipe, "x")).unwrap_err(),
    ] {
        assert!(failure.to_string().contains(why), "{failure}");
    }
}

#[test]
fn recipes_of_texts_come_back_from_links_and_files() {
    let passage = recipe(TextPrompt::Passage(Passage {
        of: Some(PassageKind::Prose),
        ..Passage::default()
    }));
    for recipe in [poem(), passage, dialogue()] {
        let link = encode_text(&recipe);
        assert_eq!(decode_text(&link).as_ref(), Ok(&recipe));
        assert!(decode(&link).is_err() && decode_sheet(&link).is_err());
        assert!(decode_any(&link).is_err());
        let file = front_matter::write(&recipe, "a text\n---\nwith marks");
        let read = front_matter::read(&file);
        assert_eq!(read, Ok(Some((recipe, "a text\n---\nwith marks"))));
    }
}

#[test]
fn a_file_reads_as_yaml_and_other_files_are_none_of_ours() {
    let file = front_matter::write(&poem(), "花落知多少。");
    let expected = "---\nlampwork: 1\ndigital-source-type: trainedAlgorithmicMedia\n\
        model: poems-small\nweights: \"0102030405060708\"\nadapter: \"0000000000000009\"\n\
        strength: 0.3\nprompt: \"poem\"\nform: \"five-quatrain\"\nmood: \"longing\"\n\
        heads: \"春江\"\nbefore: \"春眠不覺曉，\\n---\\n\"\nafter: \"\"\ntemperature: 1\n\
        top-k: 0\ntop-p: 1\nmin-p: 0.05\nrepetition: 1\nkeep: lengths, tones\nmost: 120\n\
        seed: 18446744073709551615\nindex: 3\n---\n\n花落知多少。";
    assert_eq!(file, expected);
    for other in [
        "",
        "a poem",
        "---\ntitle: mine\n---\ntext",
        "--- \nlampwork: 1\n",
    ] {
        assert_eq!(front_matter::read(other), Ok(None), "{other}");
    }
    for (from, to) in [
        ("seed: 1", "seed: 01"),
        ("most: 120\n", ""),
        ("most: 120\n", "most: 120\nmost: 120\n"),
        ("top-k: 0", "top-k: 70000"),
        ("\"poem\"", "poem"),
        ("lampwork: 1\n", "lampwork: one\n"),
        ("---\n\n花", "花"),
        ("lengths, tones", "tones, lengths"),
        ("0102030405060708", "1020304050607081"),
    ] {
        assert!(file.contains(from), "{from}");
        let changed = file.replacen(from, to, 1);
        let read = front_matter::read(&changed);
        let same = matches!(&read, Ok(Some((found, _))) if *found == poem());
        assert!(!same, "{from} to {to}: {read:?}");
    }
    let later = file.replacen("lampwork: 1", "lampwork: 2", 1);
    let found = Failure::NewerRecipe { found: 2, known: 1 };
    assert_eq!(front_matter::read(&later), Err(found));
}

#[test]
fn limits_are_named() {
    let with = |change: &dyn Fn(&mut TextRecipe)| {
        let mut changed = poem();
        change(&mut changed);
        changed
    };
    refused(&with(&|r| r.most = 0), "1 to 2048 tokens");
    refused(&with(&|r| r.most = 2049), "1 to 2048 tokens");
    refused(&with(&|r| r.writing.temperature = f32::NAN), "temperature");
    refused(&with(&|r| r.writing.top_p = 1.5), "top-p");
    refused(&with(&|r| r.writing.repetition = 0.5), "repetition");
    refused(
        &with(&|r| r.adapter.as_mut().unwrap().strength = -1.0),
        "strength",
    );
    refused(&with(&|r| r.model = "../etc".to_owned()), "name");
    let told = |change: &dyn Fn(&mut Poem)| {
        with(&|r| {
            if let TextPrompt::Poem(poem) = &mut r.prompt {
                change(poem);
            }
        })
    };
    refused(&told(&|p| p.form = None), "asks for none");
    refused(&told(&|p| p.form = Some("haiku".to_owned())), "form");
    refused(&told(&|p| p.form = Some("如".repeat(22))), "form");
    refused(&told(&|p| p.mood = Some("moon".to_owned())), "mood");
    refused(&told(&|p| p.before = "春".repeat(2731)), "8192");
    assert!(check_text(&told(&|p| p.form = Some("如夢令".to_owned()))).is_ok());
    let long = recipe(TextPrompt::Dialogue {
        speaker: "A\nB".to_owned(),
        so_far: String::new(),
    });
    refused(&long, "speaker");
}

fn any_prompt() -> impl Strategy<Value = TextPrompt> {
    let text = || any::<String>();
    let maybe = || proptest::option::of(any::<String>());
    let named = |names: &'static [&'static str]| {
        proptest::option::of(prop::sample::select(names).prop_map(str::to_owned))
    };
    let poem = (
        named(&FORMS),
        named(&MOODS),
        named(&THEMES),
        text(),
        text(),
        maybe(),
    );
    let kind = prop::sample::select(&[None, Some(PassageKind::Play), Some(PassageKind::Prose)][..]);
    prop_oneof![
        poem.prop_map(
            |(form, mood, theme, heads, before, after)| TextPrompt::Poem(Poem {
                form,
                mood,
                theme,
                heads,
                before,
                after
            })
        ),
        (kind, text(), maybe()).prop_map(|(of, before, after)| TextPrompt::Passage(Passage {
            of,
            before,
            after
        })),
        ("[A-Z ]{1,20}", text())
            .prop_map(|(speaker, so_far)| TextPrompt::Dialogue { speaker, so_far }),
    ]
}

proptest! {
    #[test]
    fn every_recipe_comes_back(
        prompt in any_prompt(),
        knobs in [0.0_f32..=1.0, 0.0..=1.0, 0.0..=1.0],
        numbers in (any::<u64>(), any::<u32>(), 1_u16..=2048, any::<u16>()),
        text in any::<String>(),
    ) {
        let made = TextRecipe {
            writing: Writing {
                temperature: 5.0 * knobs[0],
                top_p: knobs[1],
                min_p: knobs[2],
                top_k: numbers.3,
                repetition: 1.0,
            },
            seed: numbers.0,
            index: numbers.1,
            most: numbers.2,
            ..recipe(prompt)
        };
        let read = decode_text(&encode_text(&made));
        prop_assert_eq!(read.as_ref(), Ok(&made));
        let file = front_matter::write(&made, &text);
        prop_assert_eq!(front_matter::read(&file), Ok(Some((made, text.as_str()))));
    }

    #[test]
    fn any_file_is_read_or_refused(lines in prop::collection::vec("[a-z-]{1,12}: [\"a-z0-9.]{0,12}", 0..30)) {
        let file = format!("---\nlampwork: 1\n{}\n---\n", lines.join("\n"));
        prop_assert!(front_matter::read(&file).is_err());
    }
}
