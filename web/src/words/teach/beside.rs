//! The same prompt and seed, written by the model alone and with what it has learned.

use std::time::Duration;

use lampwork_protocol::Writing as Choice;
use lampwork_protocol::words::{Base, FORMS, Passage, Poem, TextPrompt, TextRecipe};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lesson::{Stage, Taught};
use crate::browser;
use crate::failure::{size, words as failure_words};
use crate::i18n::*;
use crate::route::History;
use crate::words::adapters::Adapters;
use crate::words::keep::Keep;
use crate::words::names::model_name;
use crate::words::room::{Opened, use_room};
use crate::words::shelf::Shelf;
use crate::words::spell::in_characters;
use crate::words::writing::{Made, Writing};
use crate::workbench::run_log::Sample;
use lampwork_protocol::ModelCard;

/// Tokens of each text.
const MOST: u16 = 96;

/// How long a slider rests before the text follows: an adapter is added to the weights
/// anew for each strength.
const REST: Duration = Duration::from_millis(90);

/// Longest beginning that is taken, in characters.
const LONGEST: usize = 200;

/// The form that a poem has where nobody asks for another.
const FORM: &str = "seven-quatrain";

/// What both are given.
#[derive(Debug, Clone, PartialEq)]
struct Given {
    poems: bool,
    form: String,
    first: String,
    seed: u64,
}

impl Given {
    /// The same in the characters of a model of poems, if it is one.
    async fn spelled(mut self, shelf: Shelf, base: &Base) -> Given {
        if self.poems {
            self.first = in_characters(shelf, base, &self.first).await;
        }
        self
    }

    fn recipe(&self, base: &Base) -> TextRecipe {
        let prompt = if self.poems {
            TextPrompt::Poem(Poem {
                form: FORMS.contains(&&*self.form).then(|| self.form.clone()),
                before: self.first.clone(),
                ..Poem::default()
            })
        } else {
            TextPrompt::Passage(Passage {
                before: self.first.clone(),
                ..Passage::default()
            })
        };
        TextRecipe {
            model: base.model.clone(),
            weights: base.weights,
            adapter: base.adapter,
            prompt,
            writing: Choice::default(),
            keep: None,
            most: MOST,
            seed: self.seed,
            index: 0,
        }
    }
}

/// A poem a sentence a line; a passage as it is.
fn laid_out(poems: bool, text: &str) -> String {
    if !poems {
        return text.to_owned();
    }
    let mut lines = String::new();
    for one in text.chars() {
        lines.push(one);
        if "。？！".contains(one) {
            lines.push('\n');
        }
    }
    lines
}

/// The two texts, and what they are given.
#[component]
pub fn Beside() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let lesson = room.lesson;
    let poems = Memo::new(move |_| room.info.with(|info| info.as_ref().is_none_or(|i| i.poems)));
    let given = Memo::new(move |_| {
        let address = room.address;
        let first: String = address.get("first").unwrap_or_default();
        Given {
            poems: poems.get(),
            form: address.get("form").unwrap_or_else(|| FORM.to_owned()),
            first: first.chars().take(LONGEST).collect(),
            seed: address
                .get("seed")
                .and_then(|seed| seed.parse().ok())
                .unwrap_or(7),
        }
    });
    let alone = Memo::new(move |_| {
        room.base().map(|base| Base {
            adapter: None,
            ..base
        })
    });
    let with = Memo::new(move |_| {
        let base = room.base()?;
        if base.adapter.is_some() {
            return Some(base);
        }
        // A whole model that was taught writes in its own name.
        lesson.taught.with(|taught| match taught {
            Some(Taught::Model(info)) => Some(Base {
                model: ModelCard::YOURS.to_owned(),
                weights: info.weights,
                adapter: None,
            }),
            _ => None,
        })
    });
    let (left, right) = (Writing::veiled(room.shelf), Writing::veiled(room.shelf));
    follow(room.shelf, given, alone, left);
    follow(room.shelf, given, with, right);
    // What was just learned is put on, if its visitor is here to see it.
    Effect::new(move |_| {
        let model = room.model.get();
        if let Some(learned) = lesson.newly_learned(&model) {
            let changes = [
                ("adapter", Some(learned.name())),
                ("strength", Some("1".to_owned())),
            ];
            room.address.set(&changes, History::Replace);
        }
    });
    let sample = Memo::new(move |_| {
        let at_it = matches!(lesson.stage(), Stage::Training | Stage::Paused);
        let newest = || lesson.board.log(|log| log.samples().last().cloned());
        (at_it && with.with(Option::is_none)).then(newest).flatten()
    });
    let made = Signal::derive(move || {
        let writing = if with.with(Option::is_some) {
            right
        } else {
            left
        };
        let row = writing.rows.with(|rows| rows.first().copied())?;
        let made = row.get();
        let recipe = made.recipe.clone();
        // Kept once it is whole.
        (made.end.is_some()).then(|| Opened {
            text: Some(made.whole()),
            recipe,
        })
    });
    view! {
        <section class="teach-beside" aria-labelledby="teach-beside-heading">
            <h2 id="teach-beside-heading">{t!(i18n, words.teach.beside)}</h2>
            <GivenRow given />
            <Adapters />
            <div class="teach-panes">
                <Pane
                    title=Signal::derive(move || {
                        let name = model_name(i18n, &room.model.get());
                        t_string!(i18n, words.teach.alone, name = name)
                    })
                    writing=left
                    poems
                    testid="teach-alone"
                    sample=Signal::stored(None)
                    empty=Signal::derive(|| "")
                />
                <Pane
                    title=Signal::derive(move || t_string!(i18n, words.teach.with).to_owned())
                    writing=right
                    poems
                    testid="teach-with"
                    sample=sample.into()
                    empty=Signal::derive(move || t_string!(i18n, words.teach.with_empty))
                />
            </div>
            <Learned />
            <Keep made />
        </section>
    }
}

/// Writes anew whenever what decides the text has changed, and rested.
fn follow(shelf: Shelf, given: Memo<Given>, base: Memo<Option<Base>>, writing: Writing) {
    let turn = StoredValue::new(0_u32);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let forget = move || {
        if let Some(Some(waiting)) = waiting.try_update_value(Option::take) {
            waiting.clear();
        }
    };
    on_cleanup(forget);
    Effect::new(move |_| {
        forget();
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        let Some(base) = base.get() else {
            writing.show(vec![]);
            return;
        };
        let given = given.get();
        let write = move || {
            let (given, base) = (given.clone(), base.clone());
            spawn_local(async move {
                let given = given.spelled(shelf, &base).await;
                // Something else may be given by now, or nobody be there to see it.
                if turn.try_get_value() == Some(now) {
                    writing.write(vec![given.recipe(&base)], None);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(write, REST).ok());
    });
}

/// First words, form and seed.
#[component]
fn GivenRow(given: Memo<Given>) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let set = move |name: &'static str, value: String| {
        let value = Some(value).filter(|value| !value.is_empty());
        room.address.set(&[(name, value)], History::Replace);
    };
    let form_name = move |form: &str| match form {
        "five-quatrain" => t_string!(i18n, words.teach.five_quatrain),
        "seven-quatrain" => t_string!(i18n, words.teach.seven_quatrain),
        "five-regulated" => t_string!(i18n, words.teach.five_regulated),
        "seven-regulated" => t_string!(i18n, words.teach.seven_regulated),
        "five-other" => t_string!(i18n, words.teach.five_other),
        _ => t_string!(i18n, words.teach.seven_other),
    };
    let poems = Memo::new(move |_| given.with(|given| given.poems));
    view! {
        <div class="teach-given">
            <label class="teach-first">
                <span>{t!(i18n, words.teach.first)}</span>
                <input
                    type="text"
                    dir="auto"
                    autocomplete="off"
                    data-testid="teach-first"
                    maxlength=LONGEST.to_string()
                    placeholder=move || t_string!(i18n, words.teach.first_placeholder)
                    prop:value=move || given.with(|given| given.first.clone())
                    on:input=move |event| set("first", event_target_value(&event))
                />
            </label>
            <Show when=move || poems.get()>
                <label>
                    <span>{t!(i18n, words.teach.form)}</span>
                    <select
                        data-testid="teach-form"
                        prop:value=move || given.with(|given| given.form.clone())
                        on:change=move |event| set("form", event_target_value(&event))
                    >
                        <option value="free">{t!(i18n, words.teach.form_free)}</option>
                        {FORMS
                            .map(|form| view! { <option value=form>{move || form_name(form)}</option> })
                            .collect_view()}
                    </select>
                </label>
            </Show>
            <label>
                <span>{t!(i18n, words.teach.seed)}</span>
                <input
                    type="number"
                    min="0"
                    step="1"
                    data-testid="teach-seed"
                    prop:value=move || given.with(|given| given.seed.to_string())
                    on:change=move |event| {
                        let seed = event_target_value(&event).parse::<u64>();
                        set("seed", seed.map_or_else(|_| String::new(), |seed| seed.to_string()));
                    }
                />
            </label>
            <button
                type="button"
                class="button"
                data-testid="teach-another"
                on:click=move |_| {
                    let seed = given.with_untracked(|given| given.seed).wrapping_add(1);
                    room.address.set(&[("seed", Some(seed.to_string()))], History::Push);
                }
            >
                {t!(i18n, words.teach.another)}
            </button>
        </div>
    }
}

/// One of the two texts.
#[component]
fn Pane(
    title: Signal<String>,
    writing: Writing,
    poems: Memo<bool>,
    testid: &'static str,
    /// What it writes while it learns, in place of a text that is not there yet.
    sample: Signal<Option<Sample>>,
    /// What stands there while there is nothing.
    empty: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = Memo::new(move |_| {
        let row = writing.rows.with(|rows| rows.first().copied());
        let text = row.map(|row| row.with(Made::whole));
        text.map(|text| laid_out(poems.get(), &text))
    });
    let shown = move || {
        text.get().or_else(|| {
            sample.with(|sample| sample.as_ref().map(|s| laid_out(poems.get(), &s.text)))
        })
    };
    let learning = move || text.with(Option::is_none) && sample.with(Option::is_some);
    view! {
        <article class="teach-pane" class:verse=move || poems.get() class:learning=learning>
            <h3>{title}</h3>
            <p class="hint" hidden=move || !learning()>
                {move || {
                    let step = sample.with(|sample| sample.as_ref().map_or(0, |sample| sample.step));
                    t_string!(i18n, words.teach.at_step, step = step)
                }}
            </p>
            <p
                class="teach-text"
                dir="auto"
                lang=move || if poems.get() { "zh-Hant" } else { "en" }
                data-testid=testid
                data-busy=move || writing.is_busy().to_string()
            >
                {shown}
            </p>
            <p class="hint" hidden=move || shown().is_some() || writing.is_busy()>
                {empty}
            </p>
            {move || {
                writing
                    .failure
                    .get()
                    .map(|failure| {
                        let (what, hint) = failure_words(i18n, &failure);
                        view! {
                            <p class="trouble" role="alert">
                                {what} " " <span class="hint">{hint}</span>
                            </p>
                        }
                    })
            }}
        </article>
    }
}

/// What can be done with what is put on.
#[component]
fn Learned() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let chosen = move || {
        let hash = room.adapter.get()?.hash;
        let all = room.shelf.adapters();
        all.into_iter().find(|learned| learned.hash == hash)
    };
    let whole = move || {
        room.lesson
            .taught
            .with(|taught| matches!(taught, Some(Taught::Model(_))))
    };
    view! {
        <div class="teach-do">
            {move || {
                chosen()
                    .map(|learned| {
                        let (bytes, hash) = (learned.bytes.clone(), learned.hash);
                        let name = format!("{}-{}.safetensors", learned.card.name, learned.card.model);
                        let big = size(learned.bytes.len() as f64);
                        view! {
                            <button
                                type="button"
                                class="button"
                                data-testid="adapter-export"
                                on:click=move |_| {
                                    browser::save_file(&name, "application/octet-stream", &bytes);
                                }
                            >
                                {t_string!(i18n, words.teach.export, size = big)}
                            </button>
                            <button
                                type="button"
                                class="button quiet"
                                data-testid="adapter-forget"
                                on:click=move |_| {
                                    room.address
                                        .set(&[("adapter", None), ("strength", None)], History::Replace);
                                    room.shelf.drop_adapter(hash);
                                }
                            >
                                {t!(i18n, words.teach.forget)}
                            </button>
                            <span class="hint">{t!(i18n, words.teach.kept_about)}</span>
                        }
                    })
            }}
            <Show when=whole>
                <button
                    type="button"
                    class="button"
                    data-testid="teach-use"
                    on:click=move |_| {
                        let yours = Some(ModelCard::YOURS.to_owned());
                        room.address
                            .set(&[("model", yours), ("adapter", None), ("strength", None)], History::Push);
                    }
                >
                    {t!(i18n, words.teach.use_yours)}
                </button>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poem_has_a_sentence_a_line() {
        assert_eq!(laid_out(true, "春眠，曉。花落！"), "春眠，曉。\n花落！\n");
        assert_eq!(laid_out(false, "One. Two."), "One. Two.");
    }

    #[test]
    fn what_is_given_is_the_same_for_both() {
        let given = Given {
            poems: true,
            form: "no such form".to_owned(),
            first: "月".to_owned(),
            seed: 3,
        };
        let base = |adapter| Base {
            model: "poems".to_owned(),
            weights: [1; 8],
            adapter,
        };
        let adapter = Some(lampwork_protocol::words::Adapter {
            hash: [2; 8],
            strength: 0.5,
        });
        let (alone, with) = (given.recipe(&base(None)), given.recipe(&base(adapter)));
        assert_eq!(alone.prompt, with.prompt);
        assert_eq!(with.adapter, adapter);
        assert_eq!(
            TextRecipe {
                adapter: None,
                ..with
            },
            alone
        );
        let TextPrompt::Poem(poem) = alone.prompt else {
            panic!("it is a poem");
        };
        assert_eq!((poem.form, &*poem.before), (None, "月"));
    }
}
