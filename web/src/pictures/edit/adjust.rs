//! Brightness, contrast, colour; mirrored and inverted. Plain arithmetic, no model.

use leptos::prelude::*;

use super::desk::Desk;
use super::work::{Light, Work};
use crate::i18n::*;
use crate::pictures::knobs::Slider;

/// The knobs. A slider shows what it does as it moves, and letting go of it is a step.
#[component]
pub fn Adjust(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let light = RwSignal::new(Light::default());
    // What the sliders are turned on: any other change begins anew.
    let base = StoredValue::new(None::<Work>);
    let shown = StoredValue::new(None::<Work>);
    Effect::new(move |_| {
        let now = desk.work.get();
        if now != shown.get_value() {
            base.set_value(now.clone());
            shown.set_value(now);
            light.set(Light::default());
        }
    });
    let turn = move |new: Light| {
        light.set(new);
        if let Some(base) = base.get_value() {
            let lit = base.lit(new);
            shown.set_value(Some(lit.clone()));
            desk.work.set(Some(lit));
        }
    };
    let settle = move |_| {
        desk.settle();
        // Settling tells whose picture it is: that is no other change.
        shown.set_value(desk.work.get_untracked());
    };
    // What was turned and not let go of is not lost with the tool.
    on_cleanup(move || {
        if light.try_get_untracked() != Some(Light::default()) {
            desk.settle();
        }
    });
    let coloured = move || {
        desk.work
            .with(|work| work.as_ref().is_some_and(|work| work.shape.channels > 1))
    };
    view! {
        <div class="edit-adjust" on:change=settle>
            <div class="knobs-row">
                <Slider
                    id="edit-brightness"
                    label=Signal::derive(move || t_string!(i18n, pictures.edit.brightness).to_owned())
                    value=Signal::derive(move || light.get().brightness)
                    range=(-1.0, 1.0)
                    on_move=move |brightness| turn(Light { brightness, ..light.get_untracked() })
                />
                <Slider
                    id="edit-contrast"
                    label=Signal::derive(move || t_string!(i18n, pictures.edit.contrast).to_owned())
                    value=Signal::derive(move || light.get().contrast)
                    range=(-1.0, 1.0)
                    on_move=move |contrast| turn(Light { contrast, ..light.get_untracked() })
                />
                <Show when=coloured>
                    <Slider
                        id="edit-colourfulness"
                        label=Signal::derive(move || t_string!(i18n, pictures.edit.colour).to_owned())
                        value=Signal::derive(move || light.get().colour)
                        range=(-1.0, 1.0)
                        on_move=move |colour| turn(Light { colour, ..light.get_untracked() })
                    />
                </Show>
            </div>
            <div class="edit-steps">
                <button
                    type="button"
                    class="button"
                    data-testid="edit-flip"
                    on:click=move |_| desk.change(Work::flipped)
                >
                    {t!(i18n, pictures.edit.flip)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid="edit-invert"
                    on:click=move |_| desk.change(Work::inverted)
                >
                    {t!(i18n, pictures.edit.invert)}
                </button>
            </div>
        </div>
    }
}
