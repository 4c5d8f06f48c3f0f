//! How it works, as a room of its own and beside a model in Pictures.

use lampwork_protocol::ModelInfo;
use leptos::prelude::*;

use super::look::{Look, Motion, Turn, of_model, of_run};
use super::{HowItWorks, RestyleExplained};
use crate::i18n::*;
use crate::later::{Part, ShowLater};
use crate::library::{Library, use_library};
use crate::link::Link;
use crate::route::{History, use_address};
use crate::workbench::Board;
use crate::workbench::presets::Family;

/// Name in the address of the nets that restyle.
const RESTYLE: &str = "restyle";

/// The models that the room looks at while no run of the family is under way: the
/// first that the site ships.
fn looked_at(family: Family) -> &'static [&'static str] {
    match family {
        Family::Vae => &["map-fashion"],
        Family::Gan => &["gan-fashion"],
        _ => &["flow-fashion", "flow-emoji", "flow-pixel", "flow-faces"],
    }
}

fn shipped(family: Family, library: Library) -> Option<&'static str> {
    let ships = |name: &&&str| {
        library
            .catalogue()
            .with(|all| all.iter().any(|e| e.name == **name))
    };
    looked_at(family).iter().find(ships).copied()
}

/// The room.
#[component]
pub fn Explain() -> impl IntoView {
    let i18n = use_i18n();
    let address = use_address();
    let board = expect_context::<Board>();
    let library = use_library();
    let family = Memo::new(move |_| match address.get("family").as_deref() {
        Some("gan") => Family::Gan,
        Some("flow") => Family::Flow,
        _ => Family::Vae,
    });
    // No run of the tab's trains one: it has no drawing that moves.
    let restyles = Memo::new(move |_| address.get("family").as_deref() == Some(RESTYLE));
    let choice = move |value: Family| {
        let word = move || match value {
            Family::Vae => t_string!(i18n, explain.a_vae),
            Family::Gan => t_string!(i18n, explain.a_gan),
            _ => t_string!(i18n, explain.a_flow),
        };
        view! {
            <button
                type="button"
                class="tab"
                aria-pressed=move || (!restyles.get() && family.get() == value).to_string()
                data-testid=format!("explain-family-{}", value.name())
                on:click=move |_| {
                    address.set(&[("family", Some(value.name().to_owned()))], History::Push);
                }
            >
                {word}
            </button>
        }
    };
    view! {
        <header>
            <h1>{t!(i18n, explain.heading)}</h1>
            <p class="lead">{t!(i18n, explain.lead)}</p>
        </header>
        <div class="tools" role="group" aria-label=move || t_string!(i18n, explain.family)>
            {choice(Family::Vae)} {choice(Family::Gan)} {choice(Family::Flow)}
            <button
                type="button"
                class="tab"
                aria-pressed=move || restyles.get().to_string()
                data-testid="explain-family-restyle"
                on:click=move |_| {
                    address.set(&[("family", Some(RESTYLE.to_owned()))], History::Push);
                }
            >
                {t!(i18n, explain.restyle.a_net)}
            </button>
        </div>
        {move || {
            if restyles.get() {
                return view! { <RestyleExplained /> }.into_any();
            }
            let family = family.get();
            let trained = board
                .status
                .with(|status| {
                    status.as_ref().is_some_and(|status| Family::of(&status.recipe.model) == family)
                });
            if trained {
                view! {
                    <HowItWorks
                        family=Signal::stored(family)
                        look=of_run(board)
                        motion=motion_of(board)
                        training=Signal::derive(move || Turn::of(board.side.get()))
                    />
                }
                    .into_any()
            } else if let Some(name) = shipped(family, library) {
                library.want(name);
                let info = Signal::derive(move || library.model(name));
                view! { <OfModel info /> }.into_any()
            } else {
                // A site need not ship one of every family.
                view! {
                    <HowItWorks
                        family=Signal::stored(family)
                        look=Signal::stored(Look::default())
                        motion=Signal::stored(Motion::Rest)
                        training=Signal::stored(Turn::Both)
                    />
                }
                    .into_any()
            }
        }}
        <p class="explain-train" hidden=move || restyles.get()>
            <a
                class="button primary"
                data-testid="explain-train"
                href=move || format!("#/workbench?family={}", family.get().name())
            >
                {t!(i18n, explain.train_one)}
            </a>
        </p>
    }
}

/// What moves while the Workbench's run is looked at.
pub fn motion_of(board: Board) -> Signal<Motion> {
    Signal::derive(move || {
        if board.playing.get() {
            Motion::Training
        } else {
            Motion::Rest
        }
    })
}

/// How it works, beside a model in Pictures: made when it is opened.
#[component]
pub fn Beside(
    /// The model in use.
    #[prop(into)]
    info: Signal<Option<ModelInfo>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <details
            class="explain-beside"
            data-testid="pictures-how"
            on:toggle=move |event| {
                open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
            }
        >
            <summary>{t!(i18n, explain.heading)}</summary>
            <Show when=move || open.get()>
                <ShowLater part=Part::Beside(info) />
            </Show>
        </details>
    }
}

/// The drawing of a model that is ready, with pictures passing through it.
#[component]
pub fn OfModel(
    /// Which model.
    #[prop(into)]
    info: Signal<Option<ModelInfo>>,
) -> impl IntoView {
    let look = of_model(expect_context::<Link>(), use_library(), info);
    let family = Memo::new(move |_| {
        info.with(|info| {
            info.as_ref()
                .map_or(Family::Vae, |info| Family::of(&info.card.recipe.model))
        })
    });
    view! {
        <HowItWorks
            family
            look
            motion=Signal::stored(Motion::Forward)
            training=Signal::stored(Turn::Both)
        />
    }
}
