//! What the model keeps of what it has read, growing as it reads; of an LSTM, its state.

use lampwork_protocol::ModelConfig;
use leptos::prelude::*;

use super::figures::{kilobytes, passes_without_cache};
use super::record::Kind;
use super::use_inside;
use crate::i18n::*;
use crate::workbench::scale::{number, whole};

/// The cache.
#[component]
pub fn CacheView() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let record = inside.session.record;
    let shape = inside.shape;
    let ready = Memo::new(move |_| inside.room.info.with(Option::is_some));
    let attends = Memo::new(move |_| inside.attends());
    let kept = Memo::new(move |_| record.with(|record| record.kept));
    let read = Memo::new(move |_| {
        record.with(|record| {
            let tokens = record.tokens.iter().filter(|token| token.kind != Kind::End);
            tokens.count() as u64
        })
    });
    // Columns that are filled: what is kept, by what a token adds to it.
    let columns = move || {
        kept.get()
            .checked_div(shape.get().cached() as u64)
            .unwrap_or(0)
    };
    let hidden = move || {
        inside.room.info.with(
            |info| match info.as_ref().map(|info| &info.card.recipe.model) {
                Some(ModelConfig::Lstm(net)) => net.layers * net.width * 2,
                _ => 0,
            },
        )
    };
    let numbers = move || {
        t_string!(
            i18n,
            words.inside.cache_kept,
            numbers = whole(kept.get()),
            kilobytes = kilobytes(kept.get())
        )
    };
    let about = move || {
        let shape = shape.get();
        if attends.get() {
            t_string!(
                i18n,
                words.inside.cache_adds,
                layers = shape.layers,
                width = shape.width,
                numbers = whole(shape.cached() as u64)
            )
        } else {
            t_string!(
                i18n,
                words.inside.state_is,
                layers = shape.layers,
                width = shape.width,
                numbers = whole(hidden() as u64)
            )
        }
    };
    let saved = move || {
        let (read, without) = (read.get(), passes_without_cache(read.get()));
        t_string!(
            i18n,
            words.inside.cache_saves,
            with = whole(read),
            without = whole(without),
            times = number(((without as f64 / read.max(1) as f64) * 10.0).round() / 10.0)
        )
    };
    view! {
        <Show when=move || ready.get()>
            <section class="inside-cache" aria-labelledby="inside-cache">
                <h2 id="inside-cache">
                    {move || {
                        if attends.get() {
                            t_string!(i18n, words.inside.cache)
                        } else {
                            t_string!(i18n, words.inside.state)
                        }
                    }}
                </h2>
                <div
                    class="cache-bar"
                    class:of-state=move || !attends.get()
                    aria-hidden="true"
                    style=("--filled", move || columns().to_string())
                    style=("--columns", move || shape.get().context.max(1).to_string())
                >
                    <span></span>
                </div>
                <p class="cache-numbers" data-testid="inside-kept">{numbers}</p>
                <div class="cache-words">
                    <p>{about}</p>
                    <Show when=move || attends.get()>
                        <p data-testid="inside-saved">{saved}</p>
                    </Show>
                </div>
            </section>
        </Show>
    }
}
