//! Links and files by which a picture, or a grid of them, is kept and passed on.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::i18n::*;

/// The address of this page with `state` and nothing else of what it shows.
pub fn address_of(state: &str) -> String {
    let page = window().location().href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    format!("{page}#/?{state}")
}

/// Name of a PNG that carries `code`.
///
/// Two pictures of a model have other names, mostly: enough for a folder.
pub fn file_name(what: &str, code: &str) -> String {
    let sum = code.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("lampwork-{what}-{sum:08x}.png")
}

/// Copies a link, and says in `word` whether it could.
#[component]
pub fn CopyLink(
    /// What is copied; nothing while there is nothing to share.
    #[prop(into)]
    link: Signal<Option<String>>,
    /// What was done last.
    word: RwSignal<Option<&'static str>>,
    /// Its test id.
    testid: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let copy = move |_| {
        let Some(link) = link.get_untracked() else {
            return;
        };
        let (copied, refused) = (
            t_string!(i18n, pictures.copied),
            t_string!(i18n, pictures.not_copied),
        );
        spawn_local(async move {
            let done = browser::copy(&link).await;
            word.try_set(Some(if done { copied } else { refused }));
        });
    };
    view! {
        <button type="button" class="button" data-testid=testid on:click=copy>
            {t!(i18n, pictures.copy)}
        </button>
    }
}

/// The link to read and to take by hand.
#[component]
pub fn ShareField(
    /// What stands in it.
    #[prop(into)]
    link: Signal<Option<String>>,
    /// What it is, for who does not see it.
    #[prop(into)]
    label: Signal<String>,
    /// Its test id.
    testid: &'static str,
) -> impl IntoView {
    view! {
        <label class="share">
            <span class="unseen">{label}</span>
            <input
                type="text"
                readonly
                data-testid=testid
                prop:value=move || link.get().unwrap_or_default()
                on:focus=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    input.select();
                }
            />
        </label>
    }
}
