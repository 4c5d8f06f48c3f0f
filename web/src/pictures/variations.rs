//! Neighbours of one picture.

use lampwork_protocol::{Latent, Recipe};
use leptos::prelude::*;

use super::blend::Big;
use super::knobs::{Seed, Slider};
use super::room::{number, short, use_room};
use super::sheet::Grid;
use crate::i18n::*;
use crate::route::History;

/// Neighbours that are shown.
const NEIGHBOURS: u32 = 24;

/// The tool.
#[component]
pub fn Variations() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let amount = Memo::new(move |_| {
        number::<f32>(room.address.get("amount"))
            .filter(|amount| amount.is_finite())
            .unwrap_or(0.4)
            .clamp(0.0, 1.0)
    });
    // Of the picture in the address, else of the first of the sheet.
    let of = move || {
        room.slot("of")
            .or_else(|| room.sheet(1).map(|sheet| sheet.recipe(0).latent))
    };
    let original = room.follow(move || Some(vec![room.recipe(of()?)?]));
    let maker = room.follow(move || {
        let of = of()?;
        let near = |index| -> Option<Recipe> {
            room.recipe(Latent::Near {
                of: Box::new(of.clone()),
                seed: room.seed.get(),
                index,
                amount: amount.get(),
            })
        };
        (0..NEIGHBOURS).map(near).collect()
    });
    let made = original.get(0);
    let go_on = move |made: super::maker::Made| room.pick(made);
    view! {
        <section class="tool tool-variations" aria-labelledby="variations-heading">
            <h2 id="variations-heading" class="unseen">{t!(i18n, pictures.tool_variations)}</h2>
            <div class="variations-row">
                <div class="variations-of">
                    <Big made testid="variations-big" />
                    <p class="hint">{t!(i18n, pictures.variations_about)}</p>
                </div>
                <div class="variations-all">
                    <div class="knobs-row">
                        <Slider
                            id="amount"
                            label=Signal::derive(move || t_string!(i18n, pictures.amount).to_owned())
                            value=amount
                            range=(0.0, 1.0)
                            on_move=move |value| {
                                room.address
                                    .set(&[("amount", Some(short(value)))], History::Replace);
                            }
                        />
                        <Seed />
                    </div>
                    <Grid maker count=NEIGHBOURS as usize name="variations" on_pick=go_on />
                </div>
            </div>
        </section>
    }
}
