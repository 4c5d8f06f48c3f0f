//! A - B + C in the latent space.

use lampwork_protocol::Latent;
use leptos::prelude::*;

use super::blend::Big;
use super::room::use_room;
use super::sheet::Faults;
use super::slots::{Slot, Slots, Tray};
use crate::i18n::*;

/// The tool.
#[component]
pub fn Arithmetic() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let slots = Slots::new(room, &["a", "b", "c"]);
    let maker = room.follow(move || {
        let latent = Latent::Arithmetic {
            a: Box::new(slots.latent(0)?),
            minus: Box::new(slots.latent(1)?),
            plus: Box::new(slots.latent(2)?),
        };
        Some(vec![room.recipe(latent)?])
    });
    let made = maker.get(0);
    view! {
        <section class="tool tool-arithmetic" aria-labelledby="arithmetic-heading">
            <h2 id="arithmetic-heading" class="unseen">{t!(i18n, pictures.tool_arithmetic)}</h2>
            <p class="hint">{t!(i18n, pictures.arithmetic_about)}</p>
            <div class="sum">
                <Slot slots index=0 />
                <span class="sign" aria-hidden="true">"−"</span>
                <Slot slots index=1 />
                <span class="sign" aria-hidden="true">"+"</span>
                <Slot slots index=2 />
                <span class="sign sign-is" aria-hidden="true">"="</span>
                <Big made testid="arithmetic-big" />
            </div>
            <Faults maker />
            <Tray slots />
        </section>
    }
}
