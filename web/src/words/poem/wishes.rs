//! What a poem is asked to be: form, first words, acrostic, mood, theme, and what of
//! the form is kept.

use lampwork_protocol::words::{FORMS, Keep, MOODS, THEMES};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::poet::{Poet, Problem};
use super::wish::Wish;
use crate::i18n::*;
use crate::library::Standing;
use crate::route::History;
use crate::words::names::{form_name, mood_name, theme_name, tune_name};

/// Forms of shi that are chips; the others of [`FORMS`] have no pattern.
const SHI: usize = 4;

/// Beginnings to press, for who has no Chinese keyboard: each with its meaning, by the
/// same place in the list of words.
const BEGINNINGS: [&str; 4] = ["明月", "春風", "故人", "江南"];

/// Acrostics to press.
const ACROSTICS: [&str; 3] = ["春夏秋冬", "平安喜樂", "山高水長"];

/// Why something typed cannot be taken, in the visitor's language.
pub fn problem_words(i18n: I18nContext<Locale>, problem: &Problem) -> String {
    match problem.clone() {
        Problem::Unknown(characters) => {
            // A screen of signs says no more than a few.
            let few: String = characters.chars().take(12).collect();
            t_string!(i18n, words.poem.unknown, characters = few)
        }
        Problem::Long(count, most) => t_string!(i18n, words.poem.long, count = count, most = most),
        Problem::Heads(count, lines) => {
            t_string!(i18n, words.poem.heads_long, count = count, lines = lines)
        }
    }
}

/// The forms: four of shi, and the tunes of ci.
#[component]
pub fn Forms(
    /// Who writes.
    poet: Poet,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = Memo::new(move |_| poet.wish.with(|wish| wish.form.clone()));
    let ask = move |form: String| poet.ask(History::Push, |wish| wish.form = form);
    // A tune needs the model, which writes it, and the readings, which know its lines.
    let tunes = Memo::new(move |_| {
        let known = match poet.room.shelf.readings() {
            Standing::Ready(readings) => readings.tunes,
            _ => vec![],
        };
        let info = poet.room.info.get();
        let tunes = info.map(|info| info.tunes).unwrap_or_default();
        let both = tunes.into_iter().filter(|tune| known.contains(tune));
        both.collect::<Vec<String>>()
    });
    let is_tune = move || form.with(|form| !FORMS.contains(&form.as_str()));
    view! {
        <div class="forms" role="group" aria-label=move || t_string!(i18n, words.poem.form)>
            {FORMS[..SHI]
                .iter()
                .map(|name| {
                    view! {
                        <button
                            type="button"
                            class="chip form"
                            aria-pressed=move || form.with(|form| form == name).to_string()
                            data-testid=format!("form-{name}")
                            on:click=move |_| ask((*name).to_owned())
                        >
                            {move || form_name(i18n, name)}
                        </button>
                    }
                })
                .collect_view()}
            <label class="tune">
                <span class="unseen">{t!(i18n, words.poem.tune)}</span>
                <select
                    class:chosen=is_tune
                    data-testid="tune"
                    prop:value=move || if is_tune() { form.get() } else { String::new() }
                    on:change=move |event| {
                        let tune = event_target_value(&event);
                        if !tune.is_empty() {
                            ask(tune);
                        }
                    }
                >
                    <option value="">{move || t_string!(i18n, words.poem.tune)}</option>
                    <For each=move || tunes.get() key=Clone::clone let:tune>
                        <Tune tune form />
                    </For>
                </select>
            </label>
        </div>
    }
}

#[component]
fn Tune(tune: String, form: Memo<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (value, name) = (tune.clone(), tune.clone());
    view! {
        <option value=value selected=move || form.with(|form| *form == tune)>
            {move || tune_name(i18n, &name)}
        </option>
    }
}

/// Everything else that can be wished for.
#[component]
pub fn Wishes(
    /// Who writes.
    poet: Poet,
) -> impl IntoView {
    let i18n = use_i18n();
    let meanings = move || {
        [
            t_string!(i18n, words.poem.begin_moon),
            t_string!(i18n, words.poem.begin_wind),
            t_string!(i18n, words.poem.begin_friend),
            t_string!(i18n, words.poem.begin_south),
        ]
    };
    let acrostics = move || {
        [
            t_string!(i18n, words.poem.acrostic_seasons),
            t_string!(i18n, words.poem.acrostic_peace),
            t_string!(i18n, words.poem.acrostic_long),
        ]
    };
    view! {
        <div class="wishes">
            <Typed
                poet
                name="first"
                label=Signal::derive(move || t_string!(i18n, words.poem.first).to_owned())
                hint=Signal::derive(move || t_string!(i18n, words.poem.first_about).to_owned())
                of=|wish| &mut wish.first
                examples=Signal::derive(move || {
                    BEGINNINGS.into_iter().zip(meanings()).collect()
                })
            />
            <Typed
                poet
                name="heads"
                label=Signal::derive(move || t_string!(i18n, words.poem.heads).to_owned())
                hint=Signal::derive(move || t_string!(i18n, words.poem.heads_about).to_owned())
                of=|wish| &mut wish.heads
                examples=Signal::derive(move || {
                    ACROSTICS.into_iter().zip(acrostics()).collect()
                })
            />
            <p class="wrong" role="alert" data-testid="poem-wrong">
                {move || poet.problem.get().map(|problem| problem_words(i18n, &problem))}
            </p>
            <Labels
                poet
                name="mood"
                label=Signal::derive(move || t_string!(i18n, words.poem.mood).to_owned())
                all=&MOODS
                word=move |name| mood_name(i18n, name)
                of=|wish| &mut wish.mood
            />
            <Labels
                poet
                name="theme"
                label=Signal::derive(move || t_string!(i18n, words.poem.theme).to_owned())
                all=&THEMES
                word=move |name| theme_name(i18n, name)
                of=|wish| &mut wish.theme
            />
            <p class="hint" data-testid="derived">
                {t!(i18n, words.poem.derived)}
            </p>
            <Keeping poet />
        </div>
    }
}

/// A field of Chinese, with examples to press.
#[component]
fn Typed(
    poet: Poet,
    name: &'static str,
    label: Signal<String>,
    hint: Signal<String>,
    of: fn(&mut Wish) -> &mut String,
    examples: Signal<Vec<(&'static str, &'static str)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = format!("poem-{name}");
    let about = format!("poem-{name}-about");
    let text = Memo::new(move |_| of(&mut poet.wish.get()).clone());
    let ask = move |text: String| poet.ask(History::Push, |wish| *of(wish) = text);
    view! {
        <div class="knob wish-typed">
            <label for=id.clone()>{label}</label>
            <span class="line-pair">
                <input
                    id=id.clone()
                    type="text"
                    lang="zh"
                    autocomplete="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    aria-describedby=about.clone()
                    data-testid=id
                    prop:value=move || text.get()
                    on:change=move |event| ask(event_target_value(&event).trim().to_owned())
                />
                <Show when=move || text.with(|text| !text.is_empty())>
                    <button
                        type="button"
                        class="button quiet"
                        data-testid=format!("poem-{name}-clear")
                        on:click=move |_| ask(String::new())
                    >
                        {t!(i18n, words.poem.clear)}
                    </button>
                </Show>
            </span>
            <span class="hint" id=about>{hint}</span>
            <span class="examples">
                {move || {
                    examples
                        .get()
                        .into_iter()
                        .map(|(example, meaning)| {
                            view! {
                                <button
                                    type="button"
                                    class="example"
                                    data-testid=format!("poem-{name}-{example}")
                                    on:click=move |_| ask(example.to_owned())
                                >
                                    <span lang="zh-Hant" class="kai">{example}</span>
                                    <span class="hint">{meaning}</span>
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </span>
        </div>
    }
}

/// Chips of one kind of label, of which one is wished for at most.
#[component]
fn Labels(
    poet: Poet,
    name: &'static str,
    label: Signal<String>,
    all: &'static [&'static str],
    word: impl Fn(&str) -> String + Copy + Send + Sync + 'static,
    of: fn(&mut Wish) -> &mut Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| of(&mut poet.wish.get()).clone());
    let ask = move |label: Option<String>| poet.ask(History::Push, |wish| *of(wish) = label);
    let chips = all.iter().map(|label| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || {
                    chosen.with(|chosen| chosen.as_deref() == Some(label)).to_string()
                }
                data-testid=format!("{name}-{label}")
                on:click=move |_| ask(Some((*label).to_owned()))
            >
                {move || word(label)}
            </button>
        }
    });
    view! {
        <div class="wish-labels">
            <span class="wish-name" aria-hidden="true">{label}</span>
            <div class="chips" role="group" aria-label=label>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || chosen.with(Option::is_none).to_string()
                    data-testid=format!("{name}-any")
                    on:click=move |_| ask(None)
                >
                    {t!(i18n, words.poem.any)}
                </button>
                {chips.collect_view()}
            </div>
        </div>
    }
}

/// What of the form is kept while a poem is written.
#[component]
fn Keeping(poet: Poet) -> impl IntoView {
    let i18n = use_i18n();
    let keep = Memo::new(move |_| poet.wish.with(|wish| wish.keep));
    let ask = move |keep: Option<Keep>| poet.ask(History::Push, |wish| wish.keep = keep);
    let tune = move || poet.wish.with(|wish| !FORMS.contains(&wish.form.as_str()));
    let toggled = move |change: fn(&mut Keep)| {
        let mut now = keep.get_untracked().unwrap_or_default();
        change(&mut now);
        ask(Some(now));
    };
    view! {
        <div class="wish-labels">
            <span class="wish-name" aria-hidden="true">{t!(i18n, words.poem.keep)}</span>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, words.poem.keep)>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || keep.get().is_some().to_string()
                    data-testid="keep-lengths"
                    on:click=move |_| {
                        ask(if keep.get_untracked().is_some() { None } else { Some(Keep::default()) });
                    }
                >
                    {t!(i18n, words.poem.keep_lengths)}
                </button>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || keep.get().is_some_and(|keep| keep.rhymes).to_string()
                    data-testid="keep-rhymes"
                    on:click=move |_| toggled(|keep| keep.rhymes = !keep.rhymes)
                >
                    {t!(i18n, words.poem.keep_rhymes)}
                </button>
                <Show when=move || !tune()>
                    <button
                        type="button"
                        class="chip"
                        aria-pressed=move || keep.get().is_some_and(|keep| keep.tones).to_string()
                        data-testid="keep-tones"
                        on:click=move |_| toggled(|keep| keep.tones = !keep.tones)
                    >
                        {t!(i18n, words.poem.keep_tones)}
                    </button>
                </Show>
            </div>
            <p class="hint">{t!(i18n, words.poem.keep_about)}</p>
        </div>
    }
}
