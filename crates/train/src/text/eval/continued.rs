//! How a model goes on with texts that it has not seen, beside how they go on.

use anyhow::Result;
use lampwork_metrics::text::{
    BleuConfig, ChrfConfig, MeteorConfig, RougeTokens, corpus_bleu, corpus_chrf, meteor,
    no_synonyms, rouge, tokenize,
};
use lampwork_protocol::{Figure, Writing};
use lampwork_text::Texts;
use lampwork_text::poem::{Form, PoemTokens, lines_of};

use super::{Measured, figure};
use crate::text::write::{Order, write};

/// Tokens of a passage that are given, and as many that are compared.
const PASSAGE: usize = 64;

/// What of a document is given, and how it really goes on.
struct Part {
    /// Of a poem, or it may well be over after half of it.
    form: Option<Form>,
    given: Vec<u16>,
    rest: Vec<u16>,
}

/// BLEU, METEOR, ROUGE-L and chrF of continuations. The ceiling is how well those of
/// other documents do: what comes of writing the same kind of text and nothing else.
pub(super) fn figures(measured: &Measured<'_>) -> Result<Vec<Figure>> {
    let parts = parts(measured)?;
    let tokenizer = &measured.corpus.tokenizer;
    let (mut made, mut real) = (vec![], vec![]);
    for (number, part) in (0..).zip(&parts) {
        let order = Order {
            count: 1,
            most: part.rest.len(),
            how: Writing::default(),
            seed: measured.options.seed + number,
            ..Order::of(tokenizer, part.form, part.given.clone())?
        };
        made.extend(write(&measured.writer, tokenizer, &order)?);
        real.push(tokenizer.decode(&part.rest));
    }
    let others: Vec<String> = real
        .iter()
        .cycle()
        .skip(1)
        .take(real.len())
        .cloned()
        .collect();
    let found = compared(measured, &made, &real)?;
    let chance = compared(measured, &others, &real)?;
    let how = format!(
        "{} texts of the test split, the first {} given, written on with as many tokens; {} tokens; beside it, how other texts go on",
        parts.len(),
        match measured.corpus.card.texts {
            Texts::Poems => "half of their lines and their form".to_owned(),
            Texts::Plays | Texts::Prose => format!("{PASSAGE} tokens of a passage"),
        },
        measured.tokenization().name(),
    );
    let synonyms = match &measured.wordnet {
        Some(_) => "synonyms by WordNet",
        None => "no synonyms",
    };
    let bleu = found.precisions.map(|percent| format!("{percent:.1}"));
    Ok(vec![
        Figure {
            ceiling: Some(chance.bleu),
            ..figure(
                "bleu",
                found.bleu,
                "",
                &format!(
                    "BLEU-4 of all at once, precisions {}, brevity penalty {:.2}; {how}",
                    bleu.join("/"),
                    found.brevity
                ),
            )
        },
        Figure {
            ceiling: Some(chance.meteor),
            ..figure(
                "meteor",
                found.meteor,
                "",
                &format!("mean, {synonyms}; {how}"),
            )
        },
        Figure {
            ceiling: Some(chance.rouge),
            ..figure("rouge_l", found.rouge, "", &format!("mean F; {how}"))
        },
        Figure {
            ceiling: Some(chance.chrf),
            ..figure("chrf", found.chrf, "", &format!("of all at once; {how}"))
        },
    ])
}

/// Poems that have a half to go on from, or passages of plays, one a document and then
/// again from the first.
fn parts(measured: &Measured<'_>) -> Result<Vec<Part>> {
    let test = measured.test();
    let order = measured.drawn(1);
    let count = measured.options.count;
    if measured.corpus.card.texts == Texts::Poems {
        let tokens = PoemTokens::new(&measured.corpus.tokenizer)?;
        let halves = order.iter().filter_map(|&at| {
            let poem = test.document(at);
            let lines = lines_of(poem, &tokens);
            let half = lines.get(lines.len() / 2)?;
            let part = Part {
                form: Form::from_number(test.about(at).form, tokens.tunes.len()),
                given: poem[..half.start].to_vec(),
                rest: poem[half.start..].to_vec(),
            };
            (lines.len() >= 4).then_some(part)
        });
        return Ok(halves.take(count).collect());
    }
    let mut noise = lampwork_models::Noise::new(measured.options.seed, 2);
    let long = |&at: &usize| test.document(at).len() > 2 * PASSAGE;
    let long: Vec<usize> = order.into_iter().filter(long).collect();
    let passages = long
        .iter()
        .cycle()
        .take(if long.is_empty() { 0 } else { count });
    Ok(passages
        .map(|&at| {
            let document = test.document(at);
            let room = document.len() - 2 * PASSAGE;
            let start = noise.below(room as u32) as usize;
            let passage = &document[start..][..2 * PASSAGE];
            Part {
                form: None,
                given: passage[..PASSAGE].to_vec(),
                rest: passage[PASSAGE..].to_vec(),
            }
        })
        .collect())
}

/// Figures of some texts beside their references.
struct Compared {
    bleu: f64,
    precisions: [f64; 4],
    brevity: f64,
    meteor: f64,
    rouge: f64,
    chrf: f64,
}

fn compared(measured: &Measured<'_>, made: &[String], real: &[String]) -> Result<Compared> {
    let hypotheses: Vec<&str> = made.iter().map(String::as_str).collect();
    let references: Vec<Vec<&str>> = real.iter().map(|text| vec![text.as_str()]).collect();
    let tokenization = measured.tokenization();
    let config = BleuConfig {
        tokenization,
        ..BleuConfig::default()
    };
    let bleu = corpus_bleu(&hypotheses, &references, &config)?;
    let words = match measured.corpus.card.texts {
        Texts::Poems => RougeTokens::Characters,
        Texts::Plays | Texts::Prose => RougeTokens::Stems,
    };
    let synonyms = |word: &str| match &measured.wordnet {
        Some(wordnet) => wordnet.synonyms(word),
        None => no_synonyms(word),
    };
    let (mut meteors, mut rouges) = (0.0, 0.0);
    for (made, real) in made.iter().zip(real) {
        let (hypothesis, reference) = (tokenize(made, tokenization), tokenize(real, tokenization));
        let hypothesis: Vec<&str> = hypothesis.iter().map(String::as_str).collect();
        let reference: Vec<&str> = reference.iter().map(String::as_str).collect();
        meteors += meteor(
            &[&reference],
            &hypothesis,
            synonyms,
            &MeteorConfig::default(),
        )?;
        rouges += rouge(real, made, words).rouge_l.f_measure;
    }
    let count = made.len().max(1) as f64;
    Ok(Compared {
        bleu: bleu.score,
        precisions: bleu.precisions,
        brevity: bleu.brevity_penalty,
        meteor: meteors / count,
        rouge: rouges / count,
        chrf: corpus_chrf(&hypotheses, &references, &ChrfConfig::default())?,
    })
}
