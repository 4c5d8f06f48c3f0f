//! The Pictures room: sample, wander, blend, draw, reckon, vary.

mod arithmetic;
mod axes;
mod axis_knob;
mod blend;
mod brush;
mod compare;
mod detail;
mod draw;
mod edit;
mod enlarge;
mod knobs;
mod labels;
mod maker;
mod map;
mod models;
mod motion;
mod nearest;
mod open;
mod pad;
mod picture;
mod prompt;
mod restyle;
mod room;
mod said;
pub mod share;
mod sheet;
mod slots;
pub mod tint;
mod traits;
mod typed;
mod undo;
mod variations;
mod words;

pub use self::brush::{hand_name, written_and_back};
pub use self::detail::Closely;
pub use self::maker::{Made, Maker};
pub use self::open::{Opened, opened};
pub use self::prompt::Line;
pub use self::restyle::style_name;
pub use self::room::{Tool, has_styles};
pub use self::words::{data_name, model_name};

use leptos::prelude::*;

use self::arithmetic::Arithmetic;
use self::blend::Blend;
use self::brush::Brush;
use self::compare::Compare;
use self::detail::Detail;
use self::draw::Draw;
use self::edit::Edit;
use self::map::Map;
use self::models::{Models, Progress};
use self::motion::MotionTool;
use self::open::{OpenFile, OpenGrid, OpenLink};
use self::restyle::Restyle;
use self::room::{Room, use_room};
use self::sheet::SheetTool;
use self::traits::Traits;
use self::variations::Variations;
use crate::explain::Beside;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::later::{Part, ShowLater};
use crate::library::use_library;
use crate::link::Link;
use crate::route::{History, use_address};
use crate::theme::use_look;

/// The room.
#[component]
pub fn Pictures() -> impl IntoView {
    let i18n = use_i18n();
    let room = Room::new(expect_context::<Link>(), use_library(), use_address());
    provide_context(room);
    view! {
        <OpenLink />
        <OpenGrid />
        <OpenFile>
            <div class="pictures" class:closely=move || room.picked.with(Option::is_some)>
                <header class="pictures-head">
                    <h1>{t!(i18n, pictures.title)}</h1>
                    <p class="lead">{t!(i18n, pictures.lead)}</p>
                </header>
                <Tools />
                <Trouble />
                <div class="stage">
                    // Characters and photographs have one model each, and ways to be shown of
                    // their own.
                    <div class="stage-top" hidden=move || room.tool.get().alone()>
                        <Models />
                        <Showing />
                    </div>
                    <Progress />
                    <p class="hint stage-hint" hidden=move || room.tool.get().alone()>{t!(i18n, pictures.detail_none)}</p>
                    {move || match room.tool.get() {
                        Tool::Sheet => view! { <SheetTool /> }.into_any(),
                        tool => view! { <ShowLater part=Part::Tool(tool) /> }.into_any(),
                    }}
                </div>
                <Detail />
                <div class="pictures-explain" hidden=move || room.tool.get() == Tool::Restyle>
                    <Beside info=room.info />
                </div>
            </div>
        </OpenFile>
    }
}

/// A tool but for the sheet, which alone is there from the start.
#[component]
pub fn OtherTool(
    /// Which.
    tool: Tool,
) -> impl IntoView {
    match tool {
        Tool::Sheet => view! { <SheetTool /> }.into_any(),
        Tool::Map => view! { <Map /> }.into_any(),
        Tool::Blend => view! { <Blend /> }.into_any(),
        Tool::Draw => view! { <Draw /> }.into_any(),
        Tool::Arithmetic => view! { <Arithmetic /> }.into_any(),
        Tool::Variations => view! { <Variations /> }.into_any(),
        Tool::Compare => view! { <Compare /> }.into_any(),
        Tool::Motion => view! { <MotionTool /> }.into_any(),
        Tool::Edit => view! { <Edit /> }.into_any(),
        Tool::Traits => view! { <Traits /> }.into_any(),
        Tool::Brush => view! { <Brush /> }.into_any(),
        Tool::Restyle => view! { <Restyle /> }.into_any(),
    }
}

/// The row of tools.
#[component]
fn Tools() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let name = move |tool| match tool {
        Tool::Sheet => t_string!(i18n, pictures.tool_sheet),
        Tool::Map => t_string!(i18n, pictures.tool_map),
        Tool::Blend => t_string!(i18n, pictures.tool_blend),
        Tool::Draw => t_string!(i18n, pictures.tool_draw),
        Tool::Arithmetic => t_string!(i18n, pictures.tool_arithmetic),
        Tool::Variations => t_string!(i18n, pictures.tool_variations),
        Tool::Compare => t_string!(i18n, pictures.tool_compare),
        Tool::Motion => t_string!(i18n, pictures.tool_motion),
        Tool::Edit => t_string!(i18n, pictures.tool_edit),
        Tool::Traits => t_string!(i18n, pictures.tool_traits),
        Tool::Brush => t_string!(i18n, pictures.tool_brush),
        Tool::Restyle => t_string!(i18n, pictures.tool_restyle),
    };
    view! {
        <div class="tools" role="group" aria-label=move || t_string!(i18n, pictures.tools)>
            {Tool::ALL
                .map(|tool| {
                    view! {
                        <button
                            type="button"
                            class="tab"
                            aria-pressed=move || (room.tool.get() == tool).to_string()
                            hidden=move || room.tool.get() != tool && !room.fits(tool)
                            data-testid=format!("tool-{}", tool.name())
                            on:click=move |_| {
                                room.address
                                    .set(&[("tool", Some(tool.name().into()))], History::Push);
                            }
                        >
                            {move || name(tool)}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// How pictures are shown: colours and pixels.
#[component]
fn Showing() -> impl IntoView {
    let i18n = use_i18n();
    let look = use_look();
    let room = use_room();
    view! {
        <div class="showing" role="group" aria-label=move || t_string!(i18n, pictures.showing)>
            // Colours are shown as they are.
            <label hidden=move || room.data().captioned()>
                <input
                    type="checkbox"
                    data-testid="show-ember"
                    prop:checked=move || look.ember.get()
                    on:change=move |event| look.ember.set(event_target_checked(&event))
                />
                {t!(i18n, pictures.show_ember)}
            </label>
            <label>
                <input
                    type="checkbox"
                    data-testid="show-smooth"
                    prop:checked=move || look.smooth.get()
                    on:change=move |event| look.smooth.set(event_target_checked(&event))
                />
                {t!(i18n, pictures.show_smooth)}
            </label>
        </div>
    }
}

/// What went wrong with a link or a file.
#[component]
fn Trouble() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    view! {
        <div role="alert" class="trouble" data-testid="trouble">
            {move || {
                room.failure
                    .get()
                    .map(|failure| {
                        let (what, hint) = failure_words(i18n, &failure);
                        let anew = open::can_make_anew(room, &failure);
                        view! {
                            <p>{what} " " <span class="hint">{hint}</span></p>
                            <p class="trouble-do">
                                {anew
                                    .then(|| {
                                        view! {
                                            <button
                                                type="button"
                                                class="button"
                                                data-testid="make-anew"
                                                on:click=move |_| open::make_anew(room)
                                            >
                                                {t!(i18n, pictures.make_anew)}
                                            </button>
                                        }
                                    })}
                                <button
                                    type="button"
                                    class="button quiet"
                                    data-testid="trouble-dismiss"
                                    on:click=move |_| room.failure.set(None)
                                >
                                    {t!(i18n, shell.dismiss)}
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
