//! A page that the visitor and the model write in turns, a conversation with a
//! character, and what a long text says in short.

mod dialogue;
mod given;
mod hint;
mod knobs;
mod mirror;
mod odds;
mod page;
mod paper;
mod pour;
mod script;
mod segments;
mod sheet;
mod store;
mod summary;
mod summed;
mod talk;
mod versions;

use lampwork_protocol::words::TextPrompt;
use leptos::prelude::*;

use self::dialogue::DialogueMode;
use self::knobs::Knobs;
use self::page::PageMode;
use self::sheet::Sheet;
use self::summary::SummaryMode;
use self::talk::Talk;
use super::room::use_room;
use crate::i18n::*;
use crate::route::History;

/// What is written together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Page,
    Dialogue,
    Summary,
}

impl Mode {
    const ALL: [Mode; 3] = [Mode::Page, Mode::Dialogue, Mode::Summary];

    /// Its name in the address.
    fn name(self) -> &'static str {
        match self {
            Mode::Page => "page",
            Mode::Dialogue => "dialogue",
            Mode::Summary => "summary",
        }
    }
}

/// The tool.
#[component]
pub fn TogetherTool() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let mode = Memo::new(move |_| {
        let name = room.address.get("mode");
        let named = |mode: &Mode| Some(mode.name()) == name.as_deref();
        Mode::ALL.into_iter().find(named).unwrap_or(Mode::Page)
    });
    let knobs = Knobs::new(room.address);
    // Both outlive a look at the other modes.
    let sheet = Sheet::new(room, knobs);
    let talk = Talk::new(room, knobs);
    let label = move |mode| match mode {
        Mode::Page => t_string!(i18n, words.together.mode_page),
        Mode::Dialogue => t_string!(i18n, words.together.mode_dialogue),
        Mode::Summary => t_string!(i18n, words.together.mode_summary),
    };
    let go = move |to: Mode, history| {
        room.address
            .set(&[("mode", Some(to.name().to_owned()))], history);
    };
    // What was opened goes to the mode that its recipe is for.
    Effect::new(move |_| {
        let to = room
            .opened
            .with(|opened| match &opened.as_ref()?.recipe.prompt {
                TextPrompt::Passage(_) => Some(Mode::Page),
                TextPrompt::Dialogue { .. } => Some(Mode::Dialogue),
                TextPrompt::Poem(_) => None,
            });
        if let Some(to) = to.filter(|to| *to != mode.get_untracked()) {
            go(to, History::Replace);
        }
    });
    // A conversation has no place for a whole text.
    Effect::new(move |_| {
        if room.plain.with(Option::is_some) && mode.get_untracked() == Mode::Dialogue {
            go(Mode::Page, History::Push);
        }
    });
    let poems = Memo::new(move |_| {
        room.info
            .with(|info| info.as_ref().is_some_and(|info| info.poems))
    });
    view! {
        <div class="tool together">
            <div
                class="chips"
                role="group"
                aria-label=move || t_string!(i18n, words.together.modes)
            >
                {Mode::ALL
                    .map(|one| {
                        view! {
                            <button
                                type="button"
                                class="chip"
                                aria-pressed=move || (mode.get() == one).to_string()
                                data-testid=format!("mode-{}", one.name())
                                on:click=move |_| go(one, History::Push)
                            >
                                {move || label(one)}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <Show when=move || poems.get()>
                <p class="trouble" role="alert" data-testid="together-poems">
                    {t!(i18n, words.together.poems_alone)}
                </p>
            </Show>
            {move || match mode.get() {
                Mode::Page => view! { <PageMode sheet /> }.into_any(),
                Mode::Dialogue => view! { <DialogueMode talk /> }.into_any(),
                Mode::Summary => view! { <SummaryMode /> }.into_any(),
            }}
        </div>
    }
}
