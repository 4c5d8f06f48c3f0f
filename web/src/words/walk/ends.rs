//! Where a walk begins and ends, and in how many steps.

use lampwork_protocol::words::TextRecipe;
use leptos::prelude::*;

use super::STEPS;
use super::lines::SAMPLES;
use super::walking::{Asked, Walking};
use crate::i18n::*;
use crate::route::History;
use crate::words::inside::verse::has_han;
use crate::words::room::use_room;

/// What is wrong with an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    NotVerse,
    TooLong,
}

fn check(text: &str) -> Option<Wrong> {
    if text.len() > TextRecipe::MAX_PROMPT / 16 {
        return Some(Wrong::TooLong);
    }
    (!has_han(text)).then_some(Wrong::NotVerse)
}

/// Where the walk begins and ends, and in how many steps.
#[component]
pub fn Ends(
    /// The walk of the address.
    asked: Memo<Asked>,
    /// The walk under way.
    walk: Walking,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let ends = [0, 1].map(|at| RwSignal::new(asked.with_untracked(|asked| asked.ends[at].clone())));
    Effect::new(move |_| {
        let asked = asked.get();
        for (end, text) in ends.into_iter().zip(asked.ends) {
            end.set(text);
        }
    });
    let wrong = RwSignal::new(None::<Wrong>);
    let go = move || {
        let [from, to] = ends.map(|end| end.get_untracked());
        wrong.set(check(&from).or_else(|| check(&to)));
        if wrong.get_untracked().is_none() {
            room.address
                .set(&[("from", Some(from)), ("to", Some(to))], History::Push);
        }
    };
    let draw = move |at: usize| {
        let now = ends[at].get_untracked();
        let others: Vec<_> = SAMPLES.iter().filter(|sample| **sample != now).collect();
        let which = (js_sys::Math::random() * others.len() as f64) as usize;
        if let Some(sample) = others.get(which) {
            ends[at].set((**sample).to_owned());
            go();
        }
    };
    let field = move |at: usize, id: &'static str, label: Signal<&'static str>| {
        let die = format!("{id}-draw");
        view! {
            <div class="walk-end">
                <label for=id>{label}</label>
                <textarea
                    id=id
                    rows="2"
                    dir="auto"
                    lang="zh-Hant"
                    data-testid=id
                    prop:value=move || ends[at].get()
                    on:input=move |event| ends[at].set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                            event.prevent_default();
                            go();
                        }
                    }
                ></textarea>
                <button
                    type="button"
                    class="button quiet"
                    data-testid=die
                    on:click=move |_| draw(at)
                >
                    {t!(i18n, words.walk.draw)}
                </button>
            </div>
        }
    };
    let turn_round = move |_| {
        let [from, to] = ends.map(|end| end.get_untracked());
        ends[0].set(to);
        ends[1].set(from);
        go();
    };
    view! {
        <form
            class="walk-ends"
            on:submit=move |event| {
                event.prevent_default();
                go();
            }
        >
            {field(0, "walk-from", Signal::derive(move || t_string!(i18n, words.walk.from)))}
            <button
                type="button"
                class="button quiet walk-turn"
                title=move || t_string!(i18n, words.walk.turn)
                aria-label=move || t_string!(i18n, words.walk.turn)
                data-testid="walk-turn"
                on:click=turn_round
            >
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                    <path
                        d="M3 7H16L12.5 3.5M17 13H4L7.5 16.5"
                        fill="none"
                        stroke="currentColor"
                        stroke-width="1.6"
                    />
                </svg>
            </button>
            {field(1, "walk-to", Signal::derive(move || t_string!(i18n, words.walk.to)))}
            <div class="walk-do">
                <div class="inside-knob">
                    <label for="walk-steps">{t!(i18n, words.walk.steps)}</label>
                    <span class="knob-pair">
                        <input
                            id="walk-steps"
                            type="range"
                            min=STEPS.0.to_string()
                            max=STEPS.1.to_string()
                            step="1"
                            data-testid="walk-steps"
                            prop:value=move || asked.get().steps.to_string()
                            on:change=move |event| {
                                let steps = event_target_value(&event);
                                room.address.set(&[("steps", Some(steps))], History::Replace);
                            }
                        />
                        <output for="walk-steps" class="knob-value">
                            {move || asked.get().steps}
                        </output>
                    </span>
                </div>
                <Show
                    when=move || walk.under_way.with(Option::is_some)
                    fallback=move || {
                        view! {
                            <button
                                type="submit"
                                class="button primary"
                                data-testid="walk-go"
                                disabled=move || room.info.with(Option::is_none)
                            >
                                {t!(i18n, words.walk.go)}
                            </button>
                        }
                    }
                >
                    <button
                        type="button"
                        class="button"
                        data-testid="walk-stop"
                        on:click=move |_| walk.stop()
                    >
                        {t!(i18n, words.stop)}
                    </button>
                </Show>
            </div>
        </form>
        <p class="inside-wrong" role="alert" data-testid="walk-wrong">
            {move || {
                wrong
                    .get()
                    .map(|wrong| match wrong {
                        Wrong::NotVerse => t_string!(i18n, words.walk.wrong_verse),
                        Wrong::TooLong => t_string!(i18n, words.walk.wrong_long),
                    })
            }}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_short_verse() {
        assert!(SAMPLES.iter().all(|sample| check(sample).is_none()));
        assert_eq!(check("moon"), Some(Wrong::NotVerse));
        assert_eq!(check(""), Some(Wrong::NotVerse));
        assert_eq!(check(&"月".repeat(600)), Some(Wrong::TooLong));
    }
}
