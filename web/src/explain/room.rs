//! How it works, as a room of its own and beside a model in Pictures.

use lampwork_protocol::{ModelConfig, ModelInfo};
use leptos::prelude::*;

use super::cycle::CycleHow;
use super::look::{Look, Motion, Turn, of_model, of_run};
use super::{HowItWorks, RestyleExplained, StyleHow};
use crate::i18n::*;
use crate::later::{Part, ShowLater};
use crate::library::{Library, use_library};
use crate::link::Link;
use crate::pictures::has_styles;
use crate::route::{History, use_address};
use crate::workbench::Board;
use crate::workbench::presets::Family;

/// The models that the room looks at while no run of the family is under way: the
/// first that the site ships.
fn looked_at(family: Family) -> &'static [&'static str] {
    match family {
        Family::Vae => &["map-fashion"],
        Family::Gan => &["gan-fashion"],
        _ => &["flow-fashion", "flow-emoji", "flow-pixel", "flow-faces"],
    }
}

/// Style-based models that the room looks at.
const STYLED: &[&str] = &["style-faces", "style-pixel"];

fn shipped(names: &[&'static str], library: Library) -> Option<&'static str> {
    let ships = |name: &&&str| {
        library
            .catalogue()
            .with(|all| all.iter().any(|e| e.name == **name))
    };
    names.iter().find(ships).copied()
}

/// What is explained beside the families of the Workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Other {
    /// A style-based GAN.
    Style,
    /// Nets between two domains.
    Cycle,
    /// A net that restyles photographs.
    Restyle,
}

impl Other {
    const ALL: [Other; 3] = [Other::Style, Other::Cycle, Other::Restyle];

    /// As the address has it.
    fn name(self) -> &'static str {
        match self {
            Other::Style => "style",
            Other::Cycle => "cycle",
            Other::Restyle => "restyle",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }
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
    // These have no run in a tab, and so no family of its bench: they stand beside those.
    let other = Memo::new(move |_| Other::named(&address.get("family")?));
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
                aria-pressed=move || (other.get().is_none() && family.get() == value).to_string()
                data-testid=format!("explain-family-{}", value.name())
                on:click=move |_| {
                    address.set(&[("family", Some(value.name().to_owned()))], History::Push);
                }
            >
                {word}
            </button>
        }
    };
    let another = move |value: Other| {
        let word = move || match value {
            Other::Style => t_string!(i18n, explain.a_style),
            Other::Cycle => t_string!(i18n, explain.a_cycle),
            Other::Restyle => t_string!(i18n, explain.restyle.a_net),
        };
        view! {
            <button
                type="button"
                class="tab"
                aria-pressed=move || (other.get() == Some(value)).to_string()
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
            {Other::ALL.map(another).collect_view()}
        </div>
        {move || {
            match other.get() {
                Some(Other::Style) => return view! { <Styled /> }.into_any(),
                Some(Other::Cycle) => return view! { <CycleHow /> }.into_any(),
                Some(Other::Restyle) => return view! { <RestyleExplained /> }.into_any(),
                None => {}
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
            } else if let Some(name) = shipped(looked_at(family), library) {
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
        <p class="explain-train" hidden=move || other.get().is_some()>
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

/// How a style-based GAN works, with the first that the site ships.
#[component]
fn Styled() -> impl IntoView {
    let library = use_library();
    let look = match shipped(STYLED, library) {
        Some(name) => {
            library.want(name);
            let info = Signal::derive(move || library.model(name));
            of_model(expect_context::<Link>(), library, info)
        }
        None => Signal::stored(Look::default()),
    };
    view! { <StyleHow look motion=Signal::stored(Motion::Forward) /> }
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
    let styled = Memo::new(move |_| info.with(|info| info.as_ref().is_some_and(has_styles)));
    let between = Memo::new(move |_| {
        info.with(|info| {
            info.as_ref()
                .is_some_and(|info| matches!(info.card.recipe.model, ModelConfig::Domains(_)))
        })
    });
    let motion = Signal::stored(Motion::Forward);
    move || {
        if between.get() {
            return view! { <CycleHow /> }.into_any();
        }
        if styled.get() {
            return view! { <StyleHow look motion /> }.into_any();
        }
        view! { <HowItWorks family look motion training=Signal::stored(Turn::Both) /> }.into_any()
    }
}
