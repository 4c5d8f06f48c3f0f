//! The form: family, net, data, and the knobs.

use std::time::Duration;

use lampwork_protocol::{DataSet, NetKind};
use leptos::prelude::*;

use super::board::Board;
use super::knob_row::KnobRow;
use super::knobs::{Group, Knob};
use super::presets::{Family, NETS, corner, net_name, preset};
use super::text_corner::OwnText;
use super::words::{data_words, family_words, group_name, net_words};
use crate::i18n::*;

/// How long a visitor's hand may rest before a turned knob is offered to the run.
const REST: Duration = Duration::from_millis(250);

/// Family, net and data set.
#[component]
pub fn Corner(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let now = Memo::new(move |_| board.draft.with(corner));
    let go = move |family: Family, net: NetKind, data: DataSet| {
        board.edit(|draft| {
            if corner(draft) != (family, net, data) {
                let seed = draft.seed;
                *draft = preset(family, net, data);
                draft.seed = seed;
            }
        });
    };
    let writes = board.bench.writes();
    let families = if writes {
        Family::WORDS
    } else {
        Family::PICTURES
    };
    let all_data: Vec<DataSet> = if writes {
        DataSet::TEXT.to_vec()
    } else {
        DataSet::PICTURES.to_vec()
    };
    let judged = all_data.clone();
    view! {
        <div class="corner">
            <Choice
                legend=Signal::derive(move || t_string!(i18n, workbench.family).to_owned())
                name="family"
                options=families
                    .into_iter()
                    .map(|family| Picked {
                        id: family.name(),
                        words: Signal::derive(move || family_words(i18n, family)),
                        chosen: Signal::derive(move || now.get().0 == family),
                        there: Signal::stored(true),
                        choose: Callback::new(move |()| {
                            let (_, net, data) = now.get_untracked();
                            go(family, net, data);
                        }),
                    })
                    .collect()
            />
            {(!writes).then(|| view! {
            <Choice
                legend=Signal::derive(move || t_string!(i18n, workbench.net).to_owned())
                name="net"
                options=NETS
                    .into_iter()
                    .map(|net| Picked {
                        id: net_name(net),
                        words: Signal::derive(move || net_words(i18n, net)),
                        chosen: Signal::derive(move || now.get().1 == net),
                        there: Signal::derive(move || now.get().0.nets().contains(&net)),
                        choose: Callback::new(move |()| {
                            let (family, _, data) = now.get_untracked();
                            go(family, net, data);
                        }),
                    })
                    .collect()
            />
            })}
            <Choice
                legend=Signal::derive(move || t_string!(i18n, workbench.data).to_owned())
                name="data"
                reason=Signal::derive(move || {
                    judged
                        .iter()
                        .any(|data| !now.get().0.takes(*data))
                        .then(|| t_string!(i18n, workbench.data_flow_only))
                })
                options=all_data
                    .into_iter()
                    .map(|data| Picked {
                        id: data.name(),
                        words: Signal::derive(move || data_words(i18n, data)),
                        chosen: Signal::derive(move || now.get().2 == data),
                        there: Signal::derive(move || now.get().0.takes(data)),
                        choose: Callback::new(move |()| {
                            let (family, net, _) = now.get_untracked();
                            go(family, net, data);
                        }),
                    })
                    .collect()
            />
            {writes.then(|| view! { <OwnText board /> })}
        </div>
    }
}

/// One of a few that can be chosen.
#[derive(Clone)]
struct Picked {
    id: &'static str,
    /// Short name and description.
    words: Signal<(&'static str, &'static str)>,
    chosen: Signal<bool>,
    /// Whether the others leave it open.
    there: Signal<bool>,
    choose: Callback<()>,
}

/// A row of radio buttons with a line on the one chosen.
#[component]
fn Choice(
    legend: Signal<String>,
    name: &'static str,
    options: Vec<Picked>,
    /// Why some of them cannot be chosen, where that is so.
    #[prop(optional, into)]
    reason: Option<Signal<Option<&'static str>>>,
) -> impl IntoView {
    let described = options.clone();
    let why = move || reason.and_then(|reason| reason.get());
    let why_id = format!("workbench-{name}-why");
    let pointed = why_id.clone();
    view! {
        <fieldset class="choice">
            <legend>{legend}</legend>
            <div class="choice-row">
                {options
                    .into_iter()
                    .map(|option| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=format!("workbench-{name}")
                                    value=option.id
                                    data-testid=format!("workbench-{name}-{}", option.id)
                                    prop:checked=option.chosen
                                    prop:disabled=move || !option.there.get()
                                    aria-describedby={
                                        let pointed = pointed.clone();
                                        move || {
                                            (!option.there.get() && why().is_some())
                                                .then(|| pointed.clone())
                                        }
                                    }
                                    on:change=move |_| option.choose.run(())
                                />
                                <span>{move || option.words.get().0}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
            <p>
                {move || {
                    described
                        .iter()
                        .find(|option| option.chosen.get())
                        .map(|option| option.words.get().1)
                }}
            </p>
            <p id=why_id class="choice-why" hidden=move || why().is_none()>
                {why}
            </p>
        </fieldset>
    }
}

/// The knobs: few at once, the rest under a disclosure.
#[component]
pub fn Knobs(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let last = StoredValue::new(None::<TimeoutHandle>);
    // Offered when the hand rests, not with every pixel of a slider.
    Effect::watch(
        move || board.draft.get(),
        move |_, _, _| {
            if let Some(waiting) = last.get_value() {
                waiting.clear();
            }
            last.set_value(set_timeout_with_handle(move || board.apply(), REST).ok());
        },
        false,
    );
    let stuck = Memo::new(move |_| {
        let pending = board.pending.get();
        board
            .stuck
            .with(|stuck| stuck.iter().filter(|knob| pending.contains(knob)).count())
    });
    let touched = Memo::new(move |_| {
        board.draft.with(|draft| {
            let (family, net, data) = corner(draft);
            *draft != preset(family, net, data)
        })
    });
    let waits = move || board.elsewhere.get() || stuck.get() > 0;
    view! {
        <section class="knobs" aria-labelledby="knobs-heading">
            <h2 id="knobs-heading">{t!(i18n, workbench.knobs)}</h2>
            <div class="knobs-wait" role="status">
                <Show when=waits>
                    <p>
                        {move || {
                            let count = if board.elsewhere.get() {
                                board.pending.with(Vec::len).max(1)
                            } else {
                                stuck.get()
                            };
                            t_string!(i18n, workbench.needs_reset_many, count = count)
                        }}
                    </p>
                    <button
                        class="button primary"
                        type="button"
                        data-testid="workbench-reset-now"
                        on:click=move |_| board.reset()
                    >
                        {t!(i18n, workbench.reset_now)}
                    </button>
                    <button
                        class="button"
                        type="button"
                        data-testid="workbench-put-back"
                        on:click=move |_| board.put_back()
                    >
                        {t!(i18n, workbench.put_back)}
                    </button>
                </Show>
            </div>
            <KnobRows board group=Group::First />
            <details class="knobs-more" data-testid="workbench-more-knobs">
                <summary>{t!(i18n, workbench.more)}</summary>
                {Group::MORE
                    .into_iter()
                    .map(|group| view! { <KnobGroup board group /> })
                    .collect_view()}
            </details>
            <Show when=move || touched.get()>
                <button
                    class="button quiet"
                    type="button"
                    data-testid="workbench-defaults"
                    on:click=move |_| {
                        board
                            .edit(|draft| {
                                let (family, net, data) = corner(draft);
                                *draft = preset(family, net, data);
                            });
                    }
                >
                    {t!(i18n, workbench.defaults)}
                </button>
            </Show>
        </section>
    }
}

/// The knobs of a group that the recipe has.
fn present(board: Board, group: Group) -> Memo<Vec<Knob>> {
    Memo::new(move |_| {
        board.draft.with(|draft| {
            Knob::ALL
                .into_iter()
                .filter(|knob| knob.group() == group && knob.read(draft).is_some())
                .collect::<Vec<_>>()
        })
    })
}

#[component]
fn KnobGroup(board: Board, group: Group) -> impl IntoView {
    let i18n = use_i18n();
    let knobs = present(board, group);
    let empty = Memo::new(move |_| knobs.with(Vec::is_empty));
    view! {
        <Show when=move || !empty.get()>
            <fieldset class="knob-group">
                <legend>{move || group_name(i18n, group)}</legend>
                <KnobRows board group />
            </fieldset>
        </Show>
    }
}

#[component]
fn KnobRows(board: Board, group: Group) -> impl IntoView {
    let knobs = present(board, group);
    view! {
        <For each=move || knobs.get() key=|knob| knob.name() let:knob>
            <KnobRow board knob />
        </For>
    }
}
