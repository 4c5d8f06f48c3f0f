//! The drawing of a flow.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::look::{Look, Motion};
use super::shapes::{Drawing, Spot, Way, arrow, bars, figure, gradient, label, net, picture};
use crate::i18n::*;
use crate::workbench::scale::number;

/// Narrower than this, the drawing runs downwards.
const BEND: f64 = 640.0;

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    height: f64,
    bent: bool,
    noise: Spot,
    real: Spot,
    mixture: Spot,
    net: Spot,
    made: Spot,
}

fn plan(width: f64) -> Plan {
    if width < BEND {
        let (left, right) = (width * 0.27, width * 0.76);
        Plan {
            height: 610.0,
            bent: true,
            noise: Spot::new(left, 60.0, 110.0, 54.0),
            real: Spot::new(right, 70.0, 92.0, 92.0),
            mixture: Spot::new(width * 0.5, 228.0, 92.0, 92.0),
            net: Spot::new(width * 0.5, 368.0, 140.0, 76.0),
            made: Spot::new(width * 0.5, 506.0, 92.0, 92.0),
        }
    } else {
        let side = (width * 0.12).clamp(80.0, 120.0);
        let (above, below) = (96.0, 258.0);
        let middle = (above + below) / 2.0;
        Plan {
            height: 352.0,
            bent: false,
            noise: Spot::new(width * 0.1, above, width * 0.13, 64.0),
            real: Spot::new(width * 0.1, below, side, side),
            mixture: Spot::new(width * 0.36, middle, side, side),
            net: Spot::new(
                width * 0.62,
                middle,
                (width * 0.14).clamp(92.0, 150.0),
                120.0,
            ),
            made: Spot::new(width * 0.88, middle, side, side),
        }
    }
}

/// The drawing of a flow, `width` pixels wide.
#[component]
pub fn FlowFlow(
    /// Width in pixels.
    width: Signal<f64>,
    /// What flows through it.
    look: Signal<Look>,
    /// What moves.
    motion: Signal<Motion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let plan = Memo::new(move |_| plan(width.get().max(300.0)));
    let summary = move || {
        let loss = look.get().loss;
        let loss = loss.map_or("\u{2013}".to_owned(), |value| number(f64::from(value)));
        t_string!(i18n, explain.flow_summary, loss = loss)
    };
    let class = move || format!("flow turn-both{}", motion.get().classes());
    view! {
        <Drawing
            name="explain-flow"
            class=Signal::derive(class)
            summary=Signal::derive(move || summary().to_owned())
            width=Signal::derive(move || width.get().max(300.0))
            height=Signal::derive(move || plan.get().height)
        >
            {move || paths(i18n, plan.get())}
            {move || figures(i18n, plan.get(), &look.get())}
        </Drawing>
    }
}

/// What stands still.
fn paths(i18n: I18nContext<Locale>, plan: Plan) -> impl IntoView {
    let Plan {
        noise,
        real,
        mixture,
        net: unet,
        made,
        ..
    } = plan;
    let (arrows, back) = if plan.bent {
        (
            [
                format!(
                    "M{} {}L{} {}",
                    noise.x,
                    noise.bottom() + 4.0,
                    mixture.x - 26.0,
                    mixture.top() - 4.0
                ),
                format!(
                    "M{} {}L{} {}",
                    real.x,
                    real.bottom() + 24.0,
                    mixture.x + 26.0,
                    mixture.top() - 4.0
                ),
                format!(
                    "M{} {}V{}",
                    unet.x,
                    mixture.bottom() + 24.0,
                    unet.top() - 4.0
                ),
                format!("M{} {}V{}", unet.x, unet.bottom() + 4.0, made.top() - 4.0),
            ],
            format!(
                "M{} {}H14V{}H{}",
                made.left() - 6.0,
                made.y,
                mixture.y,
                mixture.left() - 6.0
            ),
        )
    } else {
        (
            [
                format!(
                    "M{} {}L{} {}",
                    noise.right() + 4.0,
                    noise.y,
                    mixture.left() - 4.0,
                    mixture.y - 26.0
                ),
                format!(
                    "M{} {}L{} {}",
                    real.right() + 4.0,
                    real.y,
                    mixture.left() - 4.0,
                    mixture.y + 26.0
                ),
                format!(
                    "M{} {}H{}",
                    mixture.right() + 4.0,
                    unet.y,
                    unet.left() - 4.0
                ),
                format!("M{} {}H{}", unet.right() + 4.0, unet.y, made.left() - 4.0),
            ],
            format!(
                "M{} {}V26H{}V{}",
                made.x,
                made.top() - 6.0,
                mixture.x,
                mixture.top() - 6.0
            ),
        )
    };
    let again = if plan.bent {
        (made.left() / 2.0 + 20.0, made.y + 18.0)
    } else {
        ((made.x + mixture.x) / 2.0, 18.0)
    };
    let way = if plan.bent { Way::Down } else { Way::Right };
    view! {
        {gradient(back, "both")}
        {arrows.into_iter().map(|d| arrow(d, "")).collect_view()}
        {net(unet, way, true, t_string!(i18n, explain.node.velocity), "ember")}
        {label(noise.x, noise.top() - 8.0, t_string!(i18n, explain.node.start))}
        {label(real.x, real.bottom() + 17.0, t_string!(i18n, explain.node.real))}
        {label(mixture.x, mixture.bottom() + 17.0, t_string!(i18n, explain.node.mixture))}
        {label(made.x, made.bottom() + 17.0, t_string!(i18n, explain.node.made))}
        {label(again.0, again.1, t_string!(i18n, explain.node.again))}
    }
}

/// What moves.
fn figures(i18n: I18nContext<Locale>, plan: Plan, look: &Look) -> impl IntoView + use<> {
    let loss = look
        .loss
        .map(|value| t_string!(i18n, explain.loss_flow, value = number(f64::from(value))));
    let told = look.told.then(|| {
        let (x, y) = if plan.bent {
            (plan.net.left() - 58.0, plan.net.y + 4.0)
        } else {
            (plan.net.x, plan.net.top() - 10.0)
        };
        label(x, y, t_string!(i18n, explain.node.told))
    });
    let below = if plan.bent {
        (plan.net.right() + 60.0, plan.net.y)
    } else {
        (plan.net.x, plan.net.bottom() + 24.0)
    };
    view! {
        {bars(plan.noise, &look.noise, "ember")}
        {picture(plan.real, look.input.clone())}
        {picture(plan.mixture, look.middle.clone())}
        {picture(plan.made, look.output.clone())}
        {told}
        {loss.map(|text| figure(below.0, below.1, text, ""))}
    }
}
