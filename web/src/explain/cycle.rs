//! How nets between two domains work: 永 is written and made plain again.

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::shapes::{Drawing, Spot, Way, arrow, gradient, label, net, picture};
use crate::i18n::*;
use crate::pictures::written_and_back;
use crate::workbench::measure::width_of;

/// Narrower than this, the drawing runs downwards.
const BEND: f64 = 640.0;

/// What is written.
const CHARACTER: char = '永';

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    height: f64,
    bent: bool,
    /// Plain, written, plain again.
    pictures: [Spot; 3],
    /// There, back.
    nets: [Spot; 2],
    /// Of what was written.
    critic: Spot,
}

fn plan(width: f64) -> Plan {
    if width < BEND {
        let x = width * 0.36;
        let at = |y, w, h| Spot::new(x, y, w, h);
        Plan {
            height: 640.0,
            bent: true,
            pictures: [70.0, 300.0, 540.0].map(|y| at(y, 92.0, 92.0)),
            nets: [184.0, 424.0].map(|y| at(y, 130.0, 64.0)),
            critic: Spot::new(width * 0.8, 300.0, 92.0, 64.0),
        }
    } else {
        let side = (width * 0.12).clamp(80.0, 120.0);
        let at = |x: f64, w, h| Spot::new(width * x, 110.0, w, h);
        let wide = (width * 0.13).clamp(88.0, 140.0);
        Plan {
            height: 330.0,
            bent: false,
            pictures: [0.09, 0.5, 0.91].map(|x| at(x, side, side)),
            nets: [0.295, 0.705].map(|x| at(x, wide, 96.0)),
            critic: Spot::new(width * 0.5, 262.0, wide, 64.0),
        }
    }
}

/// The drawing and the words on it.
#[component]
pub fn CycleHow() -> impl IntoView {
    let i18n = use_i18n();
    let canvas = NodeRef::<html::Div>::new();
    let width = width_of(canvas);
    let width = Signal::derive(move || width.get().max(300.0));
    let plan = Memo::new(move |_| plan(width.get()));
    let seen = written_and_back(CHARACTER);
    let papers = move || {
        [
            ("1703.10593", t_string!(i18n, explain.paper.cycle)),
            ("1611.07004", t_string!(i18n, explain.paper.pix2pix)),
            ("1712.02950", t_string!(i18n, explain.paper.steganography)),
            ("2003.10557", t_string!(i18n, explain.paper.scrabble)),
        ]
        .map(|(number, name)| {
            view! {
                <li>
                    {name} " "
                    <a href=format!("https://arxiv.org/abs/{number}") rel="noreferrer">
                        {format!("arXiv:{number}")}
                    </a>
                </li>
            }
        })
    };
    view! {
        <section class="explain" aria-labelledby="explain-heading" data-testid="explain">
            <h2 id="explain-heading">{t!(i18n, explain.heading_cycle)}</h2>
            <div class="explain-flow" node_ref=canvas>
                <Drawing
                    name="explain-cycle"
                    class=Signal::stored("flow turn-both flows".to_owned())
                    summary=Signal::derive(move || {
                        t_string!(i18n, explain.cycle_summary).to_owned()
                    })
                    width
                    height=Signal::derive(move || plan.get().height)
                >
                    {move || paths(i18n, plan.get())}
                    {move || {
                        let plan = plan.get();
                        let seen = seen.get();
                        plan.pictures
                            .into_iter()
                            .zip(seen)
                            .map(|(spot, address)| picture(spot, address))
                            .collect_view()
                    }}
                </Drawing>
            </div>
            <div class="explain-words">
                <p>{t!(i18n, explain.cycle_1)}</p>
                <p>{t!(i18n, explain.cycle_2)}</p>
                <p>{t!(i18n, explain.cycle_3)}</p>
            </div>
            <div class="explain-papers">
                <h3>{t!(i18n, explain.papers)}</h3>
                <ul>{papers}</ul>
            </div>
        </section>
    }
}

/// What stands still.
fn paths(i18n: I18nContext<Locale>, plan: Plan) -> impl IntoView {
    let [plain, written, again] = plan.pictures;
    let [to, back] = plan.nets;
    let critic = plan.critic;
    let way = if plan.bent { Way::Down } else { Way::Right };
    let between = |a: Spot, b: Spot| {
        if plan.bent {
            format!("M{} {}V{}", a.x, a.bottom() + 4.0, b.top() - 4.0)
        } else {
            format!("M{} {}H{}", a.right() + 4.0, a.y, b.left() - 4.0)
        }
    };
    let judged = if plan.bent {
        format!(
            "M{} {}H{}",
            written.right() + 4.0,
            written.y,
            critic.left() - 4.0
        )
    } else {
        format!(
            "M{} {}V{}",
            written.x,
            written.bottom() + 22.0,
            critic.top() - 4.0
        )
    };
    // What came back is compared with what it was.
    let compared = if plan.bent {
        format!(
            "M{} {}H14V{}H{}",
            again.left() - 6.0,
            again.y,
            plain.y,
            plain.left() - 6.0
        )
    } else {
        format!(
            "M{} {}V22H{}V{}",
            again.x,
            again.top() - 6.0,
            plain.x,
            plain.top() - 6.0
        )
    };
    let same = if plan.bent {
        (plan.pictures[2].x, again.bottom() + 34.0)
    } else {
        (written.x, 16.0)
    };
    let under = |spot: Spot| (spot.x, spot.bottom() + 17.0);
    let labels = [
        (under(plain), t_string!(i18n, explain.node.plain)),
        (under(written), t_string!(i18n, explain.node.written)),
        (under(again), t_string!(i18n, explain.node.plain_again)),
        (same, t_string!(i18n, explain.node.same)),
    ];
    let arrows = [
        between(plain, to),
        between(to, written),
        between(written, back),
        between(back, again),
        judged,
    ];
    view! {
        {gradient(compared, "both")}
        {arrows.into_iter().map(|d| arrow(d, "")).collect_view()}
        {net(to, way, false, t_string!(i18n, explain.node.there), "ember")}
        {net(back, way, true, t_string!(i18n, explain.node.back), "glass")}
        {net(critic, Way::Down, true, t_string!(i18n, explain.node.critic), "glass")}
        {labels
            .into_iter()
            .map(|((x, y), text)| label(x, y, text))
            .collect_view()}
    }
}
