//! The drawing: tokens, the table, the layers, the odds.

use lampwork_protocol::ModelConfig;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::super::figures::percent;
use super::super::shape::Shape;
use crate::explain::shapes::{Drawing, Spot, arrow, label};
use crate::i18n::*;
use crate::workbench::scale::whole;

/// Narrower than this, the flow goes down.
const BEND: f64 = 720.0;

/// Height of a token's tile.
const TILE: f64 = 26.0;

/// What flows through the drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flow {
    /// The net; `None` before it is there.
    pub config: Option<ModelConfig>,
    /// The last tokens that go in.
    pub tokens: Vec<String>,
    /// How much the last of them looks at each, where that is known.
    pub shares: Vec<f32>,
    /// The likeliest that come out.
    pub best: Vec<(String, f32)>,
    /// Whether something is under way.
    pub moves: bool,
}

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    height: f64,
    tokens: Spot,
    table: Spot,
    layers: Spot,
    odds: Spot,
    down: bool,
}

fn plan(width: f64) -> Plan {
    if width < BEND {
        let x = width / 2.0;
        let w = (width - 24.0).min(340.0);
        Plan {
            height: 640.0,
            tokens: Spot::new(x, 44.0, w, TILE),
            table: Spot::new(x, 136.0, 150.0, 48.0),
            layers: Spot::new(x, 326.0, w - 30.0, 190.0),
            odds: Spot::new(x, 546.0, w.min(260.0), 120.0),
            down: true,
        }
    } else {
        let y = 136.0;
        Plan {
            height: 290.0,
            tokens: Spot::new(width * 0.085, y, width * 0.13, 130.0),
            table: Spot::new(width * 0.27, y, width * 0.12, 74.0),
            layers: Spot::new(width * 0.555, y, width * 0.32, 180.0),
            odds: Spot::new(width * 0.885, y, width * 0.2, 130.0),
            down: false,
        }
    }
}

/// The drawing, `width` pixels wide.
#[component]
pub fn NetFlow(
    /// Width in pixels.
    width: Signal<f64>,
    /// What flows through it.
    flow: Memo<Flow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let plan = Memo::new(move |_| plan(width.get()));
    let summary = move || {
        flow.with(|flow| match flow.config.as_ref().map(sizes) {
            None => t_string!(i18n, words.inside.flow_nothing).to_owned(),
            Some(sizes) if sizes.shape.heads == 0 => t_string!(
                i18n,
                words.inside.flow_lstm,
                tokens = whole(sizes.vocabulary),
                layers = sizes.shape.layers,
                width = sizes.shape.width
            ),
            Some(sizes) => t_string!(
                i18n,
                words.inside.flow_transformer,
                tokens = whole(sizes.vocabulary),
                layers = sizes.shape.layers,
                heads = sizes.shape.heads,
                width = sizes.shape.width,
                hidden = whole(sizes.hidden)
            ),
        })
    };
    view! {
        <Drawing
            name="inside-flow"
            class=Signal::derive(move || {
                if flow.with(|flow| flow.moves) { "flow flows".to_owned() } else { "flow".to_owned() }
            })
            summary=Signal::derive(summary)
            width
            height=Signal::derive(move || plan.get().height)
        >
            {move || still(i18n, plan.get(), flow.with(|flow| flow.config.as_ref().map(sizes)))}
            {move || moving(plan.get(), &flow.get())}
        </Drawing>
    }
}

/// The numbers of a net that are written into the drawing.
struct Sizes {
    shape: Shape,
    vocabulary: u64,
    /// Hidden units of the feed-forward net; 0 where there is none.
    hidden: u64,
}

fn sizes(config: &ModelConfig) -> Sizes {
    Sizes {
        shape: Shape::of(config),
        vocabulary: config.vocabulary() as u64,
        hidden: match config {
            ModelConfig::Transformer(net) => net.hidden as u64,
            _ => 0,
        },
    }
}

/// What stands still.
fn still(i18n: I18nContext<Locale>, plan: Plan, sizes: Option<Sizes>) -> impl IntoView {
    let Plan {
        tokens,
        table,
        layers,
        odds,
        down,
        ..
    } = plan;
    let between = |from: Spot, to: Spot, under: f64| {
        if down {
            format!("M{} {}V{}", from.x, from.bottom() + under, to.top() - 6.0)
        } else {
            format!("M{} {}H{}", from.right() + 6.0, from.y, to.left() - 6.0)
        }
    };
    let attends = sizes.as_ref().is_none_or(|sizes| sizes.shape.heads > 0);
    let table_size = sizes
        .as_ref()
        .map(|sizes| format!("{} \u{00D7} {}", whole(sizes.vocabulary), sizes.shape.width));
    let count = sizes
        .as_ref()
        .map(|sizes| t_string!(i18n, words.inside.flow_layers, count = sizes.shape.layers));
    let inner = layers.w - 44.0;
    let part = |offset: f64| Spot::new(layers.x, layers.y + offset, inner, 46.0);
    let (first, second) = (part(-36.0), part(38.0));
    let heads = sizes
        .as_ref()
        .filter(|sizes| sizes.shape.heads > 0)
        .map(|sizes| {
            let heads = t_string!(i18n, words.inside.flow_heads, count = sizes.shape.heads);
            let hidden = t_string!(i18n, words.inside.flow_hidden, count = whole(sizes.hidden));
            (heads, hidden)
        });
    let (top, bottom) = if attends {
        (
            t_string!(i18n, words.inside.flow_attention),
            t_string!(i18n, words.inside.flow_forward),
        )
    } else {
        (
            t_string!(i18n, words.inside.flow_gates),
            t_string!(i18n, words.inside.flow_state),
        )
    };
    view! {
        {arrow(between(tokens, table, 30.0), "")}
        {arrow(between(table, layers, 28.0), "")}
        {arrow(between(layers, odds, 32.0), "")}
        {label(tokens.x, if down { tokens.bottom() + 20.0 } else { 248.0 }, t_string!(i18n, words.inside.flow_tokens))}
        {grid(table)}
        {label(table.x, table.bottom() + 18.0, t_string!(i18n, words.inside.flow_table))}
        {table_size.map(|size| label(table.x, table.top() - 9.0, &size))}
        {cards(layers)}
        {block(first, top, heads.as_ref().map(|heads| &*heads.0), "glass")}
        {block(second, bottom, heads.as_ref().map(|heads| &*heads.1), "ember")}
        {arrow(format!("M{} {}V{}", layers.x, first.bottom() + 2.0, second.top() - 3.0), "")}
        {(!attends).then(|| arrow(around(second, layers), "state"))}
        {count.map(|count| label(layers.x, layers.bottom() + 22.0, &count))}
        {label(odds.x, if down { odds.bottom() + 22.0 } else { 248.0 }, t_string!(i18n, words.inside.flow_odds))}
    }
}

/// A state's way round to the next token.
fn around(from: Spot, layers: Spot) -> String {
    let right = layers.right() - 9.0;
    format!(
        "M{} {}H{right}V{}H{}",
        from.right() + 2.0,
        from.y,
        layers.y - 36.0,
        from.right() + 4.0
    )
}

/// A table: rows of numbers.
fn grid(spot: Spot) -> impl IntoView + use<> {
    let lines = (1..5)
        .map(|row| {
            let y = spot.top() + spot.h * f64::from(row) / 5.0;
            view! { <line x1=spot.left() x2=spot.right() y1=y y2=y /> }
        })
        .collect_view();
    view! {
        <g class="flow-table">
            <rect x=spot.left() y=spot.top() width=spot.w height=spot.h rx="3" />
            {lines}
        </g>
    }
}

/// One layer in front of others.
fn cards(spot: Spot) -> impl IntoView + use<> {
    let behind = [14.0, 7.0, 0.0]
        .map(|back| {
            view! {
                <rect
                    x=spot.left() + back
                    y=spot.top() - back
                    width=spot.w - 14.0
                    height=spot.h
                    rx="6"
                />
            }
        })
        .collect_view();
    view! { <g class="flow-cards">{behind}</g> }
}

/// A part of a layer, with its name and its size.
fn block(spot: Spot, name: &str, size: Option<&str>, class: &str) -> impl IntoView + use<> {
    let lift = if size.is_some() { -4.0 } else { 5.0 };
    let size = size.map(|size| {
        view! {
            <text class="flow-label" x=spot.x - 7.0 y=spot.y + 15.0 text-anchor="middle">
                {size.to_owned()}
            </text>
        }
    });
    view! {
        <g class=format!("flow-net {class}")>
            <rect x=spot.left() - 7.0 y=spot.top() width=spot.w height=spot.h rx="5" />
            <text x=spot.x - 7.0 y=spot.y + lift text-anchor="middle">
                {name.to_owned()}
            </text>
            {size}
        </g>
    }
}

/// What moves: the tokens, and what may come next.
fn moving(plan: Plan, flow: &Flow) -> impl IntoView + use<> {
    let count = flow.tokens.len().max(1) as f64;
    let tokens = flow.tokens.iter().enumerate().map(|(at, text)| {
        let share = flow.shares.get(at).copied().unwrap_or(0.0);
        let spot = if plan.down {
            let stride = plan.tokens.w / count;
            let x = plan.tokens.left() + stride * (at as f64 + 0.5);
            Spot::new(x, plan.tokens.y, stride - 6.0, TILE)
        } else {
            let y = plan.tokens.y + (at as f64 - (count - 1.0) / 2.0) * (TILE + 8.0);
            Spot::new(plan.tokens.x, y, plan.tokens.w, TILE)
        };
        view! {
            <g class="flow-token" style=("--share", format!("{share:.3}"))>
                <rect x=spot.left() y=spot.top() width=spot.w height=spot.h rx="4" />
                <text x=spot.x y=spot.y dy="0.35em" text-anchor="middle">
                    {short(text)}
                </text>
            </g>
        }
    });
    let rows = flow.best.len().max(1) as f64;
    let most = flow
        .best
        .first()
        .map_or(1.0, |best| best.1)
        .max(f32::MIN_POSITIVE);
    let best = flow.best.iter().enumerate().map(|(at, (text, odds))| {
        let y = plan.odds.y + (at as f64 - (rows - 1.0) / 2.0) * (TILE + 6.0);
        let name = plan.odds.left() + 52.0;
        let room = plan.odds.w - 52.0 - 56.0;
        let long = (room * f64::from(odds / most)).max(1.5);
        view! {
            <g class="flow-odds">
                <text x=name - 8.0 y=y dy="0.35em" text-anchor="end">
                    {short(text)}
                </text>
                <rect x=name y=y - 6.0 width=long height="12" rx="2" />
                <text class="flow-label" x=name + long + 6.0 y=y dy="0.35em">
                    {percent(*odds)}
                </text>
            </g>
        }
    });
    view! {
        {tokens.collect_view()}
        {best.collect_view()}
    }
}

/// A token as there is room for it.
fn short(text: &str) -> String {
    /// Characters that fit, wide ones counted twice.
    const ROOM: usize = 8;
    let mut room = ROOM;
    let mut kept = String::new();
    for one in text.chars() {
        let width = if u32::from(one) < 0x2E80 { 1 } else { 2 };
        if width > room {
            kept.push('\u{2026}');
            return kept;
        }
        room -= width;
        kept.push(one);
    }
    if kept.is_empty() {
        "\u{2205}".to_owned()
    } else {
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stands_on_another_thing() {
        for width in [300.0, 358.0, 719.0, 720.0, 1328.0] {
            let plan = plan(width);
            let all = [plan.tokens, plan.table, plan.layers, plan.odds];
            for (one, next) in all.iter().zip(&all[1..]) {
                let (end, start) = if plan.down {
                    (one.bottom(), next.top())
                } else {
                    (one.right(), next.left())
                };
                assert!(end + 8.0 < start, "{width}: {one:?} {next:?}");
            }
            for spot in all {
                assert!(
                    spot.left() >= 0.0 && spot.right() <= width,
                    "{width}: {spot:?}"
                );
                assert!(spot.top() >= 0.0 && spot.bottom() <= plan.height);
            }
        }
    }

    #[test]
    fn a_long_token_is_cut() {
        assert_eq!(short("Capulet"), "Capulet");
        assert_eq!(short("incarnadine"), "incarnad\u{2026}");
        assert_eq!(short("春江花月夜"), "春江花月\u{2026}");
        assert_eq!(short(""), "\u{2205}");
    }
}
