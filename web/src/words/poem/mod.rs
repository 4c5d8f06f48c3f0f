//! Chinese verse by form, first words, theme and mood.

use lampwork_protocol::Writing as Choice;
use lampwork_protocol::words::{Keep as KeepForm, Poem, TextPrompt, TextRecipe};
use leptos::prelude::*;

use super::keep::Keep;
use super::room::{Opened, use_room};
use super::writing::Writing;
use crate::i18n::*;

/// The tool.
#[component]
pub fn PoemTool() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let writing = Writing::new(room.shelf);
    let write = move |_| {
        let Some(base) = room.base() else {
            return;
        };
        let recipe = TextRecipe {
            model: base.model,
            weights: base.weights,
            adapter: base.adapter,
            prompt: TextPrompt::Poem(Poem::default()),
            writing: Choice::default(),
            keep: None::<KeepForm>,
            most: 160,
            seed: 7,
            index: 0,
        };
        writing.write(vec![recipe], None);
    };
    let text = move || {
        writing.rows.with(|rows| {
            rows.first()
                .map(|row| row.with(super::writing::Made::whole))
        })
    };
    let made = Signal::derive(move || {
        let row = writing.rows.with(|rows| rows.first().copied())?;
        let made = row.get();
        Some(Opened {
            text: Some(made.whole()),
            recipe: made.recipe,
        })
    });
    view! {
        <div class="tool">
            <button type="button" class="button primary" data-testid="poem-write" on:click=write>
                {t!(i18n, words.write)}
            </button>
            <p data-testid="poem">{text}</p>
            <Keep made />
        </div>
    }
}
