//! Whether a poem keeps its form, as soon as it is done.

use lampwork_protocol::words::{CharacterPlace, Command, Event, FormCheck, TextPrompt};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::poet::Poet;
use super::verse;
use crate::i18n::*;
use crate::library::Standing;
use crate::words::names::pattern_name;
use crate::words::writing::Made;

/// A sheet: nothing before the first poem is begun.
pub type Row = Signal<Option<RwSignal<Made>>>;

/// The check of a sheet's poem; nothing while it is being written.
pub fn check_of(poet: Poet, row: Row) -> RwSignal<Option<FormCheck>> {
    let found = RwSignal::new(None);
    let shelf = poet.room.shelf;
    let readings = Memo::new(move |_| matches!(shelf.readings(), Standing::Ready(_)));
    let done = Memo::new(move |_| {
        row.get()?.with(|made| {
            let TextPrompt::Poem(poem) = &made.recipe.prompt else {
                return None;
            };
            made.end?;
            Some((poem.form.clone()?, made.whole()))
        })
    });
    Effect::new(move |_| {
        found.set(None);
        let (Some((form, poem)), true) = (done.get(), readings.get()) else {
            return;
        };
        spawn_local(async move {
            let lines = verse::lines(&poem).into_iter().map(|line| line.text);
            let command = Command::CheckForm {
                form: form.clone(),
                lines: lines.collect(),
            };
            let answer = shelf.link.ask(command, vec![]).await;
            // A tune may have no pattern: such a poem is not checked.
            if let Ok((Event::FormChecked(check), _)) = answer
                && done.try_get_untracked() == Some(Some((form, poem)))
            {
                found.try_set(Some(check));
            }
        });
    });
    found
}

/// Whether nothing of the form is broken.
pub fn is_kept(check: &FormCheck) -> bool {
    check.lengths_kept && check.tones_kept != Some(false) && check.rhymes_kept != Some(false)
}

/// The numbers of lines that rhyme, and of those that should and do not, from 1.
fn rhyming(check: &FormCheck) -> (Vec<usize>, Vec<usize>) {
    let of = |wanted: bool| {
        let lines = (1..).zip(&check.lines);
        lines
            .filter(|(_, line)| line.rhymes == Some(wanted))
            .map(|(number, _)| number)
            .collect()
    };
    (of(true), of(false))
}

/// How many characters break the tone pattern.
fn broken(check: &FormCheck) -> usize {
    let places = check.lines.iter().flat_map(|line| &line.places);
    places
        .filter(|place| **place == CharacterPlace::Broken)
        .count()
}

fn listed(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(", ")
}

/// What the check says, point by point.
#[component]
pub fn Verdict(
    /// Of which poems.
    poet: Poet,
    /// The check.
    check: RwSignal<Option<FormCheck>>,
    /// The poem.
    row: Row,
) -> impl IntoView {
    let i18n = use_i18n();
    let heads = move || {
        row.get()?.with(|made| {
            let TextPrompt::Poem(poem) = &made.recipe.prompt else {
                return None;
            };
            let wanted = Some(poem.heads.clone()).filter(|heads| !heads.is_empty())?;
            let has = verse::heads(&made.whole());
            Some((has.starts_with(&wanted), wanted))
        })
    };
    let view_of = move |found: FormCheck| {
        let tones = found.tones_kept.map(|kept| {
            let count = broken(&found);
            let pattern = found.pattern.clone().unwrap_or_default();
            let said = move || {
                let pattern = pattern_name(i18n, &pattern);
                if kept {
                    t_string!(i18n, words.poem.tones_kept, pattern = pattern)
                } else {
                    t_string!(
                        i18n,
                        words.poem.tones_broken,
                        count = count,
                        pattern = pattern
                    )
                }
            };
            view! { <Point kept testid="verdict-tones" said=Signal::derive(said) /> }
        });
        let (rhyming, failing) = rhyming(&found);
        let rhymes = found.rhymes_kept.map(|kept| {
            let (rhyming, failing) = (listed(&rhyming), listed(&failing));
            let group = found.group.clone();
            let said = move || {
                let (good, bad) = (rhyming.clone(), failing.clone());
                match group.clone() {
                    _ if !kept && good.is_empty() => {
                        t_string!(i18n, words.poem.rhymes_none, bad = bad)
                    }
                    _ if !kept => t_string!(i18n, words.poem.rhymes_broken, good = good, bad = bad),
                    Some(group) => {
                        t_string!(i18n, words.poem.rhymes_group, good = good, group = group)
                    }
                    None => t_string!(i18n, words.poem.rhymes_kept, good = good),
                }
            };
            view! { <Point kept testid="verdict-rhymes" said=Signal::derive(said) /> }
        });
        let kept = found.lengths_kept;
        let lengths = move || {
            let said = if kept {
                t_string!(i18n, words.poem.lengths_kept)
            } else {
                t_string!(i18n, words.poem.lengths_broken)
            };
            said.to_owned()
        };
        let heads = heads().map(|(kept, wanted)| {
            let said = move || {
                let heads = poet.shown(&wanted);
                if kept {
                    t_string!(i18n, words.poem.heads_kept, heads = heads)
                } else {
                    t_string!(i18n, words.poem.heads_broken, heads = heads)
                }
            };
            view! { <Point kept testid="verdict-heads" said=Signal::derive(said) /> }
        });
        view! {
            <ul class="verdict-points">
                <Point kept testid="verdict-lengths" said=Signal::derive(lengths) />
                {tones}
                {rhymes}
                {heads}
            </ul>
        }
    };
    view! {
        <section class="verdict" aria-labelledby="verdict-heading" data-testid="verdict">
            <h2 id="verdict-heading">{t!(i18n, words.poem.verdict)}</h2>
            {move || match check.get() {
                Some(found) => view_of(found).into_any(),
                None => {
                    view! { <p class="hint">{t!(i18n, words.poem.verdict_waits)}</p> }.into_any()
                }
            }}
            <p class="hint legend">{t!(i18n, words.poem.legend)}</p>
        </section>
    }
}

/// One point of a check.
#[component]
fn Point(kept: bool, testid: &'static str, said: Signal<String>) -> impl IntoView {
    view! {
        <li data-testid=testid data-kept=kept.to_string()>
            <span class="verdict-sign" aria-hidden="true">
                {if kept { "✓" } else { "✗" }}
            </span>
            <span>{said}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::words::LineCheck;

    use super::*;

    fn line(places: &[CharacterPlace], rhymes: Option<bool>) -> LineCheck {
        LineCheck {
            length: places.len() as u32,
            wanted: Some(2),
            tones: vec![],
            places: places.to_vec(),
            rhymes,
        }
    }

    #[test]
    fn a_check_is_told_by_lines_and_counts() {
        use CharacterPlace::{Broken, Free, Kept};
        let mut check = FormCheck {
            pattern: Some("仄起首句入韻".to_owned()),
            group: None,
            wanted: Some(3),
            lines: vec![
                line(&[Kept, Broken], Some(true)),
                line(&[Broken, Free], None),
                line(&[Kept, Kept], Some(false)),
            ],
            lengths_kept: true,
            tones_kept: Some(false),
            rhymes_kept: Some(false),
        };
        assert_eq!(rhyming(&check), (vec![1], vec![3]));
        assert_eq!((broken(&check), listed(&[1, 2])), (2, "1, 2".to_owned()));
        assert!(!is_kept(&check));
        (check.tones_kept, check.rhymes_kept) = (None, Some(true));
        assert!(is_kept(&check));
        check.lengths_kept = false;
        assert!(!is_kept(&check));
    }
}
