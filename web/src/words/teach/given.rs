//! What both texts are given: first words, form and seed.

use lampwork_protocol::Writing as Choice;
use lampwork_protocol::words::{Base, FORMS, Passage, Poem, TextPrompt, TextRecipe};
use leptos::prelude::*;

use crate::i18n::*;
use crate::route::{Address, History};
use crate::words::room::use_room;
use crate::words::shelf::Shelf;
use crate::words::spell::in_characters;

/// Tokens of each text.
const MOST: u16 = 96;

/// Longest beginning that is taken, in characters.
const LONGEST: usize = 200;

/// The form that a poem has where nobody asks for another.
const FORM: &str = "seven-quatrain";

/// What both are given.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Whether the model writes poems.
    pub poems: bool,
    form: String,
    first: String,
    seed: u64,
}

impl Given {
    /// As the address has it, for a model of poems or another; tracked.
    pub fn read(address: Address, poems: bool) -> Given {
        let first: String = address.get("first").unwrap_or_default();
        Given {
            poems,
            form: address.get("form").unwrap_or_else(|| FORM.to_owned()),
            first: first.chars().take(LONGEST).collect(),
            seed: address
                .get("seed")
                .and_then(|seed| seed.parse().ok())
                .unwrap_or(7),
        }
    }

    /// The same in the characters of a model of poems, if it is one.
    pub async fn spelled(mut self, shelf: Shelf, base: &Base) -> Given {
        if self.poems {
            self.first = in_characters(shelf, base, &self.first).await;
        }
        self
    }

    pub fn recipe(&self, base: &Base) -> TextRecipe {
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

/// First words, form and seed.
#[component]
pub fn GivenRow(given: Memo<Given>) -> impl IntoView {
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

#[cfg(test)]
mod tests {
    use super::*;

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
