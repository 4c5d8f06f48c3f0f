//! The drawing of a style-based generator, and the words on it.

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::Paper;
use super::look::{Look, Motion};
use super::shapes::{Drawing, Spot, Way, arrow, bars, label, net, picture};
use crate::i18n::*;
use crate::workbench::measure::width_of;

/// Narrower than this, the flow runs downwards.
const BEND: f64 = 640.0;

/// Sides of what the layers make, in pixels.
const SIDES: [&str; 4] = ["4 × 4", "8 × 8", "16 × 16", "32 × 32"];

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    height: f64,
    bent: bool,
    noise: Spot,
    mapping: Spot,
    style: Spot,
    layers: [Spot; 4],
    made: Spot,
}

fn plan(width: f64) -> Plan {
    if width < BEND {
        let (left, right) = (width * 0.24, width * 0.66);
        let layer = |at: usize| {
            let wide = 84.0 + 22.0 * at as f64;
            Spot::new(right, 190.0 + 92.0 * at as f64, wide, 56.0)
        };
        Plan {
            height: 700.0,
            bent: true,
            noise: Spot::new(left, 56.0, 110.0, 54.0),
            mapping: Spot::new(left, 150.0, 112.0, 70.0),
            style: Spot::new(left, 236.0, 44.0, 34.0),
            layers: [layer(0), layer(1), layer(2), layer(3)],
            made: Spot::new(right, 610.0, 112.0, 112.0),
        }
    } else {
        let side = (width * 0.13).clamp(84.0, 128.0);
        let above = 74.0;
        let layer = |at: usize| {
            let tall = 56.0 + 22.0 * at as f64;
            Spot::new(width * (0.2 + 0.155 * at as f64), 252.0, width * 0.1, tall)
        };
        Plan {
            height: 388.0,
            bent: false,
            noise: Spot::new(width * 0.08, above, width * 0.12, 60.0),
            mapping: Spot::new(width * 0.27, above, (width * 0.15).max(100.0), 84.0),
            style: Spot::new(width * 0.42, above, 44.0, 34.0),
            layers: [layer(0), layer(1), layer(2), layer(3)],
            made: Spot::new(width * 0.89, 252.0, side, side),
        }
    }
}

/// The drawing, the words and the papers.
#[component]
pub fn StyleHow(
    /// What flows through the drawing.
    #[prop(into)]
    look: Signal<Look>,
    /// What moves.
    #[prop(into)]
    motion: Signal<Motion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let canvas = NodeRef::<html::Div>::new();
    let width = width_of(canvas);
    let width = Signal::derive(move || width.get());
    view! {
        <section class="explain" aria-labelledby="explain-heading" data-testid="explain">
            <h2 id="explain-heading">{t!(i18n, explain.heading_style)}</h2>
            <div class="explain-flow" node_ref=canvas>
                <StyleFlow width look motion />
            </div>
            <div class="explain-words">
                <p>{t!(i18n, explain.style_1)}</p>
                <p>{t!(i18n, explain.style_2)}</p>
                <p>{t!(i18n, explain.style_3)}</p>
            </div>
            <div class="explain-papers">
                <h3>{t!(i18n, explain.papers)}</h3>
                <ul>
                    <Paper number="1812.04948" name=Signal::derive(move || {
                        t_string!(i18n, explain.paper.style).to_owned()
                    }) />
                    <Paper number="1912.04958" name=Signal::derive(move || {
                        t_string!(i18n, explain.paper.style2).to_owned()
                    }) />
                    <Paper number="2004.02546" name=Signal::derive(move || {
                        t_string!(i18n, explain.paper.ganspace).to_owned()
                    }) />
                    <Paper number="2006.10738" name=Signal::derive(move || {
                        t_string!(i18n, explain.paper.augment).to_owned()
                    }) />
                </ul>
            </div>
        </section>
    }
}

/// The drawing, `width` pixels wide.
#[component]
fn StyleFlow(width: Signal<f64>, look: Signal<Look>, motion: Signal<Motion>) -> impl IntoView {
    let i18n = use_i18n();
    let plan = Memo::new(move |_| plan(width.get().max(300.0)));
    let class = move || format!("flow turn-both{}", motion.get().classes());
    view! {
        <Drawing
            name="explain-style"
            class=Signal::derive(class)
            summary=Signal::derive(move || t_string!(i18n, explain.style_summary).to_owned())
            width=Signal::derive(move || width.get().max(300.0))
            height=Signal::derive(move || plan.get().height)
        >
            {move || paths(i18n, plan.get())}
            {move || {
                let (plan, look) = (plan.get(), look.get());
                view! {
                    {bars(plan.noise, &look.noise, "ember")}
                    {picture(plan.made, look.output)}
                }
            }}
        </Drawing>
    }
}

/// What stands still.
fn paths(i18n: I18nContext<Locale>, plan: Plan) -> impl IntoView {
    let way = if plan.bent { Way::Down } else { Way::Right };
    let arrows = arrows(&plan);
    let layers = plan.layers.into_iter().zip(SIDES);
    let layers = layers
        .map(|(spot, side)| net(spot, way, false, side, "ember of-g"))
        .collect_view();
    let Plan {
        noise,
        mapping,
        style,
        made,
        ..
    } = plan;
    let grain: Vec<_> = plan
        .layers
        .iter()
        .map(|spot| {
            let (x, y) = if plan.bent {
                (spot.right() + 26.0, spot.y - 12.0)
            } else {
                (spot.x, plan.height - 14.0)
            };
            label(x, y, t_string!(i18n, explain.node.grain))
        })
        .collect();
    view! {
        {arrows.into_iter().map(|d| arrow(d, "")).collect_view()}
        {net(mapping, way, false, t_string!(i18n, explain.node.mapping), "glass of-d")}
        {net(style, way, false, "w", "glass of-d")}
        {layers}
        {grain}
        {label(noise.x, noise.top() - 8.0, t_string!(i18n, explain.node.noise))}
        {label(style.x, style.top() - 10.0, t_string!(i18n, explain.node.style))}
        {label(made.x, made.bottom() + 17.0, t_string!(i18n, explain.node.made))}
    }
}

/// From noise to a style, from it into every layer, from layer to layer, and the noise
/// that each adds.
fn arrows(plan: &Plan) -> Vec<String> {
    let Plan {
        noise,
        mapping,
        style,
        layers,
        made,
        ..
    } = *plan;
    let [.., last] = layers;
    let mut all = Vec::new();
    if plan.bent {
        for (from, to) in [(noise, mapping), (mapping, style)] {
            all.push(format!(
                "M{} {}V{}",
                from.x,
                from.bottom() + 4.0,
                to.top() - 4.0
            ));
        }
        for pair in layers.windows(2) {
            all.push(format!(
                "M{} {}V{}",
                pair[0].x,
                pair[0].bottom() + 2.0,
                pair[1].top() - 4.0
            ));
        }
        all.push(format!(
            "M{} {}V{}",
            last.x,
            last.bottom() + 2.0,
            made.top() - 4.0
        ));
        for layer in layers {
            // Out of the style, along its side, and into the layer.
            let (x, y) = (style.x, style.bottom() + 4.0);
            let along = if layer.y < y { style.y } else { layer.y };
            let from = if layer.y < y { style.top() } else { y };
            if along == layer.y {
                all.push(format!("M{x} {from}V{along}H{}", layer.left() + 8.0));
            } else {
                let beside = style.right() + 14.0;
                let (right, to) = (style.right() + 4.0, layer.left() + 12.0);
                all.push(format!("M{right} {along}H{beside}V{}H{to}", layer.y));
            }
            let (from, to) = (layer.right() + 44.0, layer.right() + 2.0);
            all.push(format!("M{from} {}H{to}", layer.y));
        }
    } else {
        for (from, to) in [(noise, mapping), (mapping, style)] {
            all.push(format!(
                "M{} {}H{}",
                from.right() + 4.0,
                from.y,
                to.left() - 4.0
            ));
        }
        for pair in layers.windows(2) {
            all.push(format!(
                "M{} {}H{}",
                pair[0].right() + 2.0,
                pair[0].y,
                pair[1].left() - 4.0
            ));
        }
        all.push(format!(
            "M{} {}H{}",
            last.right() + 2.0,
            last.y,
            made.left() - 4.0
        ));
        // One line beneath the style, from which each layer is reached.
        let line = style.bottom() + 34.0;
        for layer in layers {
            let to = layer.y - layer.h * 0.36;
            all.push(format!(
                "M{} {}V{line}H{}V{to}",
                style.x,
                style.bottom() + 2.0,
                layer.x
            ));
            let from = plan.height - 30.0;
            all.push(format!(
                "M{} {from}V{}",
                layer.x,
                layer.y + layer.h * 0.36 + 2.0
            ));
        }
    }
    all
}
