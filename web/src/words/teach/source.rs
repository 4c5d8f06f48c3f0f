//! The text that is learned from: pasted, dropped, or opened.

use std::time::Duration;

use lampwork_protocol::words::Charset;
use lampwork_protocol::{Failure, words::MAX_FILE};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::browser;
use crate::failure::words as failure_words;
use crate::files::FileButton;
use crate::i18n::*;
use crate::library::fetch;
use crate::words::room::use_room;
use crate::workbench::scale::whole;

/// Longest text that is shown whole and can be changed by hand, in bytes: a longer one
/// would hold the page up with each key.
const EDITABLE: usize = 200 << 10;

/// Characters of a longer text that are shown.
const SHOWN: usize = 4_000;

/// How long a hand rests before what it typed is read.
const REST: Duration = Duration::from_millis(500);

/// Characters below which a text teaches little.
const LITTLE: u32 = 2_000;

/// A text of the site's, for whoever has none at hand.
struct Sample {
    file: &'static str,
    /// What it is called once it is there, in its own language.
    name: &'static str,
}

const SONGS: Sample = Sample {
    file: "words/samples/songs.txt",
    name: "詩經.txt",
};

const MOBY_DICK: Sample = Sample {
    file: "words/samples/moby-dick.txt",
    name: "Moby-Dick.txt",
};

/// A charset as a reader knows it.
fn charset_name(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "UTF-8",
        Charset::Utf16Le | Charset::Utf16Be => "UTF-16",
        Charset::Gb18030 => "GB 18030",
    }
}

/// What is shown of a text, and whether that is all of it.
fn shown(text: &str) -> (String, bool) {
    if text.len() <= EDITABLE {
        return (text.to_owned(), true);
    }
    let mut head: String = text.chars().take(SHOWN).collect();
    head.push('…');
    (head, false)
}

/// The text, and what was recognised in it.
#[component]
pub fn Source() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let lesson = room.lesson;
    let area = NodeRef::<leptos::html::Textarea>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let own = Memo::new(move |_| lesson.own());
    let editable =
        move || own.with(|own| own.as_ref().is_none_or(|own| own.text.len() <= EDITABLE));
    // The box follows the text, but not while it is typed into.
    Effect::new(move |_| {
        let Some(area) = area.get() else {
            return;
        };
        let text = own.with(|own| own.as_ref().map(|own| shown(&own.text).0));
        let text = text.unwrap_or_default();
        let focused = document().active_element().is_some_and(|active| {
            active.get_attribute("data-testid").as_deref() == Some("teach-text")
        });
        if !focused && area.value() != text {
            area.set_value(&text);
        }
    });
    let forget_typing = move || {
        if let Some(Some(waiting)) = waiting.try_update_value(Option::take) {
            waiting.clear();
        }
    };
    on_cleanup(forget_typing);
    let typed = move |text: String| {
        forget_typing();
        let read = move || lesson.paste(text.clone());
        waiting.set_value(set_timeout_with_handle(read, REST).ok());
    };
    let take = move |file: File| {
        forget_typing();
        spawn_local(async move {
            if let Err(failure) = open(lesson, &file).await {
                lesson.failure.try_set(Some(failure));
            }
        });
    };
    let poems = Memo::new(move |_| room.poems());
    let try_sample = move |_| {
        forget_typing();
        let sample = if poems.get_untracked() {
            SONGS
        } else {
            MOBY_DICK
        };
        spawn_local(async move {
            let taken = match fetch::bytes(sample.file, |_, _| {}).await {
                Ok(bytes) => lesson.open(sample.name, &bytes).await,
                Err(failure) => Err(failure),
            };
            if let Err(failure) = taken {
                lesson.failure.try_set(Some(failure));
            }
        });
    };
    let clear = move |_| {
        forget_typing();
        lesson.clear();
        if let Some(area) = area.get_untracked() {
            area.set_value("");
        }
    };
    let opened = move || {
        own.with(|own| {
            let own = own.as_ref()?;
            let (characters, lines) = (own.opened.characters, own.opened.lines);
            let facts = t_string!(
                i18n,
                words.teach.opened,
                charset = charset_name(own.opened.charset),
                characters = whole(characters.into()),
                lines = whole(lines.into())
            );
            Some(if own.name.is_empty() {
                facts
            } else {
                format!("{} · {facts}", own.name)
            })
        })
    };
    let little = move || {
        own.with(|own| {
            own.as_ref()
                .is_some_and(|own| own.opened.characters < LITTLE)
        })
    };
    view! {
        <section class="teach-source" aria-labelledby="teach-source-heading">
            <h2 id="teach-source-heading">{t!(i18n, words.teach.text)}</h2>
            <textarea
                node_ref=area
                class="teach-paper"
                rows="9"
                spellcheck="false"
                dir="auto"
                data-testid="teach-text"
                aria-labelledby="teach-source-heading"
                aria-describedby="teach-opened"
                placeholder=move || t_string!(i18n, words.teach.placeholder)
                readonly=move || !editable()
                on:input=move |event| typed(event_target_value(&event))
            ></textarea>
            <p class="teach-opened" id="teach-opened" role="status" data-testid="teach-opened">
                {opened}
                {move || {
                    little().then(|| view! { " " <span class="hint">{t!(i18n, words.teach.little)}</span> })
                }}
                {move || {
                    (!editable())
                        .then(|| view! { " " <span class="hint">{t!(i18n, words.teach.head_only)}</span> })
                }}
            </p>
            <p class="teach-do">
                <FileButton
                    name="teach-open"
                    input_name="teach-file"
                    label=Signal::derive(move || t_string!(i18n, words.teach.open).to_owned())
                    accept=".txt,.md,text/plain,text/markdown"
                    take
                />
                <button
                    type="button"
                    class="button quiet"
                    data-testid="teach-sample"
                    hidden=move || own.with(Option::is_some)
                    on:click=try_sample
                >
                    {move || {
                        if poems.get() {
                            t_string!(i18n, words.teach.try_songs)
                        } else {
                            t_string!(i18n, words.teach.try_moby_dick)
                        }
                    }}
                </button>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="teach-clear"
                    hidden=move || own.with(Option::is_none)
                    on:click=clear
                >
                    {t!(i18n, words.teach.clear)}
                </button>
                <span class="hint">{t!(i18n, words.teach.stays_here)}</span>
            </p>
            <div role="alert" class="trouble" data-testid="teach-trouble">
                {move || {
                    lesson
                        .failure
                        .get()
                        .map(|failure| {
                            let (what, hint) = failure_words(i18n, &failure);
                            view! {
                                <p>{what} " " <span class="hint">{hint}</span></p>
                            }
                        })
                }}
            </div>
        </section>
    }
}

async fn open(lesson: super::Lesson, file: &File) -> Result<(), Failure> {
    let (bytes, limit) = (file.size() as u64, MAX_FILE as u64);
    if bytes > limit {
        return Err(Failure::TooLarge { bytes, limit });
    }
    let bytes = browser::read_file(file).await?;
    lesson.open(&file.name(), &bytes).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_by_its_head() {
        assert_eq!(shown("short"), ("short".to_owned(), true));
        let (head, whole) = shown(&"字".repeat(EDITABLE));
        assert!(!whole);
        assert_eq!(head.chars().count(), SHOWN + 1);
    }
}
