//! The drawing of a GAN.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::look::{Look, Motion, Turn};
use super::shapes::{
    Drawing, Spot, Way, arrow, bars, figure, gauge, gradient, label, net, picture,
};
use crate::i18n::*;
use crate::workbench::scale::number;

/// Narrower than this, the flow runs downwards.
const BEND: f64 = 640.0;

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    height: f64,
    bent: bool,
    noise: Spot,
    generator: Spot,
    made: Spot,
    real: Spot,
    discriminator: Spot,
    verdict: Spot,
}

fn plan(width: f64) -> Plan {
    if width < BEND {
        let (left, right) = (width * 0.27, width * 0.76);
        Plan {
            height: 640.0,
            bent: true,
            noise: Spot::new(left, 60.0, 110.0, 54.0),
            generator: Spot::new(left, 158.0, 116.0, 72.0),
            made: Spot::new(left, 286.0, 92.0, 92.0),
            real: Spot::new(right, 286.0, 92.0, 92.0),
            discriminator: Spot::new(width * 0.5, 430.0, 140.0, 76.0),
            verdict: Spot::new(width * 0.5, 556.0, 16.0, 96.0),
        }
    } else {
        let side = (width * 0.12).clamp(80.0, 120.0);
        let net = (width * 0.14).clamp(92.0, 150.0);
        let (above, below) = (96.0, 258.0);
        let middle = (above + below) / 2.0;
        Plan {
            height: 352.0,
            bent: false,
            noise: Spot::new(width * 0.07, above, width * 0.11, 64.0),
            generator: Spot::new(width * 0.255, above, net, 104.0),
            made: Spot::new(width * 0.455, above, side, side),
            real: Spot::new(width * 0.455, below, side, side),
            discriminator: Spot::new(width * 0.68, middle, net, 120.0),
            verdict: Spot::new(width * 0.89, middle, 16.0, 140.0),
        }
    }
}

/// The drawing of a GAN, `width` pixels wide.
#[component]
pub fn GanFlow(
    /// Width in pixels.
    width: Signal<f64>,
    /// What flows through it.
    look: Signal<Look>,
    /// What moves.
    motion: Signal<Motion>,
    /// Whose turn is lit.
    turn: Signal<Turn>,
) -> impl IntoView {
    let i18n = use_i18n();
    let plan = Memo::new(move |_| plan(width.get().max(300.0)));
    let summary = move || {
        let look = look.get();
        let text =
            |value: Option<f32>| value.map_or("\u{2013}".to_owned(), |value| format!("{value:.2}"));
        t_string!(
            i18n,
            explain.gan_summary,
            real = text(look.d_real),
            made = text(look.d_fake)
        )
    };
    let class = move || format!("flow turn-{}{}", turn.get().name(), motion.get().classes());
    view! {
        <Drawing
            name="explain-gan"
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
        generator,
        made,
        real,
        discriminator,
        verdict,
        ..
    } = plan;
    let way = if plan.bent { Way::Down } else { Way::Right };
    let arrows = if plan.bent {
        vec![
            format!(
                "M{} {}V{}",
                noise.x,
                noise.bottom() + 4.0,
                generator.top() - 4.0
            ),
            format!(
                "M{} {}V{}",
                generator.x,
                generator.bottom() + 2.0,
                made.top() - 4.0
            ),
            format!(
                "M{} {}L{} {}",
                made.x,
                made.bottom() + 24.0,
                discriminator.x - 34.0,
                discriminator.top() - 4.0
            ),
            format!(
                "M{} {}L{} {}",
                real.x,
                real.bottom() + 24.0,
                discriminator.x + 34.0,
                discriminator.top() - 4.0
            ),
            format!(
                "M{} {}V{}",
                verdict.x,
                discriminator.bottom() + 2.0,
                verdict.top() - 24.0
            ),
        ]
    } else {
        vec![
            format!(
                "M{} {}H{}",
                noise.right() + 4.0,
                noise.y,
                generator.left() - 4.0
            ),
            format!(
                "M{} {}H{}",
                generator.right() + 2.0,
                generator.y,
                made.left() - 4.0
            ),
            format!(
                "M{} {}L{} {}",
                made.right() + 4.0,
                made.y,
                discriminator.left() - 4.0,
                discriminator.y - 26.0
            ),
            format!(
                "M{} {}L{} {}",
                real.right() + 4.0,
                real.y,
                discriminator.left() - 4.0,
                discriminator.y + 26.0
            ),
            format!(
                "M{} {}H{}",
                discriminator.right() + 2.0,
                verdict.y,
                verdict.left() - 44.0
            ),
        ]
    };
    let (to_d, to_g) = if plan.bent {
        (
            format!(
                "M{} {}H{}V{}",
                verdict.left() - 44.0,
                verdict.y,
                discriminator.left() + 24.0,
                discriminator.bottom() - 2.0
            ),
            format!(
                "M{} {}H{}V{}H{}",
                verdict.left() - 44.0,
                verdict.y + 14.0,
                14.0,
                generator.y,
                generator.left() + 8.0
            ),
        )
    } else {
        (
            format!(
                "M{} {}V{}H{}V{}",
                verdict.x,
                verdict.bottom() + 28.0,
                plan.height - 12.0,
                discriminator.x,
                discriminator.bottom() - 14.0
            ),
            format!(
                "M{} {}V{}H{}V{}",
                verdict.x,
                verdict.top() - 28.0,
                14.0,
                generator.x,
                generator.top() + 10.0
            ),
        )
    };
    view! {
        {gradient(to_d, "of-d")}
        {gradient(to_g, "of-g")}
        {arrows.into_iter().map(|d| arrow(d, "")).collect_view()}
        {net(generator, way, false, t_string!(i18n, explain.node.generator), "ember of-g")}
        {net(discriminator, way, true, t_string!(i18n, explain.node.discriminator), "glass of-d")}
        {label(noise.x, noise.top() - 8.0, t_string!(i18n, explain.node.noise))}
        {label(made.x, made.bottom() + 17.0, t_string!(i18n, explain.node.made))}
        {label(real.x, real.bottom() + 17.0, t_string!(i18n, explain.node.real))}
    }
}

/// What moves.
fn figures(i18n: I18nContext<Locale>, plan: Plan, look: &Look) -> impl IntoView + use<> {
    let of_d = look
        .d_loss
        .map(|value| t_string!(i18n, explain.loss_d, value = number(f64::from(value))));
    let of_g = look
        .g_loss
        .map(|value| t_string!(i18n, explain.loss_g, value = number(f64::from(value))));
    let words = [
        t_string!(i18n, explain.node.verdict_real),
        t_string!(i18n, explain.node.verdict_made),
    ];
    let (d_at, g_at) = if plan.bent {
        (
            (plan.real.x, plan.verdict.y + 5.0),
            (plan.real.x, plan.generator.y),
        )
    } else {
        (
            (
                (plan.discriminator.x + plan.verdict.x) / 2.0,
                plan.height - 22.0,
            ),
            ((plan.generator.x + plan.verdict.x) / 2.0, 34.0),
        )
    };
    view! {
        {bars(plan.noise, &look.noise, "ember")}
        {picture(plan.made, look.output.clone())}
        {picture(plan.real, look.input.clone())}
        {gauge(plan.verdict, look.d_real, look.d_fake, words)}
        {of_d.map(|text| figure(d_at.0, d_at.1, text, "of-d"))}
        {of_g.map(|text| figure(g_at.0, g_at.1, text, "of-g"))}
    }
}
