//! A line of characters, written by several hands and laid on a scroll.

mod beside;
mod canvas;
mod example;
mod keep;
mod line;
mod names;
mod state;
mod table;
mod written;

pub use self::example::written_and_back;
pub use self::names::hand_name;
pub use self::state::state_of;

use lampwork_pictures::Whole;
use lampwork_pictures::scroll::{Lines, paint};
use lampwork_protocol::{Failure, Scroll, link as codec};
use leptos::prelude::*;

use self::beside::BesideTable;
use self::canvas::Painted;
use self::keep::Keep;
use self::line::{How, Line, Said};
use self::state::{HANDS, SCROLL, Steps};
use self::table::{Understood, understand};
use self::written::{Writer, Written};
use super::room::{Room, use_room};
use crate::i18n::*;
use crate::route::History;

/// Under this the address keeps whether one hand is looked at closely.
const BESIDE: &str = "beside";

/// The tool.
#[component]
pub fn Brush() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let steps = Steps::new(room);
    let written = Written::new(room);
    open_sent(room);
    let understood = Memo::new(move |_| {
        let table = written.table.get();
        steps.now.with(|state| match table {
            Some(table) => understand(&state.text, |character| table.knows(character)),
            None => Understood::default(),
        })
    });
    let beside = Memo::new(move |_| room.address.get(BESIDE).is_some());
    let generation = room.link.generation();
    let wanted = Memo::new(move |_| {
        let hand = steps.now.with(|state| state.hand);
        let each = understood.with(Understood::each);
        (
            generation.get(),
            room.info.with(Option::is_some),
            each,
            hand,
            beside.get(),
        )
    });
    Effect::new(move |_| {
        let (_, ready, each, hand, beside) = wanted.get();
        if ready && !each.is_empty() {
            written.ask(each, hand, beside);
        }
    });
    let chosen = Memo::new(move |_| steps.now.with(|state| state.hand));
    let large = painted(
        steps,
        written,
        understood,
        Signal::derive(move || chosen.get()),
        2,
    );
    let gaps = move |hand: u8| {
        Signal::derive(move || {
            let each = understood.with(Understood::each);
            each.is_empty()
                || each
                    .iter()
                    .any(|c| written.get(Writer::Cycle(hand), *c).is_none())
        })
    };
    view! {
        <section class="tool tool-brush" aria-labelledby="brush-heading" data-testid="brush">
            <h2 id="brush-heading" class="unseen">{t!(i18n, pictures.tool_brush)}</h2>
            <div class="brush-row">
                <div class="brush-left">
                    <Line steps />
                    <Said written understood />
                    <How steps />
                    <Keep steps written understood />
                </div>
                <div class="brush-scroll" class:across=move || steps.now.with(|s| s.across)>
                    <Painted
                        picture=large
                        label=Signal::derive(move || {
                            let hand = hand_name(i18n, chosen.get());
                            let text = understood.with(spoken);
                            t_string!(i18n, pictures.brush.scroll, hand = hand, text = text)
                        })
                        testid="brush-scroll"
                        waiting=Signal::derive(move || gaps(chosen.get()).get())
                    />
                </div>
            </div>
            <h3>{t!(i18n, pictures.brush.hands)}</h3>
            <div
                class="brush-hands"
                role="group"
                aria-label=move || t_string!(i18n, pictures.brush.hands)
            >
                {(0..HANDS)
                    .map(|hand| {
                        let picture = painted(steps, written, understood, Signal::stored(hand), 1);
                        view! {
                            <button
                                type="button"
                                class="brush-hand"
                                aria-pressed=move || (chosen.get() == hand).to_string()
                                data-testid=format!("brush-hand-{hand}")
                                on:click=move |_| {
                                    steps.change(|state| state.hand = hand, History::Push);
                                }
                            >
                                <Painted
                                    picture
                                    label=Signal::derive(move || understood.with(spoken))
                                    testid=format!("brush-sheet-{hand}")
                                    waiting=gaps(hand)
                                />
                                <span>{move || hand_name(i18n, hand)}</span>
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <button
                type="button"
                class="button"
                aria-expanded=move || beside.get().to_string()
                data-testid="brush-beside-toggle"
                on:click=move |_| {
                    let open = (!beside.get_untracked()).then(|| "1".to_owned());
                    room.address.set(&[(BESIDE, open)], History::Push);
                }
            >
                {t!(i18n, pictures.brush.beside)}
            </button>
            <Show when=move || beside.get()>
                <BesideTable steps written understood />
            </Show>
        </section>
    }
}

/// A text as it is read aloud.
fn spoken(understood: &Understood) -> String {
    let lines = understood.lines.iter();
    let lines: Vec<String> = lines.map(|line| line.iter().collect()).collect();
    lines.join("，")
}

/// What is written, as a hand writes it, ready to be painted; tracked. A character that
/// is not there yet is a gap.
fn lines(
    steps: Steps,
    written: Written,
    understood: Memo<Understood>,
    hand: u8,
    sealed: bool,
) -> Option<Lines> {
    let table = written.table.get()?;
    let state = steps.now.get();
    let lines = understood.with(|understood| {
        let line = |line: &Vec<char>| {
            let glyph = |&character: &char| {
                let glyph = written.get(Writer::Cycle(hand), character)?;
                Some(glyph.to_vec())
            };
            line.iter().map(glyph).collect()
        };
        understood.lines.iter().map(line).collect()
    });
    let seal = state.seal.chars().filter_map(|c| table.plain(c));
    Some(Lines {
        lines,
        across: state.across,
        seal: if sealed {
            seal.take(Scroll::MOST_SEAL).collect()
        } else {
            vec![]
        },
    })
}

fn painted(
    steps: Steps,
    written: Written,
    understood: Memo<Understood>,
    hand: Signal<u8>,
    scale: usize,
) -> Memo<Option<Whole>> {
    Memo::new(move |_| {
        let lines = lines(steps, written, understood, hand.get(), scale > 1)?;
        Some(paint(&lines, scale))
    })
}

/// Takes up a scroll that the address holds.
fn open_sent(room: Room) {
    let sent = Memo::new(move |_| room.address.get(SCROLL));
    Effect::new(move |_| {
        let Some(code) = sent.get() else {
            return;
        };
        match codec::decode_scroll(&code) {
            Ok(scroll) => {
                // It is taken up in any case: other weights write it a little otherwise.
                let other = room
                    .info
                    .get()
                    .is_some_and(|info| info.weights != scroll.weights);
                room.failure.set(other.then(|| Failure::OtherWeights {
                    model: scroll.model.clone(),
                }));
                if room.info.with_untracked(Option::is_some) {
                    let state = state::State {
                        text: scroll.text,
                        hand: scroll.hand.min(HANDS - 1),
                        across: scroll.across,
                        seal: scroll.seal,
                    };
                    room.address.set(&state.changes(), History::Replace);
                }
            }
            Err(failure) => {
                room.failure.set(Some(failure));
                room.address.set(&[(SCROLL, None)], History::Replace);
            }
        }
    });
}
