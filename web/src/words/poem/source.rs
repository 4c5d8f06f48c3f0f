//! The training poem that a poem has most in common with: is it new, or copied?

use lampwork_protocol::words::{Command, CopiedRun, Event};
use lampwork_protocol::{DataSet, Failure};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::check::Row;
use super::poet::Poet;
use super::verse;
use crate::failure::{size, words as failure_words};
use crate::i18n::*;
use crate::library::Standing;
use crate::words::shelf::unexpected;
use crate::words::writing::Made;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    run: Option<CopiedRun>,
    among: u32,
}

/// How much a run of so many characters means, in lines of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// A word or two.
    Little,
    /// A part of a line.
    Phrase,
    /// A line or more.
    Line,
}

fn weight(length: usize, line: usize) -> Weight {
    if length >= line.max(4) {
        Weight::Line
    } else if length > 2 {
        Weight::Phrase
    } else {
        Weight::Little
    }
}

/// Finds it: when asked the first time, as the poems must be fetched; of itself after
/// that.
#[component]
pub fn SourcePoem(
    /// Whose poem.
    poet: Poet,
    /// The poem.
    row: Row,
) -> impl IntoView {
    let i18n = use_i18n();
    let shelf = poet.room.shelf;
    let found = RwSignal::new(None::<Result<Found, Failure>>);
    let asked = RwSignal::new(false);
    let done = Memo::new(move |_| {
        let row = row.get()?;
        row.with(|made| made.end.map(|_| made.whole()))
    });
    let ask = move || {
        let Some(poem) = done.get_untracked() else {
            return;
        };
        asked.set(true);
        spawn_local(async move {
            let data = DataSet::Poems;
            let answer = async {
                shelf.load_corpus(data).await?;
                let text = poem.clone();
                let command = Command::FindSource { data, text };
                match shelf.link.ask(command, vec![]).await? {
                    (Event::SourceFound { run, among }, _) => Ok(Found { run, among }),
                    (event, _) => Err(unexpected(&event)),
                }
            }
            .await;
            // The sheet may show another poem by now.
            if done.try_get_untracked() == Some(Some(poem)) {
                let run = answer.as_ref().ok().and_then(|found| found.run.as_ref());
                poet.copied.set(run.map(|run| run.text.clone()));
                found.set(Some(answer));
            }
            asked.try_set(false);
        });
    };
    Effect::new(move |_| {
        found.set(None);
        poet.copied.set(None);
        // Once the poems are there, nothing is fetched any more: no need to be asked.
        let there = untrack(|| matches!(shelf.corpus(DataSet::Poems), Standing::Ready(_)));
        if done.get().is_some() && there {
            ask();
        }
    });
    let wait = move || match shelf.corpus(DataSet::Poems) {
        Standing::Fetching(received, total) if total > 0.0 => {
            let (have, all) = (size(received), size(total));
            t_string!(i18n, words.poem.source_fetching, have = have, all = all)
        }
        _ => t_string!(i18n, words.poem.source_finding).to_owned(),
    };
    view! {
        <section class="source" aria-labelledby="source-heading">
            <h2 id="source-heading">{t!(i18n, words.poem.source)}</h2>
            <div data-testid="source">
                {move || match found.get() {
                    Some(Ok(found)) => view! { <Run poet row found /> }.into_any(),
                    Some(Err(failure)) => {
                        let (what, hint) = failure_words(i18n, &failure);
                        view! { <p>{what} " " <span class="hint">{hint}</span></p> }.into_any()
                    }
                    None if asked.get() => view! { <p class="hint">{wait}</p> }.into_any(),
                    None => {
                        view! { <p class="hint">{t!(i18n, words.poem.source_about)}</p> }
                            .into_any()
                    }
                }}
            </div>
            <Show when=move || !asked.get() && !matches!(found.get(), Some(Ok(_)))>
                <button
                    type="button"
                    class="button"
                    disabled=move || done.with(Option::is_none)
                    data-testid="find-source"
                    on:click=move |_| ask()
                >
                    {t!(i18n, words.poem.source_find)}
                </button>
            </Show>
        </section>
    }
}

/// The run and the poem that it stands in.
#[component]
fn Run(poet: Poet, row: Row, found: Found) -> impl IntoView {
    let i18n = use_i18n();
    let among = found.among;
    let Some(run) = found.run else {
        return view! { <p>{move || t_string!(i18n, words.poem.source_none, among = among)}</p> }
            .into_any();
    };
    let length = run.length;
    let poem = untrack(move || row.get()).map(|row| row.with_untracked(Made::whole));
    let lines = verse::lines(&poem.unwrap_or_default());
    let line = lines.iter().map(|line| line.text.chars().count()).max();
    let weight = weight(length as usize, line.unwrap_or(0));
    let means = move || match weight {
        Weight::Little => t_string!(i18n, words.poem.source_little),
        Weight::Phrase => t_string!(i18n, words.poem.source_phrase),
        Weight::Line => t_string!(i18n, words.poem.source_line),
    };
    let said = {
        let text = run.text.clone();
        move || {
            let text = poet.shown(&text);
            t_string!(
                i18n,
                words.poem.source_run,
                among = among,
                length = length,
                text = text
            )
        }
    };
    let CopiedRun {
        text,
        author,
        title,
        document,
        ..
    } = run;
    let about = move || {
        let title = poet.shown(&title);
        if author.is_empty() {
            title
        } else {
            format!("{}　{title}", poet.shown(&author))
        }
    };
    let document = move || {
        let run = poet.shown(&text);
        let lines = verse::lines(&poet.shown(&document));
        let places = verse::places_of(&run, &lines);
        lines
            .into_iter()
            .enumerate()
            .map(|(at, line)| {
                let characters = line.text.chars().enumerate().map(|(place, one)| {
                    if places.contains(&(at, place)) {
                        view! { <mark>{String::from(one)}</mark> }.into_any()
                    } else {
                        String::from(one).into_any()
                    }
                });
                view! {
                    <span class="source-line">
                        {characters.collect_view()} {line.mark.map(String::from)}
                    </span>
                }
            })
            .collect_view()
    };
    view! {
        <p data-testid="source-run">{said}</p>
        <p class="hint">{means}</p>
        <figure class="source-poem" lang="zh-Hant" data-testid="source-poem">
            <blockquote class="kai">{document}</blockquote>
            <figcaption>{about}</figcaption>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_a_line_weighs_most() {
        let of = |length| weight(length, 7);
        assert_eq!(of(2), Weight::Little);
        assert_eq!([of(3), of(6)], [Weight::Phrase; 2]);
        assert_eq!([of(7), of(20)], [Weight::Line; 2]);
        // The lines of a tune may be of three characters; such a phrase is common.
        assert_eq!(weight(3, 3), Weight::Phrase);
    }
}
