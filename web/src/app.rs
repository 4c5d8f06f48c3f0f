//! The page as a whole: what every room shares, and which room is open.

use leptos::prelude::*;

use crate::device::{Devices, kept_choice};
use crate::i18n::*;
use crate::later::{Later, Part, ShowLater};
use crate::library::Library;
use crate::link::Link;
use crate::pictures::Pictures;
use crate::route::{Address, Room};
use crate::shell::{DeviceWord, Foot, Head, Language};
use crate::theme::Look;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    provide_context(Look::new());
    provide_context(Address::new());
    let link = Link::new(kept_choice());
    let library = Library::new(link);
    provide_context(link);
    provide_context(library);
    provide_context(Later::new(link, library));
    provide_context(Devices::start(link, library));
    library.want(FIRST_MODEL);
    view! {
        <I18nContextProvider set_lang_attr_on_html=false set_dir_attr_on_html=false>
            <Language />
            <Page />
        </I18nContextProvider>
    }
}

/// Whose sheet is the first thing to be seen.
pub const FIRST_MODEL: &str = "gan-fashion";

#[component]
fn Page() -> impl IntoView {
    let i18n = use_i18n();
    let room = crate::route::use_address().room();
    let main = NodeRef::<leptos::html::Main>::new();
    // Not a link, as what stands after `#` is the room.
    let skip = move |_| {
        if let Some(main) = main.get_untracked() {
            // An element of the page can always be focused.
            let _ = main.focus();
        }
    };
    view! {
        <button type="button" class="skip" data-testid="skip" on:click=skip>
            {t!(i18n, shell.skip)}
        </button>
        <Head />
        <main id="main" tabindex="-1" node_ref=main>
            <DeviceWord />
            {move || match room.get() {
                Room::Pictures => view! { <Pictures /> }.into_any(),
                Room::Words => view! { <ShowLater part=Part::Words /> }.into_any(),
                Room::Workbench => view! { <ShowLater part=Part::Workbench /> }.into_any(),
                Room::Explain => view! { <ShowLater part=Part::Explain /> }.into_any(),
                Room::Measures => view! { <ShowLater part=Part::Measures /> }.into_any(),
            }}
        </main>
        <Foot />
    }
}
