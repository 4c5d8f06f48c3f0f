//! The word filter for classrooms: a link with `filter=1` switches it on.
//!
//! It changes what is shown, copied and saved, never what a model writes; what it can and
//! cannot do, [`Filter`] says. Once on, it stays on until the page is loaded anew
//! without it, through all tools and rooms.

use std::sync::Arc;

use lampwork_protocol::Failure;
use lampwork_words::Filter;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::room::use_room;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::library::{Standing, fetch};
use crate::route::{Address, History};

/// Where the site keeps the list.
const LIST: &str = "words/filter.txt";

/// Name of the flag in the address.
pub const FLAG: &str = "filter";

/// The filter, as far as it is there. It outlives the room.
#[derive(Clone, Copy)]
pub struct Filtering(RwSignal<Standing<Arc<Filter>>>);

impl Filtering {
    /// Off.
    pub fn new() -> Filtering {
        Filtering(RwSignal::new(Standing::Absent))
    }

    /// Switches it on where the address says so, and has every address say so from then
    /// on.
    pub fn follow(self, address: Address) {
        Effect::new(move |_| {
            let flag = address.get(FLAG);
            if flag.as_deref() == Some("1") {
                self.switch_on();
            } else if untrack(|| self.is_on()) {
                address.set(&[(FLAG, Some("1".to_owned()))], History::Replace);
            }
        });
    }

    fn switch_on(self) {
        let on = self.0.with_untracked(|standing| {
            standing.is_under_way() || matches!(standing, Standing::Ready(_))
        });
        if on {
            return;
        }
        self.0.set(Standing::Preparing);
        spawn_local(async move {
            let list = fetch::bytes(LIST, |_, _| {}).await;
            let filter = list.and_then(|bytes| {
                Filter::from_bytes(&bytes).map_err(|error| Failure::Internal {
                    reason: error.to_string(),
                })
            });
            self.0.set(match filter {
                Ok(filter) => Standing::Ready(Arc::new(filter)),
                Err(failure) => Standing::Failed(failure),
            });
        });
    }

    /// Whether it was switched on, be the list there or not; tracked.
    pub fn is_on(&self) -> bool {
        self.0
            .with(|standing| !matches!(standing, Standing::Absent))
    }

    /// A text as it may be shown; tracked. While the list is not there, every letter is
    /// masked: who asked for a filter is not shown what it has not seen.
    pub fn shown(&self, text: &str) -> String {
        self.0.with(|standing| match standing {
            Standing::Absent => text.to_owned(),
            Standing::Ready(filter) => filter.mask(text).text,
            _ => text
                .chars()
                .map(|one| if one.is_alphanumeric() { '＊' } else { one })
                .collect(),
        })
    }
}

/// Says that the filter is on, and what it does; nothing while it is off.
#[component]
pub fn FilterNote() -> impl IntoView {
    let i18n = use_i18n();
    let filtering = use_room().shelf.filter;
    move || match filtering.0.get() {
        Standing::Absent => ().into_any(),
        Standing::Ready(filter) => {
            let count = filter.len();
            view! {
                <p class="filter-note" data-testid="filter-on">
                    <strong>{t!(i18n, words.filter.on)}</strong>
                    " "
                    {t!(i18n, words.filter.about, count = count)}
                </p>
            }
            .into_any()
        }
        Standing::Failed(failure) => {
            let (what, _) = failure_words(i18n, &failure);
            view! {
                <div class="filter-note" role="alert" data-testid="filter-missing">
                    <p>
                        <strong>{t!(i18n, words.filter.missing)}</strong>
                        " "
                        {what}
                    </p>
                    <button
                        type="button"
                        class="button"
                        data-testid="filter-retry"
                        on:click=move |_| filtering.switch_on()
                    >
                        {t!(i18n, shell.retry)}
                    </button>
                </div>
            }
            .into_any()
        }
        _ => view! { <p class="filter-note">{t!(i18n, words.filter.coming)}</p> }.into_any(),
    }
}
