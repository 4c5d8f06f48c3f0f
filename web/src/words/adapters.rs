//! Which of the things learned on top of a model count, and how much.

use std::time::Duration;

use lampwork_protocol::AdapterCard;
use leptos::prelude::*;

use super::room::use_room;
use super::shelf::{Learned, hash_of, hexadecimal};
use crate::i18n::*;
use crate::route::History;

/// The strength that the slider goes up to; past it texts soon fall apart.
pub const STRONGEST: f32 = 1.5;

/// How long the slider rests before texts follow: for each strength the weights are
/// added up anew.
const REST: Duration = Duration::from_millis(120);

/// Whether what was learned is of these weights.
pub fn fits(learned: &Learned, weights: [u8; 8]) -> bool {
    learned.card.weights == hexadecimal(weights)
}

/// The strength that an address names: 1, where it names none that there is.
pub fn strength_of(text: Option<&str>) -> f32 {
    let strength = text.and_then(|text| text.parse::<f32>().ok());
    let strength = strength.filter(|strength| strength.is_finite());
    strength.map_or(1.0, |strength| strength.clamp(0.0, STRONGEST))
}

/// By how many per cent the loss on what was held out fell; below 0 where it rose.
pub fn fall(card: &AdapterCard) -> Option<f32> {
    let [before, after] = card.held_out?;
    (before > 0.0).then(|| (1.0 - after / before) * 100.0)
}

/// A change in per cent, with its sign.
pub fn signed(fall: f32) -> String {
    // What falls is less: a minus, by its own sign and not a hyphen.
    let sign = if fall > 0.0 { '\u{2212}' } else { '+' };
    format!("{sign}{:.1}\u{a0}%", fall.abs())
}

/// Chooses what was learned on top of the model in use, and slides its strength; there
/// once something was.
#[component]
pub fn Adapters() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let fitting = Memo::new(move |_| {
        let weights = room
            .info
            .with(|info| info.as_ref().map(|info| info.weights));
        let all = room.shelf.adapters();
        let fitting = all
            .iter()
            .filter(|learned| weights.is_some_and(|weights| fits(learned, weights)));
        fitting
            .map(|learned| (learned.hash, learned.card.clone()))
            .collect::<Vec<_>>()
    });
    let chosen = Memo::new(move |_| room.adapter.get().map(|adapter| adapter.hash));
    // One that a link names and nobody has opened here. One of another model is there,
    // and waits for it.
    let missing = move || {
        let Some(named) = room.address.get("adapter").as_deref().and_then(hash_of) else {
            return false;
        };
        let here = |learned: &Learned| learned.hash == named;
        room.shelf.has_remembered() && !room.shelf.adapters().iter().any(here)
    };
    let choose = move |hash: Option<[u8; 8]>| {
        let strength = hash.map(|_| "1".to_owned());
        room.address.set(
            &[("adapter", hash.map(hexadecimal)), ("strength", strength)],
            History::Push,
        );
    };
    let slid = RwSignal::new(1.0);
    Effect::new(move |_| {
        slid.set(room.adapter.get().map_or(1.0, |adapter| adapter.strength));
    });
    let settle = debounce(REST, move |strength: String| {
        room.address
            .set(&[("strength", Some(strength))], History::Replace);
    });
    let settle = StoredValue::new_local(settle);
    view! {
        <Show when=move || fitting.with(|all| !all.is_empty()) || missing()>
            <div class="adapters">
                <div
                    class="chips"
                    role="group"
                    aria-label=move || t_string!(i18n, words.teach.adapters)
                >
                    <span class="model-data" aria-hidden="true">
                        {t!(i18n, words.teach.adapters)}
                    </span>
                    <button
                        type="button"
                        class="chip"
                        data-testid="adapter-none"
                        aria-pressed=move || chosen.get().is_none().to_string()
                        on:click=move |_| choose(None)
                    >
                        {t!(i18n, words.teach.adapter_none)}
                    </button>
                    <For each=move || fitting.get() key=|learned| learned.0 let:learned>
                        <button
                            type="button"
                            class="chip"
                            data-testid=format!("adapter-{}", hexadecimal(learned.0))
                            aria-pressed=move || (chosen.get() == Some(learned.0)).to_string()
                            on:click=move |_| choose(Some(learned.0))
                        >
                            {learned.1.name.clone()}
                            {fall(&learned.1)
                                .map(|fall| {
                                    view! { <small class="adapter-fall">{signed(fall)}</small> }
                                })}
                        </button>
                    </For>
                </div>
                <Show when=move || chosen.get().is_some()>
                    <label class="adapter-strength">
                        <span>{t!(i18n, words.teach.adapter_strength)}</span>
                        <input
                            type="range"
                            min="0"
                            max=STRONGEST.to_string()
                            step="0.05"
                            data-testid="adapter-strength"
                            prop:value=move || slid.get().to_string()
                            on:input=move |event| {
                                let strength = event_target_value(&event);
                                slid.set(strength_of(Some(&strength)));
                                settle.update_value(|settle| settle(strength));
                            }
                        />
                        <output class="knob-value">{move || format!("{:.2}", slid.get())}</output>
                    </label>
                </Show>
                <p class="hint" role="status" data-testid="adapter-missing" hidden=move || !missing()>
                    {t!(i18n, words.teach.adapter_missing)}
                </p>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strength_comes_from_anyone_and_stays_on_the_slider() {
        for (text, strength) in [
            (None, 1.0),
            (Some("0.35"), 0.35),
            (Some("99"), STRONGEST),
            (Some("-1"), 0.0),
            (Some("NaN"), 1.0),
            (Some("strong"), 1.0),
        ] {
            assert_eq!(strength_of(text), strength, "{text:?}");
        }
    }

    #[test]
    fn a_fall_is_told_by_its_sign() {
        let card = |held_out| AdapterCard {
            version: AdapterCard::VERSION,
            name: "mine".to_owned(),
            model: "poems".to_owned(),
            weights: String::new(),
            rank: 8,
            alpha: 16.0,
            steps: 10,
            held_out,
        };
        let told = |held_out| fall(&card(held_out)).map(signed);
        assert_eq!(
            told(Some([4.0, 3.0])).as_deref(),
            Some("\u{2212}25.0\u{a0}%")
        );
        assert_eq!(told(Some([4.0, 5.0])).as_deref(), Some("+25.0\u{a0}%"));
        assert_eq!(told(Some([0.0, 5.0])), None);
        assert_eq!(told(None), None);
    }

    #[test]
    fn a_hash_survives_the_address_and_nothing_else_is_one() {
        let hash = [0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff];
        assert_eq!(hash_of(&hexadecimal(hash)), Some(hash));
        for text in ["", "12", "zzzzzzzzzzzzzzzz", "00010203fcfdfeff0"] {
            assert_eq!(hash_of(text), None, "{text}");
        }
    }
}
