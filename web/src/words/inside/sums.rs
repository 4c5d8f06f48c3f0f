//! What the whole text cost, and all of it as a table.

use leptos::prelude::*;

use super::figures::{bits_of, bits_text, percent};
use super::record::Record;
use super::session::Stage;
use super::shape::{Choice, Sums};
use super::{listed, shown, use_inside};
use crate::i18n::*;
use crate::workbench::scale::number;

/// The sums, and how far the model is.
#[component]
pub fn SumsView() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let session = inside.session;
    let sums = Memo::new(move |_| session.record.with(Record::sums));
    let unknown = Memo::new(move |_| session.record.with(Record::unknown));
    let text = |value: Option<f64>| value.map_or("\u{2013}".to_owned(), number);
    // Said once, when a text is done.
    let said = move || {
        let sums = sums.get();
        (session.stage.get() == Stage::Rest && sums.tokens > 0).then(|| {
            t_string!(
                i18n,
                words.inside.said,
                tokens = sums.tokens,
                bits = text(sums.bits_a_character()),
                perplexity = text(sums.perplexity())
            )
        })
    };
    let now = move || match session.stage.get() {
        Stage::Rest => session.rate.get().map_or_else(String::new, |rate| {
            t_string!(i18n, words.inside.rate, rate = format!("{rate:.0}"))
        }),
        Stage::Reading => t_string!(i18n, words.inside.stage_reading).to_owned(),
        Stage::Writing => t_string!(i18n, words.inside.stage_writing).to_owned(),
        Stage::ReadingBack => t_string!(i18n, words.inside.stage_reading_back).to_owned(),
    };
    let figure = move |name: &'static str, value: Signal<String>, label: Signal<&'static str>| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd data-testid=name>{value}</dd>
            </div>
        }
    };
    let of = move |value: fn(Sums) -> Option<f64>| Signal::derive(move || text(value(sums.get())));
    view! {
        <dl class="inside-sums">
            {figure(
                "inside-tokens",
                Signal::derive(move || sums.get().tokens.to_string()),
                Signal::derive(move || t_string!(i18n, words.inside.tokens)),
            )}
            {figure(
                "inside-bits",
                of(|sums| Some(sums.nats / std::f64::consts::LN_2)),
                Signal::derive(move || t_string!(i18n, words.inside.bits)),
            )}
            {figure(
                "inside-bits-a-character",
                of(|sums| sums.bits_a_character()),
                Signal::derive(move || t_string!(i18n, words.inside.bits_a_character)),
            )}
            {figure(
                "inside-perplexity",
                of(|sums| sums.perplexity()),
                Signal::derive(move || t_string!(i18n, words.inside.perplexity)),
            )}
        </dl>
        <p class="hint inside-now" aria-hidden="true" data-testid="inside-now">{now}</p>
        <Show when=move || sums.get().cut>
            <p class="hint" data-testid="inside-cut">
                {move || {
                    t_string!(i18n, words.inside.cut, context = inside.shape.get().context)
                }}
            </p>
        </Show>
        <Show when=move || { unknown.get() > 0 }>
            <p class="hint" data-testid="inside-unknown">
                {move || t_string!(i18n, words.inside.unknown, count = unknown.get())}
            </p>
        </Show>
        <p class="unseen" role="status" data-testid="inside-said">{said}</p>
    }
}

/// All numbers as a table, made only while it is open and nothing comes in.
#[component]
pub fn Table() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let open = RwSignal::new(false);
    let rests = Memo::new(move |_| inside.session.stage.get() == Stage::Rest);
    let rows = move || {
        let poems = inside
            .room
            .info
            .with(|info| info.as_ref().is_some_and(|info| info.poems));
        let choice = inside.choice.get();
        inside
            .session
            .record
            .with(|record| table_rows(i18n, record, poems, choice))
            .into_iter()
            .map(|row| {
                let [token, odds, cost, entropy, looks] = row;
                view! {
                    <tr>
                        <th scope="row">{token}</th>
                        <td>{odds}</td>
                        <td>{cost}</td>
                        <td>{entropy}</td>
                        <td>{looks}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <details
            class="inside-table"
            data-testid="inside-table"
            on:toggle=move |event| {
                open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
            }
        >
            <summary>{t!(i18n, words.inside.as_table)}</summary>
            <div
                class="inside-scroll"
                tabindex="0"
                role="region"
                aria-label=move || t_string!(i18n, words.inside.as_table)
            >
                <Show when=move || open.get() && rests.get()>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{t!(i18n, words.inside.column_token)}</th>
                                <th scope="col">{t!(i18n, words.inside.column_odds)}</th>
                                <th scope="col">{t!(i18n, words.inside.column_cost)}</th>
                                <th scope="col">{t!(i18n, words.inside.column_entropy)}</th>
                                <th scope="col">{t!(i18n, words.inside.column_looks)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </Show>
            </div>
        </details>
    }
}

fn table_rows(
    i18n: leptos_i18n::I18nContext<Locale>,
    record: &Record,
    poems: bool,
    choice: Choice,
) -> Vec<[String; 5]> {
    let told = record.told();
    let name = |at: usize| {
        let token = record.tokens.get(at)?;
        Some(listed(&shown(i18n, at, told, poems, token)))
    };
    let row = |at: usize| {
        let seen = record.tokens[at].seen.as_ref();
        let none = || "\u{2013}".to_owned();
        let cost = record.tokens[at].bits();
        let looks = record.looks_at(at, choice).and_then(|looks| {
            let (to, share) = looks
                .into_iter()
                .enumerate()
                .max_by(|a, b| a.1.total_cmp(&b.1))?;
            Some(format!("{} ({}) {}", name(to)?, to + 1, percent(share)))
        });
        [
            name(at).unwrap_or_default(),
            seen.map_or_else(none, |seen| percent(seen.odds)),
            cost.map_or_else(none, |bits| bits_text(f64::from(bits))),
            seen.map_or_else(none, |seen| bits_text(bits_of(seen.entropy))),
            looks.unwrap_or_else(none),
        ]
    };
    (0..record.tokens.len()).map(row).collect()
}
