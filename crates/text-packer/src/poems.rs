//! The corpus of poems and the table of readings.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use lampwork_text::poem::{Form, Lexicon, specials};
use lampwork_text::prosody::{Readings, ReadingsCard, Rhyme, Tone, Tune};
use lampwork_text::{
    About, Corpus, CorpusCard, Documents, TextOrigin, Texts, Tokenizer, TokenizerForm,
};

use crate::characters::{Characters, is_chinese};
use crate::divide::{rank, split};
use crate::guangyun::Guangyun;
use crate::{Fault, LeftOut, Text, alike, ci, shi, tunes};

/// Part of the training text that the vocabulary covers, in ten thousand.
const COVERED: usize = 9_990;

/// Poems that a tab gets, of all splits together.
const TAB: usize = 9_000;

/// Where the packages were unpacked.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'a> {
    /// `chinese-poetry`.
    pub poems: &'a Path,
    /// `qieyun`.
    pub qieyun: &'a Path,
    /// `opencc-js`.
    pub opencc: &'a Path,
}

/// A poem with what is known of it.
struct Poem {
    text: Text,
    form: Form,
    split: usize,
}

/// What comes out.
#[derive(Debug)]
pub struct Packed {
    /// All poems.
    pub full: Corpus,
    /// Some of them, in the same splits.
    pub tab: Corpus,
    /// Readings, simplified forms, tunes.
    pub readings: Readings,
}

/// Reads, cleans, splits and packs the poems.
///
/// # Errors
/// A file is missing or is none.
pub fn pack(folders: Folders<'_>) -> Result<Packed, Fault> {
    let guangyun = Guangyun::read(&folders.qieyun.join("index.js"))?;
    let characters = Characters::read(&folders.opencc.join("dist/esm-lib/dict"), &guangyun)?;
    let of = |one: char| rhymes(one, &guangyun, &characters);
    let mut left_out = LeftOut::default();
    let shi = shi::read(
        &folders.poems.join("dist/quantangshi"),
        &characters,
        &mut left_out,
    )?;
    let ci = ci::read(
        &folders.poems.join("dist/songci"),
        &characters,
        &mut left_out,
    )?;
    let (tunes, to_tunes) = tunes::learn(&ci, &of);
    left_out.add_many(
        "ci to rarer tunes, or with other line lengths than most to the tune",
        ci.len() - to_tunes.len(),
    );

    let mut poems: Vec<Poem> = Vec::with_capacity(shi.len() + to_tunes.len());
    for text in shi {
        let form = form(&text.body, &of);
        poems.push(Poem {
            split: split(&name(&text)),
            form,
            text,
        });
    }
    for (tune, text) in to_tunes {
        let form = Form::Tune(tune as u8);
        poems.push(Poem {
            split: split(&name(&text)),
            form,
            text,
        });
    }
    drop_repeats(&mut poems, &mut left_out);
    let vocabulary = vocabulary(&poems);
    let known: HashSet<char> = vocabulary.chars().collect();
    let before = poems.len();
    poems.retain(|poem| poem.text.body.chars().all(|one| known.contains(&one)));
    left_out.add_many(
        "with characters that the vocabulary lacks",
        before - poems.len(),
    );
    poems.sort_by_key(|poem| rank("order", &name(&poem.text)));

    let names: Vec<&str> = tunes.iter().map(|tune| &*tune.name).collect();
    let tokenizer = Tokenizer::new(TokenizerForm::Characters {
        specials: specials(&names),
        characters: vocabulary.clone(),
    })?;
    let readings = table(&vocabulary, &of, &characters, tunes)?;
    let card = |how: &str| {
        CorpusCard::new(
            Texts::Poems,
            "Shi of Tang and Song, and ci",
            sources(),
            how,
            left_out.lines(),
        )
    };
    let full = corpus(&poems, &tokenizer, card(HOW))?;
    let part = TAB.min(poems.len());
    let how =
        format!("{HOW} Of these, {part} that a hash of the first line draws, in the same splits.");
    let tab = corpus(&poems[..part], &tokenizer, card(&how))?;
    Ok(Packed {
        full,
        tab,
        readings,
    })
}

const HOW: &str = "Notes in brackets were left out, variants of characters brought to one form each by OpenCC's tables and a list of ours, ci turned from simplified to traditional characters by OpenCC's phrases and characters. Kept are shi of 4 to 20 lines, all of five or all of seven characters, and ci to the 30 commonest tunes that keep their commonest line lengths. A quatrain or regulated verse is one whose even lines have one level-tone rhyme of the Pingshui tables; others are called other. Of poems of which half of the runs of three characters agree, one was kept. The vocabulary is the commonest characters that cover 99.9 % of the training split; poems with others were left out. A hash of the first line puts a poem into training (96 %), validation (2 %) or test (2 %). Moods and themes were derived by lists of words; nobody judged them.";

/// What a poem is known by.
fn name(text: &Text) -> String {
    text.body.split('，').next().unwrap_or_default().to_owned()
}

/// The rhymes of a character, or of its other forms.
fn rhymes(one: char, guangyun: &Guangyun, characters: &Characters) -> Vec<Rhyme> {
    let own = guangyun.of(one);
    if !own.is_empty() {
        return own.to_vec();
    }
    let others = characters.others(one).iter();
    let mut all: Vec<Rhyme> = others
        .flat_map(|&other| guangyun.of(other).to_vec())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The form of a shi: regulated only where the even lines have a level-tone rhyme.
fn form(body: &str, of: &dyn Fn(char) -> Vec<Rhyme>) -> Form {
    let lines: Vec<&str> = body
        .split(['，', '。', '？', '！'])
        .filter(|line| !line.is_empty())
        .collect();
    let five = lines[0].chars().count() == 5;
    let groups = |line: &&str| -> HashSet<u8> {
        let rhymes = line.chars().next_back().map(of).unwrap_or_default();
        let level = rhymes.iter().filter(|rhyme| rhyme.tone() == Tone::Level);
        level.map(|rhyme| rhyme.group().number()).collect()
    };
    let mut even = lines.iter().skip(1).step_by(2).map(groups);
    let first = even.next().unwrap_or_default();
    let rhymes = even.fold(first, |common, groups| &common & &groups);
    match (lines.len(), five, rhymes.is_empty()) {
        (4, true, false) => Form::FiveQuatrain,
        (4, false, false) => Form::SevenQuatrain,
        (8, true, false) => Form::FiveRegulated,
        (8, false, false) => Form::SevenRegulated,
        (_, true, _) => Form::FiveOther,
        (_, false, _) => Form::SevenOther,
    }
}

/// Of poems that are nearly the same, the first one stays.
fn drop_repeats(poems: &mut Vec<Poem>, left_out: &mut LeftOut) {
    let bodies: Vec<&str> = poems.iter().map(|poem| &*poem.text.body).collect();
    let repeats = alike::repeats(&bodies);
    left_out.add_many(
        "nearly the same as another poem",
        repeats.iter().filter(|&&repeat| repeat).count(),
    );
    let mut repeats = repeats.into_iter();
    poems.retain(|_| !repeats.next().unwrap_or(false));
}

/// The marks, then the commonest characters of the training split.
fn vocabulary(poems: &[Poem]) -> String {
    let mut counts: HashMap<char, usize> = HashMap::new();
    for poem in poems.iter().filter(|poem| poem.split == 0) {
        for one in poem.text.body.chars().filter(|one| is_chinese(*one)) {
            *counts.entry(one).or_default() += 1;
        }
    }
    let mut counts: Vec<(char, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(one, count)| (std::cmp::Reverse(count), one));
    let all: usize = counts.iter().map(|entry| entry.1).sum();
    let mut covered = 0;
    let mut vocabulary = "，。？！".to_owned();
    for (one, count) in counts {
        if 10_000 * covered >= COVERED * all {
            break;
        }
        covered += count;
        vocabulary.push(one);
    }
    vocabulary
}

fn corpus(poems: &[Poem], tokenizer: &Tokenizer, card: CorpusCard) -> Result<Corpus, Fault> {
    let lexicon = Lexicon::default();
    let mut splits: [Documents; 3] = Default::default();
    for poem in poems {
        let Text {
            author,
            title,
            body,
        } = &poem.text;
        let labels = lexicon.labels(title, body);
        splits[poem.split].push(
            &tokenizer.encode(body),
            About {
                form: poem.form.number(),
                mood: labels.mood.map_or(0, |mood| mood.number() as u8 + 1),
                themes: labels.themes,
                author,
                title,
            },
        );
    }
    Ok(Corpus::new(tokenizer.clone(), splits, card)?)
}

fn table(
    vocabulary: &str,
    of: &dyn Fn(char) -> Vec<Rhyme>,
    characters: &Characters,
    tunes: Vec<Tune>,
) -> Result<Readings, Fault> {
    let mut all: Vec<char> = vocabulary.chars().filter(|one| is_chinese(*one)).collect();
    all.sort_unstable();
    let readings: Vec<(char, Vec<Rhyme>)> = all
        .iter()
        .map(|&one| (one, of(one)))
        .filter(|(_, rhymes)| !rhymes.is_empty())
        .collect();
    // Names of tunes and titles are read in simplified characters too, so far as the
    // vocabulary has them.
    let simplified = all
        .iter()
        .filter_map(|&one| Some((one, characters.simplified(one)?)));
    let card = ReadingsCard {
        version: ReadingsCard::VERSION,
        title: "Rhymes of the Guangyun, simplified forms, and tunes".to_owned(),
        sources: sources().into_iter().skip(1).collect(),
        how: format!(
            "For {} of the {} characters of the poems' vocabulary the Guangyun, or a supplement of ours, gives rhymes. Tunes: the commonest line lengths of the ci to each, and which of their lines rhyme in more than half of those poems.",
            readings.len(),
            all.len()
        ),
        checksum: String::new(),
    };
    Ok(Readings::new(&readings, simplified.collect(), tunes, card)?)
}

fn sources() -> Vec<TextOrigin> {
    let origin = |what: &str, package: &str, licence: &str, copyright: &str| TextOrigin {
        what: what.to_owned(),
        package: package.to_owned(),
        licence: licence.to_owned(),
        copyright: copyright.to_owned(),
    };
    vec![
        origin(
            "the poems, which are in the public domain",
            "npm package chinese-poetry 2.0.1",
            "MIT",
            "Copyright (c) 2016 JackeyGao (the collection)",
        ),
        origin(
            "how characters were read",
            "npm package qieyun 0.13.5",
            "CC0-1.0",
            "Ngiox Khyen 2028 Project",
        ),
        origin(
            "forms of characters",
            "npm package opencc-js 1.4.2",
            "Apache-2.0",
            "BYVoid and contributors (OpenCC's tables)",
        ),
    ]
}
