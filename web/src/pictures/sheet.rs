//! A sheet of samples, and the grid of pictures that other tools use as well.

use lampwork_protocol::ModelInfo;
use leptos::prelude::*;

use super::knobs::{Classes, Count, Path, Seed, Stop, Temperature};
use super::maker::{Made, Maker};
use super::picture::Picture;
use super::prompt::Prompt;
use super::room::{has_words, number, use_room};
use super::words::name_of;
use crate::i18n::*;

/// Pictures on a sheet, to choose from.
pub const COUNTS: [u32; 4] = [16, 36, 64, 100];

/// Samples of a seed.
#[component]
pub fn SheetTool() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let count = Memo::new(move |_| {
        number(room.address.get("count"))
            .filter(|count| COUNTS.contains(count))
            .unwrap_or_else(|| room.info.with(usual_count))
    });
    let maker = room.follow(move || Some(room.sheet(count.get())?.recipes()));
    view! {
        <section class="tool tool-sheet" aria-labelledby="sheet-heading">
            <h2 id="sheet-heading" class="unseen">{t!(i18n, pictures.tool_sheet)}</h2>
            <Prompt maker />
            <div class="knobs-row">
                <Seed />
                <Temperature />
                <Count count />
                <Path />
                <Stop maker />
            </div>
            <Classes />
            <Grid
                maker
                count=Signal::derive(move || count.get() as usize)
                name="sheet"
                on_pick=move |made| room.pick(made)
            />
        </section>
    }
}

/// Pictures of a sheet that was not asked for otherwise; fewer of a model whose
/// pictures are large and take their time.
fn usual_count(info: &Option<ModelInfo>) -> u32 {
    match info {
        Some(info) if has_words(info) => 16,
        _ => 36,
    }
}

/// Where a key leads to in a grid; nowhere for one that does not move. It may lead
/// past the last.
pub fn step(key: &str, at: usize, columns: usize, last: usize) -> Option<usize> {
    Some(match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + columns,
        "ArrowUp" => at.checked_sub(columns).unwrap_or(at),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

/// A grid of pictures. One tab stop; arrow keys move, Enter picks.
#[component]
pub fn Grid(
    /// Who makes them.
    maker: Maker,
    /// How many.
    #[prop(into)]
    count: Signal<usize>,
    /// Prefix of the test ids.
    name: &'static str,
    /// Called with the picture that is clicked.
    on_pick: impl Fn(Made) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let focus = RwSignal::new(0_usize);
    let grid = NodeRef::<leptos::html::Div>::new();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(grid) = grid.get_untracked() else {
            return;
        };
        let columns = columns(&grid);
        let last = count.get_untracked().saturating_sub(1);
        let at = focus.get_untracked().min(last);
        let Some(to) = step(&event.key(), at, columns, last) else {
            return;
        };
        event.prevent_default();
        if to <= last {
            focus.set(to);
            focus_child(&grid, to);
        }
    };
    view! {
        <div
            class="grid"
            class:busy=move || maker.busy().get()
            data-size=move || size(count.get())
            role="group"
            aria-label=move || t_string!(i18n, pictures.grid)
            data-testid=format!("{name}-grid")
            data-busy=move || maker.busy().get().to_string()
            node_ref=grid
            on:keydown=on_key
        >
            <For each=move || 0..count.get() key=|index| *index let:index>
                <Cell maker index name focus on_pick />
            </For>
        </div>
        <Faults maker />
    }
}

/// One picture of a grid; a click picks it.
#[component]
pub fn Cell(
    /// Who makes it.
    maker: Maker,
    /// Which of them.
    index: usize,
    /// Prefix of the test id.
    name: &'static str,
    /// The one that is a tab stop.
    focus: RwSignal<usize>,
    /// What it is called, beside what it shows.
    #[prop(optional, into)]
    called: Option<Signal<String>>,
    /// Called with it when it is clicked.
    on_pick: impl Fn(Made) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let made = maker.get(index);
    let picked = move || {
        made.with(|made| {
            made.as_ref().is_some_and(|made| {
                room.picked
                    .with(|picked| picked.as_ref().is_some_and(|p| p.recipe == made.recipe))
            })
        })
    };
    let label = move || {
        let what = made
            .get()
            .map(|made| name_of(i18n, room.data(), &made.recipe.latent))
            .unwrap_or_default();
        if let Some(called) = called {
            let called = called.get();
            return t_string!(i18n, pictures.compare_cell, called = called, what = what);
        }
        let number = index + 1;
        t_string!(i18n, pictures.cell, number = number, what = what)
    };
    view! {
        <button
            type="button"
            class="cell"
            class:picked=picked
            aria-label=label
            aria-disabled=move || {
                made.with(|made| !made.as_ref().is_some_and(|made| made.whole)).to_string()
            }
            tabindex=move || if focus.get() == index { "0" } else { "-1" }
            data-testid=format!("{name}-{index}")
            on:focus=move |_| focus.set(index)
            on:click=move |_| {
                if let Some(made) = made.get_untracked().filter(|made| made.whole) {
                    on_pick(made);
                }
            }
        >
            <Picture pixels=Signal::derive(move || made.get().map(|made| made.pixels)) />
        </button>
    }
}

/// What went wrong while pictures were made.
#[component]
pub fn Faults(
    /// Who made them.
    maker: Maker,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="status" class="faults">
            {move || {
                maker
                    .failure()
                    .get()
                    .map(|failure| {
                        let (what, hint) = crate::failure::words(i18n, &failure);
                        view! { <p>{what} " " <span class="hint">{hint}</span></p> }
                    })
            }}
        </div>
    }
}

/// How large a cell of so many is, as the style knows it.
fn size(count: usize) -> &'static str {
    match count {
        0..=16 => "large",
        17..=36 => "medium",
        37..=64 => "small",
        _ => "tiny",
    }
}

/// Columns that the style has put the cells in.
fn columns(grid: &web_sys::Element) -> usize {
    let style = window().get_computed_style(grid).ok().flatten();
    let tracks = style.and_then(|style| style.get_property_value("grid-template-columns").ok());
    tracks.map_or(1, |tracks| tracks.split_whitespace().count().max(1))
}

/// Puts the focus on a cell of a grid.
pub fn focus_child(grid: &web_sys::Element, index: usize) {
    use wasm_bindgen::JsCast;
    let child = grid.children().item(index as u32);
    if let Some(child) = child.and_then(|child| child.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A button of the page can always be focused.
        let _ = child.focus();
    }
}
