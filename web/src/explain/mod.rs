//! How it works: a drawing of the data flow that is alive while a model trains,
//! and plain words with the papers.

mod cycle;
pub mod flow;
pub mod gan;
pub mod look;
mod restyle;
mod room;
pub mod shapes;
mod style;
pub mod vae;

pub use self::restyle::RestyleExplained;
pub use self::room::{Beside, Explain, OfModel, motion_of};
pub use self::style::StyleHow;

use leptos::html;
use leptos::prelude::*;

use self::flow::FlowFlow;
use self::gan::GanFlow;
use self::look::{Look, Motion, Turn};
use self::vae::VaeFlow;
use crate::i18n::*;
use crate::workbench::measure::width_of;
use crate::workbench::presets::Family;

/// The drawing of a family and the words on it.
#[component]
pub fn HowItWorks(
    /// Which family.
    #[prop(into)]
    family: Signal<Family>,
    /// What flows through the drawing.
    #[prop(into)]
    look: Signal<Look>,
    /// What moves.
    #[prop(into)]
    motion: Signal<Motion>,
    /// The side that is trained alone.
    #[prop(into)]
    training: Signal<Turn>,
) -> impl IntoView {
    let i18n = use_i18n();
    let canvas = NodeRef::<html::Div>::new();
    let width = width_of(canvas);
    let width = Signal::derive(move || width.get());
    let looked_at = RwSignal::new(Turn::Both);
    let turn = Signal::derive(move || match training.get() {
        Turn::Both => looked_at.get(),
        alone => alone,
    });
    view! {
        <section class="explain" aria-labelledby="explain-heading" data-testid="explain">
            <h2 id="explain-heading">
                {move || match family.get() {
                    Family::Vae => t_string!(i18n, explain.heading_vae),
                    Family::Gan => t_string!(i18n, explain.heading_gan),
                    _ => t_string!(i18n, explain.heading_flow),
                }}
            </h2>
            <div class="explain-flow" node_ref=canvas>
                {move || match family.get() {
                    Family::Vae => view! { <VaeFlow width look motion /> }.into_any(),
                    Family::Gan => view! { <GanFlow width look motion turn /> }.into_any(),
                    _ => view! { <FlowFlow width look motion /> }.into_any(),
                }}
            </div>
            <Show when=move || family.get() == Family::Gan>
                <Turns looked_at turn />
            </Show>
            <div class="explain-words">
                {move || match family.get() {
                    Family::Vae => {
                        view! {
                            <p>{t!(i18n, explain.vae_1)}</p>
                            <p>{t!(i18n, explain.vae_2)}</p>
                            <p>{t!(i18n, explain.vae_3)}</p>
                        }
                            .into_any()
                    }
                    Family::Gan => {
                        view! {
                            <p>{t!(i18n, explain.gan_1)}</p>
                            <p>{t!(i18n, explain.gan_2)}</p>
                            <p>{t!(i18n, explain.gan_3)}</p>
                        }
                            .into_any()
                    }
                    _ => {
                        view! {
                            <p>{t!(i18n, explain.flow_1)}</p>
                            <p>{t!(i18n, explain.flow_2)}</p>
                            <p>{t!(i18n, explain.flow_3)}</p>
                        }
                            .into_any()
                    }
                }}
            </div>
            <Papers family />
        </section>
    }
}

/// Whose turn is lit, by choice.
#[component]
fn Turns(looked_at: RwSignal<Turn>, turn: Signal<Turn>) -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |value: Turn| {
        let word = move || match value {
            Turn::Both => t_string!(i18n, explain.side_both),
            Turn::Discriminator => t_string!(i18n, explain.side_d),
            Turn::Generator => t_string!(i18n, explain.side_g),
        };
        view! {
            <label>
                <input
                    type="radio"
                    name="explain-side"
                    value=value.name()
                    data-testid=format!("explain-side-{}", value.name())
                    prop:checked=move || turn.get() == value
                    on:change=move |_| looked_at.set(value)
                />
                <span>{word}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choice explain-turns">
            <legend>{t!(i18n, explain.side)}</legend>
            <div class="choice-row">
                {choice(Turn::Both)} {choice(Turn::Discriminator)} {choice(Turn::Generator)}
            </div>
            <p>
                {move || match turn.get() {
                    Turn::Both => t_string!(i18n, explain.turn_both),
                    Turn::Discriminator => t_string!(i18n, explain.turn_d),
                    Turn::Generator => t_string!(i18n, explain.turn_g),
                }}
            </p>
        </fieldset>
    }
}

/// One paper.
#[component]
fn Paper(
    /// Its number on arXiv; empty for none.
    number: &'static str,
    /// Who wrote it, what it is called, and when.
    name: Signal<String>,
) -> impl IntoView {
    let link = (!number.is_empty()).then(|| {
        view! {
            " "
            <a href=format!("https://arxiv.org/abs/{number}") rel="noreferrer">
                {format!("arXiv:{number}")}
            </a>
        }
    });
    view! { <li>{name} {link}</li> }
}

/// The papers of a family, to be opened by who wants to.
#[component]
fn Papers(family: Signal<Family>) -> impl IntoView {
    let i18n = use_i18n();
    let papers = move || match family.get() {
        Family::Vae => vec![
            ("1312.6114", t_string!(i18n, explain.paper.vae)),
            ("", t_string!(i18n, explain.paper.beta)),
        ],
        Family::Gan => vec![
            ("1406.2661", t_string!(i18n, explain.paper.gan)),
            ("1511.06434", t_string!(i18n, explain.paper.dcgan)),
            ("1802.05957", t_string!(i18n, explain.paper.spectral)),
            ("2006.10738", t_string!(i18n, explain.paper.augment)),
        ],
        _ => vec![
            ("2209.03003", t_string!(i18n, explain.paper.rectified)),
            ("2210.02747", t_string!(i18n, explain.paper.matching)),
            ("2207.12598", t_string!(i18n, explain.paper.guidance)),
        ],
    };
    paper_list(i18n, papers)
}

/// Papers by their numbers on arXiv, empty where they are elsewhere, and their names.
fn paper_list(
    i18n: leptos_i18n::I18nContext<Locale>,
    papers: impl Fn() -> Vec<(&'static str, &'static str)> + Send + 'static,
) -> impl IntoView {
    view! {
        <div class="explain-papers">
            <h3>{t!(i18n, explain.papers)}</h3>
            <ul>
                {move || {
                    papers()
                        .into_iter()
                        .map(|(number, name)| {
                            view! { <Paper number name=Signal::stored(name.to_owned()) /> }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
    }
}
