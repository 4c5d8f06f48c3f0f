//! All heads as small maps, to choose one from.

use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlCanvasElement;

use super::figures::percent;
use super::frame::{Colours, each_frame, now_and_then, paint_triangle, put, rgb, visible_of};
use super::habit::habit;
use super::record::Record;
use super::session::Stage;
use super::shape::Choice;
use super::use_inside;
use crate::i18n::*;
use crate::route::History;

/// Side of a small map, in pixels of its canvas.
const SIDE: usize = 64;

/// Pixels between two.
const GAP: usize = 8;

/// The heads.
#[component]
pub fn Heads() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let record = inside.session.record;
    let frame = NodeRef::<html::Fieldset>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let visible = visible_of(move || frame.get().map(Into::into));
    let busy = move || inside.session.stage.get() != Stage::Rest;
    let turn = now_and_then(move || record.track(), busy);
    each_frame(
        move || {
            turn.track();
            visible.track();
        },
        move || {
            let (Some(canvas), true) = (canvas.get(), visible.get()) else {
                return;
            };
            let colour = rgb(&Colours::now().glass);
            record.with(|record| draw(&canvas, record, colour));
        },
    );
    let choose = move |choice: Choice| {
        let name = (choice != Choice::Mean).then(|| choice.name());
        inside.room.address.set(&[("look", name)], History::Replace);
    };
    let radio = move |choice: Choice, label: Signal<String>, class: &'static str| {
        view! {
            <label class=class title=label>
                <input
                    type="radio"
                    name="inside-head"
                    data-testid=format!("inside-head-{}", choice.name())
                    prop:checked=move || inside.choice.get() == choice
                    on:change=move |_| choose(choice)
                />
                <span class:unseen=choice != Choice::Mean>{label}</span>
            </label>
        }
    };
    let mean = Signal::derive(move || t_string!(i18n, words.inside.mean).to_owned());
    view! {
        <fieldset class="inside-heads" node_ref=frame>
            <legend class="unseen">{t!(i18n, words.inside.heads)}</legend>
            {radio(Choice::Mean, mean, "head-mean")}
            <div class="head-grid">
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                <div
                    class="head-cells"
                    style=("--heads", move || inside.shape.with(|shape| shape.heads.to_string()))
                    style=("--layers", move || inside.shape.with(|shape| shape.layers.to_string()))
                >
                    {move || {
                        let shape = inside.shape.get();
                        (0..shape.layers)
                            .flat_map(|layer| (0..shape.heads).map(move |head| (layer, head)))
                            .map(|(layer, head)| {
                                let label = Signal::derive(move || {
                                    t_string!(i18n, words.inside.head, layer = layer + 1, head = head + 1)
                                });
                                radio(Choice::Head(layer, head), label, "head-cell")
                            })
                            .collect_view()
                    }}
                </div>
            </div>
            <p class="head-axes hint" aria-hidden="true">{t!(i18n, words.inside.head_axes)}</p>
            <Habits />
        </fieldset>
    }
}

/// Where the chosen head looks on the whole.
#[component]
fn Habits() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let told = move || {
        // While tokens come it would be counted anew for each.
        if inside.session.stage.get() != Stage::Rest {
            return None;
        }
        let habit = inside
            .session
            .record
            .with(|record| habit(record, inside.choice.get()))?;
        Some(t_string!(
            i18n,
            words.inside.habit,
            first = percent(habit.first),
            before = percent(habit.before),
            itself = percent(habit.itself),
            distance = format!("{:.1}", habit.distance)
        ))
    };
    view! { <p class="hint inside-habit" data-testid="inside-habit">{told}</p> }
}

/// Draws all heads: a row a layer.
fn draw(canvas: &HtmlCanvasElement, record: &Record, colour: [u8; 3]) {
    let shape = record.shape;
    if shape.heads == 0 {
        return;
    }
    let (width, height) = (extent(shape.heads), extent(shape.layers));
    let mut pixels = vec![0_u8; width * height * 4];
    let tokens = record.attended();
    for layer in 0..shape.layers {
        for head in 0..shape.heads {
            let start = (head * (SIDE + GAP), layer * (SIDE + GAP));
            let choice = Choice::Head(layer, head);
            let rows: Vec<Vec<f32>> = (0..tokens)
                .filter_map(|at| record.looks_at(at, choice))
                .collect();
            paint_triangle(&mut pixels, width, start, SIDE, &rows, colour);
        }
    }
    put(canvas, &pixels, width, height);
}

/// Pixels of so many maps with gaps between them.
fn extent(count: usize) -> usize {
    (count * (SIDE + GAP)).saturating_sub(GAP)
}
