//! Traditional and simplified characters, and the tones that a check tells.

use lampwork_protocol::DataSet;
use lampwork_protocol::Failure;
use lampwork_protocol::words::{CharacterTone, Command, Event, RunOrder, Source};
use lampwork_tests::text;
use lampwork_text::prosody::{Readings, Rhyme};

use super::talk::{Talk, base, order, trained};

/// The readings of the tests, in which `么` stands for two characters: `㑺`, which the
/// vocabulary lacks, and 三, which it has; and 丁, which it has, for 七.
fn readings() -> Readings {
    let table = text::readings();
    let all: Vec<(char, Vec<Rhyme>)> = table
        .characters()
        .map(|one| (one, table.of(one).to_vec()))
        .collect();
    let simplified = vec![('㑺', '么'), ('七', '丁'), ('三', '么')];
    Readings::new(&all, simplified, vec![], table.card).expect("a sound table")
}

#[test]
fn what_is_typed_is_brought_to_the_characters_of_the_model() {
    let (mut talk, info) = Talk::with_model(DataSet::Poems, 1);
    talk.ask(Command::LoadReadings, vec![readings().to_bytes()]);
    let mut spell = |text: &str| {
        let spelled = talk.last(Command::Spell {
            base: base(&info),
            text: text.to_owned(),
        });
        match spelled {
            Event::Spelled { text, unknown } => (text, unknown),
            other => panic!("{other:?}"),
        }
    };
    let expected = |text: &str, unknown: &str| (text.to_owned(), unknown.to_owned());
    assert_eq!(spell("么 么\n丁,"), expected("三三丁，", ""));
    assert_eq!(spell("一🌙a🌙"), expected("一🌙a🌙", "🌙a"));
    assert_eq!(spell(" "), expected("", ""));
    let huge = Command::Spell {
        base: base(&info),
        text: "一".repeat(3_000),
    };
    assert_eq!(
        talk.fails(huge, vec![]),
        Failure::TooLarge {
            bytes: 9_000,
            limit: 8_192
        }
    );
}

#[test]
fn a_text_of_ones_own_is_learned_in_the_characters_of_the_model() {
    let (file, _) = trained(DataSet::Poems, 1);
    let mut talk = Talk::new();
    let info = talk.load(file);
    let poem = "么么么么么,\n么么么么么.\n\n";
    talk.ask(Command::OpenText, vec![poem.repeat(30).into_bytes()]);
    let start = || Command::StartRun {
        order: RunOrder {
            source: Source::Own {
                held_out: 0.2,
                of: None,
            },
            base: Some(base(&info)),
            ..order(DataSet::Poems)
        },
    };
    let failure = talk.fails(start(), vec![]);
    assert!(failure.to_string().contains("not at all"), "{failure}");
    talk.ask(Command::LoadReadings, vec![readings().to_bytes()]);
    let started = talk.last(start());
    assert!(matches!(started, Event::Run(_)), "{started:?}");
}

#[test]
fn poems_are_read_in_simplified_characters() {
    let mut talk = Talk::new();
    let simplify = || Command::Simplify {
        text: "三七，㑺".to_owned(),
    };
    assert_eq!(talk.fails(simplify(), vec![]), Failure::NoReadings);
    talk.ask(Command::LoadReadings, vec![readings().to_bytes()]);
    let text = "么丁，么".to_owned();
    assert_eq!(talk.last(simplify()), Event::Simplified { text });
}

#[test]
fn a_model_of_plays_spells_no_poems() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 1);
    let spell = Command::Spell {
        base: base(&info),
        text: "三".to_owned(),
    };
    let failure = talk.fails(spell, vec![]);
    assert!(matches!(failure, Failure::CannotDo { .. }), "{failure:?}");
}

#[test]
fn a_check_tells_the_tone_of_each_character() {
    let mut talk = Talk::new();
    talk.ask(Command::LoadReadings, vec![text::readings().to_bytes()]);
    let check = talk.last(Command::CheckForm {
        form: "five-quatrain".to_owned(),
        lines: vec!["一倀🌙".to_owned(), String::new()],
    });
    let Event::FormChecked(check) = check else {
        panic!("{check:?}");
    };
    let tones: Vec<_> = check.lines.iter().map(|line| line.tones.clone()).collect();
    let first = vec![
        CharacterTone::Level,
        CharacterTone::Oblique,
        CharacterTone::Unknown,
    ];
    assert_eq!(tones, [first, vec![]]);
}
