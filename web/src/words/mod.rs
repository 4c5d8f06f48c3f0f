//! The Words room: poems, writing together, a look inside, teaching.

mod adapters;
mod filter;
mod inside;
mod keep;
mod models;
mod names;
mod poem;
mod room;
mod shelf;
mod spell;
mod store;
mod teach;
mod together;
mod walk;
mod writing;

pub use self::names::full_name;
pub use self::shelf::{Shelf, unexpected};
pub use self::teach::Lesson;

use leptos::prelude::*;

use self::adapters::Adapters;
use self::filter::FilterNote;
use self::inside::InsideTool;
use self::keep::{OpenFile, OpenLink};
use self::models::{Models, Progress};
use self::poem::PoemTool;
use self::room::{Room, Tool, use_room};
use self::teach::TeachTool;
use self::together::TogetherTool;
use self::walk::WalkTool;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::route::use_address;

/// The room.
#[component]
pub fn Words() -> impl IntoView {
    let i18n = use_i18n();
    let room = Room::new(expect_context(), expect_context(), use_address());
    provide_context(room);
    // Teach has the choice beside what it is for, and no walk goes by it.
    let adapts =
        Memo::new(move |_| matches!(room.tool.get(), Tool::Poem | Tool::Together | Tool::Inside));
    view! {
        <OpenLink />
        <OpenFile>
            <div class="words">
                <header class="words-head">
                    <h1>{t!(i18n, words.title)}</h1>
                    <p class="lead">{t!(i18n, words.lead)}</p>
                </header>
                <Tools />
                <FilterNote />
                <Trouble />
                <div class="stage">
                    <div class="stage-top">
                        <Models />
                        <Show when=move || adapts.get()>
                            <Adapters />
                        </Show>
                    </div>
                    <Progress />
                    {move || match room.tool.get() {
                        Tool::Poem => view! { <PoemTool /> }.into_any(),
                        Tool::Together => view! { <TogetherTool /> }.into_any(),
                        Tool::Inside => view! { <InsideTool /> }.into_any(),
                        Tool::Walk => view! { <WalkTool /> }.into_any(),
                        Tool::Teach => view! { <TeachTool /> }.into_any(),
                    }}
                </div>
            </div>
        </OpenFile>
    }
}

/// The row of tools.
#[component]
fn Tools() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let name = move |tool| match tool {
        Tool::Poem => t_string!(i18n, words.tool_poem),
        Tool::Together => t_string!(i18n, words.tool_together),
        Tool::Inside => t_string!(i18n, words.tool_inside),
        Tool::Walk => t_string!(i18n, words.tool_walk),
        Tool::Teach => t_string!(i18n, words.tool_teach),
    };
    view! {
        <div class="tools" role="group" aria-label=move || t_string!(i18n, words.tools)>
            {Tool::ALL
                .map(|tool| {
                    view! {
                        <button
                            type="button"
                            class="tab"
                            aria-pressed=move || (room.tool.get() == tool).to_string()
                            data-testid=format!("tool-{}", tool.name())
                            on:click=move |_| room.open_tool(tool)
                        >
                            {move || name(tool)}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// What went wrong with a link, a file or a text.
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
                        view! {
                            <p>{what} " " <span class="hint">{hint}</span></p>
                            <p class="trouble-do">
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
