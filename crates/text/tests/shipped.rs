//! The corpora and the table of readings that the site ships are what they say.

use std::collections::HashSet;
use std::path::PathBuf;

use lampwork_text::copied::longest_run;
use lampwork_text::poem::{Form, PoemTokens, lines_of};
use lampwork_text::prosody::{Readings, report};
use lampwork_text::{Corpus, Documents, Pass, Split, Telling, Texts};

fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../static")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn corpus(texts: Texts) -> Corpus {
    let name = texts.name();
    let corpus = Corpus::from_bytes(texts, &file(&format!("datasets/{name}.safetensors"))).unwrap();
    let card = String::from_utf8(file(&format!("datasets/{name}.json"))).unwrap();
    assert_eq!(card, corpus.card.to_json());
    assert!(!file(&format!("datasets/{name}.LICENCE.txt")).is_empty());
    corpus
}

fn readings() -> Readings {
    let readings = Readings::from_bytes(&file("words/readings.safetensors")).unwrap();
    let card = String::from_utf8(file("words/readings.json")).unwrap();
    assert_eq!(card, readings.card.to_json());
    assert!(!file("words/readings.LICENCE.txt").is_empty());
    readings
}

/// Lines of a poem as text.
fn lines(corpus: &Corpus, tokens: &PoemTokens, poem: &[u16]) -> Vec<String> {
    let ranges = lines_of(poem, tokens).into_iter();
    ranges
        .map(|line| corpus.tokenizer.decode(&poem[line]))
        .collect()
}

#[test]
fn poems_keep_their_forms() {
    let (corpus, readings) = (corpus(Texts::Poems), readings());
    let tokens = PoemTokens::new(&corpus.tokenizer).unwrap();
    let names: Vec<&str> = readings.tunes().iter().map(|tune| &*tune.name).collect();
    assert_eq!(
        tokens.tunes.iter().map(|tune| &*tune.1).collect::<Vec<_>>(),
        names
    );
    let mut regulated = [0, 0];
    let mut forms = HashSet::new();
    for split in [Split::Train, Split::Validation, Split::Test] {
        let documents = corpus.split(split);
        for at in 0..documents.len() {
            let form = Form::from_number(documents.about(at).form, tokens.tunes.len()).unwrap();
            let lines = lines(&corpus, &tokens, documents.document(at));
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let report = report(&lines, form, &readings).unwrap();
            assert!(report.lengths_kept(), "{form:?} {lines:?}");
            if form.shape().is_some() {
                // Whether the first line rhymes is up to the pattern that comes nearest.
                assert!(
                    report.lines[1..]
                        .iter()
                        .all(|line| line.rhymes != Some(false)),
                    "{lines:?}"
                );
                let broken = report.tones_kept() == Some(false);
                regulated[usize::from(broken)] += 1;
            }
            forms.insert(form);
        }
    }
    assert_eq!(forms.len(), 6 + names.len());
    println!("tones kept, broken: {regulated:?}");
    assert!(regulated[0] > regulated[1], "{regulated:?}");
}

#[test]
fn almost_every_character_is_known_by_its_rhyme() {
    let (corpus, readings) = (corpus(Texts::Poems), readings());
    let tokens = PoemTokens::new(&corpus.tokenizer).unwrap();
    let test = corpus.split(Split::Test).tokens();
    let characters = test.iter().filter(|&&token| !tokens.is_stop(token));
    let (known, all) = characters.fold((0_usize, 0_usize), |(known, all), &token| {
        let one = corpus.tokenizer.decode(&[token]).chars().next().unwrap();
        (known + usize::from(!readings.of(one).is_empty()), all + 1)
    });
    println!("{known} of {all}");
    assert!(1000 * known > 985 * all, "{known} of {all}");
    assert_eq!(readings.simplify("來鄉"), "来乡");
}

#[test]
fn no_document_of_a_held_out_split_was_seen() {
    for texts in Texts::ALL {
        let corpus = corpus(texts);
        let train = corpus.split(Split::Train);
        let seen: HashSet<&[u16]> = all(train).collect();
        for split in [Split::Validation, Split::Test] {
            assert!(all(corpus.split(split)).all(|document| !seen.contains(document)));
        }
    }
    let corpus = corpus(Texts::Poems);
    let tokens = PoemTokens::new(&corpus.tokenizer).unwrap();
    let (train, test) = (corpus.split(Split::Train), corpus.split(Split::Test));
    for at in 0..test.len().min(20) {
        let poem = test.document(at);
        let run = longest_run(poem, train, &|token| tokens.is_stop(token)).unwrap();
        assert!(
            2 * run.length <= poem.len(),
            "{}",
            corpus.tokenizer.decode(poem)
        );
    }
}

fn all(documents: &Documents) -> impl Iterator<Item = &[u16]> {
    (0..documents.len()).map(|at| documents.document(at))
}

#[test]
fn a_pass_tells_every_document() {
    for texts in Texts::ALL {
        let corpus = corpus(texts);
        let pass = Pass::new(&corpus, Split::Test, Telling::measuring(192), None, 0).unwrap();
        let counted: usize = (0..pass.len())
            .map(|at| {
                pass.example(at)
                    .counts
                    .iter()
                    .filter(|&&counts| counts)
                    .count()
            })
            .sum();
        let test = corpus.split(Split::Test);
        // Each document and its end.
        assert_eq!(counted, test.tokens().len() + test.len());
    }
}
