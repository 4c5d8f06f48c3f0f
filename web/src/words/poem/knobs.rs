//! How each token is chosen, for who wants to know.

use leptos::prelude::*;

use super::poet::Poet;
use super::wish::Wish;
use crate::i18n::*;
use crate::route::History;

/// Seed, temperature, top-p, min-p and repetition, folded away.
#[component]
pub fn More(
    /// Who writes.
    poet: Poet,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="more" data-testid="poem-more">
            <summary>{t!(i18n, words.poem.more)}</summary>
            <div class="more-knobs">
                <div class="knob">
                    <label for="poem-seed">{t!(i18n, words.poem.seed)}</label>
                    <input
                        id="poem-seed"
                        type="number"
                        min="0"
                        max="9007199254740991"
                        step="1"
                        inputmode="numeric"
                        data-testid="poem-seed"
                        prop:value=move || poet.wish.with(|wish| wish.seed.to_string())
                        on:change=move |event| {
                            if let Ok(seed) = event_target_value(&event).parse() {
                                poet.ask(History::Push, |wish| wish.seed = seed);
                            }
                        }
                    />
                </div>
                <Knob
                    poet
                    id="temperature"
                    label=Signal::derive(move || t_string!(i18n, words.poem.temperature).to_owned())
                    about=Signal::derive(move || {
                        t_string!(i18n, words.poem.temperature_about).to_owned()
                    })
                    range=(0.0, 2.0)
                    of=|wish| &mut wish.writing.temperature
                />
                <Knob
                    poet
                    id="top-p"
                    label=Signal::stored("top-p".to_owned())
                    about=Signal::derive(move || t_string!(i18n, words.poem.top_p_about).to_owned())
                    range=(0.05, 1.0)
                    of=|wish| &mut wish.writing.top_p
                />
                <Knob
                    poet
                    id="min-p"
                    label=Signal::stored("min-p".to_owned())
                    about=Signal::derive(move || t_string!(i18n, words.poem.min_p_about).to_owned())
                    range=(0.0, 0.5)
                    of=|wish| &mut wish.writing.min_p
                />
                <Knob
                    poet
                    id="repetition"
                    label=Signal::derive(move || t_string!(i18n, words.poem.repetition).to_owned())
                    about=Signal::derive(move || {
                        t_string!(i18n, words.poem.repetition_about).to_owned()
                    })
                    range=(1.0, 2.0)
                    of=|wish| &mut wish.writing.repetition
                />
            </div>
        </details>
    }
}

/// A slider; a poem is written once it rests.
#[component]
fn Knob(
    poet: Poet,
    id: &'static str,
    label: Signal<String>,
    about: Signal<String>,
    range: (f32, f32),
    of: fn(&mut Wish) -> &mut f32,
) -> impl IntoView {
    let value = Memo::new(move |_| *of(&mut poet.wish.get()));
    // Where the slider is while it moves.
    let moving = RwSignal::new(None::<f32>);
    let shown = move || format!("{:.2}", moving.get().unwrap_or_else(|| value.get()));
    let read = move |event: &leptos::ev::Event| event_target_value(event).parse::<f32>().ok();
    let hint = format!("{id}-about");
    view! {
        <div class="knob">
            <label for=id>{label}</label>
            <span class="knob-pair">
                <input
                    id=id
                    type="range"
                    min=range.0.to_string()
                    max=range.1.to_string()
                    step="0.05"
                    aria-valuetext=shown
                    aria-describedby=hint.clone()
                    data-testid=id
                    prop:value=shown
                    on:input=move |event| moving.set(read(&event))
                    on:change=move |event| {
                        moving.set(None);
                        if let Some(value) = read(&event) {
                            poet.ask(History::Push, |wish| *of(wish) = value);
                        }
                    }
                />
                <output for=id class="knob-value">{shown}</output>
            </span>
            <span class="hint" id=hint>{about}</span>
        </div>
    }
}
