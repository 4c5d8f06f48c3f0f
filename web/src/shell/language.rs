//! The language of the page: from last time, else from the browser.

use leptos::prelude::*;

use crate::browser;
use crate::i18n::*;

/// Sets the language, the document's `lang` and its title.
#[component]
pub fn Language() -> impl IntoView {
    let i18n = use_i18n();
    // In an effect, as the provider has one of its own that would come after.
    Effect::new(move |_| i18n.set_locale(first()));
    Effect::new(move |_| {
        let lang = match i18n.get_locale() {
            Locale::en => "en",
            Locale::zh => "zh-Hans",
        };
        if let Some(root) = document().document_element() {
            // The attribute is always valid.
            let _ = root.set_attribute("lang", lang);
        }
    });
}

fn first() -> Locale {
    match browser::kept("lampwork.language").as_deref() {
        Some("zh") => Locale::zh,
        Some("en") => Locale::en,
        _ => {
            let wants = window().navigator().language().unwrap_or_default();
            if wants.to_lowercase().starts_with("zh") {
                Locale::zh
            } else {
                Locale::en
            }
        }
    }
}

/// Goes over to the other language.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let other = move || match i18n.get_locale() {
        Locale::en => (Locale::zh, "zh", "zh-Hans"),
        Locale::zh => (Locale::en, "en", "en"),
    };
    view! {
        <button
            type="button"
            class="word"
            lang=move || other().2
            data-testid="language"
            title=move || t_string!(i18n, shell.language_label)
            on:click=move |_| {
                let (locale, name, _) = other();
                browser::keep("lampwork.language", name);
                i18n.set_locale(locale);
            }
        >
            {t!(i18n, shell.language)}
        </button>
    }
}
