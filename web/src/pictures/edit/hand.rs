//! What is in the hand, the steps back and forward, and keeping the picture.

use lampwork_protocol::{Recipe, Shape, Start};
use leptos::prelude::*;

use super::desk::Desk;
use super::paper::{Hand, SIZES, Tip};
use super::work::Work;
use super::{Way, colour_of, hex, save};
use crate::i18n::*;
use crate::pictures::room::{Room, use_room};
use crate::pictures::undo::UndoRedo;

/// Colours to paint with; all lie in the sets that the models have seen.
const PALETTE: [[u8; 3]; 14] = [
    [0, 0, 0],
    [90, 90, 98],
    [178, 182, 188],
    [255, 255, 255],
    [120, 72, 42],
    [226, 60, 44],
    [245, 130, 32],
    [255, 204, 60],
    [132, 196, 74],
    [40, 134, 84],
    [88, 190, 226],
    [40, 92, 190],
    [134, 82, 190],
    [244, 150, 190],
];

/// The same for pictures that have none.
const GREYS: [[u8; 3]; 6] = [[0; 3], [51; 3], [102; 3], [153; 3], [204; 3], [255; 3]];

/// Tips, sizes and colours.
#[component]
pub fn Hands(hand: Hand, way: Memo<Way>) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let grey = Memo::new(move |_| {
        room.info.with(|info| {
            info.as_ref()
                .is_some_and(|info| info.card.recipe.model.shape() == Shape::GREY)
        })
    });
    let tip = move |each: Tip| match each {
        Tip::Brush => t_string!(i18n, pictures.edit.brush),
        Tip::Eraser => t_string!(i18n, pictures.edit.eraser),
        Tip::Bucket => t_string!(i18n, pictures.edit.bucket),
        Tip::Picker => t_string!(i18n, pictures.edit.picker),
    };
    let id = |tip| match tip {
        Tip::Brush => "edit-brush",
        Tip::Eraser => "edit-eraser",
        Tip::Bucket => "edit-bucket",
        Tip::Picker => "edit-picker",
    };
    let swatch = move |colour: [u8; 3]| {
        view! {
            <button
                type="button"
                class="swatch"
                aria-label=hex(colour)
                aria-pressed=move || (hand.colour.get() == colour).to_string()
                data-testid=format!("edit-colour-{}", &hex(colour)[1..])
                style:background=hex(colour)
                on:click=move |_| {
                    hand.colour.set(colour);
                    if matches!(hand.tip.get_untracked(), Tip::Eraser | Tip::Picker) {
                        hand.tip.set(Tip::Brush);
                    }
                }
            ></button>
        }
    };
    view! {
        <div class="edit-hands" class:nothing=move || way.get() == Way::Adjust>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.edit.tips)>
                {[Tip::Brush, Tip::Eraser, Tip::Bucket, Tip::Picker]
                    .map(|each| {
                        view! {
                            <button
                                type="button"
                                class="chip"
                                hidden=move || each == Tip::Picker && way.get() == Way::Fill
                                aria-pressed=move || (hand.tip.get() == each).to_string()
                                data-testid=id(each)
                                on:click=move |_| hand.tip.set(each)
                            >
                                {move || tip(each)}
                            </button>
                        }
                    })
                    .collect_view()}
                <span class="edit-sizes" role="group" aria-label=move || t_string!(i18n, pictures.edit.sizes)>
                    {(0..SIZES.len())
                        .map(|size| {
                            view! {
                                <button
                                    type="button"
                                    class="edit-size"
                                    data-size=size
                                    aria-label=move || {
                                        let number = size + 1;
                                        t_string!(i18n, pictures.edit.size, number = number)
                                    }
                                    aria-pressed=move || (hand.size.get() == size).to_string()
                                    data-testid=format!("edit-size-{size}")
                                    on:click=move |_| hand.size.set(size)
                                >
                                    <span aria-hidden="true"></span>
                                </button>
                            }
                        })
                        .collect_view()}
                </span>
            </div>
            <Show when=move || way.get() == Way::Redraw>
                <div
                    class="swatches"
                    role="group"
                    aria-label=move || t_string!(i18n, pictures.edit.colours)
                >
                    {move || {
                        if grey.get() {
                            GREYS.map(swatch).collect_view().into_any()
                        } else {
                            PALETTE.map(swatch).collect_view().into_any()
                        }
                    }}
                    <label class="swatch-any">
                        <span class="unseen">{t!(i18n, pictures.edit.any_colour)}</span>
                        <input
                            type="color"
                            data-testid="edit-colour-any"
                            prop:value=move || hex(hand.colour.get())
                            on:input=move |event| {
                                if let Some(colour) = colour_of(&event_target_value(&event)) {
                                    hand.colour.set(colour);
                                }
                            }
                        />
                    </label>
                </div>
            </Show>
        </div>
    }
}

/// Undo, redo, and away with it all.
#[component]
pub fn Steps(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let unmark = move || {
        desk.change(|work| Work {
            mask: vec![false; work.mask.len()],
            ..work.clone()
        });
    };
    let marked = move || {
        desk.work
            .with(|work| work.as_ref().is_some_and(Work::is_masked))
    };
    view! {
        <div class="edit-steps">
            <UndoRedo
                name="edit"
                can=desk.can
                go=move |forward| if forward { desk.redo() } else { desk.undo() }
            />
            <button
                type="button"
                class="button"
                aria-disabled=move || (!marked()).to_string()
                data-testid="edit-unmark"
                on:click=move |_| unmark()
            >
                {t!(i18n, pictures.edit.unmark)}
            </button>
            <button
                type="button"
                class="button"
                data-testid="edit-clear"
                on:click=move |_| desk.change(|work| Work::blank(work.shape))
            >
                {t!(i18n, pictures.edit.clear)}
            </button>
        </div>
    }
}

/// Saves what lies on the desk.
#[component]
pub fn Keep(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let save = move |_| {
        if let Some(work) = desk.work.get_untracked() {
            save(&work, recipe_of(room, &work).as_ref());
        }
    };
    view! {
        <button type="button" class="button" data-testid="edit-save" on:click=save>
            {t!(i18n, pictures.save)}
        </button>
    }
}

/// How to have a work again: as the model made it, or, where something was done to it
/// since, as a picture that is begun with and left as it is. None for one that no
/// model had a hand in: the file must not say that one did.
fn recipe_of(room: Room, work: &Work) -> Option<Recipe> {
    if work.recipe.is_some() || !work.by_model {
        return work.recipe.clone();
    }
    let sheet = untrack(|| room.sheet(1))?;
    Some(Recipe {
        sampling: None,
        start: Some(Start {
            picture: work.pixels.clone(),
            strength: 0.0,
            mask: None,
        }),
        ..sheet.recipe(0)
    })
}
