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
            _ => all_masked(text),
        })
    }
}

impl Filtering {
    /// Parts of a text as they may be shown; `None` while the filter is off. Not tracked.
    pub fn parts(&self, parts: &[&str]) -> Option<Vec<String>> {
        self.0.with_untracked(|standing| match standing {
            Standing::Absent => None,
            Standing::Ready(filter) => Some(filter.mask_parts(parts)),
            _ => Some(parts.iter().map(|part| all_masked(part)).collect()),
        })
    }
}

/// A text that comes a token at a time, as it may be shown.
///
/// With the filter on, a token is told once no word of the list can end behind it any
/// more; without, at once.
pub struct Veil {
    filtering: Filtering,
    parts: Vec<String>,
    told: usize,
}

impl Veil {
    /// Nothing yet.
    pub fn new(filtering: Filtering) -> Veil {
        Veil {
            filtering,
            parts: vec![],
            told: 0,
        }
    }

    /// Takes the next token; the tokens that may be shown now, in order, behind those that
    /// were told before. `over` if it is the last.
    pub fn take(&mut self, text: String, over: bool) -> Vec<String> {
        self.parts.push(text);
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        let standing = self.filtering.0.get_untracked();
        let (masked, longest) = match &standing {
            Standing::Absent => (self.parts.clone(), 0),
            Standing::Ready(filter) => (filter.mask_parts(&parts), filter.longest() + 1),
            _ => (parts.iter().map(|part| all_masked(part)).collect(), 0),
        };
        let settled = if over {
            parts.len()
        } else {
            settled(&parts, longest)
        };
        let new = masked.into_iter().take(settled).skip(self.told).collect();
        self.told = self.told.max(settled);
        new
    }
}

/// How many parts stand wholly before the last `longest` characters.
fn settled(parts: &[&str], longest: usize) -> usize {
    let mut behind = 0;
    let mut count = parts.len();
    while count > 0 && behind < longest {
        behind += parts[count - 1].chars().count();
        count -= 1;
    }
    count
}

fn all_masked(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_alphanumeric() { '＊' } else { one })
        .collect()
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
