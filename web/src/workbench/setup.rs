//! The form: family, net, data, and the knobs.

use std::time::Duration;

use lampwork_protocol::{DataSet, NetKind};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::board::Board;
use super::knobs::{Group, Knob, Range, Value};
use super::presets::{Family, NETS, corner, net_name, preset};
use super::words::{
    choice_name, data_words, family_words, group_name, knob_about, knob_name, net_words,
};
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
    view! {
        <div class="corner">
            <Choice
                legend=Signal::derive(move || t_string!(i18n, workbench.family).to_owned())
                name="family"
                options=Family::ALL
                    .into_iter()
                    .map(|family| Picked {
                        id: family.name(),
                        words: Signal::derive(move || family_words(i18n, family)),
                        chosen: Signal::derive(move || now.get().0 == family),
                        choose: Callback::new(move |()| {
                            let (_, net, data) = now.get_untracked();
                            go(family, net, data);
                        }),
                    })
                    .collect()
            />
            <Choice
                legend=Signal::derive(move || t_string!(i18n, workbench.net).to_owned())
                name="net"
                options=NETS
                    .into_iter()
                    .map(|net| Picked {
                        id: net_name(net),
                        words: Signal::derive(move || net_words(i18n, net)),
                        chosen: Signal::derive(move || now.get().1 == net),
                        choose: Callback::new(move |()| {
                            let (family, _, data) = now.get_untracked();
                            go(family, net, data);
                        }),
                    })
                    .collect()
            />
            <Choice
                legend=Signal::derive(move || t_string!(i18n, workbench.data).to_owned())
                name="data"
                options=DataSet::ALL
                    .into_iter()
                    .map(|data| Picked {
                        id: data.name(),
                        words: Signal::derive(move || data_words(i18n, data)),
                        chosen: Signal::derive(move || now.get().2 == data),
                        choose: Callback::new(move |()| {
                            let (family, net, _) = now.get_untracked();
                            go(family, net, data);
                        }),
                    })
                    .collect()
            />
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
    choose: Callback<()>,
}

/// A row of radio buttons with a line on the one chosen.
#[component]
fn Choice(legend: Signal<String>, name: &'static str, options: Vec<Picked>) -> impl IntoView {
    let described = options.clone();
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

/// How a knob stands against the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Applied,
    Pending,
    Stuck,
}

#[component]
fn KnobRow(board: Board, knob: Knob) -> impl IntoView {
    let i18n = use_i18n();
    let id = format!("knob-{}", knob.name().replace('.', "-"));
    let about_id = format!("{id}-about");
    let value = Memo::new(move |_| board.draft.with(|draft| knob.read(draft)));
    let range = Memo::new(move |_| board.draft.with(|draft| knob.range(draft)));
    let default = Memo::new(move |_| {
        board.draft.with(|draft| {
            let (family, net, data) = corner(draft);
            let default = knob.read(&preset(family, net, data));
            (default != knob.read(draft)).then_some(default).flatten()
        })
    });
    let mark = Memo::new(move |_| {
        let pending = board.pending.with(|pending| pending.contains(&knob));
        if !pending {
            Mark::Applied
        } else if board.elsewhere.get() || board.stuck.with(|stuck| stuck.contains(&knob)) {
            Mark::Stuck
        } else {
            Mark::Pending
        }
    });
    let set = Callback::new(move |value: Value| {
        board.edit(|draft| knob.write(draft, value));
    });
    let control = {
        let (id, about_id) = (id.clone(), about_id.clone());
        move || {
            control(
                i18n,
                knob,
                range.get(),
                value,
                set,
                id.clone(),
                about_id.clone(),
            )
        }
    };
    view! {
        <div class="knob" class:waits=move || mark.get() != Mark::Applied>
            <div class="knob-head">
                <label for=id.clone()>{move || knob_name(i18n, knob)}</label>
                <span class="knob-mark" data-testid=format!("{id}-mark")>
                    {move || match mark.get() {
                        Mark::Applied => "",
                        Mark::Pending => t_string!(i18n, workbench.pending),
                        Mark::Stuck => t_string!(i18n, workbench.needs_reset),
                    }}
                </span>
            </div>
            {control}
            <p class="knob-about" id=about_id>
                {move || knob_about(i18n, knob)}
                {move || {
                    default
                        .get()
                        .map(|default| {
                            let value = shown(i18n, default);
                            view! { <span class="knob-default">{t_string!(i18n, workbench.default_is, value = value)}</span> }
                        })
                }}
            </p>
        </div>
    }
}

/// A value as a reader wants it.
fn shown(i18n: I18nContext<Locale>, value: Value) -> String {
    match value {
        Value::Choice(word) => choice_name(i18n, word).to_owned(),
        Value::Switch(on) => choice_name(i18n, if on { "on" } else { "off" }).to_owned(),
        value => value.text(),
    }
}

/// The control of a knob: a switch, a list, or a number with a slider beside it
/// where the range is small enough to slide through.
fn control(
    i18n: I18nContext<Locale>,
    knob: Knob,
    range: Range,
    value: Memo<Option<Value>>,
    set: Callback<Value>,
    id: String,
    about_id: String,
) -> AnyView {
    let text = move || value.get().map_or_else(String::new, Value::text);
    let testid = id.clone();
    match range {
        Range::Switch => view! {
            <input
                type="checkbox"
                role="switch"
                class="switch"
                id=id
                data-testid=testid
                aria-describedby=about_id
                prop:checked=move || value.get() == Some(Value::Switch(true))
                on:change=move |event| set.run(Value::Switch(event_target_checked(&event)))
            />
        }
        .into_any(),
        Range::Choice(words) => view! {
            <select
                id=id
                data-testid=testid
                aria-describedby=about_id
                prop:value=text
                on:change=move |event| {
                    if let Some(value) = range.parse(&event_target_value(&event)) {
                        set.run(value);
                    }
                }
            >
                {words
                    .iter()
                    .map(|word| {
                        view! {
                            <option value=*word selected=move || value.get() == Some(Value::Choice(word))>
                                {move || choice_name(i18n, word)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        }
        .into_any(),
        Range::Whole { .. } | Range::Real { .. } => {
            let (min, max, step) = match range {
                Range::Whole { min, max, .. } => (min.to_string(), max.to_string(), "1"),
                Range::Real { min, max, .. } => (min.to_string(), max.to_string(), "any"),
                _ => (String::new(), String::new(), "any"),
            };
            let typed = move |event: leptos::ev::Event| {
                let input = event_target::<web_sys::HtmlInputElement>(&event);
                if let Some(value) = range.parse(&input.value()) {
                    set.run(value);
                }
                // What was no number, or out of range, is not left standing.
                input.set_value(&value.get_untracked().map_or_else(String::new, Value::text));
            };
            view! {
                <div class="knob-number">
                    {slider(knob, range, value, set)}
                    <input
                        type="number"
                        inputmode="decimal"
                        id=id
                        data-testid=testid
                        aria-describedby=about_id
                        min=min
                        max=max
                        step=step
                        prop:value=text
                        on:change=typed
                    />
                </div>
            }
            .into_any()
        }
    }
}

/// A slider, the twin of the number beside it: out of the tab order and unheard,
/// as the number does all it does.
fn slider(
    knob: Knob,
    range: Range,
    value: Memo<Option<Value>>,
    set: Callback<Value>,
) -> Option<impl IntoView> {
    if knob.group() != Group::First {
        return None;
    }
    let (min, max, step) = match range {
        Range::Whole { min, max, step } => (min as f64, max as f64, step as f64),
        Range::Real {
            min,
            max,
            step,
            log: true,
        } => (
            f64::from(min).log10(),
            f64::from(max).log10(),
            f64::from(step),
        ),
        Range::Real { min, max, step, .. } => (f64::from(min), f64::from(max), f64::from(step)),
        _ => return None,
    };
    let log = matches!(range, Range::Real { log: true, .. });
    let position = move || {
        let value = match value.get() {
            Some(Value::Whole(value)) => value as f64,
            Some(Value::Real(value)) => f64::from(value),
            _ => return String::new(),
        };
        if log { value.log10() } else { value }.to_string()
    };
    let slid = move |event: leptos::ev::Event| {
        let Ok(position) = event_target_value(&event).parse::<f64>() else {
            return;
        };
        let text = if log {
            // Two digits are enough of a learning rate.
            format!("{:.1e}", 10_f64.powf(position))
        } else {
            position.to_string()
        };
        if let Some(value) = range.parse(&text) {
            set.run(value);
        }
    };
    Some(view! {
        <input
            type="range"
            tabindex="-1"
            aria-hidden="true"
            min=min.to_string()
            max=max.to_string()
            step=step.to_string()
            prop:value=position
            on:input=slid
        />
    })
}
