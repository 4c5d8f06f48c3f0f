//! Packs the corpora: the full ones for the trainer, parts for a tab.
//!
//! `pack-text --poems DIR --qieyun DIR --opencc DIR --plays DIR --prose DIR --full
//! OUT --tab OUT --words OUT [--show NUMBER]`, where the first five hold what `cargo
//! xtask data` fetched; `--show` prints so many documents of each corpus to look at.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lampwork_text::poem::{Form, Mood, PoemTokens, SHI_NAMES, Theme};
use lampwork_text::{Corpus, Split, Texts};
use lampwork_text_packer::{Fault, english, passages, poems, samples};

const USAGE: &str = "usage: pack-text --poems DIR --qieyun DIR --opencc DIR --plays DIR --prose \
                     DIR --full OUT --tab OUT --words OUT [--show NUMBER]";

/// Largest corpus that a tab fetches, in bytes, packed by gzip.
const TAB_LIMIT: usize = 1_300_000;

/// Where to read and to write.
struct Places {
    poems: PathBuf,
    qieyun: PathBuf,
    opencc: PathBuf,
    plays: PathBuf,
    prose: PathBuf,
    full: PathBuf,
    tab: PathBuf,
    words: PathBuf,
    show: usize,
}

fn main() -> ExitCode {
    let Some(places) = places(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    match pack(&places) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("pack-text: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn places(mut arguments: impl Iterator<Item = String>) -> Option<Places> {
    let mut named = std::collections::HashMap::new();
    while let Some(name) = arguments.next() {
        named.insert(name, arguments.next()?);
    }
    let mut place = |name: &str| Some(PathBuf::from(named.remove(name)?));
    let places = Places {
        poems: place("--poems")?,
        qieyun: place("--qieyun")?,
        opencc: place("--opencc")?,
        plays: place("--plays")?,
        prose: place("--prose")?,
        full: place("--full")?,
        tab: place("--tab")?,
        words: place("--words")?,
        show: match place("--show") {
            Some(number) => number.to_str()?.parse().ok()?,
            None => 0,
        },
    };
    named.is_empty().then_some(places)
}

fn pack(places: &Places) -> Result<(), Fault> {
    let packed = poems::pack(poems::Folders {
        poems: &places.poems,
        qieyun: &places.qieyun,
        opencc: &places.opencc,
    })?;
    for tune in packed.readings.tunes() {
        println!(
            "tune {}: {} of {} keep {} lines",
            tune.name,
            tune.kept,
            tune.poems,
            tune.lines.len()
        );
    }
    let readings = packed.readings.to_bytes();
    println!(
        "readings: {} bytes, {} by gzip",
        readings.len(),
        gzipped(&readings)
    );
    write(&places.words.join("readings.safetensors"), &readings)?;
    write(
        &places.words.join("readings.json"),
        packed.readings.card.to_json().as_bytes(),
    )?;
    save(&packed.full, &packed.tab, places)?;

    let plays = english::plays(&places.plays)?;
    let prose = english::prose(&places.prose)?;
    for sample in [samples::songs(&places.poems)?, samples::moby_dick(&prose)] {
        let file = places.words.join(format!("samples/{}.txt", sample.name));
        write(&file, sample.body.as_bytes())?;
    }
    let passages = passages::pack(&plays, &prose)?;
    for [full, tab] in [passages.plays, passages.prose] {
        save(&full, &tab, places)?;
    }
    Ok(())
}

fn save(full: &Corpus, tab: &Corpus, places: &Places) -> Result<(), Fault> {
    let name = full.card.texts.name();
    for line in &full.card.left_out {
        println!("{name}: left out {line}");
    }
    show(full, places.show)?;
    write_corpus(full, &places.full)?;
    let bytes = write_corpus(tab, &places.tab)?;
    if bytes > TAB_LIMIT {
        return Err(Fault::TooLarge {
            name,
            bytes,
            limit: TAB_LIMIT,
        });
    }
    Ok(())
}

/// Writes a corpus and its card, having read back what is written; its size by gzip.
fn write_corpus(corpus: &Corpus, folder: &Path) -> Result<usize, Fault> {
    let bytes = corpus.to_bytes();
    if Corpus::from_bytes(corpus.card.texts, &bytes)? != *corpus {
        return Err(lampwork_text::TextError::Checksum.into());
    }
    let file = folder.join(format!("{}.safetensors", corpus.card.texts.name()));
    write(&file, &bytes)?;
    write(
        &file.with_extension("json"),
        corpus.card.to_json().as_bytes(),
    )?;
    let small = if bytes.len() < 16 << 20 {
        gzipped(&bytes)
    } else {
        0
    };
    let card = &corpus.card;
    println!(
        "{}: documents {:?}, tokens {:?}, characters {:?}, vocabulary {}, longest {}, {} bytes, {small} by gzip",
        file.display(),
        card.documents,
        card.tokens,
        card.characters,
        card.vocabulary,
        card.longest,
        bytes.len()
    );
    Ok(small)
}

/// Prints documents of the training split, with what is known of them, and how often
/// each label is given.
fn show(corpus: &Corpus, number: usize) -> Result<(), Fault> {
    let train = corpus.split(Split::Train);
    let poems = corpus.card.texts == Texts::Poems;
    if number == 0 {
        return Ok(());
    }
    let tunes = if poems {
        PoemTokens::new(&corpus.tokenizer)?.tunes
    } else {
        Vec::new()
    };
    let mut forms = std::collections::BTreeMap::new();
    let mut moods = [0; Mood::ALL.len() + 1];
    let mut themes = [0; Theme::ALL.len() + 1];
    for at in 0..train.len() {
        let about = train.about(at);
        let form = match Form::from_number(about.form, tunes.len()) {
            Some(Form::Tune(tune)) => tunes[usize::from(tune)].1.clone(),
            Some(form) => SHI_NAMES[usize::from(form.number())][1].to_owned(),
            None => String::new(),
        };
        let form = if poems { form } else { String::new() };
        *forms.entry(form.clone()).or_insert(0) += 1;
        moods[usize::from(about.mood)] += 1;
        let told: Vec<&str> = Theme::ALL
            .iter()
            .filter(|theme| about.themes & 1 << theme.number() != 0)
            .map(|theme| theme.name_zh())
            .collect();
        for theme in Theme::ALL {
            themes[theme.number()] += usize::from(about.themes & 1 << theme.number() != 0);
        }
        themes[Theme::ALL.len()] += usize::from(about.themes == 0);
        if at % (train.len() / number).max(1) == 0 {
            let mood = usize::from(about.mood)
                .checked_sub(1)
                .map_or("-", |at| Mood::ALL[at].name_zh());
            let body: String = corpus
                .tokenizer
                .decode(train.document(at))
                .chars()
                .take(600)
                .collect();
            println!(
                "[{form} {mood} {}] {} 《{}》\n{body}\n",
                told.join(""),
                about.author,
                about.title
            );
        }
    }
    if poems {
        println!("forms {forms:?}");
        println!("moods, none first {moods:?}");
        for theme in Theme::ALL {
            println!("theme {}: {}", theme.name_zh(), themes[theme.number()]);
        }
        println!("no theme: {}", themes[Theme::ALL.len()]);
    }
    Ok(())
}

/// Size of a file packed by gzip, as a server sends it.
fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes anything");
    encoder.finish().expect("memory takes anything").len()
}

/// Writes a file in one go, so that nobody ever reads half of it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let fault = |error| Fault::Write {
        path: path.display().to_string(),
        error,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let unfinished = path.with_extension("tmp");
    fs::write(&unfinished, bytes).map_err(fault)?;
    fs::rename(unfinished, path).map_err(fault)
}
