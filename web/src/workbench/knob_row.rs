//! One knob of the form.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::board::Board;
use super::knobs::{Group, Knob, Range, Value};
use super::presets::{corner, preset};
use super::words::{choice_name, knob_about, knob_name};
use crate::i18n::*;

/// How a knob stands against the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Applied,
    Pending,
    Stuck,
}

/// A knob: its name, its mark, its control, and what it does.
#[component]
pub fn KnobRow(board: Board, knob: Knob) -> impl IntoView {
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
