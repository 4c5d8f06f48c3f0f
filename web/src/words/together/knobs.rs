//! How each token is chosen, folded away: who writes need not know of it.

use lampwork_protocol::Writing;
use leptos::prelude::*;

use crate::i18n::*;
use crate::route::{Address, History};

/// Tokens of a continuation, at least and at most.
const LENGTHS: (u16, u16) = (8, 240);

/// The knobs, as the address has them.
#[derive(Clone, Copy)]
pub struct Knobs {
    address: Address,
    /// How a token is chosen.
    pub writing: Memo<Writing>,
    /// Most tokens of a continuation or an answer.
    pub most: Memo<u16>,
    /// Seed of the noise.
    pub seed: Memo<u64>,
}

/// A knob that is turned by a slider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Knob {
    Temperature,
    TopP,
    MinP,
    Repetition,
    Length,
}

impl Knob {
    const ALL: [Knob; 5] = [
        Knob::Temperature,
        Knob::TopP,
        Knob::MinP,
        Knob::Repetition,
        Knob::Length,
    ];

    /// Its name in the address and in test ids.
    fn name(self) -> &'static str {
        match self {
            Knob::Temperature => "temperature",
            Knob::TopP => "top-p",
            Knob::MinP => "min-p",
            Knob::Repetition => "repetition",
            Knob::Length => "length",
        }
    }

    /// Lowest, highest and first value, and the step between two.
    fn range(self) -> [f32; 4] {
        match self {
            Knob::Temperature => [0.0, 2.0, 0.8, 0.05],
            Knob::TopP => [0.05, 1.0, 1.0, 0.05],
            Knob::MinP => [0.0, 0.5, 0.05, 0.01],
            Knob::Repetition => [1.0, 2.0, 1.1, 0.05],
            Knob::Length => [LENGTHS.0.into(), LENGTHS.1.into(), 96.0, 8.0],
        }
    }

    /// The value that an address says; the first one where it says none that there is.
    fn read(self, said: Option<String>) -> f32 {
        let [least, most, first, _] = self.range();
        let value = said.and_then(|said| said.parse().ok());
        value
            .filter(|value| (least..=most).contains(value))
            .unwrap_or(first)
    }

    fn shown(self, value: f32) -> String {
        match self {
            Knob::Length => format!("{value:.0}"),
            _ => format!("{value:.2}"),
        }
    }
}

impl Knobs {
    /// As the address has them.
    pub fn new(address: Address) -> Knobs {
        let value = move |knob: Knob| knob.read(address.get(knob.name()));
        Knobs {
            address,
            writing: Memo::new(move |_| Writing {
                temperature: value(Knob::Temperature),
                top_k: 0,
                top_p: value(Knob::TopP),
                min_p: value(Knob::MinP),
                repetition: value(Knob::Repetition),
            }),
            most: Memo::new(move |_| value(Knob::Length) as u16),
            seed: Memo::new(move |_| {
                let said = address.get("seed").and_then(|seed| seed.parse().ok());
                said.unwrap_or(1)
            }),
        }
    }

    /// Takes another seed.
    pub fn throw(&self) {
        let seed = (js_sys::Math::random() * 1e6) as u64;
        self.address
            .set(&[("seed", Some(seed.to_string()))], History::Replace);
    }
}

/// The knobs to turn.
#[component]
pub fn KnobRow(
    /// Where they stand.
    knobs: Knobs,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move |knob| match knob {
        Knob::Temperature => t_string!(i18n, words.together.temperature),
        Knob::TopP => t_string!(i18n, words.together.top_p),
        Knob::MinP => t_string!(i18n, words.together.min_p),
        Knob::Repetition => t_string!(i18n, words.together.repetition),
        Knob::Length => t_string!(i18n, words.together.length),
    };
    let about = move |knob| match knob {
        Knob::Temperature => t_string!(i18n, words.together.temperature_about),
        Knob::TopP => t_string!(i18n, words.together.top_p_about),
        Knob::MinP => t_string!(i18n, words.together.min_p_about),
        Knob::Repetition => t_string!(i18n, words.together.repetition_about),
        Knob::Length => t_string!(i18n, words.together.length_about),
    };
    let address = knobs.address;
    view! {
        <details class="together-how">
            <summary data-testid="together-how">{t!(i18n, words.together.how)}</summary>
            <div class="together-knobs">
                {Knob::ALL
                    .map(|knob| {
                        let [least, most, _, step] = knob.range();
                        let id = format!("together-{}", knob.name());
                        let about_id = format!("{id}-about");
                        let value = move || knob.shown(knob.read(address.get(knob.name())));
                        view! {
                            <div class="together-knob">
                                <label for=id.clone()>{move || label(knob)}</label>
                                <output for=id.clone()>{value}</output>
                                <input
                                    id=id.clone()
                                    type="range"
                                    min=least.to_string()
                                    max=most.to_string()
                                    step=step.to_string()
                                    data-testid=id
                                    aria-describedby=about_id.clone()
                                    aria-valuetext=value
                                    prop:value=value
                                    on:input=move |event| {
                                        let said = knob.read(Some(event_target_value(&event)));
                                        address
                                            .set(
                                                &[(knob.name(), Some(knob.shown(said)))],
                                                History::Replace,
                                            );
                                    }
                                />
                                <p class="hint" id=about_id>{move || about(knob)}</p>
                            </div>
                        }
                    })
                    .collect_view()}
                <div class="together-knob">
                    <label for="together-seed">{t!(i18n, words.together.seed)}</label>
                    <span class="together-seed">
                        <input
                            id="together-seed"
                            type="number"
                            min="0"
                            max="9007199254740991"
                            step="1"
                            inputmode="numeric"
                            data-testid="together-seed"
                            prop:value=move || knobs.seed.get().to_string()
                            on:change=move |event| {
                                if let Ok(seed) = event_target_value(&event).parse::<u64>() {
                                    address.set(&[("seed", Some(seed.to_string()))], History::Push);
                                }
                            }
                        />
                        <button
                            type="button"
                            class="button"
                            data-testid="together-die"
                            on:click=move |_| knobs.throw()
                        >
                            {t!(i18n, words.together.die)}
                        </button>
                    </span>
                    <p class="hint">{t!(i18n, words.together.seed_about)}</p>
                </div>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knobs_are_read_from_the_address_within_their_range() {
        let read = |knob: Knob, said: &str| knob.read(Some(said.to_owned()));
        assert_eq!(read(Knob::Temperature, "1.25"), 1.25);
        for bad in ["", "NaN", "-1", "9", "hot"] {
            assert_eq!(read(Knob::Temperature, bad), 0.8, "{bad}");
        }
        assert_eq!(Knob::Length.read(None), 96.0);
        assert_eq!(Knob::Length.shown(96.0), "96");
        assert_eq!(Knob::TopP.shown(0.9), "0.90");
        // What a slider can say, a model takes.
        for knob in Knob::ALL {
            let [least, most, first, step] = knob.range();
            assert!(least <= first && first <= most && step > 0.0);
        }
    }
}
