//! What every room shares: the head with its navigation and switches, the foot.

mod device;
mod language;

use leptos::prelude::*;

use self::device::DeviceSwitch;
pub use self::device::DeviceWord;
pub use self::language::Language;
use self::language::LanguageSwitch;
use crate::i18n::*;
use crate::route::{Room, use_address};
use crate::theme::use_look;

/// The display face, as the foot names it.
const FONT: &str = "Young Serif";

/// Whose data and words are under which licence, as files of the site.
const LICENCES: [(&str, &str); 4] = [
    ("emoji", "datasets/emoji.LICENCE.txt"),
    ("pixel", "datasets/pixel.LICENCE.txt"),
    ("faces", "datasets/faces.LICENCE.txt"),
    ("words", "words/words.LICENCE.txt"),
];

/// The head of the page.
#[component]
pub fn Head() -> impl IntoView {
    let i18n = use_i18n();
    let look = use_look();
    let room = use_address().room();
    let name = move |room| match room {
        Room::Pictures => t_string!(i18n, shell.pictures),
        Room::Words => t_string!(i18n, shell.words),
        Room::Workbench => t_string!(i18n, shell.workbench),
        Room::Explain => t_string!(i18n, shell.explain),
        Room::Measures => t_string!(i18n, shell.measures),
    };
    let theme = move || {
        if look.dark.get() {
            t_string!(i18n, shell.to_light)
        } else {
            t_string!(i18n, shell.to_dark)
        }
    };
    view! {
        <header class="head">
            <a class="name" href="#/" data-testid="home">
                <Flame />
                <span>{t!(i18n, shell.title)}</span>
            </a>
            <nav aria-label=move || t_string!(i18n, shell.rooms)>
                {Room::ALL
                    .map(|this| {
                        view! {
                            <a
                                href=this.href()
                                aria-current=move || (room.get() == this).then_some("page")
                                data-testid=format!(
                                    "room-{}",
                                    if this == Room::Pictures { "pictures" } else { this.name() },
                                )
                            >
                                {move || name(this)}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <DeviceSwitch />
            <div class="switches">
                <LanguageSwitch />
                <button
                    type="button"
                    class="icon"
                    aria-label=theme
                    title=theme
                    data-testid="theme"
                    on:click=move |_| look.toggle()
                >
                    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
                        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
                    </svg>
                </button>
            </div>
        </header>
    }
}

/// The mark: a drop of glass over a flame.
#[component]
fn Flame() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
            <path
                class="mark-flame"
                d="M12 22c-4.2 0-6.6-2.7-6.6-6.1 0-3.9 3.6-5.6 4.3-10 2.3 1.5 3 3.6 2.9 5.4.9-.6 1.5-1.5 1.7-2.6 2.6 2 4.3 4.400 4.300 7.200 0 3.400-2.400 6.100-6.600 6.100z"
            />
            <circle class="mark-glass" cx="12" cy="16.400" r="3.100" />
        </svg>
    }
}

/// The foot of the page.
#[component]
pub fn Foot() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <footer class="foot">
            <p>{t!(i18n, shell.foot)}</p>
            <p>
                {t!(i18n, shell.foot_licences, font = FONT)} " " {t!(i18n, shell.foot_data)}
                {LICENCES
                    .map(|(name, href)| {
                        view! {
                            " "
                            <a href=href>
                                {move || match name {
                                    "emoji" => t_string!(i18n, pictures.data_emoji),
                                    "pixel" => t_string!(i18n, pictures.data_pixel),
                                    "faces" => t_string!(i18n, pictures.data_faces),
                                    _ => t_string!(i18n, shell.foot_words),
                                }}
                            </a>
                        }
                    })
                    .collect_view()}
            </p>
        </footer>
    }
}
