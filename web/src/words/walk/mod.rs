//! From one sentence to another through the latent space of a text VAE (Bowman 2016).

mod ends;
mod lines;
mod scroll;
mod walking;

use lampwork_protocol::ModelConfig;
use leptos::prelude::*;

use self::ends::Ends;
use self::lines::SAMPLES;
use self::scroll::Scroll;
use self::walking::{Asked, Walking};
use super::room::use_room;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::workbench::scale::number;

/// Fewest and most poems of a walk, both ends among them.
const STEPS: (u8, u8) = (3, 9);

/// Poems of a walk at first.
const FIRST_STEPS: u8 = 5;

/// The tool.
#[component]
pub fn WalkTool() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let asked = Memo::new(move |_| {
        let end = |name: &str, at: usize| {
            let typed = room
                .address
                .get(name)
                .filter(|text| !text.trim().is_empty());
            typed.unwrap_or_else(|| SAMPLES[at].to_owned())
        };
        let steps = room
            .address
            .get("steps")
            .and_then(|steps| steps.parse().ok());
        Asked {
            ends: [end("from", 0), end("to", 1)],
            steps: steps.unwrap_or(FIRST_STEPS).clamp(STEPS.0, STEPS.1),
        }
    });
    let walk = Walking::new();
    let base = Memo::new(move |_| room.base());
    Effect::new(move |_| {
        let asked = asked.get();
        if let Some(base) = base.get() {
            walk.begin(room.shelf, base, &asked);
        }
    });
    let ships = move || !room.model.with(String::is_empty);
    view! {
        <div class="tool walk">
            <Show when=ships>
                <Ends asked walk />
                <div role="alert" class="trouble" data-testid="walk-trouble">
                    {move || {
                        let (what, hint) = failure_words(i18n, &walk.failure.get()?);
                        Some(view! { <p>{what} " " <span class="hint">{hint}</span></p> })
                    }}
                </div>
                <Scroll walk />
            </Show>
            <About />
        </div>
    }
}

/// What a walk is, for the curious.
#[component]
fn About() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let of_net = move || {
        let info = room.info.get()?;
        let ModelConfig::TextVae(net) = &info.card.recipe.model else {
            return None;
        };
        Some(t_string!(
            i18n,
            words.walk.numbers,
            latent = net.latent,
            dropout = number(f64::from(net.word_dropout) * 100.0),
            beta = number(f64::from(net.beta)),
            free = number(f64::from(net.free_nats))
        ))
    };
    view! {
        <section class="explain walk-about" aria-labelledby="walk-about">
            <h2 id="walk-about">{t!(i18n, words.walk.about)}</h2>
            <div class="explain-words">
                <p>{t!(i18n, words.walk.about_space)}</p>
                <p>{t!(i18n, words.walk.about_kl)}</p>
                <p>{t!(i18n, words.walk.about_dropout)}</p>
            </div>
            <p class="hint" data-testid="walk-numbers">{of_net}</p>
            <p class="hint">
                "Bowman et al. 2016, Generating Sentences from a Continuous Space "
                <a href="https://arxiv.org/abs/1511.06349" rel="noreferrer">"arXiv:1511.06349"</a>
            </p>
        </section>
    }
}
