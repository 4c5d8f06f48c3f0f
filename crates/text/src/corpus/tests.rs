use proptest::prelude::*;

use super::*;
use crate::poem::specials;
use crate::{TokenizerForm, passage};

pub(crate) fn poems() -> Corpus {
    let tokenizer = Tokenizer::new(TokenizerForm::Characters {
        specials: specials(&["如夢令", "浣溪沙"]),
        characters: "，。？春江花月夜潮水連海平".to_owned(),
    })
    .unwrap();
    let mut splits: [Documents; 3] = Default::default();
    for (at, split) in splits.iter_mut().enumerate() {
        for number in 0..=at {
            let about = About {
                form: number as u8,
                mood: at as u8,
                themes: 0b101,
                author: "張若虛",
                title: &format!("春江 {number}"),
            };
            split.push(
                &tokenizer.encode("春江潮水海，月夜水連花。夜江潮水海，花平夜月海。"),
                about,
            );
        }
    }
    Corpus::new(tokenizer, splits, card(Texts::Poems)).unwrap()
}

pub(crate) fn plays() -> Corpus {
    let tokenizer = Tokenizer::new(TokenizerForm::Bpe {
        specials: passage::specials(),
        merges: vec![(10, 10), (116, 104)],
    })
    .unwrap();
    let mut splits: [Documents; 3] = Default::default();
    for split in &mut splits {
        let text = "HAMLET.\nThe rest is silence.\n\nHORATIO.\nNow cracks a noble heart.\n";
        split.push(&tokenizer.encode(&text.repeat(3)), About::default());
        split.push(&tokenizer.encode("é"), About::default());
    }
    Corpus::new(tokenizer, splits, card(Texts::Plays)).unwrap()
}

fn card(texts: Texts) -> CorpusCard {
    let source = TextOrigin {
        what: "all".to_owned(),
        package: "none".to_owned(),
        licence: "MIT".to_owned(),
        copyright: "nobody".to_owned(),
    };
    CorpusCard::new(
        texts,
        "A few words",
        vec![source.clone(), source],
        "By hand.",
        vec![],
    )
}

#[test]
fn a_file_comes_back_and_its_card_counts() {
    for corpus in [poems(), plays()] {
        let bytes = corpus.to_bytes();
        let again = Corpus::from_bytes(corpus.card.texts, &bytes).unwrap();
        assert_eq!(again, corpus);
        assert_eq!(again.to_bytes(), bytes);
    }
    let card = poems().card;
    assert_eq!(
        (card.documents, card.tokens, card.characters),
        ([1, 2, 3], [24, 48, 72], [24, 48, 72])
    );
    assert_eq!((card.longest, &*card.licence), (24, "MIT"));
    let card = plays().card;
    assert_eq!(card.characters, [196; 3]);
    assert!(card.tokens[0] < 197 && card.documents == [2; 3]);
}

#[test]
fn documents_are_found_by_their_tokens() {
    let poems = poems();
    let test = poems.split(Split::Test);
    assert_eq!(
        (
            test.len(),
            test.document_at(0),
            test.document_at(23),
            test.document_at(24)
        ),
        (3, 0, 0, 1)
    );
    let about = test.about(2);
    assert_eq!(
        (about.author, about.title, about.form),
        ("張若虛", "春江 2", 2)
    );
    assert_eq!(
        poems.tokenizer.decode(&test.document(1)[..6]),
        "春江潮水海，"
    );
}

#[test]
fn control_characters_of_names_become_blanks() {
    let mut documents = Documents::default();
    let about = |title| About {
        title,
        ..About::default()
    };
    documents.push(&[3], about("a\tb\nc\r"));
    documents.push(&[3], about(""));
    assert_eq!(documents.about(0).title, "a b c ");
    assert_eq!(documents.about(1).title, "");
}

#[test]
fn another_corpus_or_other_contents_are_refused() {
    let corpus = poems();
    let bytes = corpus.to_bytes();
    assert_eq!(
        Corpus::from_bytes(Texts::Plays, &bytes),
        Err(TextError::OtherCorpus {
            wanted: "plays",
            found: "poems"
        })
    );
    let message = |bytes: &[u8]| {
        Corpus::from_bytes(Texts::Poems, bytes)
            .unwrap_err()
            .to_string()
    };
    assert!(message(&bytes[..bytes.len() - 1]).contains("safetensors"));
    assert!(message(b"").contains("safetensors"));
    let changed = |from: &[u8], to: &[u8]| {
        let mut bytes = bytes.clone();
        let at = bytes
            .windows(from.len())
            .position(|window| window == from)
            .unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
        bytes
    };
    assert!(message(&changed("張若虛".as_bytes(), "李若虛".as_bytes())).contains("checksum"));
    assert!(message(&changed(b"version\\\":1", b"version\\\":9")).contains("version 9"));
    assert!(message(&changed(b"train.moods", b"train.mooos")).contains("train.moods is missing"));
}

#[test]
fn documents_that_contradict_themselves_are_refused() {
    let good = poems();
    let broken = |spoil: &dyn Fn(&mut Documents)| {
        let mut splits = good.splits.clone();
        spoil(&mut splits[1]);
        Corpus::new(good.tokenizer.clone(), splits, good.card.clone())
            .unwrap_err()
            .to_string()
    };
    assert!(broken(&|d| *d = Documents::default()).contains("validation: there are none"));
    assert!(broken(&|d| d.starts[1] = 0).contains("do not follow"));
    assert!(broken(&|d| d.starts[2] = 47).contains("do not follow"));
    assert!(broken(&|d| d.tokens[3] = 9_999).contains("9999"));
    assert!(broken(&|d| d.tokens[3] = 1).contains("token 1"));
    assert!(broken(&|d| d.forms[1] = 8).contains("form 8"));
    assert!(broken(&|d| d.moods[1] = 6).contains("mood 6"));
    assert!(broken(&|d| d.moods.push(1)).contains("3 moods"));
    let mut splits = good.splits.clone();
    splits[0].tokens[0] = good.tokenizer.special(crate::tokenizer::UNKNOWN).unwrap();
    assert!(Corpus::new(good.tokenizer.clone(), splits, good.card.clone()).is_ok());
}

proptest! {
    #[test]
    fn a_byte_that_changed_is_never_believed(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let corpus = poems();
        let mut bytes = corpus.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(read) = Corpus::from_bytes(Texts::Poems, &bytes) {
            // Only words of the card may differ, which nothing follows from.
            prop_assert_eq!(read.splits, corpus.splits);
            prop_assert_eq!(read.tokenizer, corpus.tokenizer);
        }
    }
}
