//! The drawing of a VAE.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::look::{Look, Motion};
use super::shapes::{Drawing, Spot, Way, arrow, bars, bell, figure, gradient, label, net, picture};
use crate::i18n::*;
use crate::workbench::scale::number;

/// Narrower than this, the flow is bent into a U.
const BEND: f64 = 640.0;

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    height: f64,
    bent: bool,
    input: Spot,
    encoder: Spot,
    mean: Spot,
    variance: Spot,
    z: Spot,
    decoder: Spot,
    output: Spot,
}

fn plan(width: f64) -> Plan {
    if width < BEND {
        let (left, right) = (width * 0.25, width * 0.75);
        let side = 96.0;
        let net = 96.0;
        Plan {
            height: 470.0,
            bent: true,
            input: Spot::new(left, 78.0, side, side),
            encoder: Spot::new(left, 222.0, net, 76.0),
            mean: Spot::new(left - 40.0, 340.0, 66.0, 62.0),
            variance: Spot::new(left + 40.0, 340.0, 66.0, 62.0),
            z: Spot::new(right, 340.0, 92.0, 62.0),
            decoder: Spot::new(right, 222.0, net, 76.0),
            output: Spot::new(right, 78.0, side, side),
        }
    } else {
        let y = 104.0;
        let side = (width * 0.13).clamp(84.0, 132.0);
        let net = (width * 0.14).clamp(90.0, 150.0);
        Plan {
            height: 306.0,
            bent: false,
            input: Spot::new(side / 2.0 + 4.0, y, side, side),
            encoder: Spot::new(width * 0.27, y, net, 104.0),
            mean: Spot::new(width * 0.44, y - 42.0, width * 0.09, 56.0),
            variance: Spot::new(width * 0.44, y + 42.0, width * 0.09, 56.0),
            z: Spot::new(width * 0.575, y, width * 0.09, 72.0),
            decoder: Spot::new(width * 0.745, y, net, 104.0),
            output: Spot::new(width - side / 2.0 - 4.0, y, side, side),
        }
    }
}

/// The drawing of a VAE, `width` pixels wide.
#[component]
pub fn VaeFlow(
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
        let look = look.get();
        let text = |value: Option<f32>| {
            value.map_or("\u{2013}".to_owned(), |value| number(f64::from(value)))
        };
        t_string!(
            i18n,
            explain.vae_summary,
            reconstruction = text(look.reconstruction),
            kl = text(look.kl)
        )
    };
    view! {
        <Drawing
            name="explain-vae"
            class=Signal::derive(move || format!("flow{}", motion.get().classes()))
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
        input,
        encoder,
        mean,
        variance,
        z,
        decoder,
        output,
        ..
    } = plan;
    let (down, up) = if plan.bent {
        (Way::Down, Way::Up)
    } else {
        (Way::Right, Way::Right)
    };
    let arrows = if plan.bent {
        vec![
            format!(
                "M{} {}V{}",
                input.x,
                input.bottom() + 26.0,
                encoder.top() - 4.0
            ),
            format!(
                "M{} {}L{} {}",
                encoder.x,
                encoder.bottom() + 2.0,
                mean.x,
                mean.top() - 22.0
            ),
            format!(
                "M{} {}L{} {}",
                encoder.x,
                encoder.bottom() + 2.0,
                variance.x,
                variance.top() - 22.0
            ),
            format!("M{} {}H{}", variance.right() + 4.0, z.y, z.left() - 4.0),
            format!("M{} {}V{}", z.x, z.top() - 22.0, decoder.bottom() + 4.0),
            format!(
                "M{} {}V{}",
                decoder.x,
                decoder.top() - 2.0,
                output.bottom() + 26.0
            ),
        ]
    } else {
        vec![
            format!(
                "M{} {}H{}",
                input.right() + 4.0,
                input.y,
                encoder.left() - 4.0
            ),
            format!(
                "M{} {}L{} {}",
                encoder.right() + 2.0,
                encoder.y - 8.0,
                mean.left() - 4.0,
                mean.y
            ),
            format!(
                "M{} {}L{} {}",
                encoder.right() + 2.0,
                encoder.y + 8.0,
                variance.left() - 4.0,
                variance.y
            ),
            format!(
                "M{} {}L{} {}",
                mean.right() + 4.0,
                mean.y,
                z.left() - 4.0,
                z.y - 6.0
            ),
            format!(
                "M{} {}L{} {}",
                variance.right() + 4.0,
                variance.y,
                z.left() - 4.0,
                z.y + 6.0
            ),
            format!("M{} {}H{}", z.right() + 4.0, z.y, decoder.left() - 4.0),
            format!(
                "M{} {}H{}",
                decoder.right() + 2.0,
                decoder.y,
                output.left() - 4.0
            ),
        ]
    };
    let back = if plan.bent {
        // From the reconstruction loss between the two pictures, round both ways.
        vec![format!(
            "M{} {}V{}H{}V{}",
            decoder.right() + 14.0,
            output.bottom() + 34.0,
            z.bottom() + 34.0,
            encoder.left() - 14.0,
            encoder.top()
        )]
    } else {
        vec![format!(
            "M{} {}V{}H{}V{}",
            output.x,
            output.bottom() + 34.0,
            plan.height - 34.0,
            encoder.x,
            encoder.bottom() + 6.0
        )]
    };
    view! {
        {back.into_iter().map(|d| gradient(d, "both")).collect_view()}
        {arrows.into_iter().map(|d| arrow(d, "")).collect_view()}
        {net(encoder, down, true, t_string!(i18n, explain.node.encoder), "glass")}
        {net(decoder, up, false, t_string!(i18n, explain.node.decoder), "ember")}
        {label(input.x, input.bottom() + 18.0, t_string!(i18n, explain.node.picture))}
        {label(mean.x, mean.top() - 8.0, t_string!(i18n, explain.node.mean))}
        {label(
            variance.x,
            if plan.bent { variance.top() - 8.0 } else { variance.bottom() + 18.0 },
            t_string!(i18n, explain.node.variance),
        )}
        {bell(variance)}
        {label(z.x, z.top() - 8.0, t_string!(i18n, explain.node.z))}
    }
}

/// What moves.
fn figures(i18n: I18nContext<Locale>, plan: Plan, look: &Look) -> impl IntoView + use<> {
    let reconstruction = look.reconstruction.map(|value| {
        t_string!(
            i18n,
            explain.loss_reconstruction,
            value = number(f64::from(value))
        )
    });
    let kl = look
        .kl
        .map(|value| t_string!(i18n, explain.loss_kl, value = number(f64::from(value))));
    // Without an encoded picture the output is a sample of the run's fixed z.
    let output_word = if look.encoded {
        t_string!(i18n, explain.node.reconstruction)
    } else {
        t_string!(i18n, explain.node.sample)
    };
    let (loss_at, kl_at) = if plan.bent {
        let middle = (plan.input.x + plan.output.x) / 2.0;
        let below = plan.z.bottom();
        ((middle, below + 54.0), (middle, below + 80.0))
    } else {
        (
            (plan.decoder.x, plan.height - 44.0),
            (plan.variance.x, plan.variance.bottom() + 42.0),
        )
    };
    view! {
        {picture(plan.input, look.input.clone())}
        {picture(plan.output, look.output.clone())}
        {label(plan.output.x, plan.output.bottom() + 18.0, output_word)}
        {bars(plan.mean, &look.mean, "glass")}
        {bars(plan.z, &look.mean, "ember")}
        {reconstruction.map(|text| figure(loss_at.0, loss_at.1, text, "loss"))}
        {kl.map(|text| figure(kl_at.0, kl_at.1, text, "kl"))}
    }
}
