//! How a net that writes works: a drawing with this model's numbers, and plain words.

mod drawing;

use lampwork_protocol::ModelConfig;
use leptos::html;
use leptos::prelude::*;

use self::drawing::{Flow, NetFlow};
use super::frame::now_and_then;
use super::record::Kind;
use super::session::Stage;
use super::shape::Choice;
use super::{listed, shown, use_inside};
use crate::i18n::*;
use crate::workbench::measure::width_of;

/// Tokens that are drawn going in, and coming out with their odds.
const DRAWN: usize = 4;

/// The drawing and the words.
#[component]
pub fn Explain() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let record = inside.session.record;
    let frame = NodeRef::<html::Div>::new();
    let width = width_of(frame);
    let is_lstm = Memo::new(move |_| {
        inside.room.info.with(|info| {
            info.as_ref()
                .is_some_and(|info| matches!(info.card.recipe.model, ModelConfig::Lstm(_)))
        })
    });
    let busy = move || inside.session.stage.get() != Stage::Rest;
    let turn = now_and_then(
        move || {
            record.track();
            inside.chosen.track();
        },
        busy,
    );
    let flow = Memo::new(move |_| {
        turn.track();
        let info = inside.room.info.get();
        let poems = info.as_ref().is_none_or(|info| info.poems);
        let at = inside.chosen.get_untracked().unwrap_or(0);
        record.with_untracked(|record| {
            let told = record.told();
            let before = record.tokens.iter().take(at).enumerate();
            let names: Vec<String> = before
                .map(|(at, token)| listed(&shown(i18n, at, told, poems, token)))
                .collect();
            let chosen = record
                .tokens
                .get(at)
                .filter(|token| token.kind != Kind::Told);
            let best = chosen.and_then(|token| token.seen.as_ref()).map(|seen| {
                let best = seen.best.iter().take(DRAWN);
                best.map(|one| (listed(&one.text), one.odds)).collect()
            });
            // The weights by which the last token before looks back at these.
            let looks = at
                .checked_sub(1)
                .and_then(|last| record.looks_at(last, Choice::Mean));
            let from = names.len().saturating_sub(DRAWN);
            Flow {
                config: info.map(|info| info.card.recipe.model),
                shares: looks
                    .map(|looks| looks[from..].to_vec())
                    .unwrap_or_default(),
                tokens: names[from..].to_vec(),
                best: best.unwrap_or_default(),
                moves: inside.session.stage.get_untracked() != Stage::Rest,
            }
        })
    });
    view! {
        <section class="explain inside-explain" aria-labelledby="inside-explain" data-testid="inside-explain">
            <h2 id="inside-explain">
                {move || {
                    if is_lstm.get() {
                        t_string!(i18n, words.inside.explain_lstm)
                    } else {
                        t_string!(i18n, words.inside.explain_transformer)
                    }
                }}
            </h2>
            <div class="explain-flow" node_ref=frame>
                <NetFlow width=Signal::derive(move || width.get().max(300.0)) flow />
            </div>
            <div class="explain-words">
                <p>{t!(i18n, words.inside.words_tokens)}</p>
                <Show
                    when=move || is_lstm.get()
                    fallback=move || {
                        view! {
                            <p>{t!(i18n, words.inside.words_attention)}</p>
                            <p>{t!(i18n, words.inside.words_heads)}</p>
                        }
                    }
                >
                    <p>{t!(i18n, words.inside.words_lstm)}</p>
                </Show>
                <p>{t!(i18n, words.inside.words_bits)}</p>
                <p>{t!(i18n, words.inside.words_not)}</p>
            </div>
            <div class="explain-papers">
                <h3>{t!(i18n, explain.papers)}</h3>
                <ul>
                    {move || {
                        papers(is_lstm.get())
                            .iter()
                            .map(|(name, number)| {
                                view! {
                                    <li>
                                        {*name} " "
                                        <a href=format!("https://arxiv.org/abs/{number}") rel="noreferrer">
                                            {format!("arXiv:{number}")}
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </div>
        </section>
    }
}

type Paper = (&'static str, &'static str);

fn papers(lstm: bool) -> &'static [Paper] {
    const TRANSFORMER: [Paper; 7] = [
        (
            "Vaswani et al. 2017, Attention Is All You Need",
            "1706.03762",
        ),
        ("Su et al. 2021, RoFormer: rotary positions", "2104.09864"),
        ("Zhang and Sennrich 2019, RMSNorm", "1910.07467"),
        ("Shazeer 2020, GLU Variants (SwiGLU)", "2002.05202"),
        (
            "Press and Wolf 2017, one table for input and output",
            "1608.05859",
        ),
        ("Xiao et al. 2023, attention sinks", "2309.17453"),
        (
            "Jain and Wallace 2019, Attention is not Explanation",
            "1902.10186",
        ),
    ];
    const LSTM: [Paper; 2] = [
        (
            "Greff et al. 2015, LSTM: A Search Space Odyssey",
            "1503.04069",
        ),
        ("Zaremba et al. 2014, dropout between layers", "1409.2329"),
    ];
    if lstm { &LSTM } else { &TRANSFORMER }
}
