//! Light or dark, and how pictures are shown; choices that are kept.

use leptos::prelude::*;

use crate::browser;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Paper.
    Light,
    /// Dusk.
    Dark,
}

/// How the page looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Light or dark.
    pub theme: RwSignal<Theme>,
    /// Pictures in the colours of the fire rather than in plain grey.
    pub ember: RwSignal<bool>,
    /// Pictures smoothed rather than with crisp pixels.
    pub smooth: RwSignal<bool>,
    /// Whether it is dark now, whoever decided so.
    pub dark: Memo<bool>,
}

impl Look {
    /// As it was left last time.
    pub fn new() -> Look {
        let theme = RwSignal::new(match browser::kept("lampwork.theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        });
        let system_dark = RwSignal::new(browser::matches("(prefers-color-scheme: dark)"));
        follow_system(system_dark);
        let dark = Memo::new(move |_| match theme.get() {
            Theme::System => system_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        });
        let look = Look {
            theme,
            ember: RwSignal::new(browser::kept("lampwork.ember").as_deref() != Some("no")),
            smooth: RwSignal::new(browser::kept("lampwork.smooth").as_deref() == Some("yes")),
            dark,
        };
        Effect::new(move |_| {
            let name = if dark.get() { "dark" } else { "light" };
            if let Some(root) = document().document_element() {
                // The attribute is always valid.
                let _ = root.set_attribute("data-theme", name);
            }
            match look.theme.get() {
                Theme::System => {}
                _ => browser::keep("lampwork.theme", name),
            }
        });
        Effect::new(move |_| {
            browser::keep(
                "lampwork.ember",
                if look.ember.get() { "yes" } else { "no" },
            );
            browser::keep(
                "lampwork.smooth",
                if look.smooth.get() { "yes" } else { "no" },
            );
        });
        look
    }

    /// Goes over to the other theme.
    pub fn toggle(&self) {
        self.theme.set(if self.dark.get_untracked() {
            Theme::Light
        } else {
            Theme::Dark
        });
    }
}

fn follow_system(dark: RwSignal<bool>) {
    use wasm_bindgen::prelude::*;
    let Ok(Some(list)) = window().match_media("(prefers-color-scheme: dark)") else {
        return;
    };
    let watched = list.clone();
    let on_change = Closure::<dyn FnMut()>::new(move || dark.set(watched.matches()));
    list.set_onchange(Some(on_change.as_ref().unchecked_ref()));
    // As long as the page.
    on_change.forget();
}

/// The look, from the context.
pub fn use_look() -> Look {
    expect_context()
}
