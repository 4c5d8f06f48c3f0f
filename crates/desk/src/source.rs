//! What of a text stands in a corpus as well.

use lampwork_protocol::words::CopiedRun;
use lampwork_text::copied::longest_run;
use lampwork_text::tokenizer::UNKNOWN;
use lampwork_text::{Corpus, Split, Texts};

/// Tokens of a long document that are shown on each side of a run.
const AROUND: usize = 80;

/// The longest run of a text that stands in the training split.
pub(crate) fn find(text: &str, corpus: &Corpus) -> Option<CopiedRun> {
    let tokenizer = &corpus.tokenizer;
    let made = match corpus.card.texts {
        Texts::Poems => tokenizer.encode(&text.split_whitespace().collect::<String>()),
        Texts::Plays | Texts::Prose => tokenizer.encode(text),
    };
    let documents = corpus.split(Split::Train);
    let unknown = tokenizer.special(UNKNOWN);
    // Marks and ends of lines are copied by whoever writes. Part of a character is none.
    let passed = |token: u16| match std::str::from_utf8(tokenizer.bytes(token)) {
        Ok(text) => Some(token) != unknown && !text.contains(char::is_alphanumeric),
        Err(_) => false,
    };
    let run = longest_run(&made, documents, &passed)?;
    let source = documents.document(run.document);
    let start = run.source.start.saturating_sub(AROUND);
    let end = source.len().min(run.source.end + AROUND);
    let about = documents.about(run.document);
    Some(CopiedRun {
        length: run.length as u32,
        text: tokenizer.decode(&made[run.made]),
        author: about.author.to_owned(),
        title: about.title.to_owned(),
        document: tokenizer.decode(&source[start..end]),
    })
}
